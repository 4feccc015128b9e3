/** Whether a difference is of the size that rounded weights make. */
import { run } from '../engine/run';
import type { Weights } from '../model/weights';
import { compare } from './compare';
import {
  PRECISION_NAMES,
  isRounded,
  movedWithinEightBits,
  roundedWeights,
  unroundedWeights,
} from './precision';
import type { Model } from './variant';
import type { Check, Checked, Rounding } from './verdict';

/** Larger errors, for the size of the expected output, are not of rounding. */
const SMALL = 1e-2;
/** Errors of sums of float32 that are taken in another order, for the size of the expected output: some units in the last place. */
const SMALL_OF_FLOAT32 = 8 * 2 ** -23;
/** How much smaller or larger an error may be than that which rounding made. */
const SAME_SIZE = 4;

/** The same, where the model's own program rounds to 8 bits what it computes with. */
const SMALL_OF_EIGHT_BITS = 0.1;

export interface RoundingOptions {
  /** Whether the model's own program rounds to 8 bits what it computes with. */
  readonly eightBits?: boolean;
  readonly signal?: AbortSignal;
}

/** Whether all that differs is as small as the rounding of float32 makes it: nothing is to be explained. */
export function isRoundingOfFloat32(checks: readonly Check[], checked: readonly Checked[]): boolean {
  return checked.every(
    ({ matches, maxError }, k) => matches || maxError <= SMALL_OF_FLOAT32 * sizeOf(checks[k]),
  );
}

/** The largest number that is expected. */
function sizeOf({ expected }: Check): number {
  return expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Undefined if a difference is too large, stands at a few steps alone, or is of no precision's size. */
export async function roundingOf(
  model: Model,
  checks: readonly Check[],
  checked: readonly Checked[],
  { eightBits = false, signal }: RoundingOptions,
): Promise<Rounding | undefined> {
  const k = checked.findIndex(({ matches }) => !matches);
  const { maxError, spread } = checked[k];
  const { sequence, expected } = checks[k];
  const size = sizeOf(checks[k]);
  if (!spread || !(maxError <= (eightBits ? SMALL_OF_EIGHT_BITS : SMALL) * size)) return undefined;
  const sizes: { readonly rounding: Rounding; readonly ratio: number }[] = [];
  const { output } = await run(model.network, model.weights, sequence, { signal });
  const errorOf = async (weights: Weights) => {
    const trace = await run(model.network, weights, sequence, { signal });
    return compare(trace, { ...expected, ...last(output, expected.rows) }, 0).maxError;
  };
  if (eightBits) {
    const error = await errorOf(movedWithinEightBits(model.weights));
    return maxError <= SAME_SIZE * error ? { precision: 'int8', own: true } : undefined;
  }
  for (const precision of PRECISION_NAMES) {
    const own = isRounded(model.weights, precision);
    const error = await errorOf((own ? unroundedWeights : roundedWeights)(model.weights, precision));
    const ratio = Math.max(error / maxError, maxError / error);
    if (ratio <= SAME_SIZE) sizes.push({ rounding: { precision, own }, ratio });
  }
  return sizes.toSorted((one, other) => one.ratio - other.ratio)[0]?.rounding;
}

/** The last rows of an output, as what is expected. */
function last({ rows, units, values }: { rows: number; units: number; values: Float32Array }, count: number) {
  return { rows: count, values: values.subarray((rows - count) * units) };
}
