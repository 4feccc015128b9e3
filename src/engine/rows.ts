/** Stretches of a signal's rows, at the level of detail that a picture has room for. */
import type { SignalAddress } from '../model/network';
import { signalAt } from './statistics';
import type { Trace } from './trace';

export interface RowsQuestion {
  readonly signal: SignalAddress;
  /** The first row, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** How many columns there is room for, from 1; where there are more rows, several share one. */
  readonly columns: number;
}

export interface Rows {
  readonly from: number;
  readonly to: number;
  readonly units: number;
  /** As many as asked for, or as there are rows. Column k holds the rows from ⌊k · rows / columns⌋ to the next one's first. */
  readonly columns: number;
  /** columns × units: the smallest value of each unit in each column, NaN where one is. */
  readonly min: Float32Array;
  /** The largest ones; absent where every column is one row. */
  readonly max?: Float32Array;
}

/** Throws RangeError unless the rows asked for are some of `rows`. */
export function checkRows({ from, to, columns }: RowsQuestion, rows: number): void {
  if ([from, to, columns].every(Number.isInteger) && from >= 0 && from < to && to <= rows && columns > 0)
    return;
  throw new RangeError(
    `expected rows within 0 to ${rows} in one column or more, found ${from} to ${to} in ${columns}`,
  );
}

/** Throws RangeError for a signal or rows that the trace does not have. */
export function rowsOf(trace: Pick<Trace, 'layers'>, question: RowsQuestion): Rows {
  const { from, to, columns: room } = question;
  const signal = signalAt(trace, question.signal);
  const { units, values } = signal;
  checkRows(question, signal.rows);
  const count = to - from;
  if (room >= count) {
    return { from, to, units, columns: count, min: values.slice(from * units, to * units) };
  }
  const min = new Float32Array(room * units);
  const max = new Float32Array(room * units);
  for (let column = 0; column < room; column++) {
    const first = from + Math.floor((column * count) / room);
    const next = from + Math.floor(((column + 1) * count) / room);
    extremes(values, units, first, next, min, max, column * units);
  }
  return { from, to, units, columns: room, min, max };
}

/** The smallest and the largest value of each unit in the rows `first` to `next` − 1, written from `at` on. */
function extremes(
  values: Float32Array,
  units: number,
  first: number,
  next: number,
  min: Float32Array,
  max: Float32Array,
  at: number,
): void {
  for (let unit = 0; unit < units; unit++) {
    let smallest = values[first * units + unit];
    let largest = smallest;
    for (let row = first + 1; row < next; row++) {
      const value = values[row * units + unit];
      // NaN stays once it is there.
      if (value < smallest || value !== value) smallest = value;
      if (value > largest || value !== value) largest = value;
    }
    min[at + unit] = smallest;
    max[at + unit] = largest;
  }
}
