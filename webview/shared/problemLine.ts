import type { Problem } from '../../src/model/problem';
import { common, fill } from './words';
import { h } from '../ui/dom';

/** A problem's message after a button that goes to its place. */
export function problemLine(problem: Problem, reveal: (problem: Problem) => void): HTMLElement {
  const { line, column } = problem.place;
  const place = h('button', {
    type: 'button',
    class: 'link',
    title: fill(common.goToProblem, line, column),
  });
  place.textContent = fill(common.place, line, column);
  place.addEventListener('click', () => reveal(problem));
  return h('span', { class: 'problem' }, place, h('span', {}, problem.message));
}
