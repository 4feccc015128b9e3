/** A run in stretches of steps, each of which begins with the states that the one before it ended in. */
import type { Arithmetic } from '../arithmetic';
import type { InitialStates } from '../cells/cell';
import { forward } from '../forward';
import type { Ran } from '../gradient';
import type { Room } from '../room';
import type { Work } from '../slices';
import { finalStates } from '../states';
import { type Trace, withInput } from '../trace';
import { clampsWithin, segmentOf, segmentSteps } from './segments';

export abstract class Stretches {
  readonly count: number;

  /** `length`: steps of each; the last takes what is left over. */
  constructor(
    readonly ran: Ran,
    readonly arithmetic: Arithmetic,
    readonly length = segmentSteps(ran.network),
  ) {
    this.count = Math.max(1, Math.floor(ran.sequence.steps / this.length));
  }

  /** Of a stretch that is not the first. */
  abstract statesBefore(index: number): InitialStates | undefined;

  /** The trace of a stretch, its rows counted from its first step; with a `room` it holds until that is cleared. */
  abstract trace(index: number, room?: Room): Work<Trace>;

  /** The first step of a stretch, and the one behind its last. */
  bounds(index: number): readonly [from: number, to: number] {
    const from = index * this.length;
    return [from, index === this.count - 1 ? this.ran.sequence.steps : from + this.length];
  }

  /** The stretch of a step. */
  at(step: number): number {
    return Math.min(this.count - 1, Math.floor(step / this.length));
  }
}

/** Computed from the states at their ends, again and again the same numbers. */
export class ComputedStretches extends Stretches {
  /** States before each stretch that has been reached; of the first those that the run began with. */
  private readonly states: (InitialStates | undefined)[];

  constructor(ran: Ran, arithmetic: Arithmetic, initial: InitialStates | undefined) {
    super(ran, arithmetic);
    this.states = [initial];
  }

  statesBefore(index: number): InitialStates | undefined {
    return this.states[index];
  }

  /** With the network's input as a layer before the others. The first time they must come in their order. */
  *trace(index: number, room?: Room): Work<Trace> {
    const { network, sequence } = this.ran;
    const [from, to] = this.bounds(index);
    const trace = yield* stretchTrace(this.ran, this.arithmetic, [from, to], this.states[index], room);
    this.states[index + 1] ??= finalStates(network, trace);
    return withInput(trace, segmentOf(network, sequence, from, to));
  }
}

/** The trace of steps `from` to `to` − 1, which begin with `states`. */
export function stretchTrace(
  { network, sequence, clamps, weights }: Ran,
  arithmetic: Arithmetic,
  [from, to]: readonly [from: number, to: number],
  states: InitialStates | undefined,
  room?: Room,
): Work<Trace> {
  const segment = segmentOf(network, sequence, from, to);
  const held = clampsWithin(clamps, from, to);
  return forward(network, weights, segment, { initial: states, arithmetic, clamps: held, room });
}

/** Parts of a trace that is there. */
export class HeldStretches extends Stretches {
  constructor(
    ran: Ran,
    arithmetic: Arithmetic,
    private readonly whole: Trace,
    private readonly initial?: InitialStates,
    length?: number,
  ) {
    super(ran, arithmetic, length);
  }

  statesBefore(index: number): InitialStates | undefined {
    const [from] = this.bounds(index);
    return from === 0 ? this.initial : finalStates(this.ran.network, cut(this.whole, 0, from));
  }

  *trace(index: number): Work<Trace> {
    yield 0;
    return cut(this.whole, ...this.bounds(index));
  }
}

/** Steps `from` to `to` − 1 of a run as a run of its own, whose trace is computed, in stretches of `length` steps. */
export function* windowOf(
  stretches: Stretches,
  from: number,
  to: number,
  length: number,
): Work<HeldStretches> {
  const { ran, arithmetic } = stretches;
  const { network, sequence, clamps } = ran;
  const index = stretches.at(from);
  const [start] = stretches.bounds(index);
  const states = stretches.statesBefore(index);
  const trace = yield* stretchTrace(ran, arithmetic, [start, to], states);
  const initial = from === start ? states : finalStates(network, cut(trace, 0, from - start));
  const segment = segmentOf(network, sequence, from, to);
  const part = { ...ran, sequence: segment, clamps: clampsWithin(clamps, from, to) };
  return new HeldStretches(part, arithmetic, cut(trace, from - start, to - start), initial, length);
}

/** Rows `from` to `to` − 1 of a trace; of a signal with a single row that row. */
export function cut(trace: Trace, from: number, to: number): Trace {
  if (from === 0 && to === trace.steps) return trace;
  const part = (signal: Trace['output']) =>
    signal.rows === trace.steps
      ? { ...signal, rows: to - from, values: signal.values.subarray(from * signal.units, to * signal.units) }
      : signal;
  const layers = trace.layers.map((layer) => ({ ...layer, signals: layer.signals.map(part) }));
  return { steps: to - from, layers, output: part(trace.output) };
}
