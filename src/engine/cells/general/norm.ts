/** Layer normalisation inside a cell: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer Normalization" (2016). */
import { dot } from '../../product';
import type { Affine, CellParameters, Stage } from '../cell';
import type { AffineGradient, CellGradient } from '../gradient';
import type { Product } from './product';
import type { SettlingStage } from './stage';

/** N(x) = γ ∘ (x − μ) / √(σ² + ε) + β, one row at a time, and back. */
export class Normaliser {
  /** Of all rows that came back. */
  readonly gradient: AffineGradient;
  /** (x − μ) / √(σ² + ε) of the row measured last. */
  private readonly hat: Float64Array;
  private inverse = 0;
  /** μ of the row measured last. */
  mean = 0;

  constructor(
    private readonly affine: Affine,
    private readonly epsilon: number,
  ) {
    const size = affine.weight.length;
    this.hat = new Float64Array(size);
    this.gradient = { weight: new Float64Array(size), bias: new Float64Array(size) };
  }

  /** Takes in the row whose numbers `at` gives. */
  measure(at: (k: number) => number): void {
    const { hat } = this;
    const size = hat.length;
    let sum = 0;
    for (let k = 0; k < size; k++) sum += hat[k] = at(k);
    this.mean = sum / size;
    let squares = 0;
    for (let k = 0; k < size; k++) squares += (hat[k] -= this.mean) ** 2;
    this.inverse = 1 / Math.sqrt(squares / size + this.epsilon);
    for (let k = 0; k < size; k++) hat[k] *= this.inverse;
  }

  /** γ / √(σ² + ε) of number k: by what its distance from the mean is multiplied. */
  gain(k: number): number {
    return this.affine.weight[k] * this.inverse;
  }

  /** Number k of the row, normalised. */
  value(k: number): number {
    return this.affine.weight[k] * this.hat[k] + this.affine.bias[k];
  }

  /**
   * With s = γ ∘ ∂N: ∂x = (s − mean(s) − x̂ mean(s ∘ x̂)) / √(σ² + ε), of the row measured last. `from` is ∂target/∂N
   * and `to` receives ∂target/∂x; they may be the same.
   */
  back(from: Float64Array, to: Float64Array): void {
    const { hat, inverse, gradient } = this;
    const { weight } = this.affine;
    const size = hat.length;
    let mean = 0;
    let along = 0;
    for (let k = 0; k < size; k++) {
      const slope = from[k] * weight[k];
      mean += slope / size;
      along += (slope * hat[k]) / size;
      gradient.weight[k] += from[k] * hat[k];
      gradient.bias[k] += from[k];
    }
    for (let k = 0; k < size; k++) to[k] = (from[k] * weight[k] - mean - hat[k] * along) * inverse;
  }
}

/** Of W_ih x_t and of W_hh h_{t−1}, each over all gates together. */
export interface SumNormalisers {
  readonly input: Normaliser;
  readonly hidden: Normaliser;
}

export function sumNormalisers({ norms }: CellParameters, epsilon: number): SumNormalisers {
  return { input: new Normaliser(norms.ih!, epsilon), hidden: new Normaliser(norms.hh!, epsilon) };
}

/** With the stage that measures both, after the hidden product; the input's stands in `gates`. */
export function normalisedSums(
  p: CellParameters,
  epsilon: number,
  gates: readonly Float32Array[],
  units: number,
  product: Product,
): SumNormalisers & { readonly stage: SettlingStage } {
  const { input, hidden } = sumNormalisers(p, epsilon);
  const stage: SettlingStage = {
    settles: [],
    units: 1,
    cost: 16 * gates.length * units,
    compute(step) {
      input.measure((k) => gates[Math.floor(k / units)][step * units + (k % units)]);
      hidden.measure((k) => product.sums[k]);
    },
  };
  return { input, hidden, stage };
}

export interface SumsBack {
  /** W_ih x_t, steps × G·H. */
  readonly products: Float32Array;
  /** What W_hh h_{t−1} is made of again. */
  readonly weightHh: Float32Array;
  before(previous: number): Float32Array;
  /** The gradients of the sums with their biases. */
  readonly biases: NonNullable<CellGradient['biases']>;
  /** They receive the gradients before the normalisation. */
  readonly sides: Pick<CellGradient, 'inputSide' | 'hiddenSide'>;
}

/** Both on the way back, stage by stage. */
export function backThroughSums(
  { input, hidden }: SumNormalisers,
  { products, weightHh, before, biases, sides: { inputSide, hiddenSide } }: SumsBack,
): { readonly measure: Stage; readonly back: Stage } {
  const rows = input.gradient.bias.length;
  const rowOf = (values: Float64Array, step: number) => values.subarray(step * rows, (step + 1) * rows);
  return {
    measure: {
      units: 1,
      cost: weightHh.length,
      compute(step, previous) {
        const state = before(previous);
        input.measure((k) => products[step * rows + k]);
        hidden.measure((k) => dot(weightHh, k * state.length, state, 0, state.length));
      },
    },
    back: {
      units: 1,
      cost: 16 * rows,
      compute(step) {
        input.back(rowOf(biases.input, step), rowOf(inputSide, step));
        hidden.back(rowOf(biases.hidden, step), rowOf(hiddenSide, step));
      },
    },
  };
}
