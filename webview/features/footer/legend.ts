/** What the colours mean: one bar per scale in use, with its ends. */
import type { SignalSummary } from '../../../src/protocol';
import type { ColorScale } from '../../colour/scale';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatScale } from '../../ui/format';
import { paletteOf, reachOf, type Measure } from '../../shared/measure';
import type { State } from '../../shared/state';
import type { Piece } from '../../feature';
import { common, fill } from '../../shared/words';
import { words } from './words';

const STOPS = 8;

export function createLegend(scale: () => ColorScale): Piece {
  const gate = createBar();
  const signed = createBar();
  const reaches = h('span', { class: 'unbounded' });
  const element = h(
    'div',
    { class: 'legend', role: 'group', 'aria-label': words.legend },
    gate.element,
    signed.element,
    reaches,
  );
  let shown: Pick<State, 'run' | 'theme' | 'selection' | 'measure'> | null = null;
  return {
    element,
    render({ run, theme, selection, measure }) {
      const now = { run, theme, selection, measure };
      if (shown && Object.entries(now).every(([name, value]) => shown![name as keyof typeof now] === value))
        return;
      shown = now;
      element.hidden = !run;
      if (!run) return;
      const signals = run.signals.filter(
        ({ signal, layer }) => signal !== 'x' && (measure !== 'unit' || layer === selection.signal?.layer),
      );
      const bars = { gate, signed };
      const title = measure === 'unit' ? fill(common.unit, selection.unit!) : words.measures[measure];
      for (const palette of ['gate', 'signed'] as const) {
        const own = signals.filter((signal) => paletteOf(signal, measure) === palette);
        const exact = palette === 'gate' && own.some(({ range }) => range === 'gate');
        bars[palette].element.hidden = own.length === 0;
        bars[palette].name(palette === 'signed' && !gate.element.hidden ? '' : title);
        bars[palette].ends(palette === 'gate' ? '0' : '−', exact && measure !== 'size' ? '1' : '+');
        bars[palette].paint(scale(), palette, palette === 'gate' ? 0 : -1);
      }
      const open = signals.filter(({ range }) => range !== 'gate');
      setText(reaches, reachesInWords(open, measure));
      setAttribute(reaches, 'title', words.reaches);
    },
  };
}

function createBar() {
  const measure = h('span', { class: 'dim' });
  const bar = h('span', { class: 'legend-bar' });
  const from = h('span');
  const to = h('span');
  return {
    element: h('span', { class: 'legend-scale' }, measure, from, bar, to),
    name: (text: string) => setText(measure, text),
    ends(lowest: string, highest: string) {
      setText(from, lowest);
      setText(to, highest);
    },
    paint(scale: ColorScale, palette: 'gate' | 'signed', lowest: number) {
      const stops = Array.from(
        { length: STOPS + 1 },
        (_, stop) => scale.swatch(palette, lowest + ((1 - lowest) * stop) / STOPS).fill,
      );
      bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
    },
  };
}

/** `c ±2.3 · y ±0.8–7.1`: where the colours end, by letter, with the smallest and the largest of its scales. */
function reachesInWords(signals: readonly SignalSummary[], measure: Measure): string {
  const ends = new Map<string, number[]>();
  for (const one of signals) ends.set(one.signal, [...(ends.get(one.signal) ?? []), reachOf(one, measure)]);
  const sign = measure === 'size' ? '' : '±';
  return [...ends]
    .map(([signal, all]) => {
      const [least, most] = [formatScale(Math.min(...all)), formatScale(Math.max(...all))];
      return least === most ? `${signal} ${sign}${least}` : `${signal} ${sign}${least}–${most}`;
    })
    .join(' · ');
}
