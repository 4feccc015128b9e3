/** One panel on one model: takes what was read, runs it, and answers the panel. Knows nothing of VS Code. */
import { estimateWithFigures, stepsWithin } from '../engine/plan';
import { WHOLE_TRACE_BYTES, keptBytes } from '../engine/recording/plan';
import type { ExportedRun } from '../export/exported';
import type { Reading } from '../model/dialects/dialect';
import type { Limits } from '../model/limits';
import type { Network } from '../model/network';
import { hasErrors, type Problem } from '../model/problem';
import type { Sequence } from '../model/samples';
import type {
  ChangeMessage,
  FromWebview,
  RunChanges,
  RunId,
  Scene,
  SequenceSummary,
  ShownView,
  Step,
  ToWebview,
  UnitChanges,
} from '../protocol';
import type { PicturesGo, WantedPicture } from '../picture/wanted';
import { unroll } from '../unroll/graph';
import { toMermaid } from '../unroll/mermaid';
import type { ChosenFiles } from './chosenFiles';
import { exportedRun } from './exportedRun';
import type { FinishedRun } from './finishedRun';
import type { FinishOptions, RunnableModel } from './runNumbers';
import { isFromWebview, requestId } from './fromPanel';
import { lastValues, type LastValues } from './lastValues';
import type { OtherRun } from './otherRun';
import { originInWords, parseOrigin, type Origin } from './origin';
import { Pictures } from './pictures';
import { Patience, UNASKED_MILLISECONDS } from './patience';
import { Questions } from './questions';
import { Searches } from './searches';
import { Runs, toRunSummary, type HeldRun } from './runs';
import type { RunTimes } from './runTimes';
import type { Finding } from './stuckInRun';
import { runsAlike, type Runnable } from './runsAlike';
import { sampleChoice, toScene, toSequenceSummary, type ChosenSequence } from './scene';
import type { Translate } from '../words/translate';
import { isOfUnits } from '../whatIf/held';
import { words } from './words';

/** Progress is told no more often than this. */
const PROGRESS_MILLISECONDS = 100;

/** What a panel asks for that is not of runs: the program around it does it. */
export type Wish = Extract<
  FromWebview,
  {
    readonly type:
      | 'pick'
      | 'pickSource'
      | 'askWhatIf'
      | 'openExample'
      | 'compareCells'
      | 'compareWith'
      | 'reveal'
      | 'revealLayer'
      | 'openSource'
      | 'chooseReading'
      | 'attachWeights'
      | 'export'
      | 'savePicture'
      | 'copy';
  }
>;

/** The program that a session is part of. */
export interface Surroundings {
  readonly fileName: string;
  post(message: ToWebview): void;
  fulfil(wish: Wish): void;
  limits(): Limits;
  /** Whether the first sample of a model runs by itself. */
  runsOnOpen(): boolean;
  /** The files that were chosen for the model, in this window or before. */
  readonly chosenFiles: ChosenFiles;
  /** How long runs of the model took, in this window or before. */
  readonly runTimes: RunTimes;
  /** Reads a sequence of the user's own again. Rejects with an Error for people where that cannot be done. */
  recall(origin: Origin, model: Runnable, signal: AbortSignal): Promise<ChosenSequence>;
  /** Asks how to read a model that can be read in several ways; once until the answer changes. */
  askHowToRead(): void;
  /** The problems of findings, each at its layer in the text, as far as there is one. */
  place(findings: readonly Finding[]): Promise<readonly Problem[]>;
  /** Takes what the last run has shown to be amiss, in place of what was found before. */
  find(problems: readonly Problem[]): void;
  readonly translate: Translate;
}

/** The last good version of the model. */
interface Model extends Runnable {
  readonly scene: Scene;
}

export class Session {
  private model?: Model;
  private problems: readonly Problem[] = [];
  /** What the run without changes has shown. */
  private findings: readonly Problem[] = [];
  private ways: Reading['choices'];
  private choice?: ChosenSequence;
  /** What the panel showed before it was reloaded, until the model is there. */
  private before?: { readonly sample: string | null; readonly origin: Origin | undefined };
  /** How long a sequence takes, where its run was seen to take longer than estimated. */
  private readonly slow = new WeakMap<Sequence, number>();
  private readonly runs = new Runs();
  private readonly questions: Questions;
  private readonly pictures = new Pictures((message) => this.post(message));
  private readonly searches: Searches;
  private running?: AbortController;
  /** What the base is compared with, and its run under way. */
  private other?: OtherRun;
  private comparing?: AbortController;
  /** The what-if that is being run. */
  private trying?: AbortController;
  private view: ShownView = { start: 0, steps: 8, detail: 'gates', signal: null, range: null };
  /** The last word on what is under way, for a page that was not there to hear it. */
  private told?: Extract<ToWebview, { readonly type: 'running' }>;
  private count = 0;
  private marked: string | null = null;
  private listening = false;
  private closed = false;

