/** Draws the heat map: the cells and what belongs to them once, over them what is chosen. What moves is in `marks.ts`. */
import { css, type Theme } from '../colour/color';
import type { ColorScale } from '../colour/scale';
import { formatCount } from '../format';
import { fitText, textWidth } from '../text';
import type { Bracket } from './brackets';
import type { Bins, Cells } from './cells';
import { everyOf, labelledLines, topOfLine, xOfRow, type Columns, type Frame, type Lines } from './layout';
import type { Brush, Press } from '../brush';
import { words } from '../words';

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

/** What is chosen: it is drawn over the cells. */
export interface Chosen {
  /** The chosen unit's line, −1 where none is. */
  readonly line: number;
  /** Rows from, and the one after the last. */
  readonly range: readonly [number, number] | null;
  /** Rows of a place that was found, likewise. */
  readonly found: readonly [number, number] | null;
}

export interface Marks extends Chosen {
  /** −1 where the playhead's step has no row. */
  readonly playhead: number;
  /** From, and the one after the last; null where all is in it. */
  readonly window: readonly [number, number] | null;
  /** Where the keyboard is, while it is there. */
  readonly cursor: { readonly line: number; readonly row: number } | null;
}

export interface Paint {
  readonly theme: Theme;
  readonly scale: ColorScale;
  /** What is behind. */
  readonly surface: string;
}

const FONT = 11;
/** Room that a line's number takes. */
const NUMBER_ROOM = 17;
/** Narrower columns have no tokens. */
const TOKENS_FROM = 9;
export const LETTER = 6.7;
const HATCH = 6;

export function drawPicture<B extends Brush>(
  context: B,
  press: Press<B>,
  picture: MapPicture,
  paint: Paint,
): void {
  drawCells(context, press, picture, paint);
  drawBrackets(context, picture, paint);
  drawTokens(context, picture, paint);
  drawScale(context, picture, paint);
}

function drawCells<B extends Brush>(
  context: B,
  press: Press<B>,
  picture: MapPicture,
  { theme }: Paint,
): void {
  const { cells, bins, columns, lines, held } = picture;
  context.save();
  context.beginPath();
  for (const { size, top } of lines.groups) {
    context.rect(columns.left, top, columns.right - columns.left, size * lines.height);
  }
  context.clip();
  if (cells.holes) {
    // What is not a number.
    context.fillStyle = press.hatch(context, HATCH, css(theme.background), css(theme.foreground, 0.6));
    context.fillRect(columns.left, 0, columns.right - columns.left, lines.bottom);
  }
  const left = xOfRow(columns, held.from);
  const width = xOfRow(columns, held.to) - left;
  for (const { first, size, of } of bins.groups) {
    const to = { left, top: of.top, width, height: of.size * lines.height };
    press.image(context, cells, { first, size }, to);
  }
  context.restore();
}

function drawBrackets(context: Brush, { brackets }: MapPicture, { theme }: Paint): void {
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
  context: Brush,
  { theme }: Paint,
  align: Brush['textAlign'],
  strong = false,
  mono = false,
): void {
  context.font = `${strong ? 'bold ' : ''}${FONT}px ${mono ? theme.monoFamily : theme.fontFamily}`;
  context.textAlign = align;
  context.textBaseline = 'middle';
  context.fillStyle = css(strong ? theme.foreground : theme.dim);
}

/** Of lines that the chosen one's number leaves free. */
function drawNumbers(context: Brush, { lines, frame, nameOf }: MapPicture, chosen: number): void {
  const [x, room] = [frame.left - 6, numberRoom(frame)];
  const middle = chosen < 0 ? -Infinity : middleOf(lines, chosen);
  context.textAlign = 'right';
  for (const line of labelledLines(lines, NUMBER_ROOM)) {
    const y = middleOf(lines, line);
    if (Math.abs(y - middle) >= NUMBER_ROOM - 3) context.fillText(nameOf(line), x, y, room);
  }
}

function drawChosenNumber(context: Brush, { lines, frame, nameOf }: MapPicture, chosen: number): void {
  if (chosen < 0) return;
  context.textAlign = 'right';
  context.fillText(nameOf(chosen), frame.left - 6, middleOf(lines, chosen), numberRoom(frame));
}

function numberRoom({ left, treeRight }: Frame): number {
  return left - treeRight - 8;
}

export function middleOf(lines: Lines, line: number): number {
  return topOfLine(lines, line) + lines.height / 2;
}

const tokensShown = new WeakMap<MapPicture, boolean>();

