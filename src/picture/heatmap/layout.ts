/** Where the parts of the heat map stand, in pixels. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** The brackets' left edge, or the cells' where there are none. */
  readonly treeLeft: number;
  readonly treeRight: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const INSET = 14;
const TREE = 44;
const NUMBERS = 40;
const SCALE = 64;
const MARKER = 7;
const AXIS = 20;
/** In less width there is no room for brackets. */
const TREE_FROM = 420;

export function frameOf({ width, height }: Size, tree: boolean): Frame {
  const shown = tree && width >= TREE_FROM;
  const treeRight = INSET + (shown ? TREE : 0);
  return {
    treeLeft: INSET,
    treeRight,
    left: treeRight + NUMBERS,
    right: Math.max(treeRight + NUMBERS + 1, width - SCALE),
    top: MARKER,
    bottom: Math.max(MARKER + 1, height - AXIS),
  };
}

/** Units one below the other, in groups with room between them. */
export interface Lines {
  readonly count: number;
  /** Of one line; less than a pixel where there are many. */
  readonly height: number;
  readonly bottom: number;
  readonly groups: readonly LineGroup[];
}

export interface LineGroup {
  /** The first of its lines. */
  readonly first: number;
  readonly size: number;
  readonly top: number;
}

const GAP = 2;
const USUAL_HEIGHT = 4;
const MOST_HEIGHT = 30;
/** In a picture that is as large as it likes. */
const PAGE = { least: 480, most: 960 };
const ROOMY_HEIGHT = 8;
/** What the scale of colours takes, and what a few units fill. */
const LEAST_HEIGHT = { scale: 60, units: 120 };
const MOST_LINES_HEIGHT = 720;
/** Whole pixels are worth so much of the room. */
const MOST_LEFT_OVER = 0.15;

export function linesOf(sizes: ArrayLike<number>, top: number, bottom: number): Lines {
  const counts = Array.from(sizes);
  const count = counts.reduce((sum, size) => sum + size, 0);
  const room = Math.max(1, bottom - top - GAP * (counts.length - 1));
  const fitting = Math.min(MOST_HEIGHT, room / count);
  const whole = Math.floor(fitting);
  const even = whole >= USUAL_HEIGHT && (fitting - whole) * count <= room * MOST_LEFT_OVER;
  const height = even ? whole : fitting;
  let first = 0;
  const groups = counts.map((size, k): LineGroup => {
    const group = { first, size, top: top + first * height + k * GAP };
    first += size;
    return group;
  });
  const last = groups[groups.length - 1];
  return { count, height, bottom: last.top + last.size * height, groups };
}

/** Of a picture that is as large as it likes, up to a page's width: each unit has a line that can be told apart, as far as that goes. */
export function roomySize(units: number, rows: number): Size {
  const { scale, units: few } = LEAST_HEIGHT;
  const least = Math.max(scale, Math.min(few, units * MOST_HEIGHT));
  const lines = Math.max(least, Math.min(MOST_LINES_HEIGHT, units * ROOMY_HEIGHT));
  const width = INSET + NUMBERS + rows * MOST_WIDTH + SCALE;
  return { width: Math.max(PAGE.least, Math.min(PAGE.most, width)), height: MARKER + lines + AXIS };
}

export function topOfLine({ groups, height }: Lines, line: number): number {
  const group = groups.findLast(({ first }) => first <= line) ?? groups[0];
  return group.top + (line - group.first) * height;
}

/** The line at a height, or the nearest one. */
export function lineAt({ groups, height }: Lines, y: number): number {
  const group = groups.findLast(({ top }) => top <= y) ?? groups[0];
  const line = Math.floor((y - group.top) / height);
  return group.first + Math.max(0, Math.min(line, group.size - 1));
}

/** Rows from left to right. */
export interface Columns {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
  /** Of one row. */
  readonly width: number;
}

/** A few rows do not fill the width. */
const MOST_WIDTH = 96;

/** @param of rows that there are: some of them fill what all of them would. */
export function columnsOf(from: number, to: number, { left, right }: Frame, of = to - from): Columns {
  const width = Math.min(MOST_WIDTH * of, right - left) / (to - from);
  return { from, to, left, right: left + width * (to - from), width };
}

export function xOfRow({ from, left, width }: Columns, row: number): number {
  return left + (row - from) * width;
}

/** The row at a place, as a number with a part. */
export function placeAt({ from, left, width }: Columns, x: number): number {
  return from + (x - left) / width;
}

/** The row at a place, or the nearest one that is shown. */
export function rowAt(columns: Columns, x: number): number {
  return Math.max(columns.from, Math.min(Math.floor(placeAt(columns, x)), columns.to - 1));
}

/** A number every so often: 1, 2 or 5 with zeros, so that each has `room` pixels. */
export function everyOf(width: number, room: number): number {
  const least = Math.max(1, room / width);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10);
}

/** The lines whose number is written: as many as have `room` pixels each; without groups round numbers, from 0. */
export function labelledLines({ count, height, groups }: Lines, room: number): number[] {
  if (groups.length === 1) {
    const every = everyOf(height, room);
    return Array.from({ length: Math.ceil(count / every) }, (_, k) => k * every);
  }
  const every = Math.max(1, Math.ceil(room / height));
  const labelled: number[] = [];
  let free = -Infinity;
  for (const { first, size, top } of groups) {
    for (let line = first + Math.min(Math.floor(every / 3), size - 1); line < first + size; line += every) {
      const middle = top + (line - first + 0.5) * height;
      if (middle < free) continue;
      labelled.push(line);
      free = middle + room;
    }
  }
  return count === 0 ? [] : labelled;
}
