/** What flows back through the dense products of product.ts. */
import type { Place, Transposed } from './cells/gradient';
import type { Edge } from './edge';
import { PIECE, type Work } from './slices';

/** Rows of weights that stay in the cache while a tile of steps passes over them. */
const TILE = 32;

/** dx[t] += matrixᵀ · da[t] for every row t of so many: the matrix is units × width, `da` rows × units, `dx` rows × width. */
export function* backToInput(
  { units, cost: each, add }: Transposed,
  rows: number,
  da: Float64Array,
  dx: Float64Array,
): Work<void> {
  const [of, into]: Place[] = [
    { values: da, at: 0 },
    { values: dx, at: 0 },
  ];
  let cost = 0;
  for (let tile = 0; tile < units; tile += TILE) {
    const end = Math.min(tile + TILE, units);
    for (let t = 0; t < rows; t++) {
      of.at = t * (da.length / rows);
      into.at = t * (dx.length / rows);
      add(of, into, tile, end);
      cost += (end - tile) * each;
      if (cost >= PIECE) {
        yield cost;
        cost = 0;
      }
    }
  }
  yield cost;
}

/** dWeight += Σ_t da[t] ⊗ x[t]; `da` is rows × units, `dWeight` units × edge.width. */
export function* addOuter(da: Float64Array, units: number, edge: Edge, dWeight: Float64Array): Work<void> {
  const { rows, width } = edge;
  let cost = 0;
  for (let t = 0; t < rows; t++) {
    for (let unit = 0; unit < units; unit++) {
      const slope = da[t * units + unit];
      if (slope === 0) continue;
      if (edge.kind === 'ids') {
        dWeight[unit * width + edge.ids[t]] += slope;
      } else {
        const { values } = edge;
        for (let k = 0; k < width; k++) dWeight[unit * width + k] += slope * values[t * width + k];
        cost += width;
      }
      if (cost >= PIECE) {
        yield cost;
        cost = 0;
      }
    }
    cost += units;
  }
  yield cost;
}

/** dBias += Σ_t da[t]. */
export function* addRows(da: Float64Array, units: number, dBias: Float64Array): Work<void> {
  for (let row = 0; row < da.length; row += units) {
    for (let unit = 0; unit < units; unit++) dBias[unit] += da[row + unit];
  }
  yield da.length;
}
