import * as vscode from 'vscode';
import { isNativeFile } from '../editor/modelDocument';
import type { PanelSession } from '../editor/panelSession';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { chooseModel } from './chooseModel';
import { targetUri } from './command';

/**
 * The panel that a command works on: the active one, else one of the active file, opened if need be; with neither,
 * the user picks a model. Where it is said which file, one that is not open yet is opened in `column`.
 */
export async function targetSession(
  editor: UnrolledEditor,
  argument?: unknown,
  column?: vscode.ViewColumn,
): Promise<PanelSession | undefined> {
  const here = targetUri(argument);
  const isModel = here && (isNativeFile(here) || editor.showing(here) !== undefined);
  const uri = isModel ? here : (editor.active?.uri ?? (await chooseModel()));
  return (
    uri && (editor.showing(uri) ?? editor.open(uri, argument instanceof vscode.Uri ? column : undefined))
  );
}
