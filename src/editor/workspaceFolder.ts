import * as vscode from 'vscode';
import { FileError, type Folder } from '../files/folder';
import { checkInside } from '../files/inside';
import { say } from '../words/say';

/**
 * A model's folder over `workspace.fs`: virtual workspaces, remote ones, vscode.dev; with `at`, as it was at another time,
 * such as in a commit. Serves one reading.
 */
export class WorkspaceFolder implements Folder {
  /** `workspace.fs` only reads whole files, so the last one is kept for the next range. */
  private last?: { readonly path: string; readonly bytes: Promise<Uint8Array> };

  constructor(
    private readonly base: vscode.Uri,
    private readonly at: (file: vscode.Uri) => vscode.Uri = (file) => file,
  ) {}

  async size(path: string): Promise<number> {
    const stat = await this.attempt(path, () => vscode.workspace.fs.stat(this.uri(path)));
    if (!(stat.type & vscode.FileType.File))
      throw new FileError('not-a-file', path, say`${path} is not a file`);
    return stat.size;
  }

  async read(path: string, start = 0, end?: number): Promise<Uint8Array> {
    if (this.last?.path !== path) {
      this.last = {
        path,
        bytes: this.attempt(path, () => vscode.workspace.fs.readFile(this.uri(path))),
      };
    }
    return (await this.last.bytes).subarray(start, end);
  }

  async list(): Promise<readonly string[]> {
    try {
      const entries = await vscode.workspace.fs.readDirectory(this.base);
      return entries.filter(([, type]) => type & vscode.FileType.File).map(([name]) => name);
    } catch {
      return [];
    }
  }

  private uri(path: string): vscode.Uri {
    checkInside(path);
    return this.at(vscode.Uri.joinPath(this.base, path));
  }

  private async attempt<T>(path: string, action: () => Thenable<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (FileError.is(error)) throw error;
      const missing = error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
      const reason = error instanceof Error ? error.message : String(error);
      throw missing
        ? new FileError('missing', path, say`${path} does not exist`)
        : new FileError('unreadable', path, say`${path} cannot be read: ${reason}`);
    }
  }
}
