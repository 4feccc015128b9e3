/** Steps at which the same units are on: the other places of a pattern. */
import { PIECE, type Work } from '../slices';
import type { SignalTrace } from '../trace';
import { type PatternQuestion, unitsThrough } from './pattern';

/** The pattern that is looked for: `units` are on through `length` rows. */
export interface Pattern extends Omit<PatternQuestion, 'from' | 'to'> {
  readonly units: readonly number[];
  readonly length: number;
}

export interface Match {
  /** First and last row. */
  readonly from: number;
  readonly to: number;
  /**
   * Units that are on through both the pattern and this place, as a share of those that are on through one of them
   * (Jaccard's index): 1 for the same units.
   */
  readonly score: number;
}

/** A place shares at least this much of the pattern's units. */
const LEAST_SHARE = 0.5;

/**
 * Every place of a signal at which at least half of the pattern's units are on, none of them overlapping another or
 * `own`, the rows that the pattern is from; in no order. A place is as long as that many units are on; where all are on
 * for a while, the rows beside it in which some still are count as its edges and are no place of their own.
 */
export function* findMatches(
  signal: SignalTrace,
  pattern: Pattern,
  own?: Pick<PatternQuestion, 'from' | 'to'>,
): Work<Match[]> {
  const { units, threshold, offBefore, offAfter } = pattern;
  if (units.length === 0) return [];
  const counts = yield* countOn(signal, units, threshold);
  const taken = new Uint8Array(signal.rows);
  if (own) taken.fill(1, own.from, own.to + 1);
  const wanted = new Set(units);
  const matches: Match[] = [];
  let cost = 0;
  for (let least = units.length; least >= Math.ceil(units.length * LEAST_SHARE); least--) {
    for (const [from, to] of runsOf(counts, taken, least)) {
      const isEdge = taken[from - 1] === 1 || taken[to + 1] === 1;
      taken.fill(1, from, to + 1);
      if (isEdge) continue;
      const through = unitsThrough(signal, { from, to, threshold, offBefore, offAfter });
      const common = through.reduce((count, unit) => count + (wanted.has(unit) ? 1 : 0), 0);
      if (common > 0) matches.push({ from, to, score: common / (units.length + through.length - common) });
      cost += (to - from + 1) * signal.units;
      if (cost >= PIECE) {
        yield cost;
        cost = 0;
      }
    }
    yield cost + signal.rows;
    cost = 0;
  }
  return matches;
}

/** Best score first, then the length nearest to the pattern's, then as they come. */
export function rank<M extends Match>(matches: readonly M[], { length }: Pattern): M[] {
  const unlike = ({ from, to }: Match) => Math.abs(to - from + 1 - length);
  return matches.toSorted((one, other) => other.score - one.score || unlike(one) - unlike(other));
}

/** How many of the units are on, row by row. */
function* countOn(
  { rows, units: width, values }: SignalTrace,
  units: readonly number[],
  threshold: number,
): Work<Uint16Array> {
  const counts = new Uint16Array(rows);
  let cost = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    let count = 0;
    for (const unit of units) if (values[start + unit] > threshold) count++;
    counts[row] = count;
    cost += units.length;
    if (cost >= PIECE) {
      yield cost;
      cost = 0;
    }
  }
  return counts;
}

/** The longest stretches of rows that are not taken, in each of which so many units are on. */
function* runsOf(
  counts: Uint16Array,
  taken: Uint8Array,
  least: number,
): Generator<readonly [from: number, to: number]> {
  for (let row = 0; row < counts.length; row++) {
    if (taken[row] || counts[row] < least) continue;
    const from = row;
    while (row + 1 < counts.length && !taken[row + 1] && counts[row + 1] >= least) row++;
    yield [from, row];
  }
}
