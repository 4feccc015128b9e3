/** What the colours mean: one bar per scale in use, with its ends. */
import type { RunSummary, SignalRange, SignalSummary } from '../../../src/protocol';
import type { ColorScale } from '../../colour/scale';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatScale } from '../../ui/format';
import type { State } from '../../shared/state';
import type { Piece } from '../../feature';
import { common, fill } from '../../shared/words';
import { words } from './words';

const STOPS = 8;

export function createLegend(scale: () => ColorScale): Piece {
  const gate = createBar('0', '1');
  const signed = createBar('−1', '1');
  const unbounded = h('span', { class: 'unbounded' });
  const element = h(
    'div',
    { class: 'legend', role: 'group', 'aria-label': words.legend },
    gate.element,
    signed.element,
    unbounded,
  );
  let shown: Pick<State, 'run' | 'theme' | 'selection'> | null = null;
  return {
    element,
    render({ run, theme, selection }) {
      if (shown?.run === run && shown.theme === theme && shown.selection === selection) return;
      shown = { run, theme, selection };
      const { unit } = selection;
      element.hidden = !run;
      if (!run) return;
      const signals = run.signals.filter(({ signal }) => signal !== 'x');
      gate.element.hidden = !signals.some(({ range }) => range === 'gate');
      gate.name(unit === null ? words.legendMean : fill(common.unit, unit));
      gate.paint(scale(), 'gate', 0);
      signed.element.hidden = signals.every(({ range }) => range === 'gate');
      signed.name(unit === null ? words.legendRms : gate.element.hidden ? fill(common.unit, unit) : '');
      signed.paint(scale(), 'signed', -1);
      setText(unbounded, unboundedInWords(run));
      setAttribute(unbounded, 'title', unboundedInFull(run));
    },
  };
}

function createBar(from: string, to: string) {
  const measure = h('span', { class: 'dim' });
  const bar = h('span', { class: 'legend-bar' });
  return {
    element: h('span', { class: 'legend-scale' }, measure, from, bar, to),
    name: (text: string) => setText(measure, text),
    paint(scale: ColorScale, range: SignalRange, lowest: number) {
      const stops = Array.from(
        { length: STOPS + 1 },
        (_, stop) => scale.swatch(range, lowest + ((1 - lowest) * stop) / STOPS).fill,
      );
      bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
    },
  };
}

function unboundedSignals({ signals }: RunSummary): SignalSummary[] {
  return signals.filter(({ range, signal }) => range === 'unbounded' && signal !== 'x');
}

/** `c ±2.3 · y ±0.8–7.1`: by letter, with the smallest and the largest of its scales. */
function unboundedInWords(run: RunSummary): string {
  const scales = new Map<string, number[]>();
  for (const { signal, scale } of unboundedSignals(run)) {
    scales.set(signal, [...(scales.get(signal) ?? []), scale]);
  }
  return [...scales]
    .map(([signal, ends]) => {
      const [least, most] = [formatScale(Math.min(...ends)), formatScale(Math.max(...ends))];
      return least === most ? `${signal} ±${least}` : `${signal} ±${least}–${most}`;
    })
    .join(' · ');
}

function unboundedInFull(run: RunSummary): string {
  return unboundedSignals(run)
    .map(({ layer, signal, scale }) => fill(words.unboundedScale, `${layer} ${signal}`, formatScale(scale)))
    .join('\n');
}
