/** What is wrong with the newest version, or with the last run, above the last good picture. */
import type { Problem } from '../../src/model/problem';
import { h, icon } from '../dom';
import { icons } from '../icons';
import type { Action, State } from '../state';
import { fill, strings } from '../strings';
import { button } from '../toolkit';
import type { View } from './view';

export function createProblemBanner(
  dispatch: (action: Action) => void,
  reveal: (problem: Problem) => void,
): View {
  const content = h('div', { class: 'banner-content' });
  const dismiss = button({
    title: strings.dismiss,
    icon: icons.close,
    appearance: 'icon',
    onClick: () => dispatch({ type: 'dismissFailure' }),
  });
  const element = h(
    'div',
    { class: 'banner', role: 'alert', hidden: true },
    icon(icons.error),
    content,
    dismiss,
  );
  let shown: unknown;
  return {
    element,
    render(state) {
      const errors = state.problems.filter(({ severity }) => severity === 'error');
      const failure = failureInWords(state);
      element.hidden = !state.scene || (errors.length === 0 && !failure);
      dismiss.hidden = errors.length > 0;
      const key = errors.length > 0 ? state.problems : failure;
      if (element.hidden || key === shown) return;
      shown = key;
      content.replaceChildren(...(errors.length > 0 ? describe(errors, reveal) : [h('span', {}, failure)]));
    },
  };
}

/** A problem's message after a button that goes to its place. */
export function problemLine(problem: Problem, reveal: (problem: Problem) => void): HTMLElement {
  const { line, column } = problem.place;
  const place = h('button', {
    type: 'button',
    class: 'link',
    title: fill(strings.goToProblem, line, column),
  });
  place.textContent = fill(strings.place, line, column);
  place.addEventListener('click', () => reveal(problem));
  return h('span', { class: 'problem' }, place, h('span', {}, problem.message));
}

function describe(errors: readonly Problem[], reveal: (problem: Problem) => void): HTMLElement[] {
  const parts = [problemLine(errors[0], reveal)];
  if (errors.length > 1)
    parts.push(h('span', { class: 'dim' }, fill(strings.moreProblems, errors.length - 1)));
  if (errors[0].about === 'structure') parts.push(h('span', { class: 'dim' }, strings.lastGoodPicture));
  return parts;
}

function failureInWords({ runFailure, picture }: State): string {
  if (runFailure) return fill(strings.runFailed, runFailure);
  return picture.failure && picture.shown ? fill(strings.drawFailed, picture.failure) : '';
}
