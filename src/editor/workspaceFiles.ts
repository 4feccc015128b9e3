import * as vscode from 'vscode';
import { FileError, type Folder } from '../files/folder';
import { localFolder } from '../platform/platform';
import { quote } from '../model/json/decode';
import type { Around } from '../tools/answer';
import { folderOf, openUri, readUri } from './readModel';
import { memoryLimits } from './settings';
import { WorkspaceFolder } from './workspaceFolder';

/**
 * Files of the workspace's folders, by the paths that an assistant gives: relative to one of the folders, absolute, or as a
 * URI. There are no others: a path or a link that leads out of the folders is refused.
 */
export class WorkspaceFiles implements Files {
  constructor(private readonly signal?: AbortSignal) {}

  async file(path: string): Promise<string> {
    return vscode.workspace.asRelativePath(await this.find(path));
  }

  async readModel(path: string, { choices, weights }: Parameters<Files['readModel']>[1]) {
    const uri = await this.find(path);
    return readUri(uri, {
      ...{ choices, limits: memoryLimits(uri), signal: this.signal },
      ...(weights !== undefined && { weights: await this.find(weights) }),
    });
  }

  async open(path: string) {
    const uri = await this.find(path);
    return openUri(uri, memoryLimits(uri));
  }

  async beside(path: string) {
    return folderOf(await this.find(path)).list();
  }

  sibling(path: string, name: string): string {
    return path.slice(0, path.lastIndexOf('/') + 1) + name;
  }

  nameOf(path: string): string {
    return path.slice(path.lastIndexOf('/') + 1);
  }

  /** Rejects with `FileError` for what is no file in the folders. */
  private async find(path: string): Promise<vscode.Uri> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    for (const folder of folders) {
      for (const uri of urisOf(path, folder, folders.length > 1)) {
        const part = within(folder.uri, uri);
        if (part !== undefined && (await isFile(folder.uri, part))) return uri;
      }
    }
    const names = folders.map(({ name }) => name).join(', ');
    const where = names ? `the workspace's folders: ${names}` : 'the workspace, which has no folder';
    throw new FileError('outside', path, `there is no file ${quote(path)} in ${where}`);
  }
}

type Files = Around['files'];

/** What a path may name. */
function urisOf(
  path: string,
  { uri: base, name }: vscode.WorkspaceFolder,
  isOneOfMany: boolean,
): vscode.Uri[] {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return [vscode.Uri.joinPath(vscode.Uri.parse(path), '.')];
  if (/^([\\/]|[a-z]:[\\/])/i.test(path)) {
    const { scheme, authority } = base;
    return [vscode.Uri.joinPath(vscode.Uri.file(path).with({ scheme, authority }), '.')];
  }
  const parts = path.split(/[\\/]/);
  const named = isOneOfMany && parts[0] === name ? [vscode.Uri.joinPath(base, ...parts.slice(1))] : [];
  return [...named, vscode.Uri.joinPath(base, ...parts)];
}

/** The path of a file in a folder by its words alone; undefined where it is in another. */
function within(folder: vscode.Uri, file: vscode.Uri): string | undefined {
  const start = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  const isInside =
    file.scheme === folder.scheme && file.authority === folder.authority && file.path.startsWith(start);
  return isInside ? file.path.slice(start.length) : undefined;
}

/** Whether there is a file to which no link leads out of the folder. */
async function isFile(folder: vscode.Uri, path: string): Promise<boolean> {
  const local = folder.scheme === 'file' ? localFolder(folder.fsPath) : undefined;
  const files: Folder = local ?? new WorkspaceFolder(folder);
  try {
    await files.size(path);
    return local !== undefined || !(await hasLink(folder, path));
  } catch {
    return false;
  }
}

/** Where links lead is not told by `workspace.fs`: none is followed. */
async function hasLink(folder: vscode.Uri, path: string): Promise<boolean> {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const uri = vscode.Uri.joinPath(folder, ...parts.slice(0, depth));
    if ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.SymbolicLink) return true;
  }
  return false;
}
