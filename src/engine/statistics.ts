/** What a picture needs of a trace: figures of every row at once, and of one row in full. */
import type { Network, SignalAddress, StepAddress } from '../model/network';
import { type RowTime, rowOfStep } from '../model/time';
import { signalFacts } from '../model/signals';
import type { Saturation, SignalFacts, SignalRange } from '../model/signalFacts';
import { say } from '../words/say';
import { percentileOfMagnitude } from './percentile';
import { PIECE, type SliceOptions, type Work, inSlices } from './slices';
import type { SignalTrace, Trace } from './trace';

export interface SignalSummary extends SignalAddress {
  readonly units: number;
  /** One row per step, or a single one for step T − 1. */
  readonly rows: number;
  /** Which steps the rows belong to, where it is not one per step or the last alone. */
  readonly time?: RowTime;
  readonly range: SignalRange;
  /** Outer end of the colour scale: 1 for gates, else the 99th percentile of |value| over the run. */
  readonly scale: number;
  /** The same of the means and of the root mean squares of the rows: 1 for gates, else their 99th percentile. */
  readonly reach: { readonly mean: number; readonly size: number };
  /** Count of NaN and infinite values over the run. */
  readonly nonFinite: number;
  /** Where this signal's rows start in `mean` and `rms`. */
  readonly offset: number;
}

export interface TraceSummary {
  /** In the order of the trace. */
  readonly signals: readonly SignalSummary[];
  /** Mean over units, row after row, signal after signal; NaN where a value is. */
  readonly mean: Float32Array;
  /** Root mean square over units, laid out as `mean`. */
  readonly rms: Float32Array;
  /** The largest unit of the output, row by row, and its value; −1 and NaN where all are NaN. */
  readonly top: { readonly unit: Int32Array; readonly value: Float32Array };
}

/** Figures of one signal at one step. */
export interface RowValues {
  readonly values: Float32Array;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Share 0 … 1 of saturated units; null for signals that have no saturation. */
  readonly saturated: number | null;
  /** Up to three units each, most extreme first; NaN is no extreme. */
  readonly smallest: readonly number[];
  readonly largest: readonly number[];
  readonly nonFinite: number;
}

const SCALE_SHARE = 0.99;
const EXTREMES = 3;

/** Summarises a trace in slices; see `SliceOptions`. */
export function summarise(network: Network, trace: Trace, options: SliceOptions = {}): Promise<TraceSummary> {
  const total = trace.layers.reduce((sum, { signals }) => sum + valueCount(signals), 0);
  return inSlices(summaryOf(network, trace), options, (cost) => [Math.min(cost, total), total]);
}

/**
 * The figures of one row. Throws RangeError if the trace has no such signal, or no row for that step.
 */
export function valuesAt(
  network: Network,
  trace: Pick<Trace, 'steps' | 'layers'>,
  address: StepAddress,
): RowValues {
  const signal = signalAt(trace, address);
  const row = rowOfStep(trace, signal, address.step);
  if (row < 0) {
    throw new RangeError(
      say`${address.layer}: signal ${address.signal} has no value at step ${address.step}`,
    );
  }
  const values = signal.values.slice(row * signal.units, (row + 1) * signal.units);
  const finite = values.filter(Number.isFinite).length;
  const order = Array.from(values.keys())
    .filter((unit) => !Number.isNaN(values[unit]))
    .sort((a, b) => values[a] - values[b] || a - b);
  const { saturation } = factsOf(network, address);
  return {
    values,
    mean: meanOf(values),
    min: order.length > 0 ? values[order[0]] : NaN,
    max: order.length > 0 ? values[order[order.length - 1]] : NaN,
    saturated: saturation && saturatedShare(values, saturation),
    smallest: order.slice(0, EXTREMES),
    largest: order.reverse().slice(0, EXTREMES),
    nonFinite: values.length - finite,
  };
}

/** One unit of every signal. */
export interface UnitValues {
  /** Laid out as `TraceSummary.mean`, or a stretch of each signal's rows; NaN where a signal has no such unit. */
  readonly values: Float32Array;
  /** Absent where all rows are there. A signal that has a single row has it in any stretch. */
  readonly stretch?: {
    /** The first row, and the one after the last. */
    readonly from: number;
    readonly to: number;
    /** Where the rows of each signal start in `values`. */
    readonly starts: Int32Array;
  };
}

/** Values of one unit, laid out as `TraceSummary.mean`; NaN where a signal has no such unit. */
export function unitValues(trace: Pick<Trace, 'layers'>, unit: number): Float32Array {
  const signals = trace.layers.flatMap((layer) => layer.signals);
  const values = new Float32Array(signals.reduce((rows, signal) => rows + signal.rows, 0));
  let at = 0;
  for (const { rows, units, values: all } of signals) {
    for (let row = 0; row < rows; row++) values[at++] = unit < units ? all[row * units + unit] : NaN;
  }
  return values;
}

