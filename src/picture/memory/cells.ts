/** The numbers of the matrix: where they stand, and how they are coloured. */
import type { Matrix as Answer } from '../../protocol';

/** What is drawn of an answer. */
export type Matrix = Pick<Answer, 'from' | 'steps' | 'places' | 'row' | 'targets' | 'norms' | 'initial'>;

/** An output's step, and that of a state. */
export interface Spot {
  readonly target: number;
  readonly step: number;
}

/** Powers of ten below the largest that have a colour of their own, at most. */
const MOST_DECADES = 6;
/** The colour of the least that has one: what is 0 is told from it. */
const LEAST_SHADE = 0.12;

/** From the first to the last column: a step each, and the initial state, which has the step beside them. */
export function columnsOf({ from, steps, initial, places, row }: Matrix): {
  readonly first: number;
  readonly count: number;
} {
  if (!initial) return { first: from, count: steps };
  return { first: places[row].direction === 'forward' ? from - 1 : from, count: steps + 1 };
}

/** Whether a column is the initial state. */
export function isInitial({ from, steps, initial }: Matrix, step: number): boolean {
  return initial !== null && (step === from - 1 || step === from + steps);
}

/** Whether an output depends on a state of a later step, as it does where a direction goes backwards. */
export function readsAhead({ from, steps, targets, norms }: Matrix): boolean {
  return targets.some((target, row) =>
    norms.subarray(row * steps + target - from + 1, (row + 1) * steps).some((norm) => norm > 0),
  );
}

/** The number at a spot; null where it is not worked out, or there is no such spot. */
export function normOf(matrix: Matrix, { target, step }: Spot): number | null {
  const row = matrix.targets.indexOf(target);
  const { first, count } = columnsOf(matrix);
  if (row < 0 || step < first || step >= first + count) return null;
  if (isInitial(matrix, step)) return matrix.initial![row];
  return matrix.norms[row * matrix.steps + step - matrix.from];
}

/** What the colours stand for: whole powers of ten down from the largest. */
export interface Range {
  readonly largest: number;
  readonly decades: number;
}

export function rangeOf({ norms, initial }: Pick<Matrix, 'norms' | 'initial'>): Range {
  let [least, largest] = [Infinity, 0];
  for (const all of [norms, initial ?? []]) {
    for (const norm of all) {
      if (!(norm > 0) || norm === Infinity) continue;
      least = Math.min(least, norm);
      largest = Math.max(largest, norm);
    }
  }
  const decades = largest === 0 ? 1 : Math.ceil(Math.log10(largest / least));
  return { largest, decades: Math.max(1, Math.min(MOST_DECADES, decades)) };
}

/** From just above 0, for what is as small as the range is deep or smaller, to 1. NaN where it is no number. */
export function shadeOf(norm: number, { largest, decades }: Range): number {
  if (norm === 0) return 0;
  const share = 1 + Math.log10(norm / largest) / decades;
  return Number.isNaN(share) ? NaN : LEAST_SHADE + (1 - LEAST_SHADE) * Math.max(0, Math.min(1, share));
}

/** Where an arrow or another key leads, within what is worked out; null for other keys. */
export function moved(matrix: Matrix, { target, step }: Spot, key: string): Spot | null {
  const { targets } = matrix;
  const { first, count } = columnsOf(matrix);
  const row = targets.indexOf(target);
  const at = (k: number) => targets[Math.max(0, Math.min(targets.length - 1, k))];
  const within = (to: number) => Math.max(first, Math.min(first + count - 1, to));
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
      return { target, step: first };
    case 'End':
      return { target, step: first + count - 1 };
    case 'PageUp':
      return { target: at(row - 10), step };
    case 'PageDown':
      return { target: at(row + 10), step };
    default:
      return null;
  }
}
