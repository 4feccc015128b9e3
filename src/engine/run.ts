/** Runs a network on a sequence. */
import type { Network } from '../model/network';
import { runningPart } from '../model/partial';
import type { Sequence } from '../model/samples';
import type { Weights } from '../model/weights';
import { checkRun } from './check';
import type { InitialStates } from './cells/cell';
import { type Clamp, checkClamps } from './clamps';
import { forward } from './forward';
import { type ArithmeticChoice, arithmeticFor } from './kernels/choose';
import type { ThreadHelper } from './kernels/shared/helper';
import { runCost } from './plan';
import { type SliceOptions, inSlices } from './slices';
import type { Trace } from './trace';

export interface RunOptions extends SliceOptions {
  /** States before the first step (for the backward direction: after the last); zeros where absent. */
  readonly initialStates?: InitialStates;
  /** Who does the arithmetic; by default the fastest that runs here. All agree within 1e-5. */
  readonly arithmetic?: ArithmeticChoice;
  /** Starts a second thread for large cells; the numbers are the same. None where absent. */
  readonly helper?: ThreadHelper;
  /** What is held fixed. */
  readonly clamps?: readonly Clamp[];
}

/**
 * Every signal of every step, of the layers that run: see partial.ts. `weights` must not change after their first run: they are packed once.
 * Works in slices, so that the event loop gets its turn; `onProgress` counts in steps.
 *
 * Throws RangeError or TypeError, up front, if network, weights, sequence and clamps do not fit one another; rejects with an
 * error named `AbortError` when cancelled.
 */
export async function run(
  whole: Network,
  weights: Weights,
  sequence: Sequence,
  options: RunOptions = {},
): Promise<Trace> {
  const { clamps = [] } = options;
  const network = runningPart(whole, sequence);
  checkRun(network, weights, sequence, options.initialStates);
  checkClamps(network, sequence, clamps);
  const arithmetic = arithmeticFor(weights, options.arithmetic, options.helper);
  const work = forward(network, weights, sequence, { initial: options.initialStates, arithmetic, clamps });
  const trace = await inSlices(work, options, (cost) => {
    const total = Math.max(1, runCost(network, sequence));
    return [Math.min(sequence.steps, Math.floor((sequence.steps * cost) / total)), sequence.steps];
  });
  options.onProgress?.(sequence.steps, sequence.steps);
  return trace;
}
