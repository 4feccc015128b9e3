/** The sum of one unit: equation, bars, what it means. */
import { signalName } from '../../../src/unroll/equations';
import type { UnitAddress } from '../../../src/model/signalText';
import type { Why } from '../../../src/protocol';
import type { Context, Moment, View } from '../../feature';
import { copyButton } from '../../shared/copyButton';
import { sumElement } from '../../shared/equation';
import { isGiven, notRunReason } from '../../shared/signals';
import { layerInWords } from '../../../src/picture/names';
import { pictureHead } from '../../shared/state';
import { titleOf } from '../../../src/picture/why/bars';
import { whySheet } from '../../../src/picture/why/svg';
import { unitName } from '../../../src/picture/why/termNames';
import { sentencesOf } from '../../shared/whySentences';
import { common, fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { createChart, type Shown } from './chart';
import { copied } from './copied';
import { NAME, questionOf, type WhyAction, type WhyState } from './state';
import { words } from './words';

export function createView(context: Context<WhyState, WhyAction>): View<WhyState> {
  const { dispatch, change, post } = context;
  const title = h('h2', { class: 'why-title' });
  const place = h('span', { class: 'dim why-place' });
  const equation = h('div', { class: 'why-equation' });
  const text = h('div', { class: 'why-words', role: 'group', 'aria-label': words.why });
  const note = h('div', { class: 'why-note dim' });
  let shown: Shown | null = null;

  const back = button({
    title: words.back,
    icon: icons.previous,
    appearance: 'icon',
    onClick() {
      const last = context.now().own.trail.at(-1);
      if (!last) return;
      change({ type: 'goBack' });
      goTo(last);
    },
  });
  const close = button({
    ...{ title: words.close, icon: icons.close, appearance: 'icon' },
    onClick: () => dispatch({ type: 'showView', view: NAME, on: false }),
  });
  const copy = copyButton(words.copy, post, () => {
    return shown && copied(shown.network, shown.why, title.textContent, equation.textContent);
  });

  function goTo({ unit, step, ...signal }: UnitAddress): void {
    dispatch({ type: 'select', signal, unit });
    dispatch({ type: 'show', measure: 'unit' });
    dispatch({ type: 'goTo', step });
  }

  const chart = createChart(context.scale, (at) => {
    if (!shown) return;
    change({ type: 'followTerm', from: shown.why.at });
    goTo(at);
  });
  const body = h('div', { class: 'why-body' }, equation, chart.element, text);
  const element = h(
    'div',
    { class: 'why' },
    h('div', { class: 'why-head' }, back, title, place, copy, close),
    body,
    note,
  );
  let before: readonly unknown[] = [];
  const sizes = new ResizeObserver(() => {
    if (body.clientHeight > 0) chart.fit(body.clientHeight - equation.offsetHeight - text.offsetHeight);
  });
  for (const one of [body, text]) sizes.observe(one);

  return {
    elements: [element],
    render(now) {
      const { state, own } = now;
      const { scene, run, theme } = state;
      const { latest, value } = now.answer('why');
      const asked = questionOf(state);
      const why = asked && run ? latest : null;
      body.classList.toggle('stale', why !== null && value === null);
      setText(note, noteOn(now));
      note.hidden = note.textContent === '';
      const last = own.trail.at(-1);
      back.hidden = !last;
      if (last) {
        const to = fill(words.back, unitName(last.signal, last.unit));
        for (const name of ['title', 'aria-label']) setAttribute(back, name, to);
      }
      const reads = [why, scene, theme];
      if (reads.every((one, k) => one === before[k])) return;
      before = reads;
      body.hidden = copy.hidden = !why || !scene;
      shown = why && scene ? { network: scene.network, why } : null;
      mark(element.closest('section') ?? element, why);
      if (!shown) {
        setText(title, words.why);
        place.replaceChildren();
        return;
      }
      const { network } = shown;
      setText(title, titleOf(network, shown.why));
      setText(place, [signalName(network, shown.why.at), ...layerInWords(network, shown.why.at)].join(' · '));
      equation.replaceChildren(sumElement(network, shown.why));
      chart.show(shown);
      text.replaceChildren(
        ...sentencesOf(network, shown.why).map((sentence) =>
          h('p', {}, sentence.lead ? h('b', {}, sentence.lead) : null, sentence.text),
        ),
      );
    },
    drawing: {
      label: words.why,
      draw({ theme }) {
        const { state } = context.now();
        return (
          state.scene && shown && whySheet(pictureHead(state), shown.network, shown.why, chart.room, theme)
        );
      },
    },
    phase(now) {
      const { value, failure } = now.answer('why');
      if (failure !== null) return 'error';
      if (!questionOf(now.state)) return 'empty';
      return value ? 'ready' : 'loading';
    },
  };
}

/** What the section is about, unrounded. */
function mark(element: Element, why: Why | null): void {
  const { at, value, sum } = why ?? {};
  const attributes = { signal: at?.signal, unit: at?.unit, step: at?.step, value, sum };
  for (const [name, one] of Object.entries(attributes)) {
    setAttribute(element, `data-${name}`, one === undefined ? null : String(one));
  }
}

/** What stands in the place of bars where there are none. */
function noteOn({ state, answer }: Moment<WhyState>): string {
  const { scene, run, selection } = state;
  const { latest, failure } = answer('why');
  if (failure !== null) return failure;
  if (!scene) return '';
  if (!run) return scene.lacksWeights ? common.notRunnable : common.notRunYet;
  if (!selection.signal) return words.choose;
  if (isGiven(scene.network, selection.signal)) return words.given;
  const idle = notRunReason(scene.network, run, selection.signal);
  return idle ?? (latest ? '' : words.computing);
}
