/** The unrolled picture as a standalone SVG. */
import type { Network } from '../../model/network';
import { MAX_NODES, unroll } from '../../unroll/graph';
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { createSheet, paper, type Sheet } from '../svgText';
import { fill } from '../words';
import { addArrow, drawBase } from './base';
import { place } from './geometry';
import { OverlayWriter, type Overlay, type Shape } from './overlay';
import { preparePicture } from './picture';
import { pictureStyle } from './style';
import { words } from './words';

const ARROW = 'arrow';

/**
 * @throws RangeError for a window of more columns or nodes than a picture may have.
 */
export function diagramSheet(
  { network, explained, ...window }: Shape,
  overlay: Overlay,
  theme: Theme,
): Sheet {
  const graph = unroll(network, window);
  const { length } = graph.nodes;
  if (length > MAX_NODES) throw new RangeError(fill(words.tooLarge, length, MAX_NODES));
  const geometry = place(graph, network, explained);
  const sheet = createSheet(geometry, {
    title: titleOf(network, window.columns, overlay),
    style: `text { font-family: ${theme.fontFamily}; }${pictureStyle(theme)}`,
    background: css(theme.background),
  });
  addArrow(paper, sheet.svg, ARROW);
  const root = paper.append(sheet.svg, 'g', { class: 'root' });
  const base = drawBase(paper, root, graph, geometry, ARROW);
  const picture = preparePicture(paper, base, network, graph, geometry);
  new OverlayWriter(paper, picture, network, createScale(theme)).write(overlay);
  return sheet;
}

/** `Character LSTM, steps 1 to 8 of 57`: as people count. */
function titleOf({ name }: Network, columns: number, { start, longest }: Overlay): string {
  if (longest === 0) return name;
  return fill(words.window, name, start + 1, Math.min(start + columns, longest), longest);
}
