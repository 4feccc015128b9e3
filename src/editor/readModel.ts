import * as vscode from 'vscode';
import { FileError, type ByteSource, type Folder } from '../files/folder';
import { failedReading, type Reading } from '../model/dialects/dialect';
import type { Limits } from '../model/limits';
import { localFolder, openLocalFile } from '../platform/platform';
import { WorkspaceFolder } from './workspaceFolder';

/** The folder of a file. */
export function folderOf(file: vscode.Uri): Folder {
  const folder = vscode.Uri.joinPath(file, '..');
  const local = file.scheme === 'file' ? localFolder(folder.fsPath) : undefined;
  return local ?? new WorkspaceFolder(folder);
}

export function nameOf(file: vscode.Uri): string {
  return file.path.split('/').pop() ?? '';
}

/** Whether it is VS Code that keeps the file, here or on a remote machine, and not an extension. */
export function isOnDisk({ scheme }: vscode.Uri): boolean {
  return scheme === 'file' || scheme === 'vscode-remote';
}

/** A file that is read piece by piece where that can be. Rejects with `FileError`. */
export async function openUri(file: vscode.Uri, limits: Limits): Promise<ByteSource> {
  const { bytesOf } = await import('../model/read');
  const local = file.scheme === 'file' ? openLocalFile(file.fsPath) : undefined;
  return local ?? bytesOf(folderOf(file), nameOf(file), limits);
}

export interface ReadUriOptions {
  /** What the file holds; where absent, what is typed and not saved, or what is on disk. */
  readonly text?: string;
  /** A file of weights in place of those that the model names. */
  readonly weights?: vscode.Uri;
  readonly choices?: readonly string[];
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/**
 * Reads a model and what it names beside it; what is wrong with it, a fault of our own among it, is in the problems. Rejects
 * only if it is cancelled.
 */
export async function readUri(
  uri: vscode.Uri,
  { text = unsaved(uri), weights, choices, limits, signal }: ReadUriOptions,
): Promise<Reading> {
  try {
    const { openSource, readModel } = await import('../model/read');
    const source = {
      fileName: nameOf(uri),
      folderName: nameOf(vscode.Uri.joinPath(uri, '..')),
      folder: folderOf(uri),
      ...(weights && { weights: { folder: folderOf(weights), path: nameOf(weights) } }),
      ...{ limits, choices, signal },
    };
    return await readModel(
      text === undefined ? await openSource(await openUri(uri, limits), source) : { ...source, text },
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (FileError.is(error)) return failedReading('unreadable-file', error.message);
    return failedReading('internal-error', error instanceof Error ? error.message : String(error));
  }
}

function unsaved(uri: vscode.Uri): string | undefined {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  return open?.isDirty ? open.getText() : undefined;
}
