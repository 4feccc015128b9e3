/** Draws the heat map: the cells and what belongs to them once, the marks and numbers over them at each change. */
import { css, isHighContrast, type Theme } from '../../colour/color';
import type { ColorScale } from '../../colour/scale';
import { formatCount } from '../../ui/format';
import { fitText, textWidth } from '../../ui/text';
import type { Bracket } from './brackets';
import type { Bins, Cells } from './cells';
import { everyOf, labelledLines, topOfLine, xOfRow, type Columns, type Frame, type Lines } from './layout';
import { words } from './words';

export interface MapPicture {
  readonly frame: Frame;
  readonly lines: Lines;
  readonly columns: Columns;
  readonly bins: Bins;
  readonly cells: Cells;
  /** The rows that the cells are of. */
  readonly held: { readonly from: number; readonly to: number };
  readonly brackets: readonly Bracket[];
  /** A line's name. */
  readonly nameOf: (line: number) => string;
  /** What stands under a row: its token, null where there are none. */
  readonly tokenAt: ((row: number) => string) | null;
  /** The number of a row as people count. */
  readonly numberOf: (row: number) => number;
  readonly palette: 'gate' | 'signed';
  /** The ends of the colours in words. */
  readonly ends: readonly [least: string, most: string];
}

export interface Marks {
  /** The chosen unit's line, −1 where none is. */
  readonly line: number;
  /** −1 where the playhead's step has no row. */
  readonly playhead: number;
  /** From, and the one after the last; null where all is in it. */
  readonly window: readonly [number, number] | null;
  readonly range: readonly [number, number] | null;
  /** Where the keyboard is, while it is there. */
  readonly cursor: { readonly line: number; readonly row: number } | null;
}

export interface Paint {
  readonly theme: Theme;
  readonly scale: ColorScale;
  /** What is behind. */
  readonly surface: string;
}

type Context = CanvasRenderingContext2D;

const FONT = 11;
/** Room that a line's number takes. */
const NUMBER_ROOM = 17;
const STEP_ROOM = 46;
/** Columns this wide are told apart by lines. */
const APART_FROM = 9;
const LETTER = 6.7;
const HATCH = 6;

export function drawPicture(context: Context, picture: MapPicture, paint: Paint): void {
  drawCells(context, picture, paint);
  drawBrackets(context, picture, paint);
  drawTokens(context, picture, paint);
  drawScale(context, picture, paint);
}

function drawCells(context: Context, picture: MapPicture, { theme, surface }: Paint): void {
  const { cells, bins, columns, lines, held } = picture;
  const image = document.createElement('canvas');
  image.width = cells.width;
  image.height = cells.height;
  const data = new ImageData(new Uint8ClampedArray(cells.pixels.buffer as ArrayBuffer), cells.width);
  image.getContext('2d')!.putImageData(data, 0, 0);
  context.save();
  context.beginPath();
  for (const { size, top } of lines.groups) {
    context.rect(columns.left, top, columns.right - columns.left, size * lines.height);
  }
  context.clip();
  if (cells.holes) {
    context.fillStyle = hatch(context, theme);
    context.fillRect(columns.left, 0, columns.right - columns.left, lines.bottom);
  }
  context.imageSmoothingEnabled = false;
  const left = xOfRow(columns, held.from);
  const width = xOfRow(columns, held.to) - left;
  for (const { first, size, of } of bins.groups) {
    context.drawImage(
      image,
      ...([0, first, cells.width, size] as const),
      ...([left, of.top, width, of.size * lines.height] as const),
    );
  }
  if (columns.width >= APART_FROM) {
    context.fillStyle = surface;
    for (let row = columns.from + 1; row < columns.to; row++) {
      context.fillRect(xOfRow(columns, row) - 0.5, 0, 1, lines.bottom);
    }
  }
  context.restore();
}

