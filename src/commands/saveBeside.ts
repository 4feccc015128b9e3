import * as vscode from 'vscode';
import type { PanelSession } from '../editor/panelSession';
import { refuseReadOnly, writeFile } from '../editor/writeFile';
import type { ByteSource } from '../files/folder';
import type { RunnableReading, WrittenModel } from '../model/convert';

/**
 * Writes a model in another form into the folder of its file, and its weights beside it; what is there already only after
 * asking, and each as a whole. Gives the file, or undefined if the user would not replace one.
 */
export async function saveBeside(
  { document, fileName }: PanelSession,
  target: string,
  write: (reading: RunnableReading, target: string, original?: ByteSource) => Promise<WrittenModel>,
): Promise<vscode.Uri | undefined> {
  const { network, weights, ...reading } = await document.reading();
  if (!network || !weights) {
    throw new Error(vscode.l10n.t('{0} has errors: see the Problems view.', fileName));
  }
  const beside = (name: string) => vscode.Uri.joinPath(document.folderUri, name);
  refuseReadOnly(beside(target));
  const original =
    document.weightsAreBeside && reading.weightsFile && (await document.bytesBeside(reading.weightsFile));
  const written = await write({ ...reading, network, weights }, target, original || undefined);
  const file = beside(target);
  const files = [file, ...(written.weights ? [beside(written.weights.fileName)] : [])];
  if (!(await mayWrite(files))) return undefined;
  if (written.weights) {
    await writeFile(beside(written.weights.fileName), [written.weights.bytes], Infinity);
  }
  await writeFile(file, [written.text], Infinity);
  return file;
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