  constructor(private readonly around: Surroundings) {
    this.searches = new Searches(this.runs, around.translate, () => {
      const { network, weights, samples } = this.model ?? {};
      if (!network || !weights || !samples) return undefined;
      return { network, weights, samples: samples.map(sampleChoice), limits: around.limits() };
    });
    this.questions = new Questions(this.runs, around.translate, this.searches);
  }

  close(): void {
    this.closed = true;
    this.running?.abort();
    this.trying?.abort();
    this.comparing?.abort();
    this.questions.close();
    this.pictures.giveUp(this.around.translate(words.panelGone));
  }

  /** The last good version of the model. Throws an Error for people if there is none. */
  get readable(): Runnable {
    if (!this.model) throw new Error(this.around.translate(words.hasErrors, this.around.fileName));
    return this.model;
  }

  /** The network and the sequence of the run without changes. Throws an Error for people if there is none. */
  get ran(): { readonly network: Network; readonly sequence: Sequence } {
    const base = this.runs.in('base');
    if (!base) throw new Error(this.around.translate(words.notRun));
    return { network: this.readable.network, sequence: base.choice.sequence };
  }

  /** See `lastValues`; of the run that is shown. Undefined where there is none. */
  async lastValues(layer: string): Promise<LastValues | undefined> {
    const run = this.runs.in('what-if') ?? this.runs.in('base');
    return run && lastValues(run.finished, layer);
  }

  /** Resolves when the base has run: at once where it has, else after a run of what is chosen. */
  async hasRun(): Promise<void> {
    const choice = this.choice ?? this.first();
    if (!this.runs.in('base') && choice) await this.run(choice);
    void this.ran;
  }

  navigate(step: Step): void {
    this.post({ type: 'navigate', step });
  }

  /** Marks a layer in the picture; null marks none. */
  mark(layer: string | null): void {
    if (layer === this.marked) return;
    this.marked = layer;
    this.post({ type: 'mark', layer });
  }

  /** Changes that the user has chosen outside of the panel. */
  change(message: ChangeMessage): void {
    this.post(message);
  }

  /** Opens a view of the dock, by its name. */
  showView(view: string): void {
    this.post({ type: 'showView', view, on: true });
  }

  /** Those that are searched for matches: of the samples, the one that is shown, and a file. */
  get searched(): readonly Sequence[] {
    const own = [this.choice, this.searches.sequence('file')].flatMap((one) => (one ? [one] : []));
    return [...(this.model?.samples ?? []), ...own].map(({ sequence }) => sequence);
  }

  /** What is searched for matches beside the model's samples, or said of its steps; with `fail`, why it cannot be. */
  search(change: (searches: Pick<Searches, 'searchIn' | 'label' | 'fail'>) => void): void {
    change(this.searches);
    this.postSources();
  }

  /** What the window shows and what is chosen. */
  get shown(): ShownView {
    return this.view;
  }

  /** The run that is shown: with changes, where some are made. Throws an Error for people if there is none. */
  get exported(): ExportedRun {
    const { model } = this;
    const base = this.runs.in('base');
    const run = this.runs.in('what-if') ?? base;
    if (!run || !base || !model?.weights || run.scene !== model.scene.id) {
      throw new Error(this.around.translate(words.notRun));
    }
    const { network, weights, samples, scene } = model;
    const runnable = { network, weights, samples, trained: scene.trained };
    return exportedRun(this.around.fileName, runnable, run, base);
  }

  /** Asks of which views there can be a picture; the answer is a wish. */
  askPictures(to: PicturesGo): void {
    this.post({ type: 'askPictures', to });
  }

  /** See `Pictures.take`. */
  takePicture(picture: WantedPicture, to: PicturesGo): Promise<Uint8Array> {
    return this.pictures.take(picture, to);
  }

  /** The diagram that the panel shows, as Mermaid text. */
  diagram(): string {
    const { network } = this.readable;
    return toMermaid(unroll(network, { columns: this.view.steps, detail: this.view.detail }));
  }

