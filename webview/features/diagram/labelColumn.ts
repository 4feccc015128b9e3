/**
 * The names of the rows a second time, in a column that stays at the left edge while the picture scrolls sideways under
 * it: the browser keeps it there, no code runs.
 */
import { css, type Theme } from '../../../src/picture/colour/color';
import type { Picture } from '../../../src/picture/diagram/picture';
import { labelStyle } from '../../../src/picture/diagram/style';
import { make, page } from '../../ui/svg';
import type { Sheet } from './viewport';

export function createLabelColumn(pictures: readonly Picture<SVGElement>[], theme: Theme): Sheet {
  const { labelWidth: width, height } = pictures[0].geometry;
  const attributes = { viewBox: `0 0 ${width} ${height}`, class: 'label-column', 'aria-hidden': 'true' };
  const svg = make('svg', attributes);
  page.text(page.append(svg, 'style'), `.label-column { ${labelStyle(theme)} }`);
  page.append(svg, 'rect', { width, height, fill: css(theme.background, 0.94) });
  page.append(svg, 'rect', { x: width - 1, width: 1, height, fill: css(theme.line) });
  for (const { labels, said } of pictures) {
    for (const label of labels) {
      const again = label.cloneNode(true) as SVGElement;
      said.find(({ texts }) => texts[0] === label)?.texts.push(again);
      svg.append(again);
    }
  }
  return { svg, width, height };
}