/** What is not a number. */
function hatch(context: Context, { foreground, background }: Theme): CanvasPattern {
  const tile = document.createElement('canvas');
  tile.width = tile.height = HATCH;
  const strokes = tile.getContext('2d')!;
  strokes.fillStyle = css(background);
  strokes.fillRect(0, 0, HATCH, HATCH);
  strokes.strokeStyle = css(foreground, 0.6);
  strokes.beginPath();
  for (const shift of [-HATCH, 0, HATCH]) {
    strokes.moveTo(shift, HATCH);
    strokes.lineTo(shift + HATCH, 0);
  }
  strokes.stroke();
  return context.createPattern(tile, 'repeat')!;
}

function drawBrackets(context: Context, { brackets }: MapPicture, { theme }: Paint): void {
  context.strokeStyle = css(theme.rail);
  context.lineWidth = 1;
  context.beginPath();
  for (const { x, upper, lower } of brackets) {
    context.moveTo(upper.x, upper.y);
    context.lineTo(x, upper.y);
    context.lineTo(x, lower.y);
    context.lineTo(lower.x, lower.y);
  }
  context.stroke();
}

function write(
  context: Context,
  { theme }: Paint,
  align: CanvasTextAlign,
  strong = false,
  mono = false,
): void {
  context.font = `${strong ? 'bold ' : ''}${FONT}px ${mono ? theme.monoFamily : theme.fontFamily}`;
  context.textAlign = align;
  context.textBaseline = 'middle';
  context.fillStyle = css(strong ? theme.foreground : theme.dim);
}

/** Of lines that the chosen one's number leaves free. */
function drawNumbers(context: Context, { lines, frame, nameOf }: MapPicture, chosen: number): void {
  const [x, room] = [frame.left - 6, numberRoom(frame)];
  const middle = chosen < 0 ? -Infinity : middleOf(lines, chosen);
  context.textAlign = 'right';
  for (const line of labelledLines(lines, NUMBER_ROOM)) {
    const y = middleOf(lines, line);
    if (Math.abs(y - middle) >= NUMBER_ROOM - 3) context.fillText(nameOf(line), x, y, room);
  }
}

function drawChosenNumber(context: Context, { lines, frame, nameOf }: MapPicture, chosen: number): void {
  if (chosen < 0) return;
  context.textAlign = 'right';
  context.fillText(nameOf(chosen), frame.left - 6, middleOf(lines, chosen), numberRoom(frame));
}

function numberRoom({ left, treeRight }: Frame): number {
  return left - treeRight - 8;
}

function middleOf(lines: Lines, line: number): number {
  return topOfLine(lines, line) + lines.height / 2;
}

const tokensShown = new WeakMap<MapPicture, boolean>();

/** Whether there is room for the tokens themselves: looked at once. */
function showsTokens(picture: MapPicture): boolean {
  const known = tokensShown.get(picture) ?? tokensFit(picture);
  tokensShown.set(picture, known);
  return known;
}

function tokensFit({ tokenAt, columns }: MapPicture): boolean {
  if (!tokenAt || columns.width < APART_FROM) return false;
  let wide = 0;
  for (let row = columns.from; row < columns.to; row++) {
    if (textWidth(tokenAt(row)) * LETTER > columns.width) wide++;
  }
  return columns.width >= 4 * LETTER || wide * 8 < columns.to - columns.from;
}

function axisOf({ lines }: MapPicture): number {
  return lines.bottom + 11;
}

function drawTokens(context: Context, picture: MapPicture, paint: Paint): void {
  if (!showsTokens(picture)) return;
  const { columns, tokenAt } = picture;
  write(context, paint, 'center', false, true);
  for (let row = columns.from; row < columns.to; row++) {
    context.fillText(fitToken(tokenAt!(row), columns.width), middleOfRow(columns, row), axisOf(picture));
  }
}

function fitToken(token: string, width: number): string {
  return fitText(token, Math.max(1, Math.floor(width / LETTER)));
}

