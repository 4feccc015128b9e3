/** The numbers of the matrix: where they stand, and how they are coloured. */
import type { Matrix } from '../../../src/protocol';
import type { Spot } from './state';

/** Powers of ten below the largest that have a colour of their own. */
export const DECADES = 6;

/** The number at a spot; null where it is not worked out, or there is no such spot. */
export function normOf(matrix: Matrix, { target, step }: Spot): number | null {
  const row = matrix.targets.indexOf(target);
  const column = step - matrix.from;
  if (row < 0 || column < 0 || column >= matrix.steps) return null;
  return matrix.norms[row * matrix.steps + column];
}

export function largestOf({ norms }: Matrix): number {
  let largest = 0;
  for (const norm of norms) if (norm > largest && norm < Infinity) largest = norm;
  return largest;
}

/** From 0, for what is `DECADES` powers of ten below the largest, to 1. NaN where it is no number. */
export function shadeOf(norm: number, largest: number): number {
  if (norm === 0) return 0;
  const shade = 1 + Math.log10(norm / largest) / DECADES;
  return Number.isNaN(shade) ? NaN : Math.max(0, Math.min(1, shade));
}

/** Where an arrow or another key leads, within what is worked out; null for other keys. */
export function moved({ from, steps, targets }: Matrix, { target, step }: Spot, key: string): Spot | null {
  const row = targets.indexOf(target);
  const at = (k: number) => targets[Math.max(0, Math.min(targets.length - 1, k))];
  const within = (to: number) => Math.max(from, Math.min(from + steps - 1, to));
  switch (key) {
    case 'ArrowUp':
      return { target: at(row - 1), step };
    case 'ArrowDown':
      return { target: at(row + 1), step };
    case 'ArrowLeft':
      return { target, step: within(step - 1) };
    case 'ArrowRight':
      return { target, step: within(step + 1) };
    case 'Home':
      return { target, step: from };
    case 'End':
      return { target, step: from + steps - 1 };
    case 'PageUp':
      return { target: at(row - 10), step };
    case 'PageDown':
      return { target: at(row + 10), step };
    default:
      return null;
  }
}
