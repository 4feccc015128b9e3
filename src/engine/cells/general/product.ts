/** The products of a step: a matrix times one vector after another. */
import { dot } from '../../product';
import type { Work } from '../../slices';
import { activate } from '../../activations';
import type { Activate, SettlingStage } from './stage';

export interface Product {
  /** One number per row of the matrix, of the vector that was multiplied last. */
  readonly sums: Float32Array | Float64Array;
  /** Parts that can be computed apart from one another, and multiply-adds of each. */
  readonly units: number;
  readonly cost: number;
  /** Parts `from` … `to` − 1 of the product with x. */
  multiply(x: Float32Array, from: number, to: number): void;
}

/** Makes ready the product with rows `first` … `first + rows − 1` of a row-major matrix of `width` columns. */
export type ProductOf = (weight: Float32Array, width: number, first: number, rows: number) => Work<Product>;

/** What a cell with options leaves to others. */
export interface CellArithmetic {
  readonly productOf: ProductOf;
  readonly activate: Activate;
}

/** Row by row, in double precision. */
const exactProduct: ProductOf = function* (weight, width, first, rows) {
  const sums = new Float64Array(rows);
  yield 0;
  return {
    sums,
    units: rows,
    cost: width,
    multiply(x, from, to) {
      for (let k = from; k < to; k++) sums[k] = dot(weight, (first + k) * width, x, 0, width);
    },
  };
};

export const exact: CellArithmetic = { productOf: exactProduct, activate };

/** The stage that multiplies what `vector` gives at a step. */
export function productStage(
  { units, cost, multiply }: Product,
  vector: (step: number, previous: number) => Float32Array,
): SettlingStage {
  return {
    settles: [],
    units,
    cost,
    compute(step, previous, from, to) {
      multiply(vector(step, previous), from, to);
    },
  };
}
