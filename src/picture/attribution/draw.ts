/** Draws the map of features and steps, its axis, and the profile of all features together below it. */
import { scaleLinear } from 'd3-scale';
import type { Brush, Pixels, Press } from '../brush';
import { css, packedColor } from '../colour/color';
import { formatCount, formatUpTo } from '../format';
import type { Paint as Colours } from '../heatmap/draw';
import { fitText } from '../text';
import { written } from '../textLayout';
import { ticksApart } from '../ticks';
import { sumAt, type Looked } from './found';
import { bins, extremeIn, type Layout } from './layout';
import { words } from './words';

export interface Paint extends Colours {
  /** Pixels of the screen, or of the file, in one of the picture. */
  readonly ratio: number;
}

const FONT = 11;
const TOKEN_FONT = 14;
const LETTER = 6.4;
/** Room that a name and a number in a cell take. */
const NAME_HEIGHT = 13;
const NUMBER_HEIGHT = 15;
/** Beside a number in a cell. */
const NUMBER_MARGIN = 2;
/** The least between two ticks, the least that one takes, and how far they reach beyond the cells. */
const TICK = { gap: 10, width: 30, beyond: 10 };
/** Cells this wide are told apart by lines. */
const APART_FROM = 9;

export function drawMap<B extends Brush>(
  context: B,
  press: Press<B>,
  looked: Looked,
  layout: Layout,
  paint: Paint,
): void {
  drawCells(context, press, looked, layout, paint);
  drawNames(context, looked, layout, paint);
  drawAxis(context, looked, layout, paint);
  drawProfile(context, looked, layout, paint);
}

function drawCells<B extends Brush>(
  context: B,
  press: Press<B>,
  { input, reach, tokens }: Looked,
  layout: Layout,
  paint: Paint,
): void {
  const { left, right, top, bottom, cellWidth, cellHeight } = layout;
  const at = (feature: number, row: number) => input.values[row * input.features + feature];
  const image = pixelsOf(at, reach, layout, paint);
  const place = { left, top, width: right - left, height: bottom - top };
  press.image(context, image, { first: 0, size: image.height }, place);
  if (cellWidth >= APART_FROM) {
    context.fillStyle = paint.surface;
    for (let row = 1; row < layout.rows; row++)
      context.fillRect(left + row * cellWidth - 0.5, top, 1, bottom - top);
    if (cellHeight >= APART_FROM)
      for (let line = 1; line < layout.features; line++)
        context.fillRect(left, top + line * cellHeight - 0.5, right - left, 1);
  }
  if (cellHeight < NUMBER_HEIGHT) return;
  if (tokens) drawTokens(context, { input, reach, tokens }, layout, paint);
  else drawNumbers(context, at, reach, layout, paint);
}

/** A pixel for each number, or the one of the largest size for those that share one. */
function pixelsOf(
  at: (feature: number, row: number) => number,
  reach: number,
  { features, rows, left, right, top, bottom }: Layout,
  { theme, scale, ratio }: Paint,
): Pixels {
  const columns = bins(rows, (right - left) * ratio);
  const lines = bins(features, (bottom - top) * ratio);
  const [width, height] = [columns.length - 1, lines.length - 1];
  const pixels = new Uint32Array(width * height);
  const colours = new Map<string, number>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = extremeIn(at, [lines[y], lines[y + 1]], [columns[x], columns[x + 1]]);
      const fill = Number.isNaN(value) ? css(theme.dim) : scale.swatch('signed', value / reach).fill;
      let colour = colours.get(fill);
      if (colour === undefined) colours.set(fill, (colour = packedColor(fill)));
      pixels[y * width + x] = colour;
    }
  }
  return { width, height, pixels };
}

