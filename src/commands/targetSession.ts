import { isNativeFile } from '../editor/modelDocument';
import type { PanelSession } from '../editor/panelSession';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { chooseModel } from './chooseModel';
import { targetUri } from './command';

/**
 * The panel that a command works on: the active one, else one of the active file, opened if need be; with neither,
 * the user picks a model.
 */
export async function targetSession(
  editor: UnrolledEditor,
  argument?: unknown,
): Promise<PanelSession | undefined> {
  const here = targetUri(argument);
  const isModel = here && (isNativeFile(here) || editor.showing(here) !== undefined);
  const uri = isModel ? here : (editor.active?.uri ?? (await chooseModel()));
  return uri && (editor.showing(uri) ?? editor.open(uri));
}
