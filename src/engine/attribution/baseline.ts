/** What an attribution is measured from. */
import type { VectorSource } from './vectors';

/** Nothing at all, or of each feature its mean over the steps that count. */
export const BASELINES = ['zero', 'mean'] as const;
export type Baseline = (typeof BASELINES)[number];

/** rows × width; masked rows stay as they are. */
export function baselineOf(source: VectorSource, kind: Baseline): Float32Array {
  const { rows, width, values, mask } = source;
  const from = kind === 'mean' ? meanOf(source) : new Float32Array(width);
  const found = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * width, (row + 1) * width);
    found.set(mask?.[row] === 0 ? own : from, row * width);
  }
  return found;
}

function meanOf({ rows, width, values, mask }: VectorSource): Float32Array {
  const sums = new Float64Array(width);
  let counted = 0;
  for (let row = 0; row < rows; row++) {
    if (mask?.[row] === 0) continue;
    counted++;
    for (let k = 0; k < width; k++) sums[k] += values[row * width + k];
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(1, counted));
}
