/** How far back a run's output reaches, for the panel. */
import { type GradientOptions, type StateNorms, gradient } from '../engine/gradient';
import { memoryFigures } from '../engine/memory';
import type { Trace } from '../engine/trace';
import type { Network, Weights } from '../model/network';
import type { Sequence } from '../model/samples';
import { rowOfStep, stepOfRow } from '../model/time';
import type { Memory } from '../protocol';

/** What ran. */
export interface Ran {
  readonly network: Network;
  readonly weights: Weights;
  readonly trained: boolean;
  readonly sequence: Sequence;
  readonly trace: Trace;
  /** The largest unit of the output, row by row; −1 where all are NaN. */
  readonly top: Int32Array;
}

/**
 * Takes the gradient of the output's largest unit at `step`, or at the output's last row where it has none at that step.
 * Rejects as `gradient` does.
 */
export async function memoryOfRun(ran: Ran, step: number, options: GradientOptions): Promise<Memory> {
  const { network, weights, trained, sequence, trace, top } = ran;
  const { output } = trace;
  const found = rowOfStep(trace, output, step);
  const row = found < 0 ? output.rows - 1 : found;
  const target = { step: stepOfRow(trace, output, row), unit: Math.max(0, top[row]) };
  const taken = await gradient(network, weights, sequence, { ...options, ...target });
  const figures = memoryFigures(network, taken, { trained });
  return {
    target: taken.target,
    rows: figures.map(({ layer, level, direction, gradient: { halfLife }, text }, index) => ({
      ...{ layer, level, direction, halfLife, text },
      ...ofCarrier(taken.layers[index], trace),
    })),
  };
}

/** An LSTM carries its memory in c, others in h. */
function ofCarrier(norms: StateNorms, trace: Trace) {
  const { layer, level, direction, rows, dh, dc } = norms;
  const [signal] = trace.layers.find(
    (one) => one.layer === layer && one.level === level && one.direction === direction,
  )!.signals;
  return {
    signal: dc ? ('c' as const) : ('h' as const),
    norms: dc ?? dh,
    steps: Int32Array.from({ length: rows }, (_, row) => stepOfRow(trace, signal, row)),
  };
}
