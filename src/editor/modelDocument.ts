import * as vscode from 'vscode';
import type { ByteSource, Folder } from '../files/folder';
import { ChosenFiles } from '../host/chosenFiles';
import { RunTimes } from '../host/runTimes';
import type { Reading } from '../model/dialects/dialect';
import type { Network } from '../model/network';
import { START_OF_FILE, type Problem } from '../model/problem';
import { Disposable } from './dispose';
import { folderOf, nameOf, readUri } from './readModel';
import { memoryLimits } from './settings';

/** How long the text must rest before it is read again. */
const REST_MILLISECONDS = 150;

export function isNativeFile(uri: vscode.Uri): boolean {
  return /\.rnn\.json$/i.test(uri.path);
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}

/** A model's file and those beside it, read again whenever any of them changes; the newest version wins. */
export class ModelDocument extends Disposable {
  private readonly read = this.register(new vscode.EventEmitter<Reading>());
  /** Fires after every reading. */
  readonly onDidRead = this.read.event;

  private readonly found = this.register(new vscode.EventEmitter<void>());
  /** Fires after `find`. */
  readonly onDidFind = this.found.event;
  /** What the last run in a panel has shown to be amiss. */
  findings: readonly Problem[] = [];

  private latest?: Reading;
  private lastNetwork?: Network;
  /** The version of the text that was read last. */
  private latestVersion?: number;
  /** How long the newest reading took. */
  milliseconds = 0;
  private work = new AbortController();
  private timer?: ReturnType<typeof setTimeout>;
  private watched = '';
  private watchers: vscode.Disposable[] = [];

  /** `text` is the model's text document; without one, the file itself is read. */
  constructor(
    readonly uri: vscode.Uri,
    readonly text: vscode.TextDocument | undefined,
    private readonly state: vscode.Memento,
  ) {
    super();
    this.register(
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === text && event.contentChanges.length > 0) this.readSoon();
      }),
    );
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('gatescope.memoryLimit', uri)) this.readSoon();
      }),
    );
    void this.readNow();
  }

  /** The newest reading, or undefined before the first one is through. */
  get current(): Reading | undefined {
    return this.latest;
  }

  /** The last network that could be read. */
  get network(): Network | undefined {
    return this.lastNetwork;
  }

  /** The newest reading, once the first one is through. */
  reading(): Promise<Reading> {
    return this.latest ? Promise.resolve(this.latest) : this.next();
  }

  /** Takes what a run has shown to be amiss, in place of what was found before. */
  find(findings: readonly Problem[]): void {
    if (this.isDisposed || findings.length + this.findings.length === 0) return;
    this.findings = findings;
    this.found.fire();
  }

  /** The reading of the text as it stands now. */
  async fresh(): Promise<Reading> {
    while (!this.latest || this.latestVersion !== this.text?.version) await this.next();
    return this.latest;
  }

  private next(): Promise<Reading> {
    return new Promise((resolve) => {
      const once = this.onDidRead((reading) => {
        once.dispose();
        resolve(reading);
      });
    });
  }

  /** What was chosen for the model in this workspace, where it can be read in several ways. */
  get choices(): readonly string[] {
    return this.state.get<readonly string[]>(this.choicesKey, []);
  }

  /** Reads the model as `choices` say from now on, in this workspace. */
  choose(choices: readonly string[]): void {
    void this.state.update(this.choicesKey, choices);
    void this.readNow();
  }

  /** The file of weights that was chosen for the model in this workspace, wherever it lies. */
  get attachedWeights(): vscode.Uri | undefined {
    const chosen = this.state.get<string>(this.weightsKey);
    return chosen === undefined ? undefined : vscode.Uri.parse(chosen);
  }

  /** Uses the weights in `file` from now on, in this workspace; without one, those that the model names. */
  attachWeights(file: vscode.Uri | undefined): void {
    void this.state.update(this.weightsKey, file?.toString());
    void this.readNow();
  }

  /** Whether the weights are those that the model names, or others in its folder. */
  get weightsAreBeside(): boolean {
    const { attachedWeights } = this;
    return (
      !attachedWeights || vscode.Uri.joinPath(attachedWeights, '..').toString() === this.folderUri.toString()
    );
  }

  /** The sequences that were chosen for the model in this workspace, wherever they lie. */
  get chosenFiles(): ChosenFiles {
    const key = `files:${this.uri.toString()}`;
    return new ChosenFiles({
      get: () => this.state.get<readonly string[]>(key, []),
      put: (uris) => void this.state.update(key, uris),
    });
  }

  /** How long runs of the model took in this workspace. */
  get runTimes(): RunTimes {
    const key = `times:${this.uri.toString()}`;
    return new RunTimes({
      get: () => this.state.get<unknown>(key),
      put: (times) => void this.state.update(key, times),
    });
  }

  /** Where that folder is. */
  get folderUri(): vscode.Uri {
    return vscode.Uri.joinPath(this.uri, '..');
  }

  get fileName(): string {
    return nameOf(this.uri);
  }

  /** A file in the model's folder; undefined if it cannot be read. */
  async bytesBeside(file: string): Promise<ByteSource | undefined> {
    const { bytesOf } = await import('../model/read');
    return bytesOf(this.folder(), file, memoryLimits(this.uri)).catch(() => undefined);
  }

  private get choicesKey(): string {
    return `choices:${this.uri.toString()}`;
  }

  private get weightsKey(): string {
    return `weights:${this.uri.toString()}`;
  }

  override dispose(): void {
    clearTimeout(this.timer);
    this.work.abort();
    for (const watcher of this.watchers) watcher.dispose();
    super.dispose();
  }

  private readSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.readNow(), REST_MILLISECONDS);
  }

  private async readNow(): Promise<void> {
    this.work.abort();
    const { signal } = (this.work = new AbortController());
    const version = this.text?.version;
    const start = performance.now();
    const reading = await this.withFile(await this.attempt(signal));
    if (!reading || signal.aborted || this.isDisposed) return;
    this.latest = reading;
    this.latestVersion = version;
    this.milliseconds = performance.now() - start;
    const files = [this.fileName, ...reading.files];
    if (reading.network) this.lastNetwork = reading.network;
    const beside = files.map((file) => vscode.Uri.joinPath(this.folderUri, file));
    const attached = this.attachedWeights;
    this.watch(attached ? [...beside, attached] : beside);
    this.read.fire(reading);
  }

  /** Text that is open outlives its file: that the file is gone is said beside what is read of it. */
  private async withFile(reading: Reading | undefined): Promise<Reading | undefined> {
    if (!reading || !this.text || this.text.isUntitled || (await exists(this.uri))) return reading;
    const message = vscode.l10n.t(
      '{0} is no longer there: it was deleted, moved or renamed. Saving its text writes it again.',
      this.fileName,
    );
    const gone: Problem = {
      ...{ severity: 'error', code: 'file-gone', message, place: START_OF_FILE, about: 'file' },
    };
    return { ...reading, problems: [gone, ...reading.problems] };
  }

  /** Undefined if aborted. A fault of our own is shown like one of the model's: nobody waits for ever. */
  private async attempt(signal: AbortSignal): Promise<Reading | undefined> {
    const { attachedWeights: weights, choices, text } = this;
    const limits = memoryLimits(this.uri);
    try {
      const reading = await readUri(this.uri, { text: text?.getText(), weights, choices, limits, signal });
      if (!weights || this.weightsAreBeside) return reading;
      // There may be one of that name in the model's folder, too.
      return { ...reading, weightsFile: reading.weightsFile && vscode.workspace.asRelativePath(weights) };
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** The folder that the model may read from. */
  folder(): Folder {
    return folderOf(this.uri);
  }

  /** Watches the folders of `files`; by name, since a file's name may hold what a glob pattern would interpret. */
  private watch(files: readonly vscode.Uri[]): void {
    const key = files.join('\n');
    if (key === this.watched) return;
    this.watched = key;
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = [];
    const paths = new Set(files.map((uri) => uri.path));
    const folders = new Map(files.map((uri) => [vscode.Uri.joinPath(uri, '..').path, uri]));
    const changed = (uri: vscode.Uri) => paths.has(uri.path) && this.readSoon();
    for (const uri of folders.values()) {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
      );
      // What changes in the file of a text document changes in the document.
      watcher.onDidChange((uri) => !(this.text && uri.path === this.uri.path) && changed(uri));
      watcher.onDidCreate(changed);
      watcher.onDidDelete(changed);
      this.watchers.push(watcher);
    }
  }
}

