/** How the output at each step of a window depends on the states at each other step of it. */
import { type Direction } from '../model/network';
import { rowOfStep } from '../model/time';
import { stateKey } from './cells/cell';
import {
  gradientOfRun,
  initialNorms,
  type InitialNorms,
  type Norms,
  type Ran,
  type Target,
} from './gradient';
import { INFLUENCE_STEPS, influence } from './recording/influence';
import { type Stretches, windowOf } from './recording/stretches';
import { type SliceOptions, inSlices } from './slices';
import type { SignalSummary, TraceSummary } from './statistics';
import type { Trace } from './trace';
import { say } from '../words/say';

export interface InfluenceFacts extends Ran {
  readonly summary: Pick<TraceSummary, 'signals' | 'top'>;
  /** The rows of the output. */
  readonly output: Pick<Trace['output'], 'rows' | 'units' | 'time'>;
}

/** The norms of one target's gradient, a number for each step of the window and one for the initial state. */
export interface Followed {
  readonly target: Omit<Target, 'value'>;
  readonly layers: readonly {
    readonly layer: string;
    readonly level: number;
    readonly direction: Direction;
    readonly signal: 'c' | 'h';
    readonly norms: Float64Array;
    readonly initial: number | null;
  }[];
}

/** Works out the targets, one after the other: the largest output of each step that has one. */
export interface InfluenceWindow {
  readonly from: number;
  readonly steps: number;
  readonly targets: readonly Omit<Target, 'value'>[];
  readonly followed: readonly Followed[];
  /** Follows the next target back; false where that was the last. */
  next(options: SliceOptions): Promise<boolean>;
}

/**
 * Of a run in stretches or, of a network that looks at several steps at once, of its whole trace. Rejects with a RangeError
 * for a step that there is not.
 */
export async function influenceWindow(
  facts: InfluenceFacts,
  run: Stretches | Trace,
  { from, steps }: { readonly from: number; readonly steps: number },
  options: SliceOptions,
): Promise<InfluenceWindow> {
  if (steps < 1) throw new RangeError(say`expected a step below ${facts.sequence.steps}, found ${from}`);
  const targets = targetsIn(facts, from, steps);
  const kept = { from, steps, targets };
  if ('layers' in run) {
    return walking({
      ...kept,
      async follow(target, slices) {
        const { layers, initial } = await gradientOfRun(facts, run, { ...slices, ...target });
        return layers.map((norms) => {
          const { layer, level, direction } = norms;
          const before = initialNorms(initial.get(stateKey(layer, level, direction)));
          const rowOf = (k: number) => rowOfStep(facts.sequence, signalOf(facts, norms), from + k);
          return inWindow({ ...norms, initial: before }, steps, rowOf);
        });
      },
    });
  }
  const part = await inSlices(windowOf(run, from, from + steps, INFLUENCE_STEPS), options, same);
  const output = { ...facts.output, rows: facts.output.rows === 1 ? 1 : steps };
  return walking({
    ...kept,
    async follow(target, slices) {
      const work = influence(part, output, { ...target, step: target.step - from });
      const single = (k: number) => (from + k === facts.sequence.steps - 1 ? 0 : -1);
      return (await inSlices(work, slices, same)).map((norms) =>
        inWindow(norms, steps, signalOf(facts, norms).rows === 1 ? single : (k) => k),
      );
    },
  });
}

interface Walk extends Pick<InfluenceWindow, 'from' | 'steps' | 'targets'> {
  follow(target: Omit<Target, 'value'>, options: SliceOptions): Promise<Followed['layers']>;
}

function walking({ from, steps, targets, follow }: Walk): InfluenceWindow {
  const followed: Followed[] = [];
  return {
    ...{ from, steps, targets, followed },
    async next(options) {
      const target = targets.at(followed.length);
      if (target) followed.push({ target, layers: await follow(target, options) });
      return followed.length < targets.length;
    },
  };
}

const same = (cost: number) => [cost, cost] as const;

/** What is known of a state in the run. */
function signalOf({ summary }: InfluenceFacts, { layer, level, direction }: Norms): SignalSummary {
  return summary.signals.find(
    (one) => one.layer === layer && one.level === level && one.direction === direction,
  )!;
}

/** `rowOf` counts from the window's first step; what has no row there is 0. */
function inWindow(
  { layer, level, direction, dh, dc, initial }: Norms & { readonly initial: InitialNorms | null },
  steps: number,
  rowOf: (k: number) => number,
): Followed['layers'][number] {
  const found = dc ?? dh;
  const norms = Float64Array.from({ length: steps }, (_, k) => found[rowOf(k)] ?? 0);
  const signal = dc ? 'c' : 'h';
  return { layer, level, direction, signal, norms, initial: initial && initial[signal] };
}

/** The largest finite output of each step of a window that has one. */
function targetsIn(
  { sequence, output, summary }: InfluenceFacts,
  from: number,
  steps: number,
): Omit<Target, 'value'>[] {
  const { unit, value } = summary.top;
  const found: Omit<Target, 'value'>[] = [];
  for (let step = from; step < from + steps; step++) {
    const row = rowOfStep(sequence, output, step);
    if (row >= 0 && Number.isFinite(value[row])) found.push({ step, unit: unit[row] });
  }
  return found;
}

/** What is known of one state so far. */
export interface Influence {
  readonly from: number;
  readonly steps: number;
  /** The states that can be looked at. */
  readonly places: readonly Omit<Followed['layers'][number], 'norms' | 'initial'>[];
  /** The steps that have been followed back. */
  readonly targets: Int32Array;
  /** Targets × steps. */
  readonly norms: Float64Array;
  /** Of each target; null of a window that does not begin where the state does. */
  readonly initial: Float64Array | null;
}

/** Of a window of which one target is followed, at the least. Throws RangeError for a `row` that there is not. @param count steps of the sequence. */
export function influenceOf(
  { from, steps, followed }: InfluenceWindow,
  row: number,
  count: number,
): Influence {
  const places = followed[0].layers.map(({ norms: _norms, initial: _initial, ...place }) => place);
  if (row >= places.length) throw new RangeError(say`expected a row below ${places.length}, found ${row}`);
  const norms = new Float64Array(followed.length * steps);
  followed.forEach(({ layers }, k) => norms.set(layers[row].norms, k * steps));
  const begins = places[row].direction === 'forward' ? from === 0 : from + steps === count;
  const known = begins && followed.every(({ layers }) => layers[row].initial !== null);
  return {
    ...{ from, steps, places, norms },
    initial: known ? Float64Array.from(followed, ({ layers }) => layers[row].initial!) : null,
    targets: Int32Array.from(followed, ({ target }) => target.step),
  };
}