function drawTokens(
  context: Brush,
  { input, reach, tokens }: Pick<Looked, 'input' | 'reach' | 'tokens'>,
  { rows, left, top, cellWidth, cellHeight }: Layout,
  { theme, scale }: Paint,
): void {
  context.font = `${TOKEN_FONT}px ${theme.monoFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let row = 0; row < rows; row++) {
    const value = input.values[row];
    context.fillStyle = Number.isNaN(value)
      ? css(theme.background)
      : scale.swatch('signed', value / reach).ink;
    const room = Math.max(1, Math.floor(cellWidth / (TOKEN_FONT * 0.62)));
    const token = fitText(written(tokens![input.from + row] ?? ''), room);
    context.fillText(token, left + (row + 0.5) * cellWidth, top + cellHeight / 2, cellWidth);
  }
}

/** Where they have room. */
function drawNumbers(
  context: Brush,
  at: (feature: number, row: number) => number,
  reach: number,
  { features, rows, left, top, cellWidth, cellHeight }: Layout,
  { theme, scale }: Paint,
): void {
  context.font = `${FONT}px ${theme.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const format = formatUpTo(reach);
  if (!hasRoom(context, format(-reach), cellWidth)) return;
  for (let feature = 0; feature < features; feature++) {
    for (let row = 0; row < rows; row++) {
      const value = at(feature, row);
      context.fillStyle = Number.isNaN(value)
        ? css(theme.background)
        : scale.swatch('signed', value / reach).ink;
      const [x, y] = [left + (row + 0.5) * cellWidth, top + (feature + 0.5) * cellHeight];
      context.fillText(format(value), x, y, cellWidth - 2 * NUMBER_MARGIN);
    }
  }
}

function hasRoom(context: Brush, number: string, cellWidth: number): boolean {
  return context.measureText(number).width + 2 * NUMBER_MARGIN <= cellWidth;
}

function drawNames(context: Brush, { nameOf, tokens }: Looked, layout: Layout, { theme }: Paint): void {
  if (tokens) return;
  const { features, left, top, cellHeight } = layout;
  context.font = `${FONT}px ${theme.fontFamily}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillStyle = css(theme.foreground);
  const every = Math.max(1, Math.ceil(NAME_HEIGHT / cellHeight));
  for (let feature = 0; feature < features; feature += every) {
    const name = fitText(nameOf(feature), Math.max(3, Math.floor((left - 16) / LETTER)));
    context.fillText(name, left - 8, top + (feature + 0.5) * cellHeight, left - 10);
  }
}

/** Step numbers as people count, and how far before the output's step they are. */
function drawAxis(context: Brush, { found, input }: Looked, layout: Layout, { theme }: Paint): void {
  const { left, right, cellWidth, rows, axis } = layout;
  const [first, target] = [input.from + 1, found.target.step + 1];
  context.font = `${FONT}px ${theme.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = css(theme.dim);
  const scale = scaleLinear([first, first + rows - 1], [0, 1]);
  const ticks = ticksApart(Math.max(2, Math.floor((right - left) / TICK.width)), TICK.gap, (count) =>
    scale
      .ticks(count)
      .filter(Number.isInteger)
      .map((number) => {
        const text = formatCount(number) + lagOf(target - number);
        const half = context.measureText(text).width / 2;
        return { text, half, x: left + (number - first + 0.5) * cellWidth };
      })
      .filter(({ x, half }) => x + half <= right + TICK.beyond),
  );
  for (const { text, x } of ticks) context.fillText(text, x, axis);
}

function lagOf(before: number): string {
  return before === 0 ? '' : ` (${before > 0 ? '−' : '+'}${formatCount(Math.abs(before))})`;
}

/** A bar a step, up for what raises the output and down for what lowers it. */
function drawProfile(
  context: Brush,
  { input, tokens, reach }: Looked,
  layout: Layout,
  { theme, scale }: Paint,
): void {
  const { left, right, cellWidth, rows, profileTop, profileBottom } = layout;
  const sums = Float64Array.from({ length: rows }, (_, row) => sumAt(input, input.from + row));
  let [least, most] = [0, 0];
  for (const sum of sums) {
    if (sum < least) least = sum;
    if (sum > most) most = sum;
  }
  const format = formatUpTo(reach);
  context.font = `${FONT}px ${theme.fontFamily}`;
  const longest = format(-Math.max(most, -least));
  const numbered = (layout.features > 1 || tokens !== null) && hasRoom(context, longest, cellWidth);
  const margin = numbered ? NUMBER_HEIGHT : 0;
  const ends = [profileBottom - (least < 0 ? margin : 0), profileTop + (most > 0 ? margin : 0)];
  const y = scaleLinear([least, most > least ? most : 1], ends);
  const zero = y(0);
  context.textBaseline = 'middle';
  context.fillStyle = css(theme.line);
  context.fillRect(left, Math.round(zero), right - left, 1);
  const columns = bins(rows, right - left);
  for (let k = 0; k < columns.length - 1; k++) {
    const sum = extremeIn((_, row) => sums[row], [0, 1], [columns[k], columns[k + 1]]);
    if (!Number.isFinite(sum) || sum === 0) continue;
    const x = left + columns[k] * cellWidth;
    const width = Math.max(1, (columns[k + 1] - columns[k]) * cellWidth - (cellWidth >= APART_FROM ? 1 : 0));
    const top = Math.min(zero, y(sum));
    context.fillStyle = scale.swatch('signed', sum > 0 ? 0.8 : -0.8).fill;
    context.fillRect(x, top, width, Math.max(1, Math.abs(y(sum) - zero)));
    if (!numbered) continue;
    context.fillStyle = css(theme.foreground);
    context.textAlign = 'center';
    context.fillText(format(sum), x + width / 2, y(sum) + (sum > 0 ? -7 : 8), cellWidth);
  }
  if (layout.features === 1) return;
  context.textAlign = 'right';
  context.fillStyle = css(theme.dim);
  context.fillText(words.profile, left - 8, (profileTop + profileBottom) / 2, left - 10);
}

const MARK = { width: 10, height: 7 };

/** Which step's output it is about: a mark below its column. */
export function drawTarget(
  context: Brush,
  { found, input }: Looked,
  { left, bottom, cellWidth, rows }: Layout,
  { theme }: Paint,
): void {
  const row = found.target.step - input.from;
  if (row < 0 || row >= rows) return;
  const x = left + (row + 0.5) * cellWidth;
  context.fillStyle = css(theme.foreground);
  for (let y = 0; y < MARK.height; y++) {
    const width = ((y + 1) / MARK.height) * MARK.width;
    context.fillRect(x - width / 2, bottom + y, width, 1);
  }
}
