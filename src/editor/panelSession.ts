import * as vscode from 'vscode';
import type { ExportedRun } from '../export/exported';
import type { ChosenSequence } from '../host/scene';
import type { LastValues } from '../host/lastValues';
import type { OtherRun } from '../host/otherRun';
import type { Runnable } from '../host/runsAlike';
import { Session, type Wish } from '../host/session';
import type { Finding } from '../host/stuckInRun';
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import type { Problem } from '../model/problem';
import type { PicturesGo, WantedPicture } from '../picture/wanted';
import type { ChangeMessage, RunSummary, Scene, ShownView, Step, ToWebview } from '../protocol';
import { writeNonFinite } from '../nonFinite';
import { Disposable } from './dispose';
import { textModel } from '../language/textModels';
import { isNativeFile, type ModelDocument } from './modelDocument';
import { problemRange } from './place';
import { recall } from './ownSequences';
import { memoryLimits, runOnOpen } from './settings';
import { translate } from './translate';

/** A session in a panel of VS Code's, on a model's document. */
export class PanelSession extends Disposable {
  private readonly session: Session;
  /** What had been chosen when it was asked how to read the model. */
  private asked?: string;
  private readonly said = this.register(new vscode.EventEmitter<ToWebview>());
  /** Fires with whatever the panel is told, but for answers to its questions. */
  readonly onDidSay = this.said.event;
  private shown: { readonly scene?: Scene; readonly lastRun?: RunSummary } = {};

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly document: ModelDocument,
  ) {
    super();
    this.session = new Session({
      fileName: document.fileName,
      post: (message) => this.post(message),
      fulfil: (wish) => void this.fulfil(wish),
      limits: () => memoryLimits(this.uri),
      runsOnOpen: () => runOnOpen(this.uri),
      chosenFiles: document.chosenFiles,
      runTimes: document.runTimes,
      recall: (origin, model, signal) => recall(origin, model, memoryLimits(this.uri), signal),
      askHowToRead: () => this.askHowToRead(),
      place: (findings) => this.place(findings),
      find: (problems) => document.find(problems),
      translate,
    });
    this.register({ dispose: () => this.session.close() });
    this.register({ dispose: () => document.find([]) });
    this.register(panel.webview.onDidReceiveMessage((message: unknown) => this.session.receive(message)));
    this.register(document.onDidRead((reading) => this.session.take(reading)));
    if (document.current) this.session.take(document.current);
    if (document.text && isNativeFile(document.uri)) this.followCursor(document.text);
  }

  /** At the layers' names in the text as it stands; at its start in others than native ones. */
  private async place(findings: readonly Finding[]): Promise<Problem[]> {
    const { text } = this.document;
    const model = text && isNativeFile(this.uri) && findings.length > 0 ? await textModel(text) : undefined;
    const { placeOfLayer } = await import('../language/text');
    return findings.map(({ layer, problem }) => {
      const named = model && placeOfLayer(model, layer)?.named;
      if (!text || !named) return problem;
      const { line, character } = text.positionAt(named.offset);
      return { ...problem, place: { line: line + 1, column: character + 1, ...named } };
    });
  }

  /** Marks the layer in whose text the cursor stands, as long as the text is to be seen. */
  private followCursor(text: vscode.TextDocument): void {
    const look = async () => {
      const beside = vscode.window.visibleTextEditors.find((editor) => editor.document === text);
      const model = beside && (await textModel(text));
      if (this.isDisposed) return;
      const { layerAround } = await import('../language/text');
      const layer = model && layerAround(model, text.offsetAt(beside.selection.active));
      this.session.mark(layer?.name ?? null);
    };
    this.register(
      vscode.window.onDidChangeTextEditorSelection((event) => {
        if (event.textEditor.document === text) void look();
      }),
    );
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => void look()));
    void look();
  }

  /** Shows where a layer, or the input, stands in the text; without `focus` only where that is open beside. */
  async revealLayer(layer: string, focus: boolean): Promise<void> {
    const { text } = this.document;
    if (!text || !isNativeFile(this.uri)) return;
    const beside = vscode.window.visibleTextEditors.find((editor) => editor.document === text);
    if (!beside && !focus) return;
    const model = await textModel(text);
    const { placeOfLayer } = await import('../language/text');
    const place = model && placeOfLayer(model, layer);
    if (!place) return;
    const start = text.positionAt(place.named.offset);
    const selection = new vscode.Selection(start, start);
    if (focus) {
      const viewColumn = beside?.viewColumn ?? vscode.ViewColumn.Beside;
      await vscode.window.showTextDocument(text, { selection, viewColumn });
    } else if (beside) {
      const end = text.positionAt(place.whole.offset + place.whole.length);
      // A click in the picture of what the cursor is in already leaves the cursor.
      const whole = new vscode.Range(text.positionAt(place.whole.offset), end);
      if (!whole.contains(beside.selection.active)) beside.selection = selection;
      beside.revealRange(whole, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  get fileName(): string {
    return this.document.fileName;
  }

  /** The model on screen. */
  get scene(): Scene | undefined {
    return this.shown.scene;
  }

  /** The run on screen, if the model on screen has run. */
  get lastRun(): RunSummary | undefined {
    return this.shown.lastRun;
  }

  /** The run on screen, where it is one of the scene that comes. */
  private runOf({ id }: Scene): { readonly lastRun?: RunSummary } {
    const { scene, lastRun } = this.shown;
    return scene?.id === id ? { lastRun } : {};
  }

  private post(message: ToWebview): void {
    void this.panel.webview.postMessage(writeNonFinite(message));
    if (message.type === 'reply') return;
    if (message.type === 'scene') this.shown = { ...this.runOf(message.scene), scene: message.scene };
    else if (message.type === 'ran') this.shown = { ...this.shown, lastRun: message.run };
    this.said.fire(message);
  }

  /** The model once the first reading is through; throws if there is nothing to run. */
  async readable(): Promise<Runnable> {
    await this.document.reading();
    return this.session.readable;
  }

  navigate(step: Step): void {
    this.session.navigate(step);
  }

  /** The network and the sequence of the run without changes; throws an Error for people if there is none. */
  async ran(): Promise<{ readonly network: Network; readonly sequence: Sequence }> {
    await this.document.reading();
    return this.session.ran;
  }

  /** See `Session.lastValues`. */
  lastValues(layer: string): Promise<LastValues | undefined> {
    return this.session.lastValues(layer);
  }

  /** Resolves when there is a run; rejects with an Error for people where there will be none. */
  async hasRun(): Promise<void> {
    await this.document.reading();
    await this.session.hasRun();
  }

  /** Runs something else beside what the panel shows. */
  compare(other: OtherRun): Promise<void> {
    return this.session.compare(other);
  }

  change(message: ChangeMessage): void {
    this.session.change(message);
  }

  /** Opens a view of the dock, by its name. */
  showView(view: string): void {
    this.session.showView(view);
  }

  /** See `Session.searched`. */
  get searched(): readonly Sequence[] {
    return this.session.searched;
  }

  /** See `Session.search`. */
  search(change: Parameters<Session['search']>[0]): void {
    this.session.search(change);
  }

  /** What the window shows and what is chosen. */
  get view(): ShownView {
    return this.session.shown;
  }

  /** See `Session.exported`. */
  get exported(): ExportedRun {
    return this.session.exported;
  }

  /** Offers pictures to be saved, or copied. */
  askPictures(to: PicturesGo): void {
    this.session.askPictures(to);
  }

  /** See `Session.takePicture`. */
  takePicture(picture: WantedPicture, to: PicturesGo = 'file'): Promise<Uint8Array> {
    return this.session.takePicture(picture, to);
  }

  /** The diagram that the panel shows, as Mermaid text. */
  diagram(): string {
    return this.session.diagram();
  }

  /** Reads what a run is to be of, while the panel says so; undefined where the user stopped it. */
  read<T>(title: string, read: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    return this.session.read(title, read);
  }

  /** Runs a sequence; a run under way gives way to it. Faults are shown in the panel. */
  run(choice: ChosenSequence): Promise<void> {
    return this.session.run(choice);
  }

  /** Again only after an answer, which may bring a further question. */
  private askHowToRead(): void {
    const chosen = JSON.stringify(this.document.choices);
    if (chosen === this.asked || !this.panel.visible) return;
    this.asked = chosen;
    void vscode.commands.executeCommand('gatescope.chooseReading', this.uri);
  }

  private async fulfil(wish: Wish): Promise<void> {
    switch (wish.type) {
      case 'pick':
        return vscode.commands.executeCommand('gatescope.runSample');
      case 'pickSource':
        return vscode.commands.executeCommand('gatescope._pickSource', this.uri, wish.what);
      case 'askWhatIf':
        return vscode.commands.executeCommand('gatescope.whatIf');
      case 'openExample':
        return vscode.commands.executeCommand('gatescope.openExample', wish.file);
      case 'compareWith':
        return vscode.commands.executeCommand('gatescope.compareWith');
      case 'compareCells':
        return vscode.commands.executeCommand('gatescope.compareCells');
      case 'reveal':
        return this.reveal(wish.problem);
      case 'revealLayer':
        return this.revealLayer(wish.layer, wish.focus);
      case 'openSource':
        return vscode.commands.executeCommand('vscode.openWith', this.uri, 'default');
      case 'chooseReading':
        return vscode.commands.executeCommand('gatescope.chooseReading', this.uri);
      case 'attachWeights':
        return vscode.commands.executeCommand('gatescope.attachWeights', this.uri);
      case 'export':
        return vscode.commands.executeCommand('gatescope.export', this.uri);
      case 'savePicture':
        return vscode.commands.executeCommand('gatescope._savePicture', this.uri, wish.offers, wish.to);
      case 'copy':
        return vscode.env.clipboard.writeText(String(wish.text));
    }
  }

  private async reveal(problem: Problem): Promise<void> {
    const { text: document } = this.document;
    if (!document) return;
    const selection = problemRange(document, problem.place);
    const beside = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, {
      selection,
      viewColumn: beside?.viewColumn ?? vscode.ViewColumn.Beside,
    });
  }
}
