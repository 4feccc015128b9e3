/** Steps at which the same units are on: the other places of a pattern. */
import { PIECE, type Work } from '../slices';
import { common, countOf, type OnUnits } from './onUnits';
import { bitsThrough, type Margins, type Stretch } from './pattern';

/** The pattern that is looked for: `units` are on through `length` rows. */
export interface Pattern extends Margins {
  readonly units: readonly number[];
  readonly length: number;
}

export interface Match extends Stretch {
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
export function* findMatches(on: OnUnits, pattern: Pattern, own?: Stretch): Work<Match[]> {
  const { units, offBefore, offAfter } = pattern;
  if (units.length === 0) return [];
  const wanted = on.maskOf(units);
  const counts = yield* countOn(on, wanted);
  const taken = new Uint8Array(on.rows);
  if (own) taken.fill(1, own.from, own.to + 1);
  const through = new Uint32Array(on.width);
  const matches: Match[] = [];
  let cost = 0;
  for (let least = units.length; least >= Math.ceil(units.length * LEAST_SHARE); least--) {
    for (let row = 0; row < on.rows; row++) {
      if (taken[row] || counts[row] < least) continue;
      const from = row;
      while (row + 1 < on.rows && !taken[row + 1] && counts[row + 1] >= least) row++;
      const isEdge = taken[from - 1] === 1 || taken[row + 1] === 1;
      taken.fill(1, from, row + 1);
      if (isEdge) continue;
      bitsThrough(on, { from, to: row, offBefore, offAfter }, through);
      const [shared, all] = [common(through, 0, wanted), countOf(through)];
      if (shared > 0) matches.push({ from, to: row, score: shared / (units.length + all - shared) });
      cost += (row - from + 1 + offBefore + offAfter) * on.width + PLACE_COST;
      if (cost < PIECE) continue;
      yield cost;
      cost = 0;
    }
    yield cost + on.rows;
    cost = 0;
  }
  return matches;
}

/** What a place costs beside its rows. */
const PLACE_COST = 64;

/** Matches that are ranked at once. */
const AT_ONCE = 4096;

/** The best matches of a pattern, from one sequence or more: best score first, then the length nearest to the pattern's, then as they come. */
export class Ranking<M extends Match> {
  /** Of all that were added. */
  found = 0;
  private readonly best: M[] = [];

  /** Keeps `most` of them. */
  constructor(
    private readonly length: number,
    private readonly most: number,
  ) {}

  get matches(): readonly M[] {
    return this.best;
  }

  /** Adds what is made of each. */
  *addAll<T>(found: readonly T[], made: (one: T) => M): Work<void> {
    for (let k = 0; k < found.length; k++) {
      this.add(made(found[k]));
      if (k % AT_ONCE === AT_ONCE - 1) yield PIECE;
    }
  }

  private add(match: M): void {
    this.found++;
    const { best, most } = this;
    if (best.length === most && this.order(best[most - 1], match) <= 0) return;
    let [low, high] = [0, best.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.order(best[middle], match) <= 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, match);
    if (best.length > most) best.pop();
  }

  /** Less than 0 where the first comes first. */
  private order(one: Match, other: Match): number {
    const unlike = ({ from, to }: Match) => Math.abs(to - from + 1 - this.length);
    return other.score - one.score || unlike(one) - unlike(other);
  }
}

/** How many of the units are on, row by row. */
function* countOn({ rows, bits, width }: OnUnits, wanted: Uint32Array): Work<Uint16Array> {
  const counts = new Uint16Array(rows);
  let cost = 0;
  for (let row = 0; row < rows; row++) {
    counts[row] = common(bits, row * width, wanted);
    cost += 4 * width;
    if (cost < PIECE) continue;
    yield cost;
    cost = 0;
  }
  return counts;
}
