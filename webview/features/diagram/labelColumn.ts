/**
 * The names of the rows a second time, in a column that stays at the left edge while the picture scrolls sideways under
 * it: the browser keeps it there, no code runs.
 */
import { css, type Theme } from '../../colour/color';
import type { Picture } from './picture';
import { labelStyle } from './style';
import { appendSvg } from '../../ui/svg';
import type { Sheet } from './viewport';

export function createLabelColumn({ geometry, labels }: Picture, theme: Theme): Sheet {
  const { labelWidth: width, height } = geometry;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('class', 'label-column');
  svg.setAttribute('aria-hidden', 'true');
  appendSvg(svg, 'style').textContent = `.label-column { ${labelStyle(theme)} }`;
  appendSvg(svg, 'rect', { width, height, fill: css(theme.background, 0.94) });
  appendSvg(svg, 'rect', { x: width - 1, width: 1, height, fill: css(theme.line) });
  svg.append(...labels.map((label) => label.cloneNode(true)));
  return { svg, width, height };
}
