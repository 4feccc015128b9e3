/** The terms of a sum as bars, each beginning where the one above it ends. */
import type { UnitAddress } from '../../../src/model/signalText';
import type { Network } from '../../../src/model/network';
import type { Why } from '../../../src/protocol';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { unitName } from '../../../src/picture/why/termNames';
import { fill } from '../../shared/words';
import { h } from '../../ui/dom';
import { formatCount, formatSigned, formatValue } from '../../../src/picture/format';
import {
  barsOf,
  factorsInWords,
  headsOf,
  placesOf,
  type Bar,
  type Heads,
} from '../../../src/picture/why/bars';
import { words as sumWords } from '../../../src/picture/why/words';
import { words } from './words';

export interface Shown {
  readonly network: Network;
  readonly why: Why;
}

export interface Chart {
  readonly element: HTMLElement;
  show(shown: Shown): void;
  /** How many bars there is room for. */
  readonly room: number;
  /** Names as many terms as there is room for. */
  fit(height: number): void;
}

const ROW_HEIGHT = 19;
/** Of the line above the bars, and of the sum under them. */
const AROUND = 15 + 24;
const USUAL_ROOM = 8;
/** Where that is too high it is scrolled. */
const LEAST = 6;
/** Beyond it a longer list says less than what goes together. */
const MOST = 24;

/** `follow` hears of the unit whose bar is clicked. */
export function createChart(scale: () => ColorScale, follow: (at: UnitAddress) => void): Chart {
  const heads = h('div', { class: 'why-heads dim', 'aria-hidden': 'true' });
  const list = h('ol', { class: 'why-bars', 'aria-label': words.bars });
  const total = h('div', { class: 'why-row why-sum' });
  const zero = h('div', { class: 'why-zero', 'aria-hidden': 'true' });
  const element = h('div', { class: 'why-chart' }, heads, list, total, zero);
  let room = USUAL_ROOM;
  let shown: Shown | null = null;

  list.addEventListener('keydown', (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const rows = [...list.querySelectorAll<HTMLElement>('button')];
    const at = rows.indexOf(event.target as HTMLElement);
    if (!by || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    rows.forEach((row) => (row.tabIndex = row === next ? 0 : -1));
    next.focus();
  });

  function draw({ network, why }: Shown): void {
    const bars = barsOf(network, why, room);
    const place = placesOf(bars);
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>(
      '.why-bars [data-term]',
    );
    const { kind, from } = focused?.dataset ?? {};
    element.style.setProperty('--above', scale().swatch('signed', 1).fill);
    element.style.setProperty('--below', scale().swatch('signed', -1).fill);
    element.style.setProperty('--zero', String(place(0)));
    element.style.setProperty('--drawn', `${AROUND + ROW_HEIGHT * bars.length}px`);
    heads.replaceChildren(...headsIn(headsOf(network, why, bars, place(0))));
    const rows = bars.map((bar) => rowOf(bar, place, follow));
    const buttons = rows.filter((row) => row.localName === 'button');
    const again = rows.find(({ dataset }) => focused && dataset.kind === kind && dataset.from === from);
    buttons.forEach((row, k) => (row.tabIndex = (again ? row === again : k === 0) ? 0 : -1));
    list.replaceChildren(...rows.map((row) => h('li', {}, row)));
    if (focused) (again ?? buttons[0])?.focus();
    total.replaceChildren(
      h('span', { class: 'why-name' }, sumWords.sum),
      h('span'),
      h('span', { class: 'why-track', 'aria-hidden': 'true' }, stripe(0, why.sum, place)),
      h('span', { class: 'why-number' }, formatValue(why.sum)),
    );
  }

  return {
    element,
    get room() {
      return room;
    },
    fit(height) {
      const fits = Math.max(LEAST, Math.min(MOST, Math.floor((height - AROUND) / ROW_HEIGHT)));
      if (fits === room) return;
      room = fits;
      if (shown) draw(shown);
    },
    show(next) {
      shown = next;
      draw(next);
    },
  };
}

function rowOf(bar: Bar, place: (sum: number) => number, follow: (at: UnitAddress) => void): HTMLElement {
  const { kind, from, name, product, factors, at } = bar;
  const number = formatSigned(product);
  const factorsText = factorsInWords(bar);
  const said = factors ? fill(words.barProduct, factorsText, number) : number;
  const title = at
    ? fill(words.barTitle, name, said, unitName(at.signal, at.unit), formatCount(at.step + 1))
    : fill(words.barAlone, name, said);
  const attributes = {
    ...{ class: 'why-row', 'data-term': '', 'data-kind': kind, 'data-from': from },
    ...{ 'data-value': product, title },
  };
  const parts = [
    h('span', { class: 'why-name' }, name),
    h('span', { class: 'why-factors dim' }, factorsText),
    h(
      'span',
      { class: 'why-track', 'aria-hidden': 'true' },
      stripe(bar.start, bar.end, place),
      connector(bar, place),
    ),
    h('span', { class: 'why-number' }, number),
  ];
  if (!at) return h('div', attributes, ...parts);
  const button = h('button', { ...attributes, type: 'button' }, ...parts);
  button.addEventListener('click', () => follow(at));
  return button;
}

function stripe(start: number, end: number, place: (sum: number) => number): HTMLElement {
  const bar = h('span', { class: `why-bar${end < start ? ' below' : ''}` });
  const [from, to] = [place(Math.min(start, end)), place(Math.max(start, end))];
  bar.style.setProperty('--from', String(from));
  bar.style.setProperty('--length', String(to - from));
  return bar;
}

/** From the end of a bar down to the next. */
function connector({ end }: Bar, place: (sum: number) => number): HTMLElement {
  const line = h('span', { class: 'why-connector' });
  line.style.setProperty('--from', String(place(end)));
  return line;
}

function headsIn({ factors, below, above }: Heads): HTMLElement[] {
  return [
    h('span'),
    h('span', { class: 'why-factors' }, factors),
    h(
      'span',
      { class: 'why-sides' },
      below !== '' && h('span', { class: 'why-side' }, below),
      above !== '' && h('span', { class: 'why-side right' }, above),
    ),
    h('span'),
  ];
}