/** One `ModelDocument` per model, shared by the panels and the Problems view. */
export class ModelDocuments extends Disposable {
  private readonly models = new Map<string, { readonly model: ModelDocument; holders: number }>();
  private readonly read = this.register(
    new vscode.EventEmitter<{
      readonly model: ModelDocument;
      readonly reading: Reading;
      readonly milliseconds: number;
    }>(),
  );
  private readonly released = this.register(new vscode.EventEmitter<ModelDocument>());
  /** Fires after every reading of any model in use. */
  readonly onDidRead = this.read.event;
  private readonly found = this.register(new vscode.EventEmitter<ModelDocument>());
  /** Fires after every `find` of any model in use. */
  readonly onDidFind = this.found.event;
  /** Fires when nobody uses a model any longer. */
  readonly onDidRelease = this.released.event;

  /** `state` keeps what was chosen for a model that can be read in several ways. */
  constructor(private readonly state: vscode.Memento) {
    super();
  }

  /** The model in a file, or in its text document; the caller gives it back through the second value. */
  acquire(uri: vscode.Uri, text?: vscode.TextDocument): [ModelDocument, vscode.Disposable] {
    const key = `${text ? 'text' : 'file'} ${uri.toString()}`;
    let entry = this.models.get(key);
    if (!entry) {
      const model = new ModelDocument(uri, text, this.state);
      model.onDidRead((reading) => this.read.fire({ model, reading, milliseconds: model.milliseconds }));
      model.onDidFind(() => this.found.fire(model));
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
      this.released.fire(held.model);
    };
    return [held.model, { dispose: release }];
  }

  override dispose(): void {
    for (const { model } of this.models.values()) model.dispose();
    super.dispose();
  }
}
