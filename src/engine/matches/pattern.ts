/**
 * A pattern of units: which of a signal's units are on through a stretch of steps, after LSTMVis (Strobelt et al., 2018,
 * "LSTMVis: A Tool for Visual Analysis of Hidden State Dynamics in Recurrent Neural Networks").
 */
import type { SignalTrace } from '../trace';

/** A unit is on where its value is above the threshold. */
export interface PatternQuestion {
  /** First and last row. */
  readonly from: number;
  readonly to: number;
  readonly threshold: number;
  /** Rows before the first, and behind the last, in which its units are off; 0 where it does not matter. */
  readonly offBefore: number;
  readonly offAfter: number;
}

/**
 * The units that are on in every row of a stretch, and off in the margins, as far as there are rows. Throws RangeError
 * if the signal has no such rows.
 */
export function unitsThrough(signal: SignalTrace, question: PatternQuestion): number[] {
  const { from, to, threshold } = question;
  checkRange(signal, question);
  const { units, values } = signal;
  const margins = marginsOf(signal.rows, question);
  const isOn = (row: number, unit: number) => values[row * units + unit] > threshold;
  const through = [];
  for (let unit = 0; unit < units; unit++) {
    let fits = true;
    for (let row = from; row <= to && fits; row++) fits = isOn(row, unit);
    for (let k = 0; k < margins.length && fits; k++) fits = !isOn(margins[k], unit);
    if (fits) through.push(unit);
  }
  return through;
}

function checkRange({ signal, rows }: SignalTrace, { from, to }: PatternQuestion): void {
  const isRow = (row: number) => Number.isInteger(row) && row >= 0 && row < rows;
  if (isRow(from) && isRow(to) && from <= to) return;
  const expected =
    rows === 1 ? 'row 0, the only one' : `rows from 0 to ${rows - 1}, the first before the last`;
  throw new RangeError(`${signal}: expected ${expected}, found ${from} to ${to}`);
}

/** The rows beside a stretch in which its units are off. */
function marginsOf(rows: number, { from, to, offBefore, offAfter }: PatternQuestion): number[] {
  const margins = [];
  for (let row = Math.max(0, from - offBefore); row < from; row++) margins.push(row);
  for (let row = to + 1; row <= Math.min(rows - 1, to + offAfter); row++) margins.push(row);
  return margins;
}
