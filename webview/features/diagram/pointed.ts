/** How the picture answers to the pointer and the keyboard. */
import { css, isHighContrast, type Theme } from '../../../src/picture/colour/color';

/** CSS rules beside those of the picture. */
export function pointedStyle(theme: Theme): string {
  const strong = isHighContrast(theme.kind);
  return `
    .node { outline: none; }
    .node.signal { cursor: pointer; }
    .node.signal:focus-visible > rect:first-child { stroke: ${css(theme.focus)}; stroke-width: 2.5px; }
    .node.signal[aria-describedby] > rect:first-child { stroke: ${css(theme.accent)}; stroke-width: 2px; }
    .node.signal:hover > rect:first-child { stroke: ${css(theme.accent)}; stroke-width: ${strong ? 2 : 1.5}px; }
  `;
}
