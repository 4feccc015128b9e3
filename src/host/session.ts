/** One panel on one model: takes what was read, runs it, and answers the panel. Knows nothing of VS Code. */
import { estimateMilliseconds, traceBytes } from '../engine/plan';
import type { Reading } from '../model/dialects/dialect';
import type { Limits } from '../model/memory';
import { hasErrors, type Problem } from '../model/problem';
import type { Sequence } from '../model/samples';
import type { Detail, FromWebview, Scene, Step, ToWebview } from '../protocol';
import { unroll } from '../unroll/graph';
import { toMermaid } from '../unroll/mermaid';
import { Questions } from './questions';
import { Runs, toRunSummary } from './runs';
import { runsAlike, type Runnable } from './runsAlike';
import { sampleChoice, toScene, toSequenceSummary, type Choice } from './scene';
import { words, type Translate } from './words';

/** Models whose first sample is estimated to take longer than this wait for the user. */
const RUN_ON_OPEN_MILLISECONDS = 100;
/** Progress is told no more often than this. */
const PROGRESS_MILLISECONDS = 100;

/** What a panel asks for that is not of runs: the program around it does it. */
export type Wish = Extract<
  FromWebview,
  { readonly type: 'pick' | 'reveal' | 'openSource' | 'chooseReading' | 'attachWeights' | 'copy' }
>;

/** The program that a session is part of. */
export interface Surroundings {
  readonly fileName: string;
  post(message: ToWebview): void;
  fulfil(wish: Wish): void;
  limits(): Limits;
  /** Whether the first sample of a model runs by itself. */
  runsOnOpen(): boolean;
  /** Asks how to read a model that can be read in several ways; once until the answer changes. */
  askHowToRead(): void;
  readonly translate: Translate;
}

/** The last good version of the model. */
interface Model extends Runnable {
  readonly scene: Scene;
}

export class Session {
  private model?: Model;
  private problems: readonly Problem[] = [];
  private ways: Reading['choices'];
  private choice?: Choice;
  private readonly runs = new Runs();
  private readonly questions: Questions;
  private running?: AbortController;
  private view: { readonly steps: number; readonly detail: Detail } = { steps: 8, detail: 'gates' };
  private count = 0;
  private listening = false;
  private closed = false;

  constructor(private readonly around: Surroundings) {
    this.questions = new Questions(this.runs, around.translate);
  }

  close(): void {
    this.closed = true;
    this.running?.abort();
    this.questions.cancel();
  }

  /** The last good version of the model. Throws an Error for people if there is none. */
  get readable(): Runnable {
    if (!this.model) throw new Error(this.around.translate(words.hasErrors, this.around.fileName));
    return this.model;
  }

  navigate(step: Step): void {
    this.post({ type: 'navigate', step });
  }

  showMemory(): void {
    this.post({ type: 'showView', view: 'memory', on: true });
  }

  /** The diagram that the panel shows, as Mermaid text. */
  diagram(): string {
    const { network } = this.readable;
    return toMermaid(unroll(network, { columns: this.view.steps, detail: this.view.detail }));
  }

