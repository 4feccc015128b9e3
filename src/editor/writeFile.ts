import * as vscode from 'vscode';
import type { Pieces } from '../files/pieces';
import { writeLocalFile } from '../platform/platform';

/**
 * A local file is written piece by piece; another one at once, from memory, of which it may take `most` bytes. Rejects with
 * an Error for people where that cannot be, and then the file is as it was.
 */
export async function writeFile(file: vscode.Uri, pieces: Pieces, most: number): Promise<void> {
  refuseReadOnly(file);
  try {
    const local = file.scheme === 'file' ? writeLocalFile(file.fsPath, pieces) : undefined;
    await (local ?? writeElsewhere(file, pieces, most));
  } catch (error) {
    const why = whyNot(error);
    throw why === undefined ? error : notWritten(file, why, error);
  }
}

/** Throws an Error for people where nothing can be written to files of that kind at all. */
export function refuseReadOnly(file: vscode.Uri): void {
  if (vscode.workspace.fs.isWritableFileSystem(file.scheme) === false) throw notWritten(file, readOnly());
}

function notWritten(file: vscode.Uri, why: string, cause?: unknown): Error {
  const name = file.path.split('/').pop() ?? '';
  return new Error(vscode.l10n.t('{0} cannot be written: {1}', name, why), { cause });
}

function readOnly(): string {
  return vscode.l10n.t('it is read-only, or its folder is. Choose another folder.');
}

/** What the disk or VS Code had against it; undefined for what has gone wrong elsewhere. */
function whyNot(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'NoPermissions':
      return readOnly();
    case 'ENOENT':
    case 'ENOTDIR':
    case 'FileNotFound':
    case 'FileNotADirectory':
      return vscode.l10n.t('its folder does not exist.');
    case 'ENOSPC':
      return vscode.l10n.t('the disk is full.');
    default:
      return error.message;
  }
}

async function writeElsewhere(file: vscode.Uri, pieces: Pieces, most: number): Promise<void> {
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
