/** The letters of two runs that are compared, each in its colour: A, on screen, has solid lines, B dashed ones. */
import { h } from '../ui/dom';

export type ComparedRole = 'shown' | 'compared';

const LETTERS = { shown: 'A', compared: 'B' } as const;

export function runMark(run: ComparedRole): HTMLElement {
  return h('span', { class: `run-mark of-${run}` }, LETTERS[run]);
}

/** A piece of its line. */
export function runLine(run: ComparedRole): HTMLElement {
  return h('span', { class: `run-line of-${run}`, 'aria-hidden': 'true' });
}