/** Whether there is room for the tokens themselves: looked at once. */
export function showsTokens(picture: MapPicture): boolean {
  const known = tokensShown.get(picture) ?? tokensFit(picture);
  tokensShown.set(picture, known);
  return known;
}

function tokensFit({ tokenAt, columns }: MapPicture): boolean {
  if (!tokenAt || columns.width < TOKENS_FROM) return false;
  let wide = 0;
  for (let row = columns.from; row < columns.to; row++) {
    if (textWidth(tokenAt(row)) * LETTER > columns.width) wide++;
  }
  return columns.width >= 4 * LETTER || wide * 8 < columns.to - columns.from;
}

/** The middle of what stands under the cells. */
export function axisOf({ lines }: MapPicture): number {
  return lines.bottom + 11;
}

function drawTokens(context: Brush, picture: MapPicture, paint: Paint): void {
  if (!showsTokens(picture)) return;
  const { columns, tokenAt } = picture;
  write(context, paint, 'center', false, true);
  for (let row = columns.from; row < columns.to; row++) {
    context.fillText(fitToken(tokenAt!(row), columns.width), middleOfRow(columns, row), axisOf(picture));
  }
}

export function fitToken(token: string, width: number): string {
  return fitText(token, Math.max(1, Math.floor(width / LETTER)));
}

export function middleOfRow(columns: Columns, row: number): number {
  return xOfRow(columns, row) + columns.width / 2;
}

/** Room that a step's number takes. */
export const STEP_ROOM = 46;

/** The numbers of steps under the cells, where no tokens stand there, and the middle of each. */
export function stepNumbers(picture: MapPicture): StepNumber[] {
  return showsTokens(picture) ? [] : numbersOf(picture);
}

interface StepNumber {
  readonly x: number;
  readonly text: string;
}

function numbersOf(picture: MapPicture): StepNumber[] {
  const { columns, numberOf } = picture;
  const every = everyOf(columns.width, STEP_ROOM);
  const steps = [];
  for (let row = Math.ceil((columns.from + 1) / every) * every - 1; row < columns.to; row += every) {
    steps.push({ x: middleOfRow(columns, row), text: formatCount(numberOf(row)) });
  }
  return steps;
}

/** In a picture in which nothing moves, where they have a line of their own. @param y the middle of that. */
export function drawStepNumbers(context: Brush, picture: MapPicture, paint: Paint, y: number): void {
  write(context, paint, 'center');
  for (const { x, text } of numbersOf(picture)) context.fillText(text, x, y);
}

const BAR = { width: 11, most: 120, stops: 16, text: 15 };

function drawScale(context: Brush, { frame, lines, columns, palette, ends }: MapPicture, paint: Paint): void {
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

/** What is chosen, over the cells, and the numbers of lines beside them. */
export function drawChosen(
  context: Brush,
  picture: MapPicture,
  { line, range, found }: Chosen,
  paint: Paint,
): void {
  const { lines, columns } = picture;
  context.save();
  context.beginPath();
  context.rect(columns.left - 3, 0, columns.right - columns.left + 6, lines.bottom + 3);
  context.clip();
  if (range) drawRange(context, picture, range, paint);
  if (found) drawFound(context, picture, found, paint);
  if (line >= 0) {
    const height = Math.max(3, lines.height);
    const top = middleOf(lines, line) - height / 2;
    const width = columns.right - columns.left;
    outline(context, columns.left - 1, top - 1, width + 2, height + 2, css(paint.theme.foreground), 1.5);
  }
  context.restore();
  // What is plain first, then what is strong: to set a font costs more than to write with it.
  write(context, paint, 'right');
  drawNumbers(context, picture, line);
  write(context, paint, 'right', true);
  drawChosenNumber(context, picture, line);
}

function outline(
  context: Brush,
  ...[left, top, width, height, colour, thick]: [number, number, number, number, string, number]
): void {
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.strokeRect(left + thick / 2, top + thick / 2, width - thick, height - thick);
}

/** Where rows stand that may be out of sight. */
export function span(columns: Columns, [from, to]: readonly [number, number]): [left: number, width: number] {
  const left = xOfRow(columns, from);
  return [left, Math.max(2, xOfRow(columns, to) - left)];
}

/** What is not in it steps back. */
function drawRange(
  context: Brush,
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

/** Like the chosen steps, but dashed. */
function drawFound(
  context: Brush,
  { lines, columns, frame }: MapPicture,
  found: readonly [number, number],
  { theme }: Paint,
): void {
  const [left, width] = span(columns, found);
  context.save();
  context.setLineDash([5, 3]);
  outline(context, left - 1, frame.top - 1, width + 2, lines.bottom - frame.top + 2, css(theme.accent), 2);
  context.restore();
}
