import type * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command } from './command';
import { saveBeside } from './saveBeside';
import { targetSession } from './targetSession';

/** "Save as Native Model": writes `NAME.rnn.json` beside a model of another dialect, to be edited, and opens it. */
export function registerSaveNative(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.saveNative', async (argument) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    const { nativeName, toNative } = await import('../model/convert');
    const file = await saveBeside(session, nativeName(session.fileName), toNative);
    if (file) await editor.open(file);
  });
}
