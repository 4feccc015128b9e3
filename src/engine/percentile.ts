/** Order statistics without sorting. */
import { PIECE, type Work } from './slices';

/**
 * The nearest-rank percentile (`share` 0 … 1) of |value| over the finite values; 0 if there are none.
 *
 * The bits of a float32 without its sign are ordered as its magnitude is, so two passes of counting, over the upper
 * and then the lower half of the bits, find it in linear time.
 */
export function* percentileOfMagnitude(values: Float32Array, share: number): Work<number> {
  if (values.length <= FEW) return sortedPercentile(values, share);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const upper = new Uint32Array(0x8000);
  yield* eachPiece(bits.length, (from, to) => {
    for (let k = from; k < to; k++) upper[(bits[k] & 0x7fffffff) >>> 16]++;
  });
  const finite = upper.subarray(0, 0x7f80);
  const count = finite.reduce((sum, n) => sum + n, 0);
  if (count === 0) return 0;

  const high = binOf(finite, Math.ceil(share * count) - 1);
  const lower = new Uint32Array(0x10000);
  yield* eachPiece(bits.length, (from, to) => {
    for (let k = from; k < to; k++) {
      if ((bits[k] & 0x7fffffff) >>> 16 === high.bin) lower[bits[k] & 0xffff]++;
    }
  });
  const low = binOf(lower, high.rest);
  return new Float32Array(new Uint32Array([high.bin * 0x10000 + low.bin]).buffer)[0];
}

/** So few values are sorted sooner than counted. */
const FEW = 4096;

function sortedPercentile(values: Float32Array, share: number): number {
  const sizes = values.filter(Number.isFinite).map(Math.abs).sort();
  return sizes.length === 0 ? 0 : sizes[Math.max(0, Math.ceil(share * sizes.length) - 1)];
}

/** The bin that holds the value of rank `rank` (from 0), and its rank within the bin. */
function binOf(counts: Uint32Array, rank: number): { bin: number; rest: number } {
  let rest = Math.max(0, rank);
  let bin = 0;
  while (rest >= counts[bin]) rest -= counts[bin++];
  return { bin, rest };
}

function* eachPiece(length: number, work: (from: number, to: number) => void): Work<void> {
  for (let from = 0; from < length; from += PIECE) {
    const to = Math.min(from + PIECE, length);
    work(from, to);
    yield to - from;
  }
}
