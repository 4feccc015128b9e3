/** What a cell is to backpropagation through time. */
import type { NormPart } from '../../model/parameterKinds';
import type { Stage } from './cell';

export interface CellGradient {
  /** G·H per step: ∂target/∂ of what the input projection gave. */
  readonly inputSide: Float64Array;
  /** G·H per step: ∂target/∂ of what the hidden projection gave; the same array where they are simply added. */
  readonly hiddenSide: Float64Array;
  /** The same of the sums with their biases, where a normalisation stands between. */
  readonly biases?: { readonly input: Float64Array; readonly hidden: Float64Array };
  /** ∂target/∂ of the normalisations' parameters, complete once all steps have been passed. */
  readonly norms?: Readonly<Partial<Record<NormPart, AffineGradient>>>;
  /**
   * For one step, ∂target/∂h and ∂target/∂c being complete there: adds what flows to the step before. A stage's
   * units are rows of a weight matrix or hidden units.
   */
  readonly stages: readonly Stage[];
}

/** ∂target/∂ gain and bias of a normalisation. */
export interface AffineGradient {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** ∂target/∂ of the states of one level and direction, all paths counted once a step has been passed. */
export interface StateGradient {
  /** steps × P. */
  readonly h: Float64Array;
  /** steps × H, of an LSTM. */
  readonly c?: Float64Array;
}

/** ∂target/∂ of the state before the first step. */
export interface InitialGradient {
  /** P units. */
  readonly h: Float64Array;
  /** H units of an LSTM, else none. */
  readonly c: Float64Array;
}

/** Row-major, any number of rows. */
export interface Matrix {
  readonly weight: Float32Array;
  readonly width: number;
}

/** A vector within others: it begins at `at`, which moves from step to step, so that no step takes memory. */
export interface Place {
  readonly values: Float64Array;
  at: number;
}

/** Rows of a matrix: the first, and how many. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
}

/** What multiplies vectors by rows of a matrix, transposed. */
export interface Transposed {
  /** Parts that can be computed apart from one another, and multiply-adds of each. */
  readonly units: number;
  readonly cost: number;
  /** into[k] += Σ_r weight[r][k] · of[r], of parts `from` … `to` − 1; `of` has a number for every row of the matrix. */
  add(of: Place, into: Place, from: number, to: number): void;
}

/** Makes ready the product with some rows of a matrix; with all where none are named. */
export type TransposedOf = (matrix: Matrix, rows?: RowRange) => Transposed;

/** In double precision, its parts rows. */
export const exactTransposed: TransposedOf = (matrix, { first, count } = allRows(matrix)) => ({
  units: count,
  cost: matrix.width,
  add: (of, into, from, to) => addTransposed(matrix, first + from, first + to, of, into),
});

export function allRows({ weight, width }: Matrix): RowRange {
  return { first: 0, count: weight.length / width };
}

/** into[k] += Σ_r weight[r][k] · of[r], for rows `from` ≤ r < `to`. */
function addTransposed(
  { weight, width }: Matrix,
  from: number,
  to: number,
  { values: a, at: aOffset }: Place,
  { values: out, at: outOffset }: Place,
): void {
  let row = from;
  for (; row + 4 <= to; row += 4) {
    const a0 = a[aOffset + row];
    const a1 = a[aOffset + row + 1];
    const a2 = a[aOffset + row + 2];
    const a3 = a[aOffset + row + 3];
    if (a0 === 0 && a1 === 0 && a2 === 0 && a3 === 0) continue;
    const w0 = row * width;
    const w1 = w0 + width;
    const w2 = w1 + width;
    const w3 = w2 + width;
    for (let k = 0; k < width; k++) {
      out[outOffset + k] +=
        weight[w0 + k] * a0 + weight[w1 + k] * a1 + weight[w2 + k] * a2 + weight[w3 + k] * a3;
    }
  }
  for (; row < to; row++) {
    const a0 = a[aOffset + row];
    for (let k = 0; k < width; k++) out[outOffset + k] += weight[row * width + k] * a0;
  }
}