function middleOfRow(columns: Columns, row: number): number {
  return xOfRow(columns, row) + columns.width / 2;
}

const BAR = { width: 11, most: 120, stops: 16, text: 15 };

function drawScale(
  context: Context,
  { frame, lines, columns, palette, ends }: MapPicture,
  paint: Paint,
): void {
  const left = columns.right + 16;
  const room = Math.max(lines.bottom, frame.top + 60) - frame.top;
  const [least, most] = ends;
  const double = room > 110 ? 2 : 1;
  const top = frame.top + double * BAR.text + 2;
  const height = Math.min(BAR.most, room - 2 * (double * BAR.text) - 4);
  write(context, paint, 'left');
  context.fillText(most, left, frame.top + 6);
  if (double > 1) context.fillText(words.max, left, frame.top + 6 + BAR.text);
  if (height > 12) {
    const gradient = context.createLinearGradient(0, top + height, 0, top);
    const low = palette === 'gate' ? 0 : -1;
    for (let stop = 0; stop <= BAR.stops; stop++) {
      const share = stop / BAR.stops;
      gradient.addColorStop(share, paint.scale.swatch(palette, low + (1 - low) * share).fill);
    }
    context.fillStyle = gradient;
    context.fillRect(left, top, BAR.width, height);
    context.strokeStyle = css(paint.theme.line);
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, BAR.width - 1, height - 1);
  }
  write(context, paint, 'left');
  context.fillText(least, left, top + Math.max(0, height) + 9);
  if (double > 1) context.fillText(words.min, left, top + Math.max(0, height) + 9 + BAR.text);
}

/** The marks over the cells and the numbers beside them: cheap, once a frame while the playhead moves. */
export function drawMarks(context: Context, picture: MapPicture, marks: Marks, paint: Paint): void {
  const { lines, columns, frame } = picture;
  const { theme } = paint;
  context.save();
  context.beginPath();
  context.rect(columns.left - 3, 0, columns.right - columns.left + 6, lines.bottom + 3);
  context.clip();
  if (marks.range) drawRange(context, picture, marks.range, paint);
  if (marks.window) {
    const [left, width] = span(columns, marks.window);
    outline(context, left, frame.top - 2, width, lines.bottom - frame.top + 4, css(theme.rail), 1);
  }
  if (marks.line >= 0) {
    const height = Math.max(3, lines.height);
    const top = middleOf(lines, marks.line) - height / 2;
    const width = columns.right - columns.left;
    outline(context, columns.left - 1, top - 1, width + 2, height + 2, css(theme.foreground), 1.5);
  }
  if (marks.playhead >= columns.from && marks.playhead < columns.to) {
    const width = Math.max(3, columns.width);
    const left = middleOfRow(columns, marks.playhead) - width / 2;
    const height = lines.bottom - frame.top + 4;
    context.fillStyle = css(theme.accent, isHighContrast(theme.kind) ? 0 : 0.14);
    context.fillRect(left, frame.top - 2, width, height);
    outline(context, left, frame.top - 2, width, height, css(theme.accent), columns.width < 3 ? 1 : 1.5);
  }
  if (marks.cursor) drawCursor(context, picture, marks.cursor, paint);
  context.restore();
  const { from, to } = columns;
  const playhead = marks.playhead >= from && marks.playhead < to ? marks.playhead : -1;
  const tokens = showsTokens(picture);
  // What is plain first, then what is strong: to set a font costs more than to write with it.
  write(context, paint, 'right');
  drawNumbers(context, picture, marks.line);
  if (!tokens) drawSteps(context, picture, playhead);
  write(context, paint, 'right', true);
  drawChosenNumber(context, picture, marks.line);
  if (playhead < 0) return;
  if (tokens) writeToken(context, picture, playhead, paint);
  else writeStep(context, picture, playhead, paint);
}

