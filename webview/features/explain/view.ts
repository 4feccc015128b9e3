import { cellFacts } from '../../../src/cells';
import type { Context, Moment, View } from '../../feature';
import { EXPLAIN } from '../../shared/dock';
import { layerInWords } from '../../../src/picture/names';
import { fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { icons } from '../../ui/icons';
import { cellOf, saidAt, type CellAt } from './cell';
import { LESSON_CONTENT, type Deed } from './lessons';
import { LESSONS, type Chosen, type Lesson } from './state';
import { words } from './words';

export function createExplain(context: Context<Lesson, Chosen>): View<Lesson> {
  const now = createNow(context.dispatch);
  const lessons = createLessons(context);
  const close = button({
    ...{ title: words.close, icon: icons.close, appearance: 'icon' },
    onClick: () => context.dispatch({ type: 'showView', view: EXPLAIN, on: false }),
  });
  close.classList.add('explain-close');
  const element = h('div', { class: 'explain', tabindex: 0 }, now.element, lessons.element, close);
  let reads: readonly unknown[] = [];
  return {
    elements: [element],
    render({ state, own }) {
      const { scene, run, step, selection, sequence } = state;
      const newest = [scene, run, step, selection.signal, sequence, own];
      if (newest.every((one, k) => one === reads[k])) return;
      reads = newest;
      const cell = cellOf(state);
      if (!cell) return;
      now.render(state, cell);
      lessons.render(state, cell, own);
    },
    phase: ({ state }) => (cellOf(state) ? 'ready' : 'empty'),
  };
}

type State = Moment<Lesson>['state'];

/** What each signal of the cell does at the playhead. */
function createNow(dispatch: Context['dispatch']) {
  const title = h('h2', { class: 'explain-title' });
  const list = h('dl', { class: 'explain-now' });
  const note = h('p', { class: 'dim' }, `${words.means} ${words.saturated}`);
  return {
    element: h('div', { class: 'explain-part' }, title, list, note),
    render(state: State, cell: CellAt) {
      const { layer, at } = cell;
      const step = fill(words.now, formatCount(state.step + 1));
      const place = layerInWords(state.scene!.network, { ...at, signal: 'h' }).join(' · ');
      setText(title, state.run ? `${step} · ${place}` : words.notRun);
      list.replaceChildren(
        ...Object.keys(cellFacts(layer).signals).flatMap((signal) => {
          const choose = h('button', { type: 'button', class: 'explain-letter' }, signal);
          choose.addEventListener('click', () => dispatch({ type: 'select', signal: { ...at, signal } }));
          return [h('dt', {}, choose), h('dd', { 'data-said': signal }, saidAt(state, cell, signal))];
        }),
      );
    },
  };
}

function createLessons({ dispatch, change, post, alone }: Context<Lesson, Chosen>) {
  const choices = LESSONS.map((lesson) => {
    const choice = h('button', { type: 'button', class: 'explain-lesson' }, words.titles[lesson]);
    choice.addEventListener('click', () => change({ type: 'chooseLesson', lesson }));
    return choice;
  });
  const title = h('h2', { class: 'explain-title' });
  const text = h('div', { class: 'explain-text' });
  const deeds = h('div', { class: 'explain-deeds' });
  const list = h(
    'ol',
    { class: 'explain-lessons', 'aria-label': words.lessons },
    ...choices.map((choice) => h('li', {}, choice)),
  );
  const content = h('article', { class: 'explain-content' }, title, text, deeds);
  let label = '';

  function perform({ actions = [], message }: Deed): void {
    for (const action of actions) dispatch(action);
    if (message) post(message);
  }

  return {
    element: h('div', { class: 'explain-part explain-teach' }, list, content),
    render(state: State, cell: CellAt, lesson: Lesson) {
      choices.forEach((choice, k) => setAttribute(choice, 'aria-pressed', String(LESSONS[k] === lesson)));
      const { paragraphs, deeds: all } = LESSON_CONTENT[lesson](state, cell);
      const offered = alone ? all.filter(({ message }) => !message) : all;
      setText(title, words.titles[lesson]);
      setAttribute(content, 'data-lesson', lesson);
      text.replaceChildren(...paragraphs.map((paragraph) => h('p', {}, paragraph)));
      const labels = JSON.stringify([lesson, offered]);
      if (labels === label) return;
      label = labels;
      deeds.replaceChildren(
        ...offered.map((deed) =>
          button({ title: deed.label, label: deed.label, onClick: () => perform(deed) }),
        ),
      );
    },
  };
}
