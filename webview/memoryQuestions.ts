/** Asks how far back the step of the playhead reaches: one question at a time, so that a playhead that is dragged is followed. */
import type { Memory, Requests } from '../src/protocol';
import type { Action, State } from './state';

type Question = Requests['memory']['ask'];

/** How long an answer about a step is waited for that the playhead has left. */
const PATIENCE_MILLISECONDS = 400;

export class MemoryQuestions {
  private wanted: Question | null = null;
  private asked: Question | null = null;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: (question: Question) => Promise<Memory>,
    private readonly dispatch: (action: Action) => void,
  ) {}

  react(state: State, before: State): void {
    if (!wantsMemory(state) || (wantsMemory(before) && sameMoment(state, before))) return;
    const { run, step, lens } = state;
    const { trace } = run!;
    if (!this.asked && lens?.trace === trace && lens.step === step) return;
    this.wanted = { trace, step };
    if (this.asked) this.patience ??= setTimeout(() => this.askNext(), PATIENCE_MILLISECONDS);
    else this.askNext();
  }

  /** A question that is not answered yet gives way: the host drops it. */
  private askNext(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    const question = (this.asked = this.wanted);
    this.wanted = null;
    if (!question) return;
    const settle = (action: Action) => {
      this.dispatch(action);
      if (this.asked === question) this.askNext();
    };
    this.ask(question).then(
      (memory) => settle({ type: 'memoryArrived', ...question, memory }),
      (error: Error) => settle({ type: 'memoryFailed', ...question, message: error.message }),
    );
  }
}

/** While it plays there is no time for it. */
function wantsMemory({ remembering, run, playing }: State): boolean {
  return remembering && run !== null && !playing;
}

function sameMoment(a: State, b: State): boolean {
  return a.run === b.run && a.step === b.step;
}
