/** What stands in the picture's place while there is none: a spinner with words, or why there will be none. */
import './status.css';
import type { Problem } from '../../../src/model/problem';
import type { Context, Feature, Piece, View } from '../../feature';
import { phase, waitsForRun } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { button, progressRing } from '../../toolkit';
import { h, setText } from '../../ui/dom';
import { problemLine } from '../../shared/problemLine';
import { aboutHowLong } from './howLong';
import { words } from './words';

export const status: Feature = { name: 'status', region: 'stage', order: 20, create: createStatus };

function createStatus(context: Context): View {
  const pieces = [
    createLoading(),
    createCannotDraw(context),
    createNoSequence(context),
    createNotRun(context),
  ];
  return {
    elements: pieces.map(({ element }) => element),
    render: ({ state }) => pieces.forEach((piece) => piece.render(state)),
  };
}

const SHOWN_PROBLEMS = 8;

function createLoading(): Piece {
  const text = h('span');
  const element = h('div', { class: 'loading', role: 'status' }, progressRing(), text);
  return {
    element,
    render(state) {
      element.hidden = state.drawing.shown || phase(state) === 'error';
      setText(text, state.scene ? words.drawingNetwork : words.readingModel);
    },
  };
}

/** Over a picture that has no sequence to show. */
function createNoSequence({ post }: Context): Piece {
  const text = h('span');
  const element = h(
    'div',
    { class: 'notice no-sequence', role: 'status', hidden: true },
    text,
    button({
      title: words.typeOrChoose,
      label: words.typeOrChoose,
      appearance: 'primary',
      onClick: () => post({ type: 'pick' }),
    }),
  );
  return {
    element,
    render(state) {
      element.hidden = !state.scene || !state.drawing.shown || !!state.sequence || !!state.running;
      const unread = state.problems.some(
        ({ about, severity }) => about === 'samples' && severity === 'error',
      );
      setText(text, unread ? words.samplesUnread : words.noSequence);
    },
  };
}

/** Over a picture without values: how long they would take. */
function createNotRun({ post, now }: Context): Piece {
  const text = h('span');
  const run = button({
    title: words.runTitle,
    label: words.run,
    appearance: 'primary',
    onClick: () => post({ type: 'run', sample: now().state.sample }),
  });
  const element = h('div', { class: 'notice not-run', role: 'status', hidden: true }, text, run);
  return {
    element,
    render(state) {
      element.hidden = !state.drawing.shown || !waitsForRun(state);
      if (!element.hidden) setText(text, fill(words.notRun, aboutHowLong(state.sequence!.estimate!)));
    },
  };
}

function createCannotDraw({ post }: Context): Piece {
  const reveal = (problem: Problem) => post({ type: 'reveal', problem });
  // They may scroll, which keys do where they have the focus.
  const reasons = h('ul', { class: 'reasons', tabindex: 0, 'aria-label': words.reasons });
  const choose = button({
    title: common.chooseReading,
    label: common.chooseReading,
    appearance: 'primary',
    onClick: () => post({ type: 'chooseReading' }),
  });
  const element = h(
    'div',
    { class: 'cannot-draw', role: 'alert' },
    h('h2', {}, words.cannotDraw),
    reasons,
    choose,
    button({
      title: words.openAsText,
      label: words.openAsText,
      appearance: 'primary',
      onClick: () => post({ type: 'openSource' }),
    }),
  );
  let shown: unknown;
  return {
    element,
    render(state) {
      const { drawing, problems } = state;
      element.hidden = drawing.shown || phase(state) !== 'error' || (!!state.scene && !drawing.failure);
      if (element.hidden) return;
      const reason = drawing.failure ?? problems;
      if (reason === shown) return;
      shown = reason;
      const errors = problems
        .filter(({ severity }) => severity === 'error')
        .sort(({ place: a }, { place: b }) => a.line - b.line || a.column - b.column)
        .slice(0, SHOWN_PROBLEMS);
      choose.hidden = !errors.some(({ code }) => code === 'several-readings');
      const lines = drawing.failure
        ? [drawing.failure]
        : errors.map((problem) => problemLine(problem, reveal));
      reasons.replaceChildren(...lines.map((line) => h('li', {}, line)));
    },
  };
}
