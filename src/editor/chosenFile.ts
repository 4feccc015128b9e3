import * as vscode from 'vscode';
import type { ByteSource } from '../files/folder';
import type { Limits } from '../model/limits';

export interface ChosenFile {
  readonly name: string;
  readonly uri: vscode.Uri;
  readonly bytes: ByteSource;
}

/** A file that the user picks; undefined if none is. Throws if it is larger than the limit. */
export async function chooseFile(
  options: vscode.OpenDialogOptions,
  limits: Limits,
): Promise<ChosenFile | undefined> {
  const [uri] = (await vscode.window.showOpenDialog(options)) ?? [];
  return uri && openFile(uri, limits);
}

/** A whole file. Throws if it is larger than the limit. */
export async function openFile(uri: vscode.Uri, { memory }: Limits): Promise<ChosenFile> {
  const name = uri.path.split('/').pop() ?? '';
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > memory) {
    throw new Error(
      vscode.l10n.t(
        '{0} has {1} bytes; the limit is {2} (setting gatescope.memoryLimit).',
        name,
        size,
        memory,
      ),
    );
  }
  const bytes = await vscode.workspace.fs.readFile(uri);
  const source = {
    size: bytes.byteLength,
    read: async (start: number, end: number) => bytes.subarray(start, end),
  };
  return { name, uri, bytes: source };
}