  /** Runs a sequence; a run under way gives way to it. Faults are shown in the panel. */
  run(choice: ChosenSequence): Promise<void> {
    if (choice.origin?.kind === 'file') this.around.chosenFiles.add(choice.origin.uri);
    return this.start(choice);
  }

  /**
   * Reads what a run is to be of; a run under way gives way to it. Until it is read, the panel says so and offers to stop;
   * undefined where it was stopped. Rejects as `read` does.
   */
  async read<T>(title: string, read: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.stop();
    const { signal } = (this.running = new AbortController());
    this.tell(title, 0, 0);
    try {
      const found = await read(signal);
      return signal.aborted ? undefined : found;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      if (this.running?.signal === signal) {
        this.running = undefined;
        this.post({ type: 'cancelled' });
      }
    }
  }

  /** `patience` with a run that began by itself. */
  private async start(choice: ChosenSequence, patience?: Patience): Promise<void> {
    const { model } = this;
    if (!model) return;
    this.choice = choice;
    this.running?.abort();
    this.trying?.abort();
    this.comparing?.abort();
    this.questions.cancel();
    const { signal } = (this.running = new AbortController());
    const message = this.obstacle(model, choice.sequence);
    if (message) {
      this.running = undefined;
      this.post({ type: 'failed', message });
      return;
    }
    this.tell(choice.title, 0, choice.sequence.steps);
    try {
      const { network, scene } = model;
      const runnable = { network, weights: model.weights!, trained: scene.trained };
      const finished = await this.finish(runnable, choice, signal, patience);
      if (signal.aborted || this.closed) return;
      this.remember(choice, finished.milliseconds);
      this.runs.drop('what-if');
      this.put({ id: ++this.count, role: 'base', scene: scene.id, choice, finished });
      void this.runOther();
      void this.lookAt(network, finished, signal);
    } catch (error) {
      if (!signal.aborted && !this.closed) this.fail(error);
    } finally {
      if (this.running?.signal === signal) this.running = undefined;
    }
  }

  /** Warns of what a run shows to be amiss, once it is known. */
  private async lookAt(network: Network, run: FinishedRun, signal: AbortSignal): Promise<void> {
    const { stuckInRun } = await import('./stuckInRun');
    const { translate, place } = this.around;
    const found = await stuckInRun(network, run, { translate, signal }).catch(() => []);
    const placed = await place(found);
    if (!signal.aborted && !this.closed && this.runs.in('base')?.finished === run) this.find(placed);
  }

  private find(findings: readonly Problem[]): void {
    if (findings.length + this.findings.length === 0) return;
    this.findings = findings;
    this.around.find(findings);
    this.postProblems();
  }

  /** Runs the base with changes, beside it. What cannot be done of them is said; without any the base stands alone. */
  private async whatIf(of: RunId, sets: readonly string[]): Promise<void> {
    this.abandon(this.trying);
    this.runs.drop('what-if');
    const { model } = this;
    const base = this.runs.in('base');
    if (!model?.weights || base?.id !== of || sets.length === 0) return;
    const { signal } = (this.trying = new AbortController());
    try {
      const { changedSequence } = await import('./whatIf');
      const { choice, clamps, refused } = changedSequence(model.network, base.choice, sets);
      const changes: RunChanges = { of, sets, refused };
      if (signal.aborted) return;
      if (refused.length === sets.length) return this.post({ type: 'unchanged', changes });
      const { network, weights, scene } = model;
      const runnable = { network, weights, trained: scene.trained, clamps };
      const finished = await this.finish(runnable, choice, signal);
      if (signal.aborted || this.closed) return;
      const units = await this.changesOfUnits(base.finished, finished, sets, signal);
      if (signal.aborted || this.closed) return;
      this.put({
        ...{ id: ++this.count, role: 'what-if', scene: scene.id, choice, finished, changes, clamps },
        ...(units && { unitChanges: units }),
      });
    } catch (error) {
      if (!signal.aborted && !this.closed) this.fail(error);
    } finally {
      if (this.trying?.signal === signal) this.trying = undefined;
    }
  }

  /** Undefined where the means tell what changes, and where not every row is held. */
  private async changesOfUnits(
    base: FinishedRun,
    changed: FinishedRun,
    sets: readonly string[],
    signal: AbortSignal,
  ): Promise<UnitChanges | undefined> {
    if (!base.trace || !changed.trace || !sets.every(isOfUnits)) return undefined;
    const { unitChanges } = await import('./unitChanges');
    return unitChanges(base.trace, changed.trace, changed.summary, { signal });
  }

