/**
 * A pattern of units: which of a signal's units are on through a stretch of steps, after LSTMVis (Strobelt et al., 2018,
 * "LSTMVis: A Tool for Visual Analysis of Hidden State Dynamics in Recurrent Neural Networks").
 */
import { say } from '../../words/say';
import type { OnUnits } from './onUnits';

export interface Stretch {
  /** First and last row. */
  readonly from: number;
  readonly to: number;
}

export interface Margins {
  /** Rows before the first, and behind the last, in which its units are off; 0 where it does not matter. */
  readonly offBefore: number;
  readonly offAfter: number;
}

export interface PatternQuestion extends Stretch, Margins {}

/**
 * The units that are on in every row of a stretch, and off in the margins, as far as there are rows. Throws RangeError
 * if the signal has no such rows.
 */
export function unitsThrough(on: OnUnits, question: PatternQuestion): number[] {
  checkRange(on, question);
  const bits = bitsThrough(on, question, new Uint32Array(on.width));
  const units = [];
  for (let unit = 0; unit < on.units; unit++) if (bits[unit >>> 5] & (1 << (unit & 31))) units.push(unit);
  return units;
}

/** The bits of these units, written to `into`, a word for every 32 of them. */
export function bitsThrough(
  { bits, width, rows }: OnUnits,
  { from, to, offBefore, offAfter }: PatternQuestion,
  into: Uint32Array,
): Uint32Array {
  for (let word = 0; word < width; word++) into[word] = bits[from * width + word];
  for (let row = from + 1; row <= to; row++) {
    for (let word = 0; word < width; word++) into[word] &= bits[row * width + word];
  }
  const beside = (first: number, last: number) => {
    for (let row = first; row <= last; row++) {
      for (let word = 0; word < width; word++) into[word] &= ~bits[row * width + word];
    }
  };
  beside(Math.max(0, from - offBefore), from - 1);
  beside(to + 1, Math.min(rows - 1, to + offAfter));
  return into;
}

function checkRange({ signal, rows }: OnUnits, { from, to }: Stretch): void {
  const isRow = (row: number) => Number.isInteger(row) && row >= 0 && row < rows;
  if (isRow(from) && isRow(to) && from <= to) return;
  const expected =
    rows === 1 ? say`row 0, the only one` : say`rows from 0 to ${rows - 1}, the first before the last`;
  throw new RangeError(say`${signal}: expected ${expected}, found ${from} to ${to}`);
}
