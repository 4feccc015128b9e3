/**
 * Where on the way from the baseline to the input gradients are taken. What a recurrent network remembers may come about at
 * one place of the way, all at once: points that are spread evenly would miss it.
 */
import type { Work } from '../slices';
import { type Node, gaussLegendre } from './quadrature';

interface Sample {
  readonly at: number;
  readonly value: number;
}

/** Cells of equal width that are looked at first. */
const FIRST_CELLS = 8;
/** Points for each further look, a run without the way back. */
const POINTS_A_LOOK = 2;
const LEAST_WIDTH = 1e-7;
/** Gradients that are taken in a cell, at least. */
const LEAST_POINTS = 4;
/** How far what lies between two cells may be from a straight line, in the whole change, for them to be one. */
const STRAIGHT = 1e-3;

/**
 * So many nodes of Gauss's rule in cells that are narrow where `valueAt` changes fast. Throws RangeError for points that are no
 * whole number, or too many.
 */
export function* placed(
  points: number,
  ends: readonly [atBaseline: number, atInput: number],
  valueAt: (place: number) => Work<number>,
): Work<readonly Node[]> {
  if (points < 2 * LEAST_POINTS) return gaussLegendre(points);
  const most = Math.floor(points / LEAST_POINTS);
  const samples = yield* looked(ends, valueAt, 1 / most, Math.floor(points / POINTS_A_LOOK));
  const bounds = merged(samples, most).map(({ at }) => at);
  const cells = bounds.length - 1;
  const each = (cell: number) => Math.floor(points / cells) + Number(cell < points % cells);
  return Array.from({ length: cells }, (_, cell) =>
    gaussLegendre(each(cell)).map(({ at, weight }): Node => {
      const [from, width] = [bounds[cell], bounds[cell + 1] - bounds[cell]];
      return { at: from + width * at, weight: width * weight };
    }),
  ).flat();
}

/** The values at the ends of cells: each in which more than a `share` of the whole change happens is halved, as often as `looks` says. */
function* looked(
  [atBaseline, atInput]: readonly [number, number],
  valueAt: (place: number) => Work<number>,
  share: number,
  looks: number,
): Work<Sample[]> {
  const samples: Sample[] = [{ at: 0, value: atBaseline }];
  for (let k = 1; k < FIRST_CELLS; k++) {
    const at = k / FIRST_CELLS;
    samples.push({ at, value: yield* valueAt(at) });
  }
  samples.push({ at: 1, value: atInput });
  const change = (k: number) => Math.abs(samples[k + 1].value - samples[k].value);
  for (let look = 0; look < looks; look++) {
    let [most, whole] = [0, 0];
    for (let k = 0; k < samples.length - 1; k++) {
      whole += change(k);
      if (change(k) > change(most)) most = k;
    }
    const [from, to] = [samples[most].at, samples[most + 1].at];
    // Not so either where a value is no number.
    if (!(change(most) > share * whole) || to - from < LEAST_WIDTH) break;
    const at = (from + to) / 2;
    samples.splice(most + 1, 0, { at, value: yield* valueAt(at) });
  }
  return samples;
}

/** Without those that a line through the others misses least, until there are no more than `most` cells. */
function merged(all: readonly Sample[], most: number): Sample[] {
  const samples = [...all];
  const whole = samples.slice(1).reduce((sum, { value }, k) => sum + Math.abs(value - samples[k].value), 0);
  for (;;) {
    let [least, bend] = [-1, Infinity];
    for (let k = 1; k < samples.length - 1; k++) {
      const found = bendAt(samples, k);
      if (found < bend) [least, bend] = [k, found];
    }
    if (least < 0 || (samples.length - 1 <= most && bend > STRAIGHT * whole)) return samples;
    samples.splice(least, 1);
  }
}

/** How far a sample is from the line through its neighbours. */
function bendAt(samples: readonly Sample[], k: number): number {
  const [before, { at, value }, after] = samples.slice(k - 1, k + 2);
  const share = (at - before.at) / (after.at - before.at);
  return Math.abs(value - before.value - share * (after.value - before.value));
}
