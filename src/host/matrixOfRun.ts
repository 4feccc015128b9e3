/** How the output at each step depends on the states at each other step, for the panel. */
import { influenceOf, influenceWindow, type InfluenceWindow } from '../engine/influenceWindow';
import type { Stretches } from '../engine/recording/stretches';
import type { SliceOptions } from '../engine/slices';
import type { Trace } from '../engine/trace';
import { MATRIX_STEPS, type Matrix, type Requests } from '../protocol';
import { words } from './words';
import type { Facts } from './memoryOfRun';

export type MatrixQuestion = Omit<Requests['matrix']['ask'], 'trace'>;

/** Answers for a window; the answers to later `part`s of the same question have more targets. */
export interface MatrixOfRun {
  (question: MatrixQuestion, options?: SliceOptions): Promise<Omit<Matrix, 'trace'>>;
}

/** What a part of an answer takes at most, in milliseconds. */
const PART_MILLISECONDS = 500;

/**
 * Of a run in stretches or, of a network that looks at several steps at once, of its whole trace. What has been worked out
 * of the window that was asked for last is kept. `milliseconds` is what a part takes.
 */
export function matrixOfRun(
  facts: Facts,
  run: Stretches | Trace,
  milliseconds = PART_MILLISECONDS,
): MatrixOfRun {
  let window: InfluenceWindow | undefined;
  return async ({ from, row, part }, options = {}) => {
    if (window?.from !== from)
      window = await influenceWindow(
        facts,
        run,
        { from, steps: Math.min(MATRIX_STEPS, facts.sequence.steps - from) },
        options,
      );
    const going = window;
    const end = performance.now() + milliseconds;
    while (await going.next(options)) if (performance.now() >= end) break;
    return answerOf(facts, going, row, part);
  };
}

/** Throws an Error for people where there is no target. */
function answerOf(
  { translate, sequence }: Facts,
  window: InfluenceWindow,
  row: number,
  part: number,
): Omit<Matrix, 'trace'> {
  const { targets } = window;
  if (targets.length === 0) throw new Error(translate(words.noOutputHere));
  return { ...influenceOf(window, row, sequence.steps), row, part, total: targets.length };
}
