/** What follows from a change of the state outside it: questions to the host, the clock of playing. */
import type { StepAddress } from '../src/model/network';
import { MemoryQuestions } from './memoryQuestions';
import { signalOf } from './signals';
import type { Action, State } from './state';
import { ValuesCache } from './valuesCache';
import type { Host } from './vscode';

/** Time per step while playing. */
const STEP_MILLISECONDS = 500;

export class Effects {
  private readonly cache: ValuesCache;
  private clock: ReturnType<typeof setInterval> | undefined;
  private readonly memory: MemoryQuestions;

  constructor(
    private readonly host: Host,
    private readonly dispatch: (action: Action) => void,
  ) {
    this.cache = new ValuesCache((trace, address) => host.request('values', { trace, address }));
    this.memory = new MemoryQuestions((question) => host.request('memory', question), dispatch);
  }

  react(state: State, before: State): void {
    if (state.playing !== before.playing) this.runClock(state.playing);
    if (state.run !== before.run || state.unit !== before.unit) this.fetchUnit(state);
    if (state.card?.address !== before.card?.address || state.run !== before.run) this.fetchCard(state);
    this.memory.react(state, before);
    if (
      state.scene &&
      (!before.scene || state.columns !== before.columns || state.detail !== before.detail)
    ) {
      this.host.post({ type: 'view', steps: state.columns, detail: state.detail });
    }
  }

  /** Asks for a signal's values so that they are here when its card opens. */
  prefetch({ run }: State, address: StepAddress): void {
    if (run && signalOf(run, address)) this.cache.get(run.trace, address).catch(() => {});
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

  private fetchCard({ run, card }: State): void {
    if (!run || !card || !signalOf(run, card.address)) return;
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