  /** Runs something else beside the base, now and whenever the base runs again. */
  compare(other: OtherRun): Promise<void> {
    this.other = other;
    this.post({ type: 'showView', view: 'differences', on: true });
    return this.runOther();
  }

  private async runOther(): Promise<void> {
    this.comparing?.abort();
    this.runs.drop('compared');
    const { model, other } = this;
    const base = this.runs.in('base');
    if (!other || !base || !model?.weights) return;
    const { signal } = (this.comparing = new AbortController());
    try {
      const { otherChoice } = await import('./otherRun');
      const choice = otherChoice(model.network, base.choice, other);
      const { network, weights, scene } = model;
      const runnable = other.model ?? { network, weights, trained: scene.trained };
      const obstacle = this.obstacle(runnable, choice.sequence);
      if (obstacle) throw new RangeError(obstacle);
      const finished = await this.finish(runnable, choice, signal);
      if (signal.aborted || this.closed) return;
      const of = { name: other.name, ...(other.model && { network: other.model.network }) };
      this.put({ id: ++this.count, role: 'compared', scene: scene.id, choice, finished, ...of });
    } catch (error) {
      if (signal.aborted || this.closed) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.post({ type: 'failed', message: this.around.translate(words.notCompared, other.name, reason) });
    } finally {
      if (this.comparing?.signal === signal) this.comparing = undefined;
    }
  }

  /** Runs a sequence to its end. Rejects as `finishRun` does. */
  private async finish(
    model: RunnableModel,
    choice: ChosenSequence,
    signal: AbortSignal,
    patience?: Patience,
  ): Promise<FinishedRun> {
    const { finishRun } = await import('./finishedRun');
    const { memory } = this.around.limits();
    return finishRun(model, choice, {
      ...{ signal, memory, translate: this.around.translate, most: Math.min(WHOLE_TRACE_BYTES, memory) },
      ...this.progress(choice, patience),
    });
  }

  /** Ends a run beside the base; its progress has been told, and nothing else would say that it is over. */
  private abandon(run: AbortController | undefined): void {
    if (!run || run.signal.aborted) return;
    run.abort();
    if (!this.running) this.post({ type: 'cancelled' });
  }

  private endCompare(): void {
    this.abandon(this.comparing);
    this.other = undefined;
    this.runs.drop('compared');
  }

  private put(run: HeldRun): void {
    this.runs.put(run);
    this.post({ type: 'ran', run: toRunSummary(run) });
  }

  private fail(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.post({ type: 'failed', message: this.around.translate(words.runFailed, reason) });
  }

  /** A new reading: a good one becomes the scene, a broken one only its problems. Runs stand while they hold. */
  take(reading: Reading): void {
    this.problems = reading.problems;
    this.ways = reading.choices;
    const { network, weights, samples } = reading;
    if (network && !hasErrors(reading.problems, 'structure')) {
      const before = this.model;
      const model = { network, weights, samples };
      const holds = before && this.runs.in('base') && runsAlike(before, model);
      const id = holds ? before.scene.id : ++this.count;
      this.model = { ...model, scene: toScene(id, this.around.fileName, network, reading) };
      if (holds) this.postScene();
      else {
        this.searches.forget();
        this.runAgain(!before);
        if (before) this.postSources();
      }
    } else {
      this.postProblems();
      this.askHowToRead();
    }
  }

  /** What the page sends; what is no message of the protocol is answered by saying so. */
  receive(message: unknown): void {
    if (isFromWebview(message)) this.heed(message);
    else this.refuse(message);
  }

  private refuse(message: unknown): void {
    const err = this.around.translate(words.notUnderstood);
    const id = requestId(message);
    if (id === undefined) this.post({ type: 'failed', message: err });
    else this.post({ type: 'reply', id, result: { err } });
  }

