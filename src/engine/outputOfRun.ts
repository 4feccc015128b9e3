/** What a run's output is compared with: the token that came next, or the number that did. */
import { say } from '../words/say';
import { generatorHead } from './generate';
import type { Trace } from './trace';
import type { Network } from '../model/network';
import { outputReading, readRow, type OutputReading } from '../model/outputs';
import type { Column, ExpectedOutput, Sequence, VectorSequence } from '../model/samples';
import { rowOfStep, stepOfRow } from '../model/time';

/** The output at a step, as it is. */
export interface OutputRow {
  /** The one asked for, or the last that has an output. */
  readonly step: number;
  readonly values: Float32Array;
}

/** What one unit of the output is compared with: a feature of the input, `ahead` steps later. */
export type Against =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'expected' }
  | { readonly kind: 'input'; readonly feature: number; readonly ahead: 0 | 1 };

/** One unit of the output over a run, row by row. */
export interface Forecast {
  readonly unit: number;
  readonly against: Against;
  /** Whether that is what the file says. */
  readonly byFile: boolean;
  /** Whether the sample brings known outputs. */
  readonly canExpect: boolean;
  /** The step that each row belongs to. */
  readonly steps: Int32Array;
  readonly prediction: Float32Array;
  /** What it is compared with, and that of the step before; NaN where there is none. */
  readonly truth?: Float32Array;
  readonly before?: Float32Array;
  /** Root mean squares of prediction − truth and of before − truth, over the rows that have all three. */
  readonly error?: { readonly model: number; readonly before: number; readonly rows: number };
  /** Where the feature comes from. */
  readonly column?: Column;
}

/** What ran. */
export interface Ran {
  readonly network: Network;
  readonly sequence: Sequence;
  /** What the network is known to give. */
  readonly expected?: ExpectedOutput;
  readonly trace: Pick<Trace, 'steps' | 'output'>;
}

/** The row of the output that belongs to a step; the last one where none does. */
export function outputRow(trace: Ran['trace'], step: number): OutputRow {
  const { output } = trace;
  const found = rowOfStep(trace, output, step);
  const row = found < 0 ? output.rows - 1 : found;
  const { units, values } = output;
  return { step: stepOfRow(trace, output, row), values: values.slice(row * units, (row + 1) * units) };
}

/**
 * The probability that each step's output gives the token that came next; NaN at the last step. Empty where the network
 * does not predict the next token of its own input.
 */
export function nextTokens({ network, trace, sequence }: Ran): Float32Array {
  const next = new NextTokens(network, sequence);
  next.add(trace, 0);
  return next.probabilities;
}

/** The same from stretches of a run that come one after the other. */
export class NextTokens {
  /** Complete once all have come. */
  probabilities = new Float32Array(0);
  private readonly reading: OutputReading;

  constructor(
    private readonly network: Network,
    private readonly sequence: Sequence,
  ) {
    this.reading = outputReading(network);
  }

  /** The rows of `trace` count from step `from`. */
  add({ steps, output }: Ran['trace'], from: number): void {
    const { network, sequence } = this;
    const { rows, units, values } = output;
    if (sequence.kind !== 'token' || rows !== steps) return;
    if (from === 0 && predictsTokens(network)) {
      this.probabilities = new Float32Array(sequence.steps).fill(NaN);
    }
    const end = Math.min(rows, this.probabilities.length - 1 - from);
    for (let row = 0; row < end; row++) {
      const shares = readRow(this.reading, values.subarray(row * units, (row + 1) * units));
      this.probabilities[from + row] = shares[sequence.ids[from + row + 1]];
    }
  }
}

function predictsTokens(network: Network): boolean {
  try {
    generatorHead(network);
    return true;
  } catch {
    return false;
  }
}

/**
 * One unit of the output over the whole run, beside what it is compared with: `chosen`, else what the file says. Throws
 * RangeError for a unit, a feature or a known output that there is not.
 */
export function forecastOf(ran: Ran, unit: number, chosen: Against | null): Forecast {
  const { trace } = ran;
  const { rows, units } = trace.output;
  if (!Number.isInteger(unit) || unit < 0 || unit >= units) {
    throw new RangeError(say`expected a unit of the output from 0 to ${units - 1}, found ${unit}`);
  }
  const against = chosen ?? told(ran, unit);
  const steps = Int32Array.from({ length: rows }, (_, row) => stepOfRow(trace, trace.output, row));
  const reading = outputReading(ran.network);
  const prediction = Float32Array.from(
    steps,
    (_, row) => readRow(reading, trace.output.values.subarray(row * units, (row + 1) * units))[unit],
  );
  return {
    ...{ unit, against, byFile: chosen === null, steps, prediction, canExpect: ran.expected !== undefined },
    ...compared(ran, unit, against, steps, prediction),
  };
}

