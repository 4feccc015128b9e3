/** The colours from the least to the largest, with their numbers. */
import type { ColorScale } from '../../colour/scale';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatScale } from '../../ui/format';
import { words } from './words';

const SHADES = 9;

export function createLegend() {
  const [least, most] = [h('span'), h('span')];
  const shades = Array.from({ length: SHADES }, () => h('span', { class: 'attribution-shade' }));
  const element = h('div', { class: 'attribution-legend dim', role: 'img' }, least, ...shades, most);
  return {
    element,
    show(reach: number, scale: ColorScale): void {
      const end = formatScale(reach);
      setText(least, `−${end}`);
      setText(most, `+${end}`);
      setAttribute(element, 'aria-label', fill(words.legend, `−${end}`, `+${end}`));
      for (const [k, shade] of shades.entries()) {
        shade.style.background = scale.swatch('signed', (2 * k) / (SHADES - 1) - 1).fill;
      }
    },
  };
}
