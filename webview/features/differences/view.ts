import './differences.css';
import type { Differences, SignalDifference, Unpaired } from '../../../src/differences/differences';
import { visible } from '../../../src/unroll/mermaid';
import { addressText } from '../../../src/whatIf/text';
import type { Context, Moment, View } from '../../feature';
import { fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setText } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { formatCount } from '../../../src/picture/format';
import { HEADS, nameOf, rowsOf, type Row } from '../../../src/picture/differences/rows';
import { differencesSheet } from '../../../src/picture/differences/svg';
import { words as shared } from '../../../src/picture/differences/words';
import { pairOf, type RunPair } from './pair';
import { words } from './words';

/** What differs by less is the same but for rounding: as the host compares. */
const TOLERANCE = 1e-5;

export function createDifferences({ dispatch, now }: Context): View {
  const title = h('h2', { class: 'differences-title' });
  const summary = h('p', { class: 'differences-summary' });
  const body = h('tbody');
  const table = h(
    'table',
    { class: 'differences-table' },
    h('thead', {}, h('tr', {}, ...HEADS.map((head) => h('th', { scope: 'col' }, head)))),
    body,
  );
  const rest = h('ul', { class: 'differences-rest' });
  const message = h('p', { class: 'note' });
  const scroll = h('div', { class: 'differences-scroll', tabindex: 0 }, table, rest);
  const close = button({
    ...{ title: words.close, icon: icons.close, appearance: 'icon' },
    onClick: () => dispatch({ type: 'showView', view: 'differences', on: false }),
  });
  const head = h('div', { class: 'differences-head' }, title, h('span', { class: 'spring' }), close);
  const element = h('div', { class: 'differences' }, head, summary, message, scroll);
  let shown: Differences | null = null;

  function show(found: Differences, pair: RunPair): void {
    setText(summary, summaryInWords(found, pair));
    body.replaceChildren(...rowsOf(found).map((row) => rowOf(row, () => goTo(row.of))));
    rest.replaceChildren(...unpairedInWords(found.unpaired).map((line) => h('li', {}, line)));
  }

  function goTo({ layer, level, direction, signal, firstStep }: SignalDifference): void {
    dispatch({ type: 'select', signal: { layer, level, direction, signal } });
    if (firstStep !== null) dispatch({ type: 'goTo', step: firstStep });
  }

  return {
    elements: [element],
    render({ state, answer }) {
      const pair = pairOf(state);
      const { value, failure } = answer('differences');
      const text = messageOf({ pair, failure, waits: state.running !== null, known: value !== null });
      setText(message, text);
      message.hidden = text === '';
      for (const part of [summary, scroll]) part.hidden = !pair || !value;
      setText(title, pair ? titleOf(pair) : words.differences);
      if (!pair || !value || value === shown) return;
      shown = value;
      show(value, pair);
    },
    drawing: {
      label: words.differences,
      draw({ theme }) {
        const { state, answer } = now();
        const { value } = answer('differences');
        if (!state.scene || !pairOf(state) || !value) return null;
        const heading = `${state.scene.fileName} · ${title.textContent}`;
        const notes = [summary.textContent, ...unpairedInWords(value.unpaired)];
        return differencesSheet({ title: heading, notes }, rowsOf(value), theme);
      },
    },
    phase: ({ state, answer }: Moment<null>) => {
      if (!pairOf(state)) return state.running ? 'loading' : 'empty';
      const { value, failure } = answer('differences');
      return failure !== null ? 'error' : value ? 'ready' : 'loading';
    },
  };
}

interface Situation {
  readonly pair: RunPair | null;
  readonly failure: string | null;
  readonly waits: boolean;
  readonly known: boolean;
}

function messageOf({ pair, failure, waits, known }: Situation): string {
  if (!pair) return waits ? words.waitingForRun : words.nothing;
  return failure ?? (known ? '' : words.waiting);
}

function titleOf({ b }: RunPair): string {
  return b.name === undefined ? words.ofWhatIf : fill(words.ofCompared, visible(b.name));
}

function summaryInWords({ firstStep, steps, output, signals }: Differences, { a, b }: RunPair): string {
  const sentences: string[] = [];
  if (firstStep === null) sentences.push(fill(words.none, TOLERANCE));
  else {
    const where = signals.find((one) => one.firstStep === firstStep);
    const step = formatCount(firstStep + 1);
    sentences.push(where ? fill(words.firstIn, step, nameOf(where)) : fill(words.first, step));
  }
  const lengths = [a.sequence.steps, b.sequence.steps];
  if (lengths[0] !== lengths[1]) {
    sentences.push(fill(words.shorter, formatCount(steps), formatCount(lengths[1])));
  }
  if (!output) sentences.push(words.noOutput);
  return sentences.join(' ');
}

function rowOf({ of, name, share, figures, from }: Row, go: () => void): HTMLTableRowElement {
  const { layer, level, direction, signal, max, rms, firstStep } = of;
  const label = figures ? fill(words.goTo, name, figures.max, figures.rms, from) : fill(words.isSame, name);
  const button = h('button', { type: 'button', class: 'differences-name', title: label }, name);
  button.addEventListener('click', go);
  const bar = h('span', { class: 'differences-bar' });
  bar.style.width = `${share * 100}%`;
  return h(
    'tr',
    {
      ...{ 'data-signal-row': true, 'data-layer': layer, 'data-level': level, 'data-direction': direction },
      ...{ 'data-signal': signal, 'data-max': String(max), 'data-rms': String(rms) },
      ...{ 'data-first-step': firstStep === null ? '' : String(firstStep) },
      class: figures ? 'differs' : 'same',
    },
    h('td', {}, button),
    h('td', { class: 'differences-bar-cell' }, bar),
    ...(figures
      ? [h('td', {}, figures.max), h('td', {}, figures.rms)]
      : [h('td', { colspan: 2 }, shared.same)]),
    h('td', {}, from),
  );
}

/** What only one of them has in a line each, and what has other units in both. */
function unpairedInWords(unpaired: readonly Unpaired[]): string[] {
  const nameOf = ({ in: _, units: __, ...place }: Unpaired) => visible(addressText(place));
  const only = (side: Unpaired['in'], text: string) => {
    const names = unpaired.filter((one) => one.in === side).map(nameOf);
    return names.length > 0 ? [fill(text, names.join(', '))] : [];
  };
  return [
    ...only('a', words.onlyA),
    ...only('b', words.onlyB),
    ...unpaired.flatMap((one) => (one.units ? [fill(words.units, nameOf(one), ...one.units)] : [])),
  ];
}
