/** Where the map of features and steps stands, and the profile below it. */
import { textWidth } from '../text';
import { written } from '../textLayout';
import { words } from './words';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is drawn: features one below the other, rows from left to right. */
export interface Extent {
  readonly features: number;
  readonly rows: number;
}

export interface Layout extends Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Below the last feature. */
  readonly bottom: number;
  /** Of one feature, and of one row; less than a pixel where there are many. */
  readonly cellHeight: number;
  readonly cellWidth: number;
  /** The numbers of the steps. */
  readonly axis: number;
  /** The bars of all features together. */
  readonly profileTop: number;
  readonly profileBottom: number;
}

const INSET = 14;
const GAP = 8;
const AXIS = 16;
const MOST_CELL_HEIGHT = 30;
const MOST_CELL_WIDTH = 96;
/** What the profile has of the height, at least. */
const PROFILE_SHARE = 0.3;
/** In a picture that is as large as it likes. */
const LEAST_WIDTH = 480;
const LEAST_PROFILE = 96;
const MOST_CELLS_HEIGHT = 640;
/** More features than that have lower cells. */
const FEW = 12;
const LOW_CELL_HEIGHT = 14;

/** `names` is the room that the features' names take. */
export function layoutOf({ width, height }: Size, { features, rows }: Extent, names: number): Layout {
  const left = INSET + Math.min(names, width * 0.4) + GAP;
  const room = Math.max(1, width - left - INSET);
  const cellWidth = Math.min(MOST_CELL_WIDTH, room / Math.max(1, rows));
  const top = 2;
  const below = AXIS + GAP;
  const most = Math.max(1, (height - top - below) * (1 - PROFILE_SHARE));
  const cellHeight = Math.min(MOST_CELL_HEIGHT, most / Math.max(1, features));
  const bottom = top + features * cellHeight;
  return {
    ...{ features, rows, left, top, bottom, cellWidth, cellHeight },
    right: left + cellWidth * rows,
    profileTop: bottom + GAP,
    profileBottom: Math.max(bottom + GAP + 1, height - AXIS),
    axis: height - AXIS / 2,
  };
}

/** Of a picture that is as large as it likes, of a width. */
export function roomySize({ features, rows }: Extent, width: number, names: number): Size {
  const cells = Math.min(MOST_CELLS_HEIGHT, features * (features > FEW ? LOW_CELL_HEIGHT : MOST_CELL_HEIGHT));
  const height = Math.ceil(Math.max(cells / (1 - PROFILE_SHARE), cells + LEAST_PROFILE)) + 2 + AXIS + GAP;
  const own = INSET + Math.min(names, width * 0.4) + GAP + INSET + rows * MOST_CELL_WIDTH;
  return { width: Math.max(LEAST_WIDTH, Math.min(width, Math.ceil(own))), height };
}

/** Letters of the names, and how wide one is. */
const LETTER = 6.4;
/** Names that are looked at for the room that they take. */
const MOST_NAMES = 512;

/** The room that names take: of features, and of all together. */
export function namesRoom(
  { features }: Pick<Extent, 'features'>,
  nameOf: ((feature: number) => string) | null,
): number {
  let letters = features > 1 ? textWidth(words.profile) : 0;
  for (let feature = 0; nameOf && feature < Math.min(features, MOST_NAMES); feature++) {
    letters = Math.max(letters, textWidth(nameOf(feature)));
  }
  return letters * LETTER;
}

/** Cells of tokens are no narrower, and hold the longest of them. */
const LEAST_TOKEN = 14;
const TOKEN_LETTER = 8.7;
/** More of them fit nowhere. */
const MOST_CELLS = 1000;

/** Whether tokens have room for a cell and a bar each; else they are drawn as a text. */
export function fitCells(tokens: readonly string[], width: number): boolean {
  const longest = Math.max(0, ...tokens.slice(0, MOST_CELLS).map((token) => textWidth(written(token))));
  return tokens.length * Math.max(LEAST_TOKEN, longest * TOKEN_LETTER + 6) <= width;
}

/** The cell under a place, in the map or, with the feature −1, in the profile; null where there is none. */
export function cellAt(
  { left, top, bottom, cellWidth, cellHeight, features, rows, profileTop, profileBottom }: Layout,
  x: number,
  y: number,
): { readonly feature: number; readonly row: number } | null {
  const row = Math.floor((x - left) / cellWidth);
  if (row < 0 || row >= rows) return null;
  if (y >= profileTop && y <= profileBottom) return { feature: -1, row };
  if (y < top || y >= bottom) return null;
  return { feature: Math.min(features - 1, Math.floor((y - top) / cellHeight)), row };
}

/** Rows that share a pixel with one: the first, and the one behind the last. */
export function rowsWith({ cellWidth, rows }: Layout, row: number): readonly [number, number] {
  if (cellWidth >= 1) return [row, row + 1];
  const pixel = Math.floor(row * cellWidth);
  const from = Math.ceil(pixel / cellWidth);
  return [Math.max(0, from), Math.min(rows, Math.max(from + 1, Math.ceil((pixel + 1) / cellWidth)))];
}

/** A number of `features` × `rows` that stand row after row. */
export type ValueAt = (feature: number, row: number) => number;

/** The number of the largest size in a block; NaN where one is. */
export function extremeIn(
  valueAt: ValueAt,
  [feature, lastFeature]: readonly [number, number],
  [row, lastRow]: readonly [number, number],
): number {
  let extreme = 0;
  for (let r = row; r < lastRow; r++) {
    for (let f = feature; f < lastFeature; f++) {
      const value = valueAt(f, r);
      if (Number.isNaN(value)) return NaN;
      if (Math.abs(value) > Math.abs(extreme)) extreme = value;
    }
  }
  return extreme;
}

/** Places from 0 to `count` − 1 in no more bins than there are pixels: where each begins, and behind the last `count`. */
export function bins(count: number, pixels: number): Int32Array {
  const of = Math.max(1, Math.min(count, Math.floor(pixels)));
  return Int32Array.from({ length: of + 1 }, (_, k) => Math.round((k * count) / of));
}
