/** A run of a model on a sequence, kept to answer the panel's questions. */
import type { OrderBy, UnitOrder } from '../engine/order/order';
import { run } from '../engine/run';
import type { SliceOptions } from '../engine/slices';
import { rowsOf, type Rows, type RowsQuestion } from '../engine/rows';
import { summarise, unitValues, valuesAt, type RowValues, type TraceSummary } from '../engine/statistics';
import { withInput } from '../engine/trace';
import type { Network, SignalAddress, StepAddress, Weights } from '../model/network';
import { threads } from '../platform/platform';
import type { Against, Forecast, Memory, OutputRow, SequenceSummary } from '../protocol';
import { memoryOfRun } from './memoryOfRun';
import { orderOfUnits } from './orderOfUnits';
import { forecastOf, nextTokens, outputRow } from './outputOfRun';
import { toSequenceSummary, type Choice } from './scene';

const helper = threads();

export interface FinishedRun {
  readonly sequence: SequenceSummary;
  readonly milliseconds: number;
  readonly summary: TraceSummary;
  /** One signal at one step. Throws RangeError for an address that the run does not have. */
  values(address: StepAddress): RowValues;
  /** One unit of every signal, laid out as `summary.mean`. */
  unit(unit: number): Float32Array;
  /** A stretch of a signal's rows. Throws RangeError as `values` does, and for a stretch that it does not have. */
  rows(question: RowsQuestion): Rows;
  /** A signal's units, ordered. Rejects as `rows` throws, and with an error named `AbortError` when cancelled. */
  order(signal: SignalAddress, by: OrderBy, cancel: AbortSignal): Promise<UnitOrder>;
  /** The output at a step, or its last row. */
  output(step: number): OutputRow;
  /** See `nextTokens`. */
  next(): Float32Array;
  /** One unit of the output beside what it is compared with. Throws as `forecastOf` does. */
  forecast(unit: number, against: Against | null): Forecast;
  /** How far back the output at a step reaches. Rejects with an error named `AbortError` when cancelled. */
  memory(step: number, signal: AbortSignal): Promise<Memory>;
}

/** What is run. */
export interface Runs {
  readonly network: Network;
  readonly weights: Weights;
  readonly trained: boolean;
}

export interface RunOptions extends SliceOptions {
  /** As `onProgress`, of what follows the run: its figures. */
  readonly onSummary?: SliceOptions['onProgress'];
}

/** Runs a network; rejects as the engine's `run` does. */
export async function finishRun(
  { network, weights, trained }: Runs,
  choice: Choice,
  { onSummary, ...options }: RunOptions,
): Promise<FinishedRun> {
  const { sequence, expected } = choice;
  const began = performance.now();
  const trace = await run(network, weights, sequence, { ...options, helper });
  const milliseconds = performance.now() - began;
  const whole = withInput(trace, sequence);
  const summary = await summarise(network, whole, { ...options, onProgress: onSummary });
  const ran = { network, weights, trained, sequence, expected, trace, top: summary.top.unit };
  const rows = (question: RowsQuestion) => rowsOf(whole, question);
  return {
    sequence: toSequenceSummary(choice),
    milliseconds,
    summary,
    memory: (step, signal) => memoryOfRun(ran, step, { signal }),
    values: (address) => valuesAt(network, whole, address),
    unit: (unit) => unitValues(whole, unit),
    rows,
    output: (step) => outputRow(ran, step),
    next: () => nextTokens(ran),
    forecast: (unit, against) => forecastOf(ran, unit, against),
    order: (signal, by, cancel) => orderOfUnits(summary, rows, signal, by, { signal: cancel }),
  };
}
