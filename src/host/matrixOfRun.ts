/** How the output at each step depends on the states at each other step, for the panel. */
import { stateKey } from '../engine/cells/cell';
import { gradientOfRun, initialNorms, type InitialNorms, type Norms, type Target } from '../engine/gradient';
import { INFLUENCE_STEPS, influence } from '../engine/recording/influence';
import { type Stretches, windowOf } from '../engine/recording/stretches';
import { type SliceOptions, inSlices } from '../engine/slices';
import type { Trace } from '../engine/trace';
import { rowOfStep } from '../model/time';
import { MATRIX_STEPS, type Matrix, type Requests, type SignalSummary } from '../protocol';
import { words } from './words';
import type { Facts } from './memoryOfRun';

export type MatrixQuestion = Omit<Requests['matrix']['ask'], 'trace'>;

/** Answers for a window; the answers to later `part`s of the same question have more targets. */
export interface MatrixOfRun {
  (question: MatrixQuestion, options?: SliceOptions): Promise<Omit<Matrix, 'trace'>>;
}

/** What a part of an answer takes at most, in milliseconds. */
const PART_MILLISECONDS = 500;

type Place = Matrix['places'][number];

/** The norms of one target's gradient, a number for each step of the window and one for the initial state. */
interface Followed {
  readonly target: Omit<Target, 'value'>;
  readonly layers: readonly (Place & { readonly norms: Float64Array; readonly initial: number | null })[];
}

/** Works out the targets of one window, one after the other. */
interface Window {
  readonly from: number;
  readonly steps: number;
  readonly targets: readonly Omit<Target, 'value'>[];
  readonly followed: Followed[];
  follow(target: Omit<Target, 'value'>, options: SliceOptions): Promise<Followed['layers']>;
}

/**
 * Of a run in stretches or, of a network that looks at several steps at once, of its whole trace. What has been worked out
 * of the window that was asked for last is kept. `milliseconds` is what a part takes.
 */
export function matrixOfRun(
  facts: Facts,
  run: Stretches | Trace,
  milliseconds = PART_MILLISECONDS,
): MatrixOfRun {
  let window: Window | undefined;
  return async ({ from, row, part }, options = {}) => {
    if (window?.from !== from) window = await windowAt(facts, run, from, options);
    const going = window;
    const end = performance.now() + milliseconds;
    while (going.followed.length < going.targets.length) {
      const target = going.targets[going.followed.length];
      going.followed.push({ target, layers: await going.follow(target, options) });
      if (performance.now() >= end) break;
    }
    return answerOf(facts, going, row, part);
  };
}

async function windowAt(
  facts: Facts,
  run: Stretches | Trace,
  from: number,
  options: SliceOptions,
): Promise<Window> {
  const steps = Math.min(MATRIX_STEPS, facts.sequence.steps - from);
  if (steps < 1) throw new RangeError(`expected a step below ${facts.sequence.steps}, found ${from}`);
  const targets = targetsIn(facts, from, steps);
  const kept = { from, steps, targets, followed: [] };
  if ('layers' in run) {
    return {
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
    };
  }
  const part = await inSlices(windowOf(run, from, from + steps, INFLUENCE_STEPS), options, same);
  const output = { ...facts.output, rows: facts.output.rows === 1 ? 1 : steps };
  return {
    ...kept,
    async follow(target, slices) {
      const work = influence(part, output, { ...target, step: target.step - from });
      const single = (k: number) => (from + k === facts.sequence.steps - 1 ? 0 : -1);
      return (await inSlices(work, slices, same)).map((norms) =>
        inWindow(norms, steps, signalOf(facts, norms).rows === 1 ? single : (k) => k),
      );
    },
  };
}

const same = (cost: number) => [cost, cost] as const;

/** What is known of a state in the run. */
function signalOf({ summary }: Facts, { layer, level, direction }: Norms): SignalSummary {
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
  { sequence, output, summary }: Facts,
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

/** Throws an Error for people where there is no target. */
function answerOf(
  { translate, sequence }: Facts,
  { from, steps, targets, followed }: Window,
  row: number,
  part: number,
): Omit<Matrix, 'trace'> {
  if (targets.length === 0) throw new Error(translate(words.noOutputHere));
  const places = followed[0].layers.map(({ norms: _norms, initial: _initial, ...place }) => place);
  if (row >= places.length) throw new RangeError(`expected a row below ${places.length}, found ${row}`);
  const norms = new Float64Array(followed.length * steps);
  followed.forEach(({ layers }, k) => norms.set(layers[row].norms, k * steps));
  const isForward = places[row].direction === 'forward';
  const begins = isForward ? from === 0 : from + steps === sequence.steps;
  const known = begins && followed.every(({ layers }) => layers[row].initial !== null);
  return {
    ...{ from, row, part, steps, places, norms, total: targets.length },
    initial: known ? Float64Array.from(followed, ({ layers }) => layers[row].initial!) : null,
    targets: Int32Array.from(followed, ({ target }) => target.step),
  };
}
