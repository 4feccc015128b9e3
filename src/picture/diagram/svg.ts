/** The unrolled picture as a standalone SVG. */
import type { Network } from '../../model/network';
import { MAX_NODES, unroll } from '../../unroll/graph';
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { createSheet, paper, type Sheet } from '../svgText';
import { fill } from '../words';
import { addArrow, drawBase } from './base';
import { place } from './geometry';
import { placePair, type Unrolled } from './pair';
import { OverlayWriter, type Overlay, type Shape } from './overlay';
import { preparePicture } from './picture';
import { pictureStyle } from './style';
import { words } from './words';

const ARROW = 'arrow';

/**
 * @param other what is laid over the compared network of the shape.
 * @throws RangeError for a window of more columns or nodes than a picture may have.
 */
export function diagramSheet(shape: Shape, overlay: Overlay, theme: Theme, other?: Overlay): Sheet {
  const { network, compared, explained, columns } = shape;
  const own = unrolled(network, shape);
  const second = compared && other && unrolled(compared.network, shape);
  const drawn = second ? [own, second] : [own];
  const placed = second
    ? placePair(own, second, compared.sharesInput)
    : [place(own.graph, network, explained)];
  const sheet = createSheet(placed[0], {
    title: titleOf(network, columns, overlay),
    style: `text { font-family: ${theme.fontFamily}; }${pictureStyle(theme)}`,
    background: css(theme.background),
  });
  addArrow(paper, sheet.svg, ARROW);
  const scale = createScale(theme);
  drawn.forEach(({ graph, network }, k) => {
    const root = paper.append(sheet.svg, 'g', { class: 'root' });
    const base = drawBase(paper, root, graph, placed[k], ARROW);
    const picture = preparePicture(paper, base, network, graph, placed[k]);
    new OverlayWriter(paper, picture, network, scale).write(k === 0 ? overlay : other!);
  });
  return sheet;
}

function unrolled(network: Network, { columns, detail }: Shape): Unrolled {
  const graph = unroll(network, { columns, detail });
  const { length } = graph.nodes;
  if (length > MAX_NODES) throw new RangeError(fill(words.tooLarge, length, MAX_NODES));
  return { graph, network };
}

/** `Character LSTM, steps 1 to 8 of 57 (t = 0 to 7)`: as people count, and as the picture does. */
function titleOf({ name }: Network, columns: number, { start, longest }: Overlay): string {
  if (longest === 0) return name;
  const end = Math.min(start + columns, longest);
  return fill(words.window, name, start + 1, end, longest, start, end - 1);
}
