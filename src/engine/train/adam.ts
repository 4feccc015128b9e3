/** D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015. */
export class Adam {
  private readonly mean: Float64Array;
  private readonly square: Float64Array;

  constructor(
    size: number,
    private readonly beta1 = 0.9,
    private readonly beta2 = 0.999,
    private readonly epsilon = 1e-8,
  ) {
    this.mean = new Float64Array(size);
    this.square = new Float64Array(size);
  }

  /** Moves `values` against `gradient`, both `size` long; `update` counts from 1. */
  step(values: Float32Array, gradient: Float64Array, learningRate: number, update: number): void {
    const { mean, square, beta1, beta2, epsilon } = this;
    const correction1 = 1 - beta1 ** update;
    const correction2 = 1 - beta2 ** update;
    for (let k = 0; k < values.length; k++) {
      const slope = gradient[k];
      mean[k] = beta1 * mean[k] + (1 - beta1) * slope;
      square[k] = beta2 * square[k] + (1 - beta2) * slope * slope;
      const step = mean[k] / correction1 / (Math.sqrt(square[k] / correction2) + epsilon);
      values[k] -= learningRate * step;
    }
  }
}

/** Scales all gradients so that their common Euclidean norm is at most `most`; gives the norm that they had. */
export function clipNorm(gradients: Iterable<Float64Array>, most: number): number {
  const all = [...gradients];
  const norm = Math.sqrt(
    all.reduce((sum, g) => sum + g.reduce((inner, value) => inner + value * value, 0), 0),
  );
  if (norm > most) for (const g of all) for (let k = 0; k < g.length; k++) g[k] *= most / norm;
  return norm;
}
