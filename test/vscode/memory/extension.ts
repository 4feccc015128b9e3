/** Folders that stand on no disk: `memfs:/`, and `shownfs:/` with the same files, which cannot be written. */
import * as vscode from 'vscode';

interface File {
  readonly bytes: Uint8Array;
  readonly mtime: number;
}

type Folder = Map<string, File | Folder>;

const files: Folder = new Map();
const parts = ({ path }: vscode.Uri) => path.split('/').filter((part) => part !== '');

export async function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): Promise<void> {
  const own = vscode.Uri.joinPath(extensionUri, 'files');
  await fill(files, own);
  const memory = new Memory();
  subscriptions.push(
    vscode.workspace.registerFileSystemProvider('memfs', memory, { isCaseSensitive: true }),
    vscode.workspace.registerFileSystemProvider('shownfs', memory, {
      isCaseSensitive: true,
      isReadonly: true,
    }),
    vscode.commands.registerCommand('memory.open', async () => {
      const uri = await vscode.window.showInputBox({ prompt: 'The URI of a file' });
      if (uri) await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(uri));
    }),
    vscode.commands.registerCommand('memory.restore', async () => {
      files.clear();
      await fill(files, own);
    }),
    vscode.commands.registerCommand('memory.delete', async () => {
      const uri = await vscode.window.showInputBox({ prompt: 'The URI of a file' });
      if (uri) await vscode.workspace.fs.delete(vscode.Uri.parse(uri));
    }),
  );
}

/** Takes what comes with the extension. */
async function fill(folder: Folder, source: vscode.Uri): Promise<void> {
  for (const [name, type] of await vscode.workspace.fs.readDirectory(source)) {
    const uri = vscode.Uri.joinPath(source, name);
    if (type === vscode.FileType.File) {
      folder.set(name, { bytes: await vscode.workspace.fs.readFile(uri), mtime: 1 });
    } else {
      const inner: Folder = new Map();
      folder.set(name, inner);
      await fill(inner, uri);
    }
  }
}

class Memory implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const found = find(uri);
    if (found instanceof Map) return { type: vscode.FileType.Directory, size: 0, ctime: 1, mtime: 1 };
    return { type: vscode.FileType.File, size: found.bytes.byteLength, ctime: 1, mtime: found.mtime };
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    const found = find(uri);
    if (!(found instanceof Map)) throw vscode.FileSystemError.FileNotADirectory(uri);
    return [...found].map(([name, inner]) => [
      name,
      inner instanceof Map ? vscode.FileType.Directory : vscode.FileType.File,
    ]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const found = find(uri);
    if (found instanceof Map) throw vscode.FileSystemError.FileIsADirectory(uri);
    return found.bytes;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const { folder, name } = place(uri);
    const type = folder.has(name) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    folder.set(name, { bytes: content, mtime: Date.now() });
    this.changed.fire([{ type, uri }]);
  }

  createDirectory(uri: vscode.Uri): void {
    const { folder, name } = place(uri);
    folder.set(name, new Map());
    this.changed.fire([{ type: vscode.FileChangeType.Created, uri }]);
  }

  delete(uri: vscode.Uri): void {
    const { folder, name } = place(uri);
    if (!folder.delete(name)) throw vscode.FileSystemError.FileNotFound(uri);
    this.changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    const [before, after] = [place(from), place(to)];
    after.folder.set(after.name, find(from));
    before.folder.delete(before.name);
    this.changed.fire([
      { type: vscode.FileChangeType.Deleted, uri: from },
      { type: vscode.FileChangeType.Created, uri: to },
    ]);
  }
}

function find(uri: vscode.Uri): File | Folder {
  return parts(uri).reduce<File | Folder>((found, name) => {
    const inner = found instanceof Map ? found.get(name) : undefined;
    if (inner === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return inner;
  }, files);
}

function place(uri: vscode.Uri): { readonly folder: Folder; readonly name: string } {
  const folder = find(vscode.Uri.joinPath(uri, '..'));
  if (!(folder instanceof Map)) throw vscode.FileSystemError.FileNotADirectory(uri);
  return { folder, name: parts(uri).pop() ?? '' };
}
