/** How far back a run's output reaches, for the panel. */
import { Activities } from '../engine/activity';
import { stateKey } from '../engine/cells/cell';
import {
  type Norms,
  type Ran,
  type StateNorms,
  type Target,
  gradientOfRun,
  initialNorms,
} from '../engine/gradient';
import { arithmeticFor } from '../engine/kernels/choose';
import { type LayerMemory, layerMemory, memoryFigures } from '../engine/memory';
import { canRecord } from '../engine/recording/plan';
import { StretchesAhead, type StretchThreads } from '../engine/recording/ahead';
import { HeldStretches, type Stretches } from '../engine/recording/stretches';
import { WalkBack } from '../engine/recording/walkBack';
import { type SliceOptions, type Work, inSlices } from '../engine/slices';
import type { TraceSummary } from '../engine/statistics';
import type { Trace } from '../engine/trace';
import { rowOfStep, stepOfRow } from '../model/time';
import type { Memory, MemoryRow, Requests } from '../protocol';
import { NOT_FINITE, memoryInWords } from '../words/memory';
import type { Translate } from '../words/translate';
import { words } from './words';

/** A run, and what is known of it beside. */
export interface Facts extends Ran {
  readonly trained: boolean;
  readonly translate: Translate;
  readonly summary: Pick<TraceSummary, 'signals' | 'top'>;
  /** The rows of the output. */
  readonly output: Pick<Trace['output'], 'rows' | 'units' | 'time'>;
}

export type MemoryQuestion = Omit<Requests['memory']['ask'], 'trace'>;

/** Answers for a step; the answers to later `part`s of the same question reach farther back. Reject as `gradient` does. */
export interface MemoryOfRun {
  (question: MemoryQuestion, options?: SliceOptions): Promise<Answer>;
}

type Answer = Omit<Memory, 'trace'>;

/** Of a run whose trace is there; `first` is as for `memoryOfStretches`. */
export function memoryOfTrace(facts: Facts, trace: Trace, first?: number): MemoryOfRun {
  if (!canRecord(facts.network)) return atOnceOf(facts, trace);
  const activities = new Activities(facts.network);
  activities.add(trace);
  return memoryOfStretches(facts, new HeldStretches(facts, arithmeticFor(facts.weights), trace), activities, {
    first,
  });
}

/** Of a network that looks at several steps at once: all of it is followed back together. */
function atOnceOf(facts: Facts, trace: Trace): MemoryOfRun {
  return async ({ step, part, unit }, options = {}) => {
    const taken = await gradientOfRun(facts, trace, { ...options, ...targetOf(facts, step) });
    const figures = memoryFigures(facts.network, taken, facts);
    const rows = figures.map((figure, k) => ({
      ...rowInPanel(facts, figure, taken.layers[k], 0),
      initial: initialNorms(taken.initial.get(stateKey(figure.layer, figure.level, figure.direction))),
      ofUnit: unitOf(taken.layers[k], unit),
    }));
    return { step, part, unit, target: taken.target, reached: 0, rows };
  };
}

/** What the parts of an answer take at most, in milliseconds. */
const FIRST_MILLISECONDS = 400;
const MOST_MILLISECONDS = 5000;

export interface StretchOptions {
  /** What the first part of an answer takes, in milliseconds; each later one takes twice as long as the one before it. */
  readonly first?: number;
  /** With them, stretches are computed while those after them are followed back. */
  readonly threads?: StretchThreads;
}

/** Stretches that are followed before another thread is worth its start: most gradients have vanished by then. */
const STRETCHES_ALONE = 4;

/**
 * Of a run that is followed back stretch by stretch; what has been followed of the last step that was asked for is
 * kept.
 */
