/** What the colours mean: one bar per scale in use, with its ends. */
import type { SignalSummary } from '../../../src/protocol';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { visible } from '../../../src/unroll/mermaid';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatScale } from '../../../src/picture/format';
import { createLegendBar } from '../../shared/legendBar';
import { measureOf, paletteOf, reachOf, type Measure } from '../../../src/picture/measure';
import type { Change } from '../../../src/picture/change';
import type { State } from '../../shared/state';
import type { Piece } from '../../feature';
import { isExplained } from '../../shared/dock';
import { fill } from '../../shared/words';
import { words } from './words';

export function createLegend(scale: () => ColorScale): Piece {
  const gate = createLegendBar();
  const signed = createLegendBar();
  const reaches = h('span', { class: 'unbounded' });
  const saturated = h('span', { class: 'saturated' });
  const element = h(
    'div',
    { class: 'legend', role: 'group', 'aria-label': words.legend },
    gate.element,
    signed.element,
    reaches,
    saturated,
  );
  let shown:
    (Pick<State, 'run' | 'theme' | 'selection' | 'measure'> & { readonly explained: boolean }) | null = null;
  return {
    element,
    render(state) {
      const { run, theme, selection, measure } = state;
      const now = { run, theme, selection, measure, explained: isExplained(state) };
      if (shown && Object.entries(now).every(([name, value]) => shown![name as keyof typeof now] === value))
        return;
      shown = now;
      element.hidden = !run;
      if (!run) return;
      const signals = run.signals
        .filter(({ signal }) => signal !== 'x')
        .map((summary) => ({ summary, measure: measureOf(summary, now) }));
      const bars = { gate, signed };
      const title = titleOf(now, new Set(signals.map(({ summary }) => summary.layer)).size > 1);
      for (const palette of ['gate', 'signed'] as const) {
        const own = signals.filter((one) => paletteOf(one.summary, one.measure) === palette);
        const exact = palette === 'gate' && own.some(({ summary }) => summary.range === 'gate');
        bars[palette].element.hidden = own.length === 0;
        bars[palette].name(palette === 'signed' && !gate.element.hidden ? '' : title);
        bars[palette].ends(palette === 'gate' ? '0' : '−', exact && measure !== 'size' ? '1' : '+');
        bars[palette].paint(scale(), palette, palette === 'gate' ? 0 : -1);
      }
      const open = signals.filter(({ summary: { range, offset } }) =>
        measure === 'change' ? !!run.change?.reaches.get(offset) : range !== 'gate',
      );
      setText(reaches, reachesInWords(open, measure === 'size' ? '' : '±', run.change));
      saturated.hidden = !now.explained || !signals.some(({ summary }) => summary.range !== 'unbounded');
      setText(saturated, gate.element.hidden ? words.saturatedValues : words.saturated);
      setAttribute(saturated, 'title', words.saturatedTitle);
      setAttribute(reaches, 'title', measure === 'change' ? words.changes : words.reaches);
    },
  };
}

function titleOf(
  { run, measure, selection }: Pick<State, 'run' | 'measure' | 'selection'>,
  several: boolean,
): string {
  if (measure === 'change' && run?.change?.units) return words.changeOfUnits;
  if (measure !== 'unit') return words.measures[measure];
  return fill(several ? words.unitOf : words.unit, selection.unit!, visible(selection.signal!.layer));
}

/** `c ±2.3 · y ±0.8–7.1`: where the colours end, by letter, with the smallest and the largest of its scales. */
function reachesInWords(
  signals: readonly { readonly summary: SignalSummary; readonly measure: Measure }[],
  sign: string,
  change?: Change,
): string {
  const ends = new Map<string, number[]>();
  for (const { summary, measure } of signals) {
    ends.set(summary.signal, [...(ends.get(summary.signal) ?? []), reachOf(summary, measure, change)]);
  }
  return [...ends]
    .map(([signal, all]) => {
      const [least, most] = [formatScale(Math.min(...all)), formatScale(Math.max(...all))];
      return least === most ? `${signal} ${sign}${least}` : `${signal} ${sign}${least}–${most}`;
    })
    .join(' · ');
}
