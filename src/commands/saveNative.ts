import * as vscode from 'vscode';
import type { UnrolledEditor } from '../editor/unrolledEditor';
import { command } from './command';
import { targetSession } from './targetSession';

/** "Save as Native Model": writes `NAME.rnn.json` beside a model of another dialect, to be edited, and opens it. */
export function registerSaveNative(editor: UnrolledEditor): vscode.Disposable {
  return command('gatescope.saveNative', async (argument) => {
    const session = await targetSession(editor, argument);
    if (!session) return;
    const { document, fileName } = session;
    const { network, weights, ...reading } = await document.reading();
    if (!network || !weights) {
      throw new Error(vscode.l10n.t('{0} has errors: see the Problems view.', fileName));
    }
    const { nativeName, toNative } = await import('../model/convert');
    const beside = (name: string) => vscode.Uri.joinPath(document.folderUri, name);
    const target = beside(nativeName(fileName));
    const original = reading.weightsFile && (await document.bytesBeside(reading.weightsFile));
    const native = await toNative(
      { ...reading, network, weights },
      nativeName(fileName),
      original || undefined,
    );
    const files = [target, ...(native.weights ? [beside(native.weights.fileName)] : [])];
    if (!(await mayWrite(files))) return;
    if (native.weights)
      await vscode.workspace.fs.writeFile(beside(native.weights.fileName), native.weights.bytes);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(native.text));
    await editor.open(target);
  });
}

/** Asks before anything is written over. */
async function mayWrite(files: readonly vscode.Uri[]): Promise<boolean> {
  const there: string[] = [];
  for (const file of files) {
    const found = await vscode.workspace.fs.stat(file).then(
      () => true,
      () => false,
    );
    if (found) there.push(file.path.split('/').pop() ?? '');
  }
  if (there.length === 0) return true;
  const replace = vscode.l10n.t('Replace');
  const question = vscode.l10n.t('{0} is there already. Replace it?', there.join(', '));
  return (await vscode.window.showWarningMessage(question, { modal: true }, replace)) === replace;
}
