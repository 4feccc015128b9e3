/** What both runs of a comparison gave, step by step. No DOM. */
import type { Network } from '../../../src/model/network';
import { outputNames, outputReading } from '../../../src/model/outputs';
import { rowOfStep } from '../../../src/model/time';
import type { RunSummary } from '../../../src/protocol';
import { comparedState } from '../../shared/compared';
import { steps, type State } from '../../shared/state';

/** The output of one run at each step of the strip. */
export interface RunOutput {
  /** The largest number, or the one that is predicted of the series; NaN where there is none. */
  readonly values: Float32Array;
  /** Which unit that is; null where it is not asked. */
  readonly units: Int32Array | null;
  /** What the units are called. */
  readonly names: readonly string[] | null;
}

export interface Outputs {
  /** As lines over the series that they predict, as lines below the inputs, or as names. */
  readonly form: 'over' | 'lines' | 'names';
  /** Whether the numbers are from 0 to 1. */
  readonly shares: boolean;
  readonly shown: RunOutput;
  readonly compared: RunOutput;
}

/** Null where nothing is compared. `predicted` are those of the series, where both runs predict it. */
export function outputsOf(
  state: State,
  predicted: { readonly shown: Float32Array | null; readonly compared: Float32Array | null },
): Outputs | null {
  const compared = comparedState(state);
  const { scene, run } = state;
  if (!compared || !scene || !run) return null;
  if (predicted.shown && predicted.compared) {
    const line = (values: Float32Array) => ({ values, units: null, names: null });
    const lines = { shown: line(predicted.shown), compared: line(predicted.compared) };
    return { form: 'over', shares: false, ...lines };
  }
  const networks = [scene.network, compared.scene!.network] as const;
  const count = steps(state);
  const shown = largestOf(run, networks[0], count);
  const other = largestOf(state.compared!, networks[1], count);
  return {
    form: shown.names && other.names ? 'names' : 'lines',
    shares: networks.every(isShare),
    ...{ shown, compared: other },
  };
}

function isShare(network: Network): boolean {
  const reading = outputReading(network);
  return reading === 'probabilities' || reading === 'likelihoods';
}

/** The largest number of the output at each step of the strip. */
export function largestOf(
  { top, signals, sequence }: Pick<RunSummary, 'top' | 'signals' | 'sequence'>,
  network: Network,
  count: number,
): RunOutput {
  const last = network.layers.at(-1)?.name;
  const rows = top.value.length;
  const summary = signals.findLast((signal) => signal.layer === last && signal.rows === rows);
  const values = new Float32Array(count).fill(NaN);
  const units = new Int32Array(count).fill(-1);
  const names = outputNames(network);
  for (let step = 0; summary && step < Math.min(count, sequence.steps); step++) {
    const row = rowOfStep(sequence, summary, step);
    if (row < 0) continue;
    values[step] = top.value[row];
    units[step] = top.unit[row];
  }
  return { values, units, names: names && names.length > 1 ? names : null };
}
