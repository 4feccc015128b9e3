import { say } from '../../words/say';
/** Where an integral from 0 to 1 is looked at, and how much each place counts. */
export interface Node {
  readonly at: number;
  readonly weight: number;
}

export const MOST_NODES = 4096;

/** Newton's steps that suffice from where it begins, for any number of nodes. */
const MOST_STEPS = 20;

/**
 * Gauss's nodes and weights, in rising order: exact for polynomials up to degree 2 · `count` − 1. They are the zeros of
 * Legendre's polynomial, found as in W. H. Press et al., "Numerical Recipes", 3rd edition (2007), section 4.6.
 */
export function gaussLegendre(count: number): Node[] {
  checkPoints(count);
  return Array.from({ length: count }, (_, k) => {
    let z = -Math.cos((Math.PI * (k + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < MOST_STEPS; step++) {
      const [value, before] = legendre(count, z);
      slope = (count * (z * value - before)) / (z * z - 1);
      const moved = value / slope;
      z -= moved;
      if (Math.abs(moved) < 1e-15) break;
    }
    return { at: (1 + z) / 2, weight: 1 / ((1 - z * z) * slope * slope) };
  });
}

export function checkPoints(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_NODES) return;
  throw new RangeError(say`expected a whole number of points from 1 to ${MOST_NODES}, found ${count}`);
}

/** Legendre's polynomials of degree `count` and of the one below it, at z. */
function legendre(count: number, z: number): [number, number] {
  let [value, before] = [1, 0];
  for (let degree = 1; degree <= count; degree++) {
    [value, before] = [((2 * degree - 1) * z * value - (degree - 1) * before) / degree, value];
  }
  return [value, before];
}
