/** Stretches of a signal's rows, at the level of detail that a picture has room for. */
import type { SignalAddress } from '../model/network';
import { say } from '../words/say';
import { signalAt } from './statistics';
import type { Trace } from './trace';

export interface RowsQuestion {
  readonly signal: SignalAddress;
  /** The first row, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** How many columns there is room for, from 1; where there are more rows, several share one. */
  readonly columns: number;
  /** The only unit that is asked for; absent where all are. */
  readonly unit?: number;
}

export interface Rows {
  /** The rows asked for, or some more on either side; `to` may lie behind the last row that there is. */
  readonly from: number;
  readonly to: number;
  /** As many as the signal has, or one. */
  readonly units: number;
  /** As many as there is room for, or fewer. Column k holds the rows from ⌊k · rows / columns⌋ to the next one's first. */
  readonly columns: number;
  /** columns × units: the smallest value of each unit in each column, NaN where one is. */
  readonly min: Float32Array;
  /** The largest ones; absent where every column is one row. */
  readonly max?: Float32Array;
}

/** Throws RangeError unless the rows asked for are some of `rows`, and the unit one of `units`. */
export function checkRows(
  { from, to, columns, unit = 0 }: RowsQuestion,
  { rows, units }: { readonly rows: number; readonly units: number },
): void {
  if (!Number.isInteger(unit) || unit < 0 || unit >= units) {
    throw new RangeError(say`expected a unit from 0 to ${units - 1}, found ${unit}`);
  }
  if ([from, to, columns].every(Number.isInteger) && from >= 0 && from < to && to <= rows && columns > 0)
    return;
  throw new RangeError(
    say`expected rows within 0 to ${rows} in one column or more, found ${from} to ${to} in ${columns}`,
  );
}

/** Throws RangeError for a signal or rows that the trace does not have. */
export function rowsOf(trace: Pick<Trace, 'layers'>, question: RowsQuestion): Rows {
  const signal = signalAt(trace, question.signal);
  checkRows(question, signal);
  const gathered = new GatheredRows(question, signal.units);
  gathered.add(signal.values, 0);
  return gathered.rows;
}

/** The answer to a question, from parts of the signal that come one after the other. */
export class GatheredRows {
  readonly rows: Rows;
  /** The column that is being filled, and the first row of the next. */
  private column = -1;
  private next: number;

  /** `units` of the signal. The question is one that `checkRows` lets pass. */
  constructor(
    private readonly question: RowsQuestion,
    private readonly units: number,
  ) {
    const { from, to, columns: room, unit } = question;
    const columns = Math.min(room, to - from);
    const width = unit === undefined ? units : 1;
    const min = new Float32Array(columns * width);
    const rows = { from, to, units: width, columns, min };
    this.rows = columns === to - from ? rows : { ...rows, max: new Float32Array(columns * width) };
    this.next = from;
  }

  /** Takes in rows of all units, the first being row `first` of the signal. */
  add(values: Float32Array, first: number): void {
    const { units, question } = this;
    const { from, to, unit = 0 } = question;
    const end = Math.min(to, first + values.length / units);
    for (let row = Math.max(from, first); row < end; row++)
      this.take(row, values, (row - first) * units + unit);
  }

  /** A row, whose numbers stand at `at`. */
  private take(row: number, values: Float32Array, at: number): void {
    const { units, columns, min, max } = this.rows;
    if (row === this.next) {
      this.column++;
      const { from, to } = this.question;
      this.next = from + Math.floor(((this.column + 1) * (to - from)) / columns);
      const into = this.column * units;
      for (let u = 0; u < units; u++) min[into + u] = values[at + u];
      if (max) for (let u = 0; u < units; u++) max[into + u] = values[at + u];
      return;
    }
    for (let u = 0, into = this.column * units; u < units; u++, into++) {
      const value = values[at + u];
      // NaN stays once it is there.
      if (value < min[into] || value !== value) min[into] = value;
      if (value > max![into] || value !== value) max![into] = value;
    }
  }
}
