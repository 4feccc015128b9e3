/** Whether a difference is of the size that rounded weights make. */
import { run } from '../engine/run';
import { compare } from './compare';
import { PRECISION_NAMES, isRounded, roundedWeights, unroundedWeights } from './precision';
import type { Model } from './variant';
import type { Check, Checked, Rounding } from './verdict';

/** Larger errors, for the size of the expected output, are not of rounding. */
const SMALL = 1e-2;
/** How much smaller or larger an error may be than that which rounding made. */
const SAME_SIZE = 4;

/** Undefined if a difference is too large, stands at a few steps alone, or is of no precision's size. */
export async function roundingOf(
  model: Model,
  checks: readonly Check[],
  checked: readonly Checked[],
  signal?: AbortSignal,
): Promise<Rounding | undefined> {
  const k = checked.findIndex(({ matches }) => !matches);
  const { maxError, spread } = checked[k];
  const { sequence, expected } = checks[k];
  const size = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!spread || !(maxError <= SMALL * size)) return undefined;
  const sizes: { readonly rounding: Rounding; readonly ratio: number }[] = [];
  const { output } = await run(model.network, model.weights, sequence, { signal });
  for (const precision of PRECISION_NAMES) {
    const own = isRounded(model.weights, precision);
    const weights = (own ? unroundedWeights : roundedWeights)(model.weights, precision);
    const trace = await run(model.network, weights, sequence, { signal });
    const error = compare(trace, { ...expected, ...last(output, expected.rows) }, 0).maxError;
    const ratio = Math.max(error / maxError, maxError / error);
    if (ratio <= SAME_SIZE) sizes.push({ rounding: { precision, own }, ratio });
  }
  return sizes.toSorted((one, other) => one.ratio - other.ratio)[0]?.rounding;
}

/** The last rows of an output, as what is expected. */
function last({ rows, units, values }: { rows: number; units: number; values: Float32Array }, count: number) {
  return { rows: count, values: values.subarray((rows - count) * units) };
}
