import * as vscode from 'vscode';
import { failedReading, type Reading } from '../model/dialects/dialect';
import { NodeFolder } from '../files/nodeFolder';
import type { Folder } from '../files/folder';
import { Disposable } from './dispose';
import { memoryLimit } from './settings';
import { WorkspaceFolder } from './workspaceFolder';

/** How long the text must rest before it is read again. */
const REST_MILLISECONDS = 150;

export function isNativeFile(uri: vscode.Uri): boolean {
  return /\.rnn\.json$/i.test(uri.path);
}

/** A model's text and the files beside it, read again whenever any of them changes; the newest version wins. */
export class ModelDocument extends Disposable {
  private readonly read = this.register(new vscode.EventEmitter<Reading>());
  /** Fires after every reading. */
  readonly onDidRead = this.read.event;

  private latest?: Reading;
  private reading = new AbortController();
  private timer?: ReturnType<typeof setTimeout>;
  private watched = '';
  private watchers: vscode.Disposable[] = [];

  constructor(readonly document: vscode.TextDocument) {
    super();
    this.register(
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) this.readSoon();
      }),
    );
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('gatescope.memoryLimit', document)) this.readSoon();
      }),
    );
    void this.readNow();
  }

  /** The newest reading, or undefined before the first one is through. */
  get current(): Reading | undefined {
    return this.latest;
  }

  /** The folder that the model may read from. */
  get folderUri(): vscode.Uri {
    return vscode.Uri.joinPath(this.document.uri, '..');
  }

  override dispose(): void {
    clearTimeout(this.timer);
    this.reading.abort();
    for (const watcher of this.watchers) watcher.dispose();
    super.dispose();
  }

  private readSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.readNow(), REST_MILLISECONDS);
  }

  private async readNow(): Promise<void> {
    this.reading.abort();
    const { signal } = (this.reading = new AbortController());
    const reading = await this.attempt(signal);
    if (!reading || signal.aborted || this.isDisposed) return;
    this.latest = reading;
    this.watch(reading.files);
    this.read.fire(reading);
  }

  /** Undefined if aborted. A fault of our own is shown like one of the model's: nobody waits for ever. */
  private async attempt(signal: AbortSignal): Promise<Reading | undefined> {
    try {
      const { readModel } = await import('../model/read');
      return await readModel({
        text: this.document.getText(),
        fileName: this.document.uri.path.split('/').pop() ?? '',
        folder: this.folder(),
        limits: { memory: memoryLimit(this.document) },
        signal,
      });
    } catch (error) {
      if (signal.aborted) return undefined;
      return failedReading('internal-error', error instanceof Error ? error.message : String(error));
    }
  }

  private folder(): Folder {
    return this.document.uri.scheme === 'file'
      ? new NodeFolder(this.folderUri.fsPath)
      : new WorkspaceFolder(this.folderUri);
  }

  /** Watches the folders of `files`; by name, since a file's name may hold what a glob pattern would interpret. */
  private watch(files: readonly string[]): void {
    const key = files.join('\n');
    if (key === this.watched) return;
    this.watched = key;
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = [];
    const wanted = files.map((file) => vscode.Uri.joinPath(this.folderUri, file));
    const paths = new Set(wanted.map((uri) => uri.path));
    const folders = new Map(wanted.map((uri) => [vscode.Uri.joinPath(uri, '..').path, uri]));
    const changed = (uri: vscode.Uri) => paths.has(uri.path) && this.readSoon();
    for (const uri of folders.values()) {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
      );
      watcher.onDidChange(changed);
      watcher.onDidCreate(changed);
      watcher.onDidDelete(changed);
      this.watchers.push(watcher);
    }
  }
}

/** One `ModelDocument` per text document, shared by the panels and the Problems view. */
export class ModelDocuments extends Disposable {
  private readonly models = new Map<string, { readonly model: ModelDocument; holders: number }>();
  private readonly read = this.register(
    new vscode.EventEmitter<{ readonly document: vscode.TextDocument; readonly reading: Reading }>(),
  );
  private readonly released = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  /** Fires after every reading of any model in use. */
  readonly onDidRead = this.read.event;
  /** Fires when nobody uses a model any longer. */
  readonly onDidRelease = this.released.event;

  /** The model of a document; the caller gives it back through the second value. */
  acquire(document: vscode.TextDocument): [ModelDocument, vscode.Disposable] {
    const key = document.uri.toString();
    let entry = this.models.get(key);
    if (!entry) {
      const model = new ModelDocument(document);
      model.onDidRead((reading) => this.read.fire({ document, reading }));
      entry = { model, holders: 0 };
      this.models.set(key, entry);
    }
    entry.holders += 1;
    const held = entry;
    let open = true;
    const release = () => {
      if (!open) return;
      open = false;
      held.holders -= 1;
      if (held.holders > 0) return;
      this.models.delete(key);
      held.model.dispose();
      this.released.fire(document);
    };
    return [held.model, { dispose: release }];
  }

  override dispose(): void {
    for (const { model } of this.models.values()) model.dispose();
    super.dispose();
  }
}