  private heed(message: FromWebview): void {
    switch (message.type) {
      case 'picture':
        this.pictures.taken(message);
        break;
      case 'ready':
        this.pictures.giveUp(this.around.translate(words.panelGone));
        this.welcome(message.sample, message.origin);
        break;
      case 'run':
        this.runNamed(message.sample);
        break;
      case 'cancel':
        this.stop();
        this.post({ type: 'cancelled' });
        if (!this.choice) this.offer(this.first());
        break;
      case 'dropSource':
        this.search((searches) =>
          message.what === 'file' ? searches.searchIn(undefined) : searches.label(undefined),
        );
        break;
      case 'runSource': {
        const choice = this.searches.sequence(message.what);
        if (choice) void this.run(choice);
        else this.post({ type: 'failed', message: this.around.translate(words.noSample) });
        break;
      }
      case 'whatIf':
        void this.whatIf(message.of, message.sets);
        break;
      case 'endCompare':
        this.endCompare();
        break;
      case 'view':
        this.view = message;
        break;
      case 'request':
        void this.questions.answer(message).then((reply) => this.post(reply));
        break;
      case 'painted':
        break;
      default:
        this.around.fulfil(message);
    }
  }

  /** Since nothing can be shown before; not before the panel is there, which takes the focus as it loads. */
  private askHowToRead(): void {
    if (this.listening && this.ways && this.ways.length > 0) this.around.askHowToRead();
  }

  /** After a new scene: the same sample again, by its name; else the first. Only what is quick runs by itself. */
  private runAgain(opened: boolean): void {
    const had = this.runs.in('base') !== undefined;
    this.stop();
    this.runs.drop('base');
    this.runs.drop('what-if');
    this.runs.drop('compared');
    this.find([]);
    if (this.before && this.goBack()) return;
    const { choice } = this;
    const same = this.model!.samples.find(({ name }) => name === choice?.sample);
    if (choice?.sample !== null) this.choice = same ? sampleChoice(same) : this.first();
    this.postScene();
    const wished = opened || !had ? this.around.runsOnOpen() : true;
    if (wished && this.choice && this.isQuick(this.choice)) void this.start(this.choice, new Patience());
  }

  private stop(): void {
    this.running?.abort();
    this.trying?.abort();
    this.comparing?.abort();
    this.running = undefined;
  }

  private first(): ChosenSequence | undefined {
    const [sample] = this.model?.samples ?? [];
    return sample && sampleChoice(sample);
  }

  /** Milliseconds; undefined where there are no weights to run with. */
  private estimate({ sequence }: ChosenSequence): number | undefined {
    const { network, weights } = this.model!;
    return weights && (this.slow.get(sequence) ?? estimateWithFigures(network, sequence));
  }

  private isQuick(choice: ChosenSequence): boolean {
    return (this.estimate(choice) ?? Infinity) < UNASKED_MILLISECONDS;
  }

  /** Shows a sequence that waits for the user. */
  private offer(choice: ChosenSequence | undefined): void {
    this.choice = choice;
    if (choice) this.post({ type: 'offered', sequence: this.summary(choice) });
  }

  /** How long a run took, or would. */
  private remember(choice: ChosenSequence, milliseconds: number): void {
    const estimate = this.estimate(choice);
    if (estimate !== undefined) this.around.runTimes.put(estimate, milliseconds);
  }

  /** A run that is estimated as one before was will take as long as that one did. */
  private summary(choice: ChosenSequence): SequenceSummary {
    const estimate = this.estimate(choice);
    const took = estimate === undefined ? undefined : this.around.runTimes.of(estimate);
    return toSequenceSummary(choice, took ?? estimate);
  }

  /**
   * To what the panel showed before it was reloaded, unless the user has chosen since. True where that takes its time:
   * what follows is then said when it is known.
   */
  private goBack(): boolean {
    const { origin, sample: name } = this.before!;
    this.before = undefined;
    if (this.choice?.sample === null) return false;
    if (origin) {
      void this.recall(origin);
      return true;
    }
    const sample = this.model!.samples.find((known) => known.name === name);
    if (sample) this.choice = sampleChoice(sample);
    return false;
  }

  /** Reads a sequence of the user's own again; where that cannot be done, it says so and shows the first sample. */
  private async recall(origin: Origin): Promise<void> {
    const model = this.model!;
    const title = originInWords(origin);
    const { signal } = (this.running = new AbortController());
    this.choice = undefined;
    this.postScene(null);
    this.tell(title, 0, 0);
    try {
      if (origin.kind === 'file' && !this.around.chosenFiles.has(origin.uri)) {
        throw new Error(this.around.translate(words.notChosen));
      }
      const choice = await this.around.recall(origin, model, signal);
      if (signal.aborted || this.closed) return;
      this.running = undefined;
      if (this.around.runsOnOpen() && this.isQuick(choice)) void this.start(choice, new Patience());
      else this.offer(choice);
    } catch (error) {
      if (signal.aborted || this.closed) return;
      this.running = undefined;
      this.offer(this.first());
      const reason = error instanceof Error ? error.message : String(error);
      this.post({ type: 'failed', message: this.around.translate(words.notRecalled, title, reason) });
    }
  }

