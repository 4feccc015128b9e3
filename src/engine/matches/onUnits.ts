/** Which units of a signal are on, row by row: a bit each, a thirty-second of what the numbers take. */
import type { RowTime } from '../../model/time';
import { PIECE, type Work } from '../slices';
import type { SignalTrace } from '../trace';

/** Bits of a word. */
const WORD = 32;

export class OnUnits {
  /** Words of each row. */
  readonly width: number;
  /** Rows that are known, from the first on. */
  known = 0;

  /** `time` is the signal's. */
  constructor(
    readonly signal: string,
    readonly rows: number,
    readonly units: number,
    readonly time?: RowTime,
    readonly bits = new Uint32Array(OnUnits.bytes(rows, units) / Uint32Array.BYTES_PER_ELEMENT),
  ) {
    this.width = Math.ceil(units / WORD);
  }

  /** What they take of so many rows. */
  static bytes(rows: number, units: number): number {
    return rows * Math.ceil(units / WORD) * Uint32Array.BYTES_PER_ELEMENT;
  }

  /** The rows after those that are known: rows × units. A unit is on where its value is above the threshold; NaN is not. */
  *add(values: Float32Array, threshold: number): Work<void> {
    const { bits, units, width } = this;
    const count = values.length / units;
    let cost = 0;
    for (let row = 0; row < count; row++) {
      const into = (this.known + row) * width;
      const from = row * units;
      for (let unit = 0; unit < units; unit++) {
        if (values[from + unit] > threshold) bits[into + (unit >>> 5)] |= 1 << (unit & 31);
      }
      cost += units;
      if (cost < PIECE) continue;
      yield cost;
      cost = 0;
    }
    this.known += count;
    yield cost;
  }

  /** The rows that are known, as if there were no others. */
  get soFar(): OnUnits {
    const { signal, known, units, time, bits, width } = this;
    const part = new OnUnits(signal, known, units, time, bits.subarray(0, known * width));
    part.known = known;
    return part;
  }

  /** Words in which the bits of some units are set. */
  maskOf(units: readonly number[]): Uint32Array {
    const mask = new Uint32Array(this.width);
    for (const unit of units) mask[unit >>> 5] |= 1 << (unit & 31);
    return mask;
  }
}

export function* onUnits(signal: SignalTrace, threshold: number): Work<OnUnits> {
  const on = new OnUnits(signal.signal, signal.rows, signal.units, signal.time);
  yield* on.add(signal.values, threshold);
  return on;
}

/** How many bits are set in both. */
export function common(bits: Uint32Array, at: number, mask: Uint32Array): number {
  let count = 0;
  for (let word = 0; word < mask.length; word++) count += ones(bits[at + word] & mask[word]);
  return count;
}

export function countOf(bits: Uint32Array): number {
  let count = 0;
  for (let word = 0; word < bits.length; word++) count += ones(bits[word]);
  return count;
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
