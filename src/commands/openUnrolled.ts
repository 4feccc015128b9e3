import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command, targetUri } from './command';
import { chooseModel } from './chooseModel';

/** "Open Unrolled View" and "Open Unrolled View to the Side". */
export function registerOpenUnrolled(editor: UnrolledEditor): vscode.Disposable {
  const open = (column: vscode.ViewColumn) => async (argument: unknown) => {
    const uri = targetUri(argument) ?? (await chooseModel());
    if (uri) await editor.open(uri, column);
  };
  return vscode.Disposable.from(
    command('gatescope.openUnrolled', open(vscode.ViewColumn.Active)),
    command('gatescope.openUnrolledToSide', open(vscode.ViewColumn.Beside)),
  );
}
