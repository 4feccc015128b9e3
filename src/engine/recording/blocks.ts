import type { Rows, RowsQuestion } from '../rows';

/** Rows that share a smallest and a largest value. */
const BLOCK_ROWS = 256;

/** The smallest and the largest value of every unit of a signal, block of rows by block of rows. */
export class Blocks {
  private readonly min: Float32Array;
  private readonly max: Float32Array;

  constructor(
    rows: number,
    private readonly units: number,
  ) {
    const blocks = Math.ceil(rows / BLOCK_ROWS);
    this.min = new Float32Array(blocks * units).fill(Infinity);
    this.max = new Float32Array(blocks * units).fill(-Infinity);
  }

  static bytes(rows: number, units: number): number {
    return 2 * Math.ceil(rows / BLOCK_ROWS) * units * Float32Array.BYTES_PER_ELEMENT;
  }

  /** Takes in rows × units values, the first row being row `from` of the signal. NaN stays once it is there. */
  add(values: Float32Array, from: number): void {
    const { units, min, max } = this;
    for (let k = 0, row = from; k < values.length; row++) {
      let at = Math.floor(row / BLOCK_ROWS) * units;
      for (let unit = 0; unit < units; unit++, k++, at++) {
        const value = values[k];
        if (value < min[at] || value !== value) min[at] = value;
        if (value > max[at] || value !== value) max[at] = value;
      }
    }
  }

  /**
   * The blocks that rows `from` to `to` − 1 stand in, in at most `room` columns that hold as many blocks each, of all units
   * or of one.
   */
  columns({ from, to, columns: room, unit }: RowsQuestion): Rows {
    const { units } = this;
    const first = Math.floor(from / BLOCK_ROWS);
    const blocks = Math.ceil(to / BLOCK_ROWS) - first;
    const each = Math.ceil(blocks / room);
    const columns = Math.ceil(blocks / each);
    const width = unit === undefined ? units : 1;
    const min = new Float32Array(columns * width).fill(Infinity);
    const max = new Float32Array(columns * width).fill(-Infinity);
    for (let block = 0; block < blocks; block++) {
      let at = (first + block) * units + (unit ?? 0);
      let into = Math.floor(block / each) * width;
      for (let u = 0; u < width; u++, at++, into++) {
        if (this.min[at] < min[into] || Number.isNaN(this.min[at])) min[into] = this.min[at];
        if (this.max[at] > max[into] || Number.isNaN(this.max[at])) max[into] = this.max[at];
      }
    }
    const start = first * BLOCK_ROWS;
    return { from: start, to: start + columns * each * BLOCK_ROWS, units: width, columns, min, max };
  }
}
