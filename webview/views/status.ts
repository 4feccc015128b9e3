/** What stands in the picture's place while there is none: a spinner with words, or why there will be none. */
import type { Problem } from '../../src/model/problem';
import { h, setText } from '../dom';
import { phase } from '../state';
import { strings } from '../strings';
import { button, progressRing } from '../toolkit';
import { problemLine } from './problemBanner';
import type { Commands, View } from './view';

const SHOWN_PROBLEMS = 8;

export function createLoading(): View {
  const words = h('span');
  const element = h('div', { class: 'loading', role: 'status' }, progressRing(), words);
  return {
    element,
    render(state) {
      element.hidden = state.picture.shown || phase(state) === 'error';
      setText(words, state.scene ? strings.drawingNetwork : strings.readingModel);
    },
  };
}

/** Over a picture that has no sequence to show. */
export function createNoSequence(commands: Commands): View {
  const element = h(
    'div',
    { class: 'notice', role: 'status', hidden: true },
    h('span', {}, strings.noSequence),
    button({
      title: strings.typeOrChoose,
      label: strings.typeOrChoose,
      appearance: 'primary',
      onClick: commands.pick,
    }),
  );
  return {
    element,
    render(state) {
      element.hidden = !state.scene || !state.picture.shown || !!state.sequence || !!state.running;
    },
  };
}

export function createCannotDraw(commands: Commands, reveal: (problem: Problem) => void): View {
  const reasons = h('ul', { class: 'reasons' });
  const choose = button({
    title: strings.chooseReading,
    label: strings.chooseReading,
    appearance: 'primary',
    onClick: commands.chooseReading,
  });
  const element = h(
    'div',
    { class: 'cannot-draw', role: 'alert' },
    h('h2', {}, strings.cannotDraw),
    reasons,
    choose,
    button({
      title: strings.openAsText,
      label: strings.openAsText,
      appearance: 'primary',
      onClick: commands.openSource,
    }),
  );
  let shown: unknown;
  return {
    element,
    render(state) {
      const { picture, problems } = state;
      element.hidden = picture.shown || phase(state) !== 'error' || (!!state.scene && !picture.failure);
      if (element.hidden) return;
      const reason = picture.failure ?? problems;
      if (reason === shown) return;
      shown = reason;
      const errors = problems.filter(({ severity }) => severity === 'error').slice(0, SHOWN_PROBLEMS);
      choose.hidden = !errors.some(({ code }) => code === 'several-readings');
      const lines = picture.failure
        ? [picture.failure]
        : errors.map((problem) => problemLine(problem, reveal));
      reasons.replaceChildren(...lines.map((line) => h('li', {}, line)));
    },
  };
}