/** Throws RangeError if the trace has no such signal. */
export function signalAt(
  trace: Pick<Trace, 'layers'>,
  { layer, level, direction, signal }: SignalAddress,
): SignalTrace {
  const found = trace.layers
    .find((one) => one.layer === layer && one.level === level && one.direction === direction)
    ?.signals.find((one) => one.signal === signal);
  if (!found)
    throw new RangeError(say`the trace has no signal ${signal} of ${layer}, level ${level}, ${direction}`);
  return found;
}

/** The network's input, which the trace may hold as a layer of that name, is unbounded. */
function factsOf(network: Network, { layer, signal }: SignalAddress): SignalFacts {
  const found = network.layers.find(({ name }) => name === layer);
  return found ? signalFacts(found, signal) : { range: 'unbounded', saturation: null };
}

/** Share 0 … 1 of saturated values; NaN is not saturated. */
function saturatedShare(values: Float32Array, rule: Saturation): number {
  return saturatedCount(values, rule) / values.length;
}

/** Of one value; NaN is not saturated. */
export function isSaturated(value: number, rule: Saturation): boolean {
  switch (rule) {
    case 'sigmoid':
      return value < 0.1 || value > 0.9;
    case 'tanh':
      return value < -0.9 || value > 0.9;
    case 'dead':
      return value === 0;
  }
}

/** A loop a rule, with no call in it: a call would make an object of each number. */
export function saturatedCount(values: Float32Array, rule: Saturation): number {
  let count = 0;
  switch (rule) {
    case 'sigmoid':
      for (let k = 0; k < values.length; k++) if (values[k] < 0.1 || values[k] > 0.9) count++;
      return count;
    case 'tanh':
      for (let k = 0; k < values.length; k++) if (values[k] < -0.9 || values[k] > 0.9) count++;
      return count;
    case 'dead':
      for (let k = 0; k < values.length; k++) if (values[k] === 0) count++;
      return count;
  }
}

/** Without `scales` they and all reaches are 1: they take the values of the whole run. */
export function* summaryOf(network: Network, trace: Trace, scales = true): Work<TraceSummary> {
  const rows = trace.layers.flatMap(({ signals }) => signals).reduce((sum, signal) => sum + signal.rows, 0);
  const mean = new Float32Array(rows);
  const rms = new Float32Array(rows);
  const signals: SignalSummary[] = [];
  let offset = 0;
  for (const { layer, level, direction, signals: traced } of trace.layers) {
    for (const signal of traced) {
      const address = { layer, level, direction, signal: signal.signal };
      const { range } = factsOf(network, address);
      const nonFinite = yield* rowFigures(signal, mean.subarray(offset), rms.subarray(offset));
      const scale = scales && range !== 'gate' ? yield* scaleOf(signal.values) : 1;
      const { units, rows, time } = signal;
      const placed = { ...address, units, rows, ...(time && { time }), range, scale, nonFinite, offset };
      const reach = scales ? yield* reachOf(placed, mean, rms) : { mean: 1, size: 1 };
      signals.push({ ...placed, reach });
      offset += signal.rows;
    }
  }
  return { signals, mean, rms, top: topOf(trace.output) };
}

/** Writes mean and root mean square of every row; returns how many values are not finite. */
function* rowFigures(
  { rows, units, values }: SignalTrace,
  mean: Float32Array,
  rms: Float32Array,
): Work<number> {
  let nonFinite = 0;
  let cost = 0;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    let squares = 0;
    const end = (row + 1) * units;
    for (let k = row * units; k < end; k++) {
      const value = values[k];
      sum += value;
      squares += value * value;
      if (value - value !== 0) nonFinite++;
    }
    mean[row] = sum / units;
    rms[row] = Math.sqrt(squares / units);
    cost += units;
    if (cost >= PIECE) {
      yield cost;
      cost = 0;
    }
  }
  yield cost;
  return nonFinite;
}

/** How far the figures of a signal's rows go, which stand where its `offset` says. */
export function* reachOf(
  { range, offset, rows }: Pick<SignalSummary, 'range' | 'offset' | 'rows'>,
  mean: Float32Array,
  rms: Float32Array,
): Work<SignalSummary['reach']> {
  if (range === 'gate') return { mean: 1, size: 1 };
  const own = (figures: Float32Array) => figures.subarray(offset, offset + rows);
  return { mean: yield* scaleOf(own(mean)), size: yield* scaleOf(own(rms)) };
}

/** The 99th percentile of |value|; where that is 0, the largest; where that is 0 too, 1. */
function* scaleOf(values: Float32Array): Work<number> {
  return (
    (yield* percentileOfMagnitude(values, SCALE_SHARE)) || (yield* percentileOfMagnitude(values, 1)) || 1
  );
}

function topOf({ rows, units, values }: SignalTrace): TraceSummary['top'] {
  const unit = new Int32Array(rows).fill(-1);
  const value = new Float32Array(rows).fill(NaN);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < units; k++) {
      const candidate = values[row * units + k];
      if (!(candidate > value[row]) && !(unit[row] < 0 && candidate === candidate)) continue;
      unit[row] = k;
      value[row] = candidate;
    }
  }
  return { unit, value };
}

function valueCount(signals: readonly SignalTrace[]): number {
  return signals.reduce((sum, { values }) => sum + values.length, 0);
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
