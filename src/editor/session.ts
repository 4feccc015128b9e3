import * as vscode from 'vscode';
import { estimateMilliseconds, traceBytes } from '../engine/plan';
import type { Reading } from '../model/dialects/dialect';
import { hasErrors, type Problem } from '../model/problem';
import type { Sequence } from '../model/samples';
import type {
  Detail,
  FromWebview,
  Memory,
  RequestMessage,
  Requests,
  Scene,
  Step,
  ToWebview,
} from '../protocol';
import { toMermaid } from '../unroll/mermaid';
import { unroll } from '../unroll/graph';
import { Disposable } from './dispose';
import type { FinishedRun } from './finishedRun';
import type { ModelDocument } from './modelDocument';
import { problemRange } from './place';
import { runsAlike, type Runnable } from './runsAlike';
import { sampleChoice, toScene, toSequenceSummary, type Choice } from './scene';
import { memoryLimits, runOnOpen } from './settings';

/** Models whose first sample is estimated to take longer than this wait for the user. */
const RUN_ON_OPEN_MILLISECONDS = 100;
/** Progress is told no more often than this. */
const PROGRESS_MILLISECONDS = 100;

/** The last good version of the model. */
interface Model extends Runnable {
  readonly scene: Scene;
}

/** One panel on one model: takes what was read, runs it, and answers the panel. */
export class Session extends Disposable {
  private model?: Model;
  private problems: readonly Problem[] = [];
  private choice?: Choice;
  private finished?: { readonly run: FinishedRun; readonly id: number; readonly scene: number };
  private running?: AbortController;
  /** The question how far back an output reaches that is being answered. */
  private remembering?: AbortController;
  private view: { readonly steps: number; readonly detail: Detail } = { steps: 8, detail: 'gates' };
  private count = 0;
  private listening = false;
  /** What had been chosen when it was asked how to read the model. */
  private asked?: string;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly document: ModelDocument,
  ) {
    super();
    this.register(panel.webview.onDidReceiveMessage((message: FromWebview) => this.receive(message)));
    this.register(document.onDidRead((reading) => this.take(reading)));
    if (document.current) this.take(document.current);
  }

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  override dispose(): void {
    this.running?.abort();
    this.remembering?.abort();
    super.dispose();
  }

  /** The model once the first reading is through; throws if there is nothing to run. */
  async readable(): Promise<Runnable> {
    await this.document.reading();
    if (!this.model) throw new Error(vscode.l10n.t('{0} has errors: see the Problems view.', this.fileName));
    return this.model;
  }

  navigate(step: Step): void {
    this.post({ type: 'navigate', step });
  }

  showMemory(): void {
    this.post({ type: 'remember', on: true });
  }

  /** The diagram that the panel shows, as Mermaid text. */
  diagram(): string {
    if (!this.model) throw new Error(vscode.l10n.t('{0} has errors: see the Problems view.', this.fileName));
    return toMermaid(unroll(this.model.network, { columns: this.view.steps, detail: this.view.detail }));
  }

  /** Runs a sequence; a run under way gives way to it. Faults are shown in the panel. */
  async run(choice: Choice): Promise<void> {
    const { model } = this;
    if (!model) return;
    this.choice = choice;
    this.running?.abort();
    this.remembering?.abort();
    const { signal } = (this.running = new AbortController());
    const message = this.obstacle(model, choice.sequence);
    if (message) {
      this.running = undefined;
      this.post({ type: 'failed', message });
      return;
    }
    this.post({ type: 'running', title: choice.title, done: 0, steps: choice.sequence.steps });
    try {
      const { finishRun } = await import('./finishedRun');
      const { network, scene } = model;
      const runs = { network, weights: model.weights!, trained: scene.trained };
      const finished = await finishRun(runs, choice, { signal, onProgress: this.progress(choice) });
      if (signal.aborted || this.isDisposed) return;
      this.finished = { run: finished, id: ++this.count, scene: model.scene.id };
      this.postFinished();
    } catch (error) {
      if (signal.aborted || this.isDisposed) return;
      this.post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    } finally {
      if (this.running?.signal === signal) this.running = undefined;
    }
  }

  get fileName(): string {
    return this.document.fileName;
  }

  /** A new reading: a good one becomes the scene, a broken one only its problems. A run stands while it holds. */
  private take(reading: Reading): void {
    this.problems = reading.problems;
    const { network, weights, samples } = reading;
    if (network && !hasErrors(reading.problems, 'structure')) {
      const before = this.model;
      const model = { network, weights, samples };
      const holds = before && this.finished && runsAlike(before, model);
      const id = holds ? before.scene.id : ++this.count;
      this.model = { ...model, scene: toScene(id, this.fileName, network, reading) };
      this.postScene();
      if (!holds) this.runAgain(!before);
    } else {
      this.postProblems();
      this.askHowToRead(reading);
    }
  }

  /**
   * Asks, since nothing can be shown before; again only after an answer, which may bring a further question. Not before
   * the panel is there, which takes the focus as it loads.
   */
  private askHowToRead({ choices = [] }: Reading): void {
    const chosen = JSON.stringify(this.document.choices);
    if (chosen === this.asked || choices.length === 0) return;
    if (!this.listening || !this.panel.visible) return;
    this.asked = chosen;
    void vscode.commands.executeCommand('gatescope.chooseReading', this.uri);
  }

  /** After a new scene: the same sample again, by its name; else the first. Only what is quick runs by itself. */
  private runAgain(first: boolean): void {
    const model = this.model!;
    this.running?.abort();
    const { choice } = this;
    const sample = model.samples.find(({ name }) => name === choice?.sample) ?? model.samples[0];
    this.choice = choice && choice.sample === null ? choice : sample && sampleChoice(sample);
    const had = this.finished !== undefined;
    this.finished = undefined;
    if (!this.choice || !model.weights) return;
    const quick = estimateMilliseconds(model.network, this.choice.sequence) < RUN_ON_OPEN_MILLISECONDS;
    if (first || !had ? runOnOpen(this.uri) && quick : quick) void this.run(this.choice);
  }

  /** Why a sequence cannot be run, in words; undefined if it can. */
  private obstacle(model: Model, sequence: Sequence): string | undefined {
    if (!model.weights) {
      const problem = this.problems.find(
        ({ about, severity }) => about === 'weights' && severity === 'error',
      );
      return problem?.message ?? vscode.l10n.t('The weights could not be read.');
    }
    const bytes = traceBytes(model.network, sequence);
    const limit = memoryLimits(this.uri).memory;
    if (bytes <= limit) return undefined;
    return vscode.l10n.t(
      'The run would take {0} MB for {1} steps; the limit is {2} MB (setting gatescope.memoryLimit). "Run Sample Sequence…" offers to run a part.',
      Math.ceil(bytes / 2 ** 20),
      sequence.steps,
      Math.floor(limit / 2 ** 20),
    );
  }

  private progress(choice: Choice): (done: number, total: number) => void {
    let told = performance.now();
    return (done, total) => {
      if (performance.now() - told < PROGRESS_MILLISECONDS) return;
      told = performance.now();
      this.post({
        type: 'running',
        title: choice.title,
        done: Math.floor((done / total) * choice.sequence.steps),
        steps: choice.sequence.steps,
      });
    };
  }

  private postFinished(): void {
    if (!this.finished) return;
    const { run, id, scene } = this.finished;
    const { sequence, milliseconds, summary } = run;
    this.post({ type: 'ran', run: { trace: id, scene, sequence, milliseconds, ...summary } });
  }

  private receive(message: FromWebview): void {
    switch (message.type) {
      case 'ready':
        this.welcome(message.sample);
        break;
      case 'run':
        this.runNamed(message.sample);
        break;
      case 'pick':
        void vscode.commands.executeCommand('gatescope.runSample');
        break;
      case 'cancel':
        this.running?.abort();
        this.running = undefined;
        this.post({ type: 'cancelled' });
        break;
      case 'reveal':
        void this.reveal(message.problem);
        break;
      case 'openSource':
        void vscode.commands.executeCommand('vscode.openWith', this.uri, 'default');
        break;
      case 'chooseReading':
        void vscode.commands.executeCommand('gatescope.chooseReading', this.uri);
        break;
      case 'attachWeights':
        void vscode.commands.executeCommand('gatescope.attachWeights', this.uri);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(String(message.text));
        break;
      case 'view':
        this.view = { steps: message.steps, detail: message.detail };
        break;
      case 'request':
        void this.answer(message);
        break;
      case 'painted':
        break;
    }
  }

  /** The panel is there, for the first time or after it was hidden: all that its picture needs. */
  private welcome(sample: string | null): void {
    this.listening = true;
    if (!this.model) {
      const { current } = this.document;
      if (!current) return;
      this.postProblems();
      this.askHowToRead(current);
      return;
    }
    const wanted = this.model.samples.find(({ name }) => name === sample);
    if (wanted && this.choice?.sample !== null && this.choice?.sample !== sample) {
      this.choice = sampleChoice(wanted);
      this.finished = undefined;
      this.running?.abort();
    }
    this.postScene();
    if (this.finished) this.postFinished();
    else if (this.running && this.choice) {
      const { title, sequence } = this.choice;
      this.post({ type: 'running', title, done: 0, steps: sequence.steps });
    } else this.runAgain(true);
  }

  private runNamed(name: string | null): void {
    const sample = this.model?.samples.find((known) => known.name === name);
    const choice = sample ? sampleChoice(sample) : this.choice;
    if (choice) void this.run(choice);
    else this.post({ type: 'failed', message: vscode.l10n.t('The model has no sample to run.') });
  }

  private postScene(): void {
    const sequence = this.choice ? toSequenceSummary(this.choice) : this.firstSequence();
    this.post({ type: 'scene', scene: this.model!.scene, sequence });
    this.postProblems();
  }

  private firstSequence() {
    const sample = this.model?.samples[0];
    return sample ? toSequenceSummary(sampleChoice(sample)) : null;
  }

  private postProblems(): void {
    const drawable = !hasErrors(this.problems, 'structure');
    this.post({ type: 'problems', problems: this.problems, drawable });
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

  private async answer(request: RequestMessage): Promise<void> {
    const { id } = request;
    try {
      this.post({ type: 'reply', id, result: { ok: await this.answerTo(request) } });
    } catch (error) {
      const err = error instanceof Error ? error.message : String(error);
      this.post({ type: 'reply', id, result: { err } });
    }
  }

  private answerTo({ kind, ask }: RequestMessage): Requests[keyof Requests]['answer'] | Promise<Memory> {
    const { finished } = this;
    if (finished?.id !== ask.trace) throw new Error('the run is no longer the newest');
    const { run } = finished;
    switch (kind) {
      case 'unit':
        return run.unit(ask.unit);
      case 'values':
        return run.values(ask.address);
      case 'memory':
        this.remembering?.abort();
        this.remembering = new AbortController();
        return run.memory(ask.step, this.remembering.signal);
    }
  }

  private post(message: ToWebview): void {
    if (this.listening && !this.isDisposed) void this.panel.webview.postMessage(message);
  }
}