/** The rows of steps `from` to `to` − 1, with the error of those alone. */
export function forecastWithin({ error: _, ...forecast }: Forecast, from: number, to: number): Forecast {
  const [first, end] = [from, to].map((bound) => forecast.steps.filter((step) => step < bound).length);
  const rows = (values: Float32Array) => values.subarray(first, end);
  const prediction = rows(forecast.prediction);
  const truth = forecast.truth && rows(forecast.truth);
  const before = forecast.before && rows(forecast.before);
  const error = truth && before && errorOf(prediction, truth, before);
  return {
    ...{ ...forecast, steps: forecast.steps.subarray(first, end), prediction },
    ...(truth && { truth }),
    ...(before && { before }),
    ...(error && { error }),
  };
}

/** The output that the file brings; else the next value of the input where the output's name says so. */
function told({ network, expected, sequence }: Ran, unit: number): Against {
  if (expected) return { kind: 'expected' };
  const name = network.outputLabels?.[unit];
  const { input } = network;
  const [, what] = /^next\b[\s:_-]*(.*)$/i.exec(name ?? '') ?? [];
  if (what === undefined || input.kind !== 'vector' || sequence.kind !== 'vector') return { kind: 'nothing' };
  const feature =
    input.size === 1
      ? 0
      : (input.features ?? []).findIndex((one) => one.toLowerCase() === what.trim().toLowerCase());
  return feature < 0 ? { kind: 'nothing' } : { kind: 'input', feature, ahead: 1 };
}

type Comparison = Pick<Forecast, 'truth' | 'before' | 'error' | 'column'>;

function compared(
  ran: Ran,
  unit: number,
  against: Against,
  steps: Int32Array,
  prediction: Float32Array,
): Comparison {
  if (against.kind === 'nothing') return {};
  if (against.kind === 'expected') {
    const { truth, before } = ofExpected(ran, unit, steps.length);
    return { truth, before, error: errorOf(prediction, truth, before) };
  }
  const { feature, ahead } = against;
  const { sequence } = ran;
  if (sequence.kind !== 'vector' || !(feature >= 0 && feature < sequence.size)) {
    throw new RangeError(say`the input has no feature ${feature}`);
  }
  const truth = Float32Array.from(steps, (step) => valueAt(sequence, feature, step + ahead));
  const before = Float32Array.from(steps, (step) => valueAt(sequence, feature, step + ahead - 1));
  const column = columnOf(ran, feature);
  return { truth, before, error: errorOf(prediction, truth, before), ...(column && { column }) };
}

/** NaN beyond the sequence. */
function valueAt({ steps, size, values }: VectorSequence, feature: number, step: number): number {
  return step >= 0 && step < steps ? values[step * size + feature] : NaN;
}

function columnOf({ network, sequence }: Ran, feature: number): Column | undefined {
  const column = sequence.kind === 'vector' ? sequence.table?.columns[feature] : undefined;
  if (column) return column;
  const name = network.input.kind === 'vector' ? network.input.features?.[feature] : undefined;
  return name === undefined ? undefined : { name, mean: 0, deviation: 1 };
}

/** The known rows stand at the end: they are all, or the last one alone. */
function ofExpected({ expected }: Ran, unit: number, rows: number) {
  if (!expected || unit >= expected.units) throw new RangeError(say`no output is known for unit ${unit}`);
  const { rows: known, units, values } = expected;
  const at = (row: number) => (row >= 0 && row < known ? values[row * units + unit] : NaN);
  return {
    truth: Float32Array.from({ length: rows }, (_, row) => at(row - rows + known)),
    before: Float32Array.from({ length: rows }, (_, row) => at(row - rows + known - 1)),
  };
}

/** Root mean square errors over the rows that have both a truth and one before it; absent where none has. */
function errorOf(prediction: Float32Array, truth: Float32Array, before: Float32Array): Forecast['error'] {
  let [own, same, count] = [0, 0, 0];
  for (let row = 0; row < truth.length; row++) {
    const [wrong, change] = [prediction[row] - truth[row], before[row] - truth[row]];
    // A prediction that is NaN is an error, not a row that does not count.
    if (Number.isNaN(change)) continue;
    own += wrong * wrong;
    same += change * change;
    count++;
  }
  return count === 0
    ? undefined
    : { model: Math.sqrt(own / count), before: Math.sqrt(same / count), rows: count };
}