function outline(
  context: Context,
  ...[left, top, width, height, colour, thick]: [number, number, number, number, string, number]
): void {
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.strokeRect(left + thick / 2, top + thick / 2, width - thick, height - thick);
}

function span(columns: Columns, [from, to]: readonly [number, number]): [left: number, width: number] {
  const left = xOfRow(columns, from);
  return [left, Math.max(2, xOfRow(columns, to) - left)];
}

/** What is not in it steps back. */
function drawRange(
  context: Context,
  picture: MapPicture,
  range: readonly [number, number],
  paint: Paint,
): void {
  const { lines, columns, frame } = picture;
  const [left, width] = span(columns, range);
  context.globalAlpha = 0.55;
  context.fillStyle = paint.surface;
  context.fillRect(columns.left, frame.top, left - columns.left, lines.bottom - frame.top);
  context.fillRect(left + width, frame.top, columns.right - left - width, lines.bottom - frame.top);
  context.globalAlpha = 1;
  context.fillStyle = css(paint.theme.accent);
  context.fillRect(left, 1, width, 3);
}

function drawCursor(
  context: Context,
  { lines, columns }: MapPicture,
  { line, row }: NonNullable<Marks['cursor']>,
  { theme }: Paint,
): void {
  const height = Math.max(6, lines.height);
  const width = Math.max(6, columns.width);
  const [left, top] = [middleOfRow(columns, row) - width / 2, middleOf(lines, line) - height / 2];
  outline(context, left - 2, top - 2, width + 4, height + 4, css(theme.background), 1.5);
  outline(context, left - 1, top - 1, width + 2, height + 2, css(theme.focus), 2);
}

/** The playhead's token, over what stands there. */
function writeToken(context: Context, picture: MapPicture, playhead: number, paint: Paint): void {
  const { columns, tokenAt } = picture;
  const [x, y] = [middleOfRow(columns, playhead), axisOf(picture)];
  context.fillStyle = paint.surface;
  context.fillRect(x - columns.width / 2, y - 8, columns.width, 16);
  write(context, paint, 'center', true, true);
  context.fillText(fitToken(tokenAt!(playhead), columns.width), x, y);
}

const STEP_HEIGHT = 16;

function stepInWords({ numberOf }: MapPicture, row: number): string {
  return formatCount(numberOf(row));
}

/** Of the box around the playhead's step. */
function stepWidth(picture: MapPicture, playhead: number): number {
  return stepInWords(picture, playhead).length * LETTER + 10;
}

/** The numbers of steps that the playhead's leaves free. */
function drawSteps(context: Context, picture: MapPicture, playhead: number): void {
  const { columns } = picture;
  const y = axisOf(picture);
  const width = playhead < 0 ? 0 : stepWidth(picture, playhead);
  const middle = playhead < 0 ? -Infinity : middleOfRow(columns, playhead);
  const every = everyOf(columns.width, STEP_ROOM);
  const first = Math.ceil((columns.from + 1) / every) * every - 1;
  context.textAlign = 'center';
  for (let row = first; row < columns.to; row += every) {
    const x = middleOfRow(columns, row);
    if (Math.abs(x - middle) >= (STEP_ROOM + width) / 2 - 6) {
      context.fillText(stepInWords(picture, row), x, y);
    }
  }
}

/** With the strong font. */
function writeStep(context: Context, picture: MapPicture, playhead: number, { theme }: Paint): void {
  const width = stepWidth(picture, playhead);
  const [x, y] = [middleOfRow(picture.columns, playhead), axisOf(picture)];
  context.fillStyle = css(theme.accent);
  context.beginPath();
  context.roundRect(x - width / 2, y - STEP_HEIGHT / 2, width, STEP_HEIGHT, 3);
  context.fill();
  context.textAlign = 'center';
  context.fillStyle = css(theme.background);
  context.fillText(stepInWords(picture, playhead), x, y + 0.5);
}
