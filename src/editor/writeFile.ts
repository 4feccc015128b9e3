import * as vscode from 'vscode';
import type { Pieces } from '../files/pieces';
import { writeLocalFile } from '../platform/platform';

/** A local file is written piece by piece; another one at once, from memory, of which it may take `most` bytes. */
export async function writeFile(file: vscode.Uri, pieces: Pieces, most: number): Promise<void> {
  const local = file.scheme === 'file' ? writeLocalFile(file.fsPath, pieces) : undefined;
  if (local) return local;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece.slice();
    parts.push(bytes);
    length += bytes.length;
    if (length <= most) continue;
    const megabytes = Math.floor(most / 2 ** 20);
    throw new Error(
      vscode.l10n.t(
        'The file would take more than {0} MB of memory (setting gatescope.memoryLimit): choose fewer steps or signals, or a file of this machine.',
        megabytes,
      ),
    );
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  await vscode.workspace.fs.writeFile(file, whole);
}
