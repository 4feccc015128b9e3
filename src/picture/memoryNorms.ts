/** The norms of a gradient, step by step. */
import type { Memory, MemoryRow } from '../protocol';

/** The row of a step, or −1. */
function rowAt(steps: Int32Array, step: number): number {
  let [from, to] = [0, steps.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (steps[middle] < step) from = middle + 1;
    else to = middle;
  }
  return steps[from] === step ? from : -1;
}

/** Of the rows of numbers that a row of the answer has; null at steps of which nothing is known. */
export function normAt({ steps, zerosFrom }: MemoryRow, norms: Float64Array, step: number): number | null {
  const row = rowAt(steps, step);
  if (row >= 0) return norms[row];
  return zerosFrom !== null && step >= zerosFrom && step < steps[0] ? 0 : null;
}

/** Rails are as thick as the gradient that goes back through them. */
export interface RailGradient {
  /** |∂y/∂state| of a state at a step, or before the first one; 0 where nothing goes back, null where that is not known. */
  norm(
    place: Pick<MemoryRow, 'layer' | 'level' | 'direction'>,
    signal: 'h' | 'c',
    step: number,
  ): number | null;
  /** In pixels: `THICKEST` at the largest, one less for each power of ten below it, and never less than one. */
  width(norm: number): number;
}

const THICKEST = 6;
const THINNEST = 1;

export function railGradient({ rows }: Memory): RailGradient {
  const byPlace = new Map(rows.map((row) => [placeKey(row), row]));
  let largest = 0;
  for (const { norms, hidden, initial } of rows) {
    const before = initial && [initial.h, initial.c];
    for (const all of [norms, hidden, before]) for (const one of all ?? []) if (one > largest) largest = one;
  }
  return {
    norm(place, signal, step) {
      const row = byPlace.get(placeKey(place));
      const norms = row && (row.signal === signal ? row.norms : row.hidden);
      if (!row || !norms) return null;
      const { steps, direction, initial } = row;
      const last = steps[steps.length - 1];
      if (direction === 'forward' ? step < 0 : step > last) return initial && initial[signal];
      // What is read after the target does not reach it.
      if (direction === 'forward' && step > last) return 0;
      return normAt(row, norms, step);
    },
    width: (norm) => Math.max(THINNEST, THICKEST + Math.log10(norm / largest)),
  };
}

function placeKey({ layer, level, direction }: Pick<MemoryRow, 'layer' | 'level' | 'direction'>): string {
  return JSON.stringify([layer, level, direction]);
}