export function memoryOfStretches(
  facts: Facts,
  stretches: Stretches,
  activities: Activities,
  { first = FIRST_MILLISECONDS, threads }: StretchOptions = {},
): MemoryOfRun {
  let walk: WalkBack | undefined;
  let ahead: StretchesAhead | undefined;
  let of = -1;
  return async ({ step, part, unit }, options = {}) => {
    if (!walk || of !== step) {
      [walk, of] = [new WalkBack(stretches, facts.output, targetOf(facts, step)), step];
      ahead = threads && new StretchesAhead(stretches, () => threads(stretches.ran), STRETCHES_ALONE);
    }
    const going = walk;
    const end = performance.now() + Math.min(MOST_MILLISECONDS, first * 2 ** part);
    await untilThrough(() => inSlices(followed(going, ahead, end), options, (cost) => [cost, cost]));
    const { target, reached } = going;
    const rows = going.layers.map((norms, k) => {
      const from = norms.rows === 1 ? 0 : reached;
      const known = { target: norms.rows - 1, from };
      const figures = layerMemory(norms, activities.of(norms), known, facts);
      const first = firstOf(norms, from);
      const ofUnit = unit === null ? undefined : going.unit(k, unit, first);
      return {
        ...rowInPanel(facts, figures, norms, from, first),
        initial: going.initial(norms),
        ofUnit: ofUnit?.map(Math.abs) ?? null,
      };
    });
    return { step, part, unit, target, reached, rows };
  };
}

/** Until the walk is done or it is time; returns what is to be waited for before it goes on, a stretch from another thread. */
function* followed(walk: WalkBack, ahead: StretchesAhead | undefined, end: number): Work<Promise<void>[]> {
  while (!walk.done) {
    const known = ahead?.take(walk.stretch);
    if (known instanceof Promise) return [known];
    yield* walk.next(known);
    if (performance.now() >= end) return [];
  }
  return [];
}

/** Again after each wait. */
async function untilThrough(work: () => Promise<Promise<void>[]>): Promise<void> {
  for (let waits = await work(); waits.length > 0; waits = await work()) await waits[0];
}

/** The size of one unit's gradient, row by row; null where the state has no such unit. */
function unitOf({ h, c, rows }: StateNorms, unit: number | null): Float64Array | null {
  const values = c ?? h;
  const units = values.length / rows;
  if (unit === null || unit >= units) return null;
  return Float64Array.from({ length: rows }, (_, row) => Math.abs(values[row * units + unit]));
}

/** The output's largest unit at a step, or at the output's last row where it has none at that step. Throws where it is not finite. */
export function targetOf(
  { sequence, output, summary, translate }: Facts,
  step: number,
): Omit<Target, 'value'> {
  const found = rowOfStep(sequence, output, step);
  const row = found < 0 ? output.rows - 1 : found;
  const { unit, value } = summary.top;
  if (!Number.isFinite(value[row])) throw new Error(translate(NOT_FINITE));
  return { step: stepOfRow(sequence, output, row), unit: unit[row] };
}

/** The first row from `from` on at which there is any gradient, or the last. */
function firstOf({ dh, dc, rows }: Norms, from: number): number {
  const norms = dc ?? dh;
  let first = from;
  while (first < rows - 1 && norms[first] === 0) first++;
  return first;
}

/** Rows from `first` on, those from `from` to there being 0; an LSTM carries its memory in c, others in h. */
function rowInPanel(
  { sequence, summary, translate }: Facts,
  { layer, level, direction, gradient: { halfLife }, findings }: LayerMemory,
  { dh, dc, rows }: Norms,
  from: number,
  first = from,
): Omit<MemoryRow, 'ofUnit' | 'initial'> {
  const signal = summary.signals.find(
    (one) => one.layer === layer && one.level === level && one.direction === direction,
  )!;
  const norms = dc ?? dh;
  const text = memoryInWords(findings, { translate, step: words.time });
  return {
    ...{ layer, level, direction, halfLife, text },
    signal: dc ? 'c' : 'h',
    norms: norms.slice(first),
    hidden: dc ? dh.slice(first) : null,
    steps: Int32Array.from({ length: rows - first }, (_, k) => stepOfRow(sequence, signal, first + k)),
    zerosFrom: first > from ? stepOfRow(sequence, signal, from) : null,
  };
}
