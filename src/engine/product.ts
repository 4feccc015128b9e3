/** Dense products: many steps at a time ahead of the loop. Sums are in double precision. */
import type { DenseEdge, Edge, IdsEdge } from './edge';
import { PIECE, type Work } from './slices';

/** Steps that share a pass over the weights, so that four rows of them stay in the nearest cache. */
const TILE = 32;

/** Some rows of a row-major matrix: `units` of them from row `first` on. */
export interface WeightRows {
  readonly weight: Float32Array;
  readonly first: number;
  readonly units: number;
}

interface Product extends WeightRows {
  /** One per row of the matrix. */
  readonly bias: Float32Array;
  /** Steps × units. */
  readonly out: Float32Array;
}

/**
 * out[t][r] = bias[first + r] + Σ_k weight[first + r][k] · x[t][k], for r < `units` and every row t of the edge.
 * The matrix is any × edge.width; `out` is edge.rows × units.
 */
export function* project(edge: Edge, rows: WeightRows, bias: Float32Array, out: Float32Array): Work<void> {
  const product = { ...rows, bias, out };
  if (edge.kind === 'ids') return yield* gather(edge, product);
  let cost = 0;
  for (let tile = 0; tile < edge.rows; tile += TILE) {
    const end = Math.min(tile + TILE, edge.rows);
    for (let unit = 0; unit < rows.units; unit += 4) {
      if (unit + 4 <= rows.units) fourRows(edge, product, unit, tile, end);
      else oneByOne(edge, product, unit, tile, end);
      cost += (end - tile) * 4 * edge.width;
      if (cost >= PIECE) {
        yield cost;
        cost = 0;
      }
    }
  }
  yield cost;
}

/** Units `unit` … `unit` + 3 of steps `from` … `to` − 1. */
function fourRows(
  { values: x, width }: DenseEdge,
  { weight, first, units, bias, out }: Product,
  unit: number,
  from: number,
  to: number,
): void {
  const w0 = (first + unit) * width;
  const w1 = w0 + width;
  const w2 = w1 + width;
  const w3 = w2 + width;
  for (let t = from; t < to; t++) {
    const row = t * width;
    let s0 = bias[first + unit];
    let s1 = bias[first + unit + 1];
    let s2 = bias[first + unit + 2];
    let s3 = bias[first + unit + 3];
    for (let k = 0; k < width; k++) {
      const v = x[row + k];
      s0 += weight[w0 + k] * v;
      s1 += weight[w1 + k] * v;
      s2 += weight[w2 + k] * v;
      s3 += weight[w3 + k] * v;
    }
    const at = t * units + unit;
    out[at] = s0;
    out[at + 1] = s1;
    out[at + 2] = s2;
    out[at + 3] = s3;
  }
}

/** The units from `unit` on. */
function oneByOne(
  { values: x, width }: DenseEdge,
  { weight, first, units, bias, out }: Product,
  unit: number,
  from: number,
  to: number,
): void {
  for (let t = from; t < to; t++) {
    for (let u = unit; u < units; u++) {
      const sum = dot(weight, (first + u) * width, x, t * width, width);
      out[t * units + u] = bias[first + u] + sum;
    }
  }
}

/** The product with one-hot vectors: a column of the weights per step. */
function* gather({ ids, width }: IdsEdge, { weight, first, units, bias, out }: Product): Work<void> {
  let cost = 0;
  for (let t = 0; t < ids.length; t++) {
    for (let u = 0; u < units; u++) {
      out[t * units + u] = bias[first + u] + weight[(first + u) * width + ids[t]];
    }
    cost += units;
    if (cost >= PIECE) {
      yield cost;
      cost = 0;
    }
  }
  yield cost;
}

/** Σ_k a[aOffset + k] · b[bOffset + k], k < length. */
export function dot(
  a: Float32Array,
  aOffset: number,
  b: Float32Array,
  bOffset: number,
  length: number,
): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[aOffset + k] * b[bOffset + k];
  return sum;
}
