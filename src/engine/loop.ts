/** The time loop: all steps of one level and direction, stage after stage. */
import type { Direction } from '../model/network';
import type { Stage } from './cells/cell';
import { PIECE, type Work } from './slices';

/**
 * Runs every step: in the order in which the direction reads the sequence, or, for backpropagation through time, in
 * the opposite one. A large step is cut between its units.
 */
export function* overSteps(
  stages: readonly Stage[],
  rows: number,
  direction: Direction,
  order: 'through time' | 'back through time',
): Work<void> {
  const rising = (direction === 'forward') === (order === 'through time');
  let cost = 0;
  for (let k = 0; k < rows; k++) {
    const step = rising ? k : rows - 1 - k;
    const previous = previousStep(step, rows, direction);
    for (const stage of stages) {
      const unitsAtOnce = Math.max(1, Math.floor(PIECE / stage.cost));
      for (let from = 0; from < stage.units; from += unitsAtOnce) {
        const to = Math.min(from + unitsAtOnce, stage.units);
        stage.compute(step, previous, from, to);
        cost += (to - from) * stage.cost;
        if (cost >= PIECE) {
          yield cost;
          cost = 0;
        }
      }
    }
  }
  yield cost;
}

/** The step whose state a step continues; −1 for the initial state. */
export function previousStep(step: number, rows: number, direction: Direction): number {
  if (direction === 'forward') return step - 1;
  return step === rows - 1 ? -1 : step + 1;
}
