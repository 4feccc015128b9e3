/** A scale of colours with its ends: what a legend is made of. */
import type { ColorScale, Palette } from '../../src/picture/colour/scale';
import { h, setText } from '../ui/dom';

export interface LegendBar {
  readonly element: HTMLElement;
  name(text: string): void;
  ends(lowest: string, highest: string): void;
  /** From `lowest`, 0 or −1, to 1. */
  paint(scale: ColorScale, palette: Palette, lowest: number): void;
}

const STOPS = 8;

export function createLegendBar(): LegendBar {
  const name = h('span', { class: 'dim' });
  const bar = h('span', { class: 'legend-bar' });
  const from = h('span');
  const to = h('span');
  return {
    element: h('span', { class: 'legend-scale' }, name, from, bar, to),
    name: (text) => setText(name, text),
    ends(lowest, highest) {
      setText(from, lowest);
      setText(to, highest);
    },
    paint(scale, palette, lowest) {
      const stops = Array.from(
        { length: STOPS + 1 },
        (_, stop) => scale.swatch(palette, lowest + ((1 - lowest) * stop) / STOPS).fill,
      );
      bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
    },
  };
}