  /** Runs a sequence; a run under way gives way to it. Faults are shown in the panel. */
  async run(choice: Choice): Promise<void> {
    const { model } = this;
    if (!model) return;
    this.choice = choice;
    this.running?.abort();
    this.questions.cancel();
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
      const runnable = { network, weights: model.weights!, trained: scene.trained };
      const finished = await finishRun(runnable, choice, { signal, onProgress: this.progress(choice) });
      if (signal.aborted || this.closed) return;
      this.runs.put({ id: ++this.count, role: 'base', scene: scene.id, choice, finished });
      this.postRuns();
    } catch (error) {
      if (signal.aborted || this.closed) return;
      this.post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    } finally {
      if (this.running?.signal === signal) this.running = undefined;
    }
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
      this.postScene();
      if (!holds) this.runAgain(!before);
    } else {
      this.postProblems();
      this.askHowToRead();
    }
  }

  receive(message: FromWebview): void {
    switch (message.type) {
      case 'ready':
        this.welcome(message.sample);
        break;
      case 'run':
        this.runNamed(message.sample);
        break;
      case 'cancel':
        this.running?.abort();
        this.running = undefined;
        this.post({ type: 'cancelled' });
        break;
      case 'view':
        this.view = { steps: message.steps, detail: message.detail };
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
  private runAgain(first: boolean): void {
    const model = this.model!;
    this.running?.abort();
    const { choice } = this;
    const sample = model.samples.find(({ name }) => name === choice?.sample) ?? model.samples[0];
    this.choice = choice && choice.sample === null ? choice : sample && sampleChoice(sample);
    const had = this.runs.in('base') !== undefined;
    this.runs.drop('base');
    if (!this.choice || !model.weights) return;
    const quick = estimateMilliseconds(model.network, this.choice.sequence) < RUN_ON_OPEN_MILLISECONDS;
    if (first || !had ? this.around.runsOnOpen() && quick : quick) void this.run(this.choice);
  }

  /** Why a sequence cannot be run, in words; undefined if it can. */
  private obstacle(model: Model, sequence: Sequence): string | undefined {
    const { translate } = this.around;
    if (!model.weights) {
      const problem = this.problems.find(
        ({ about, severity }) => about === 'weights' && severity === 'error',
      );
      return problem?.message ?? translate(words.noWeights);
    }
    const bytes = traceBytes(model.network, sequence);
    const limit = this.around.limits().memory;
    if (bytes <= limit) return undefined;
    const [needed, most] = [Math.ceil(bytes / 2 ** 20), Math.floor(limit / 2 ** 20)];
    return translate(words.tooLarge, needed, sequence.steps, most);
  }

  private progress(choice: Choice): (done: number, total: number) => void {
    let told = performance.now();
    return (done, total) => {
      if (performance.now() - told < PROGRESS_MILLISECONDS) return;
      told = performance.now();
      const { title, sequence } = choice;
      const steps = Math.floor((done / total) * sequence.steps);
      this.post({ type: 'running', title, done: steps, steps: sequence.steps });
    };
  }

  /** The panel is there, for the first time or after it was hidden: all that its picture needs. */
  private welcome(sample: string | null): void {
    this.listening = true;
    if (!this.model) {
      if (this.problems.length === 0) return;
      this.postProblems();
      this.askHowToRead();
      return;
    }
    const wanted = this.model.samples.find(({ name }) => name === sample);
    if (wanted && this.choice?.sample !== null && this.choice?.sample !== sample) {
      this.choice = sampleChoice(wanted);
      this.runs.drop('base');
      this.running?.abort();
    }
    this.postScene();
    if (this.runs.all.length > 0) this.postRuns();
    else if (this.running && this.choice) {
      const { title, sequence } = this.choice;
      this.post({ type: 'running', title, done: 0, steps: sequence.steps });
    } else this.runAgain(true);
  }

  private runNamed(name: string | null): void {
    const sample = this.model?.samples.find((known) => known.name === name);
    const choice = sample ? sampleChoice(sample) : this.choice;
    if (choice) void this.run(choice);
    else this.post({ type: 'failed', message: this.around.translate(words.noSample) });
  }

  private postScene(): void {
    const [sample] = this.model!.samples;
    const shown = this.choice ?? (sample && sampleChoice(sample));
    const sequence = shown ? toSequenceSummary(shown) : null;
    this.post({ type: 'scene', scene: this.model!.scene, sequence });
    this.postProblems();
  }

  private postRuns(): void {
    for (const run of this.runs.all) this.post({ type: 'ran', run: toRunSummary(run) });
  }

  private postProblems(): void {
    const drawable = !hasErrors(this.problems, 'structure');
    this.post({ type: 'problems', problems: this.problems, drawable });
  }

  private post(message: ToWebview): void {
    if (this.listening && !this.closed) this.around.post(message);
  }
}
