/** Orders of a signal's units that show what they do alike. */
import { say } from '../../words/say';
import type { Rows } from '../rows';
import type { Work } from '../slices';
import { groupsOf, leavesOf, squaredDistances, ward, type Merges } from './ward';

/** By what units are ordered, beside their numbers. */
export const ORDERS = ['similarity', 'first', 'variance'] as const;
export type OrderBy = (typeof ORDERS)[number];

export interface UnitOrder {
  /** Every unit once. */
  readonly units: Int32Array;
  /** By similarity alone: how they were put together, and how many stand in each group, first to last. */
  readonly clusters?: { readonly merges: Merges; readonly groups: Int32Array };
}

/** More units than these are not compared each with each: their distances would take more than 67 MB. */
const MOST_COMPARED = 4096;

/** Numbers that are looked at for the orders that look at each once. */
const MOST_VALUES = 1 << 22;
/** Multiply-adds that comparing each with each may take: about a quarter of a second. */
const MOST_PRODUCTS = 2 ** 27;
const MOST_COLUMNS = 512;

/** Columns of `rowsOf` that an order needs of a signal: all rows where it can. */
export function columnsFor(
  by: OrderBy,
  { rows, units }: { readonly rows: number; readonly units: number },
): number {
  if (by !== 'similarity') return Math.max(1, Math.min(rows, Math.floor(MOST_VALUES / units)));
  const pairs = Math.max(1, (units * (units - 1)) / 2);
  return Math.max(16, Math.min(rows, MOST_COLUMNS, Math.floor(MOST_PRODUCTS / pairs / 2)));
}

/**
 * Orders units by their rows; where several rows share a column, by the smallest and the largest of each.
 * Numbers that are not finite count as 0. `first` is by the first column in which a unit's size is at least half of
 * `scale`, those without one last; `variance` by variance over all columns, the largest first. Units that are alike stay
 * in the order of their numbers. Throws RangeError for more than `MOST_COMPARED` units by similarity.
 */
export function* orderOf(by: OrderBy, rows: Rows, scale: number): Work<UnitOrder> {
  const { units } = rows;
  if (by === 'similarity') return yield* bySimilarity(rows);
  yield units * rows.columns;
  if (by === 'first') return { units: sorted(firstActive(rows, scale / 2)) };
  return { units: sorted(variances(rows).map((variance) => -variance)) };
}

function* bySimilarity(rows: Rows): Work<UnitOrder> {
  const { units } = rows;
  if (units > MOST_COMPARED) {
    throw new RangeError(
      say`expected at most ${MOST_COMPARED} units to compare with one another, found ${units}`,
    );
  }
  if (units === 1) return { units: Int32Array.of(0) };
  const points = seriesOf(rows);
  yield points.length;
  const distances = yield* squaredDistances(points, points.length / units);
  const merges = yield* ward(distances, units);
  return { units: leavesOf(merges), clusters: { merges, groups: groupsOf(merges) } };
}

/** Units × numbers: each unit's numbers side by side. */
function seriesOf({ units, columns, min, max }: Rows): Float32Array {
  const parts = max ? [min, max] : [min];
  const size = columns * parts.length;
  const series = new Float32Array(units * size);
  parts.forEach((values, part) => {
    for (let column = 0; column < columns; column++) {
      for (let unit = 0; unit < units; unit++) {
        series[unit * size + part * columns + column] = finite(values[column * units + unit]);
      }
    }
  });
  return series;
}

function finite(value: number): number {
  return value - value === 0 ? value : 0;
}

/** The first column in which each unit's size is at least `threshold`; Infinity where none is. */
function firstActive({ units, columns, min, max = min }: Rows, threshold: number): Float64Array {
  const first = new Float64Array(units).fill(Infinity);
  for (let column = 0; column < columns; column++) {
    for (let unit = 0; unit < units; unit++) {
      const k = column * units + unit;
      if (first[unit] === Infinity && (Math.abs(min[k]) >= threshold || Math.abs(max[k]) >= threshold)) {
        first[unit] = column;
      }
    }
  }
  return first;
}

/** Of the columns, over the smallest and the largest of each. */
function variances({ units, columns, min, max }: Rows): Float64Array {
  const parts = max ? [min, max] : [min];
  const count = columns * parts.length;
  const sums = new Float64Array(units);
  const squares = new Float64Array(units);
  const eachValue = (use: (unit: number, value: number) => void) => {
    for (const values of parts) {
      for (let k = 0; k < values.length; k++) use(k % units, finite(values[k]));
    }
  };
  eachValue((unit, value) => (sums[unit] += value));
  eachValue((unit, value) => (squares[unit] += (value - sums[unit] / count) ** 2));
  return squares.map((square) => square / count);
}

/** Units by their number in the list, ascending. */
function sorted(by: Float64Array): Int32Array {
  return Int32Array.from(by.keys()).sort((a, b) => (by[a] === by[b] ? a - b : by[a] < by[b] ? -1 : 1));
}
