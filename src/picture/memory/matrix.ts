/** Every output against every state: targets from top to bottom, the states they depend on from left to right. */
import { scaleLinear } from 'd3-scale';
import type { Brush, Pixels, Place, Press } from '../brush';
import { css, packedColor, type Theme } from '../colour/color';
import type { ColorScale } from '../colour/scale';
import { formatCount, formatPrecise } from '../format';
import type { Size } from '../heatmap/layout';
import type { Legend } from '../legend';
import { columnsOf, isInitial, rangeOf, shadeOf, type Matrix } from './cells';
import type { Tick } from '../ticks';
import { words } from './words';

interface Paint {
  readonly theme: Theme;
  readonly scale: ColorScale;
}

const MARGIN = { left: 46, right: 14, top: 24, bottom: 22 };
const [TICK_WIDTH, TICK_HEIGHT, TICK_GAP] = [64, 22, 8];
/** Where the names of the axes stand. */
const AXIS = { left: 14, top: 10, gap: 2 };

/** Where the cells stand. */
export function matrixFrame({ width, height }: Size): Place {
  const { left, right, top, bottom } = MARGIN;
  return { left, top, width: width - left - right, height: height - top - bottom };
}

/** A picture that is as large as it likes: square, but for the initial state's column. */
export function roomySize({ steps }: Pick<Matrix, 'steps'>): Size {
  const side = Math.max(LEAST_SIDE, Math.min(MOST_SIDE, steps * ROOMY_CELL));
  const { left, right, top, bottom } = MARGIN;
  return { width: side + left + right, height: side + top + bottom };
}

const [LEAST_SIDE, MOST_SIDE, ROOMY_CELL] = [400, 640, 12];

export function drawMatrix<B extends Brush>(
  context: B,
  press: Press<B>,
  matrix: Matrix,
  size: Size,
  { theme, scale }: Paint,
): void {
  const frame = matrixFrame(size);
  const { left, top, width, height } = frame;
  if (width <= 0 || height <= 0) return;
  const image = pixelsOf(matrix, scale);
  press.image(context, image, { first: 0, size: image.height }, frame);
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  context.font = `11px ${theme.fontFamily}`;
  context.fillStyle = css(theme.dim);
  context.textBaseline = 'middle';
  const { from, steps } = matrix;
  const { first, count } = columnsOf(matrix);
  const middleOf = (step: number) => left + ((step - first + 0.5) / count) * width;
  const widthOf = (text: string) => context.measureText(text).width;
  const ticks = (room: number, each: number) =>
    scaleLinear([from, from + steps - 1], [0, 1])
      .ticks(Math.max(1, Math.floor(room / each)))
      .filter(Number.isInteger);
  const below = size.height - MARGIN.bottom / 2;
  context.textAlign = 'center';
  const start = startOf(matrix, size, middleOf, widthOf);
  if (start) context.fillText(words.matrixInitial, start.x, below);
  for (const tick of ticks(width, TICK_WIDTH)) {
    const [text, x] = [formatCount(tick), middleOf(tick)];
    const isFree = !start || Math.abs(x - start.x) >= start.half + widthOf(text) / 2 + TICK_GAP;
    if (isFree) context.fillText(text, x, below);
  }
  context.textAlign = 'right';
  for (const tick of ticks(height, TICK_HEIGHT))
    context.fillText(formatCount(tick), left - 8, top + ((tick - from + 0.5) / steps) * height);
  context.textAlign = 'left';
  context.fillText(words.matrixRows, AXIS.left, AXIS.top);
  context.fillText(words.matrixColumns, AXIS.left, below);
}

/** The name of the initial state's column, between the name of the axis and the edge; null where there is no such column. */
function startOf(
  matrix: Matrix,
  { width }: Size,
  middleOf: (step: number) => number,
  widthOf: (text: string) => number,
): Pick<Tick, 'x' | 'half'> | null {
  if (!matrix.initial) return null;
  const half = widthOf(words.matrixInitial) / 2;
  const least = AXIS.left + widthOf(words.matrixColumns) + AXIS.gap + half;
  const { first, count } = columnsOf(matrix);
  const step = first < matrix.from ? first : first + count - 1;
  return { half, x: Math.max(least, Math.min(width - half - 2, middleOf(step))) };
}

/** A pixel for each number; nothing where it is not worked out. */
function pixelsOf(matrix: Matrix, scale: ColorScale): Pixels {
  const { from, steps, targets } = matrix;
  const { first, count } = columnsOf(matrix);
  const range = rangeOf(matrix);
  const pixels = new Uint32Array(count * steps);
  const colours = new Map<string, number>();
  for (const [row, target] of targets.entries()) {
    for (let column = 0; column < count; column++) {
      const shade = shadeOf(numberAt(matrix, row, first + column), range);
      if (Number.isNaN(shade)) continue;
      const { fill: colour } = scale.swatch('gate', shade);
      let pixel = colours.get(colour);
      if (pixel === undefined) colours.set(colour, (pixel = packedColor(colour)));
      pixels[(target - from) * count + column] = pixel;
    }
  }
  return { width: count, height: steps, pixels };
}

function numberAt(matrix: Matrix, row: number, step: number): number {
  const { from, steps, norms, initial } = matrix;
  return isInitial(matrix, step) ? initial![row] : norms[row * steps + step - from];
}

/** What the colours stand for; null where all is 0. */
export function matrixLegend(matrix: Matrix): Legend | null {
  const { largest, decades } = rangeOf(matrix);
  if (largest === 0) return null;
  const least = `≤ ${formatPrecise(largest * 10 ** -decades)}`;
  return { name: words.matrixLegend, least, most: formatPrecise(largest), palette: 'gate' };
}
