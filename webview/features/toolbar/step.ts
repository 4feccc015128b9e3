/** Steps as people name them. */
import { clampStep } from '../../shared/window';

/** The step, from 0, that a number from 1 names in a sequence of `steps` steps, or the nearest; null where it is none. */
export function stepNamed(text: string, steps: number): number | null {
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isNaN(number) ? null : clampStep(Math.round(number) - 1, steps);
}
