/** What is wrong with the newest version, or with the last run, above the last good picture. */
import './banner.css';
import type { Problem } from '../../../src/model/problem';
import type { Context, Feature, View } from '../../feature';
import type { State } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, icon } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { problemLine } from '../../shared/problemLine';
import { words } from './words';

export const banner: Feature = { name: 'banner', region: 'bar', order: 20, create: createBanner };

function createBanner({ dispatch, post }: Context): View {
  const content = h('div', { class: 'banner-content' });
  const dismiss = button({
    title: words.dismiss,
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
    elements: [element],
    render({ state }) {
      const errors = state.problems.filter(({ severity }) => severity === 'error');
      const failure = failureInWords(state);
      element.hidden = !state.scene || (errors.length === 0 && !failure);
      dismiss.hidden = errors.length > 0;
      const key = errors.length > 0 ? state.problems : failure;
      if (element.hidden || key === shown) return;
      shown = key;
      content.replaceChildren(
        ...(errors.length > 0
          ? describe(errors, (problem) => post({ type: 'reveal', problem }))
          : [h('span', {}, failure)]),
      );
    },
  };
}

function describe(errors: readonly Problem[], reveal: (problem: Problem) => void): HTMLElement[] {
  const parts = [problemLine(errors[0], reveal)];
  if (errors.length > 1)
    parts.push(h('span', { class: 'dim' }, fill(common.moreProblems, errors.length - 1)));
  if (errors[0].about === 'structure') parts.push(h('span', { class: 'dim' }, words.lastGoodPicture));
  return parts;
}

function failureInWords({ runFailure, drawing }: State): string {
  if (runFailure) return runFailure;
  return drawing.failure && drawing.shown ? fill(words.drawFailed, drawing.failure) : '';
}
