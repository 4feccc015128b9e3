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

/** The stage that adds matrixᵀ · `side` of a step, `rows` numbers, to ∂target/∂h of the step before. */
export function backToHidden(matrix: Matrix, side: Float64Array, rows: number, dh: Float64Array): Stage {
  const [of, into]: Place[] = [
    { values: side, at: 0 },
    { values: dh, at: 0 },
  ];
  return {
    units: rows,
    cost: matrix.width,
    compute(step, previous, from, to) {
      if (previous < 0) return;
      of.at = step * rows;
      into.at = previous * matrix.width;
      addTransposed(matrix, from, to, of, into);
    },
  };
}

/** into[k] += Σ_r weight[r][k] · of[r], for rows `from` ≤ r < `to`. */
export function addTransposed(
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
