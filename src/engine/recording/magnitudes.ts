/** Percentiles of values that come part after part and are not kept. */

/** Of a float32's 31 bits without the sign, those that tell bins apart: a bin is a thousandth wide. */
const BITS = 18;
const SHIFT = 31 - BITS;
const INFINITE = 0x7f800000 >>> SHIFT;

/** Counts |value| in bins whose width goes with their size; NaN and infinities do not count. */
export class Magnitudes {
  static readonly BYTES = 2 ** BITS * Uint32Array.BYTES_PER_ELEMENT;

  private readonly counts = new Uint32Array(1 << BITS);
  private total = 0;

  add(values: Float32Array): void {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let k = 0; k < bits.length; k++) {
      const bin = (bits[k] & 0x7fffffff) >>> SHIFT;
      if (bin >= INFINITE) continue;
      this.counts[bin]++;
      this.total++;
    }
  }

  /** The nearest-rank percentile (`share` 0 … 1), at most a thousandth too large; 0 where nothing was counted. */
  percentile(share: number): number {
    if (this.total === 0) return 0;
    let rest = Math.max(1, Math.ceil(share * this.total));
    let bin = 0;
    for (; rest > this.counts[bin]; bin++) rest -= this.counts[bin];
    // Of the first bin, of zeros and what is next to nothing, the lower end.
    const bits = bin === 0 ? 0 : ((bin + 1) << SHIFT) - 1;
    return new Float32Array(Uint32Array.of(bits).buffer)[0];
  }
}