  /** Why a sequence cannot be run, in words; undefined if it can. */
  private obstacle(model: Pick<Model, 'network' | 'weights'>, sequence: Sequence): string | undefined {
    const { translate } = this.around;
    if (!model.weights) {
      const problem = this.problems.find(
        ({ about, severity }) => about === 'weights' && severity === 'error',
      );
      return problem?.message ?? translate(words.noWeights);
    }
    const bytes = keptBytes(model.network, sequence);
    const limit = this.around.limits().memory;
    if (bytes <= limit) return undefined;
    const [needed, most] = [Math.ceil(bytes / 2 ** 20), Math.floor(limit / 2 ** 20)];
    const fit = stepsWithin(model.network, sequence, limit, keptBytes);
    return translate(words.tooLarge, needed, sequence.steps, most, fit);
  }

  private progress(
    choice: ChosenSequence,
    patience?: Patience,
  ): Pick<FinishOptions, 'onProgress' | 'onSummary'> {
    const { title, sequence } = choice;
    let told = performance.now();
    let summed = false;
    return {
      onProgress: (done, total) => {
        const now = performance.now();
        const whole = patience?.tooLong(done, total, now);
        if (whole !== undefined) this.lost(choice, whole, patience!.again());
        if (whole !== undefined || now - told < PROGRESS_MILLISECONDS) return;
        told = now;
        this.tell(title, Math.floor((done / total) * sequence.steps), sequence.steps);
      },
      onSummary: (done, total) => {
        if (!summed) patience?.another();
        summed = true;
        const whole = patience?.tooLong(done, total, performance.now());
        if (whole !== undefined) this.lost(choice, whole, patience!.again());
      },
    };
  }

  /** Patience with a run that takes `whole` milliseconds: it is tried again, or waits for the user. */
  private lost(choice: ChosenSequence, whole: number, next: Patience | undefined): void {
    if (next) return void this.start(choice, next);
    this.remember(choice, whole);
    this.slow.set(choice.sequence, whole);
    this.stop();
    this.offer(choice);
  }

  /** The panel is there, for the first time or after it was hidden: all that its picture needs. */
  private welcome(sample: string | null, origin: string | null): void {
    // What is chosen is known here from then on, whatever becomes of the page.
    if (!this.listening) this.before = { sample, origin: origin === null ? undefined : parseOrigin(origin) };
    this.listening = true;
    this.post({ type: 'mark', layer: this.marked });
    if (!this.model) {
      if (this.problems.length === 0) return;
      this.postProblems();
      this.askHowToRead();
      return;
    }
    const { before } = this;
    const other =
      before && (before.origin || (before.sample !== null && before.sample !== this.choice?.sample));
    if (other || (this.runs.all.length === 0 && !this.running)) return this.runAgain(true);
    this.before = undefined;
    this.postScene(this.running && !this.choice ? null : undefined);
    this.postSources();
    this.postRuns();
    if (this.running && this.told) this.post(this.told);
  }

  private runNamed(name: string | null): void {
    const sample = this.model?.samples.find((known) => known.name === name);
    const choice = sample ? sampleChoice(sample) : this.choice;
    if (choice) void this.run(choice);
    else this.post({ type: 'failed', message: this.around.translate(words.noSample) });
  }

  private postScene(shown = this.choice ?? this.first() ?? null): void {
    this.post({ type: 'scene', scene: this.model!.scene, sequence: shown && this.summary(shown) });
    this.postProblems();
  }

  private tell(title: string, done: number, steps: number): void {
    this.told = { type: 'running', title, done, steps };
    this.post(this.told);
  }

  private postRuns(): void {
    for (const run of this.runs.all) this.post({ type: 'ran', run: toRunSummary(run) });
  }

  private postSources(): void {
    this.post({ type: 'sources', sources: this.searches.sources });
  }

  private postProblems(): void {
    const drawable = !hasErrors(this.problems, 'structure');
    this.post({ type: 'problems', problems: [...this.problems, ...this.findings], drawable });
  }

  private post(message: ToWebview): void {
    if (this.listening && !this.closed) this.around.post(message);
  }
}
