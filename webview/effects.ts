/** What follows from a change of the state outside it: questions to the host, the clock of playing. */
import type { StepAddress } from '../src/model/network';
import type { Action, State } from './state';
import { ValuesCache } from './valuesCache';
import type { Host } from './vscode';

/** How long an answer about a step is waited for that the playhead has left. */
const MEMORY_MILLISECONDS = 400;

/** Time per step while playing. */
const STEP_MILLISECONDS = 500;

interface MemoryQuestion {
  readonly trace: number;
  readonly step: number;
}

export class Effects {
  private readonly cache: ValuesCache;
  private clock: ReturnType<typeof setInterval> | undefined;
  /** What is to be asked, and what was, of how far back a step reaches: one question at a time. */
  private memoryWanted: MemoryQuestion | null = null;
  private memoryAsked: MemoryQuestion | null = null;
  private memoryPatience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    private readonly dispatch: (action: Action) => void,
  ) {
    this.cache = new ValuesCache((trace, address) => host.request('values', { trace, address }));
  }

  react(state: State, before: State): void {
    if (state.playing !== before.playing) this.runClock(state.playing);
    if (state.run !== before.run || state.unit !== before.unit) this.fetchUnit(state);
    if (state.card?.address !== before.card?.address || state.run !== before.run) this.fetchCard(state);
    if (wantsMemory(state) && !(wantsMemory(before) && sameMoment(state, before))) this.fetchMemory(state);
    if (
      state.scene &&
      (!before.scene || state.columns !== before.columns || state.detail !== before.detail)
    ) {
      this.host.post({ type: 'view', steps: state.columns, detail: state.detail });
    }
  }

  /** Asks for a signal's values so that they are here when its card opens. */
  prefetch({ run }: State, address: StepAddress): void {
    if (run) this.cache.get(run.trace, address).catch(() => {});
  }

  private runClock(on: boolean): void {
    clearInterval(this.clock);
    if (on) this.clock = setInterval(() => this.dispatch({ type: 'tick' }), STEP_MILLISECONDS);
  }

  private fetchUnit({ run, unit }: State): void {
    if (!run || unit === null) return;
    const { trace } = run;
    this.host.request('unit', { trace, unit }).then(
      (values) => this.dispatch({ type: 'unitArrived', trace, unit, values }),
      () => {}, // the run is no longer the newest: its successor is asked in its turn
    );
  }

  private fetchMemory({ run, step, lens }: State): void {
    const { trace } = run!;
    if (!this.memoryAsked && lens?.trace === trace && lens.step === step) return;
    this.memoryWanted = { trace, step };
    if (this.memoryAsked) this.memoryPatience ??= setTimeout(() => this.askMemory(), MEMORY_MILLISECONDS);
    else this.askMemory();
  }

  /** A question that is not answered yet gives way: the host drops it. */
  private askMemory(): void {
    clearTimeout(this.memoryPatience);
    this.memoryPatience = undefined;
    const asked = (this.memoryAsked = this.memoryWanted);
    this.memoryWanted = null;
    if (!asked) return;
    const settle = (action: Action) => {
      this.dispatch(action);
      if (this.memoryAsked === asked) this.askMemory();
    };
    this.host.request('memory', asked).then(
      (memory) => settle({ type: 'memoryArrived', ...asked, memory }),
      (error: Error) => settle({ type: 'memoryFailed', ...asked, message: error.message }),
    );
  }

  private fetchCard({ run, card }: State): void {
    if (!run || !card) return;
    const { trace } = run;
    const { address } = card;
    const arrived = this.cache.peek(trace, address);
    if (arrived) return this.dispatch({ type: 'cardArrived', trace, address, values: arrived });
    this.cache.get(trace, address).then(
      (values) => this.dispatch({ type: 'cardArrived', trace, address, values }),
      (error: Error) => this.dispatch({ type: 'cardFailed', trace, address, message: error.message }),
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
