/** The largest outputs at the playhead, each with a bar. */
import type { OutputReading } from '../../../src/model/outputs';
import type { OutputRow } from '../../../src/protocol';
import type { Theme } from '../../../src/picture/colour/color';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { outputBars } from '../../../src/picture/output/bars';
import { barsSheet } from '../../../src/picture/output/svg';
import type { Sheet } from '../../../src/picture/svgText';
import { words } from './words';

export interface Bars {
  readonly element: HTMLElement;
  /** The picture of them; null before there are some. */
  drawn(title: string, theme: Theme): Sheet | null;
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
    const { bars, share, note } = outputBars(reading, row.values, room);
    const focused = document.activeElement?.closest<HTMLElement>('[data-output-unit]')?.dataset.outputUnit;
    list.classList.toggle('signed', !share);
    list.style.setProperty('--share-fill', scale().swatch('probability', 1).fill);
    list.style.setProperty('--above', scale().swatch('signed', 1).fill);
    list.style.setProperty('--below', scale().swatch('signed', -1).fill);
    list.replaceChildren(
      ...bars.map(({ unit, value, length, number }) => {
        const bar = h('span', { class: `output-bar${value < 0 ? ' negative' : ''}` });
        bar.style.setProperty('--share', String(Math.abs(length)));
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
    rest.hidden = note === null;
    setText(rest, note ?? '');
    setAttribute(element, 'data-step', String(row.step));
  }

  new ResizeObserver(([{ contentRect }]) => {
    const fits = Math.max(1, Math.min(MOST, Math.floor(contentRect.height / ROW_HEIGHT) - 1));
    if (fits === room || contentRect.height === 0) return;
    room = fits;
    if (last) show(...last);
  }).observe(element);

  function drawn(title: string, theme: Theme): Sheet | null {
    if (!last) return null;
    const [row, reading, named] = last;
    return barsSheet({ title }, outputBars(reading, row.values, MOST), named, theme);
  }

  return { element, drawn, show };
}
