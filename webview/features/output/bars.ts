/** The largest outputs at the playhead, each with a bar. */
import { readRow, type OutputReading } from '../../../src/model/outputs';
import type { OutputRow } from '../../../src/protocol';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatPrecise, percent } from '../../../src/picture/format';
import { isShare, ranked } from '../../../src/picture/output/rank';
import { words } from './words';

export interface Bars {
  readonly element: HTMLElement;
  /** `named` gives a unit in words; `charted` is the one that is shown over time, if one can be. */
  show(
    row: OutputRow,
    reading: OutputReading,
    named: (unit: number) => string,
    over: { readonly charted: number | null; readonly canChart: boolean },
  ): void;
}

const ROW_HEIGHT = 19;
const MOST = 12;

/** `onChoose` hears of the unit that is clicked. */
export function createBars(onChoose: (unit: number) => void, scale: () => ColorScale): Bars {
  const list = h('ol', { class: 'output-bars' });
  const rest = h('div', { class: 'output-rest dim' });
  const element = h('div', { class: 'output-now' }, list, rest);
  let last: Parameters<Bars['show']> | null = null;
  let room = 8;

  function show(...[row, reading, named, over]: Parameters<Bars['show']>): void {
    last = [row, reading, named, over];
    const { charted, canChart } = over;
    const top = ranked(reading, row.values, Math.min(room, row.values.length));
    const share = isShare(reading);
    const reach = share ? 1 : Math.max(1e-12, ...top.map(({ value }) => Math.abs(value) || 0));
    const focused = document.activeElement?.closest<HTMLElement>('[data-output-unit]')?.dataset.outputUnit;
    list.classList.toggle('signed', !share);
    list.style.setProperty('--share-fill', scale().swatch('probability', 1).fill);
    list.style.setProperty('--above', scale().swatch('signed', 1).fill);
    list.style.setProperty('--below', scale().swatch('signed', -1).fill);
    list.replaceChildren(
      ...top.map(({ unit, value }) => {
        const bar = h('span', { class: `output-bar${value < 0 ? ' negative' : ''}` });
        bar.style.setProperty('--share', String(Math.min(1, Math.abs(value) / reach) || 0));
        const number = share ? percent(value) : formatPrecise(value);
        const button = h(
          'button',
          {
            ...{ type: 'button', class: 'output-row', title: fill(words.choose, named(unit)) },
            ...{ 'data-output-unit': unit, 'data-value': value, 'aria-pressed': String(unit === charted) },
          },
          h('span', { class: 'output-name' }, named(unit)),
          h('span', { class: 'output-track', 'aria-hidden': 'true' }, bar),
          h('span', { class: 'output-number' }, number),
        );
        button.disabled = !canChart;
        button.addEventListener('click', () => onChoose(unit));
        return h('li', {}, button);
      }),
    );
    if (focused !== undefined) list.querySelector<HTMLElement>(`[data-output-unit="${focused}"]`)?.focus();
    const others = row.values.length - top.length;
    const broken = row.values.every((value) => Number.isNaN(value));
    const note = broken ? words.notNumbers : others > 0 ? othersInWords(row, reading, others, top) : '';
    rest.hidden = note === '';
    setText(rest, note);
    setAttribute(element, 'data-step', String(row.step));
  }

  new ResizeObserver(([{ contentRect }]) => {
    const fits = Math.max(1, Math.min(MOST, Math.floor(contentRect.height / ROW_HEIGHT) - 1));
    if (fits === room || contentRect.height === 0) return;
    room = fits;
    if (last) show(...last);
  }).observe(element);

  return { element, show };
}

function othersInWords(
  { values }: OutputRow,
  reading: OutputReading,
  others: number,
  top: readonly { readonly value: number }[],
): string {
  if (reading === 'numbers' || reading === 'likelihoods') return fill(words.others, others);
  const whole = readRow(reading, values).reduce((sum, value) => sum + value, 0);
  const share = Math.max(0, whole - top.reduce((sum, { value }) => sum + value, 0));
  return fill(words.othersShare, others, percent(share));
}
