import type { VectorSource } from './vectors';

/** The straight line from a baseline to a source. */
export class Path {
  /** `from` is the baseline, rows × width. */
  constructor(
    readonly source: VectorSource,
    private readonly from: Float32Array,
  ) {}

  /** The vectors at a place from 0, the baseline, to 1, the source. */
  at(place: number): Float32Array {
    const { values } = this.source;
    return this.from.map((from, k) => from + place * (values[k] - from));
  }

  /**
   * What number k of the source brings, of the mean gradient along the path: nothing where it is as in the baseline, whatever
   * the gradient is.
   */
  attribution(slopes: Float64Array, k: number): number {
    const moved = this.source.values[k] - this.from[k];
    return moved === 0 ? 0 : moved * slopes[k];
  }

  /** Of rows `from` … `to` − 1. */
  cut(from: number, to: number): Path {
    const { width, values, mask } = this.source;
    const part = (all: Float32Array) => all.subarray(from * width, to * width);
    const rows = { rows: to - from, values: part(values), ...(mask && { mask: mask.subarray(from, to) }) };
    return new Path({ ...this.source, ...rows }, part(this.from));
  }
}
