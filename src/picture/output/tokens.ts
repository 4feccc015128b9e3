/** The text, a cell a token, as high and as coloured as a share of it: how probable it was, or the class that it is held to be. */
import { css, type Theme } from '../colour/color';
import type { ColorScale } from '../colour/scale';
import { extremesIn } from '../bins';
import { visible } from '../../unroll/mermaid';
import { formatCount, percent } from '../format';
import { fitText, textWidth, tokenText } from '../text';
import type { Brush } from '../brush';
import { everyOf, type Size } from '../heatmap/layout';

export interface TokenPicture {
  readonly tokens: readonly string[];
  /** One of each token, NaN where it has none. */
  readonly shares: Float32Array;
  /** What stands under each token. */
  readonly names?: readonly string[];
  readonly scale: ColorScale;
}

/** Around the cells: for the axis, and so that its uppermost number is not cut. */
const [LEFT, RIGHT, TOP] = [44, 12, 6];
const LETTERS = 20;
/** Room that a step's number takes. */
const NUMBER_ROOM = 46;
/** Narrower cells have no letters. */
const LETTER_ROOM = 9;
/** Width of a letter of a name. */
const LETTER = 7.5;

function cellWidth(count: number, width: number): number {
  return Math.max(1, width - LEFT - RIGHT) / Math.max(1, count);
}

/** The middle of a token's cell, of `count` in a width. */
export function middleOfToken(token: number, count: number, width: number): number {
  return LEFT + (token + 0.5) * cellWidth(count, width);
}

/** The token at a place, or the nearest. */
export function tokenAt(x: number, count: number, width: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((x - LEFT) / cellWidth(count, width))));
}

/** The numbers of steps, from 1, where they have room, at the lower edge. @param from the step of the first token. */
export function paintTokenNumbers(
  context: Brush,
  { width, height }: Size,
  { count, from }: { readonly count: number; readonly from: number },
  theme: Theme,
): void {
  context.font = `11px ${theme.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = css(theme.dim);
  const every = everyOf(cellWidth(count, width), NUMBER_ROOM);
  for (let number = Math.ceil((from + 1) / every) * every; number <= from + count; number += every) {
    const x = middleOfToken(number - 1 - from, count, width);
    context.fillText(formatCount(number), Math.min(x, width - NUMBER_ROOM / 2), height - 8);
  }
}

export function paintTokens(
  context: Brush,
  { width, height }: Size,
  { tokens, shares, names, scale }: TokenPicture,
  theme: Theme,
): number {
  const cell = cellWidth(tokens.length, width);
  const letters = cell >= LETTER_ROOM;
  const lines = names ? 2 : 1;
  const base = height - (letters ? lines * LETTERS : TOP);
  const y = (share: number) => TOP + (base - TOP) * (1 - share);
  context.font = `11px ${theme.fontFamily}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const share of [0, 0.5, 1]) {
    context.fillStyle = css(theme.grid);
    context.fillRect(LEFT, Math.round(y(share)), width - LEFT - RIGHT, 1);
    context.fillStyle = css(theme.dim);
    context.fillText(percent(share), LEFT - 6, y(share));
  }
  const bar = (x: number, room: number, share: number) => {
    if (Number.isNaN(share)) return;
    const upper = Math.min(base - 1, y(share));
    context.fillStyle = scale.swatch('probability', Math.max(0.12, share)).fill;
    context.fillRect(LEFT + x, upper, room, base - upper);
  };
  if (tokens.length > 2 * width) {
    // Of many tokens the one that was least expected is seen.
    const known = Number.isNaN(shares[0]) ? shares.subarray(1) : shares;
    const { min } = extremesIn(known, Math.max(1, width - LEFT - RIGHT));
    min.forEach((share, place) => bar(place, 1, share));
    return base;
  }
  for (let step = 0; step < tokens.length; step++) {
    bar(step * cell, Math.max(1, cell - (cell > 4 ? 1 : 0)), shares[step]);
  }
  if (!letters) return base;
  context.font = `12px ${theme.monoFamily}`;
  context.textAlign = 'center';
  context.fillStyle = css(theme.foreground);
  for (const [step, token] of tokens.entries()) {
    const text = visible(tokenText(token));
    const fits = context.measureText(text).width <= Math.max(cell, LETTER_ROOM);
    context.fillText(
      fits ? text : [...text][0],
      middleOfToken(step, tokens.length, width),
      base + LETTERS / 2 + 1,
    );
  }
  context.font = `bold 11px ${theme.fontFamily}`;
  for (const { name, first, count } of named(names ?? [], cell)) {
    const text = fitText(name, Math.max(1, Math.floor((cell * count) / LETTER)));
    const middle = middleOfToken(first + (count - 1) / 2, tokens.length, width);
    if (text !== '…') context.fillText(text, middle, height - LETTERS / 2);
  }
  return base;
}

interface Named {
  readonly name: string;
  readonly first: number;
  readonly count: number;
}

/** Each name in its cell; where cells are too narrow for some, those that follow one another and are the same stand once. */
function named(names: readonly string[], cell: number): Named[] {
  const fits = names.every((name) => textWidth(name) * LETTER <= cell);
  const all: Named[] = [];
  names.forEach((name, first) => {
    const before = all[all.length - 1];
    if (!fits && before?.name === name) all[all.length - 1] = { ...before, count: before.count + 1 };
    else all.push({ name, first, count: 1 });
  });
  return all;
}
