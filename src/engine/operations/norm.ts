import type { BatchNormLayer, LayerNormLayer } from '../../model/network';
import type { DenseEdge } from '../edge';
import type { Operation, TensorOf } from './operation';

/**
 * y = γ ∘ (x − μ) / √(σ² + ε) + β, μ and σ² over the units of a step: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer
 * Normalization" (2016).
 */
export function layerNorm(
  layer: LayerNormLayer,
  { values: x, width, rows }: DenseEdge,
  tensor: TensorOf,
): Operation {
  const gamma = tensor('weight')!;
  const beta = tensor('bias') ?? new Float32Array(width);
  const means = new Float64Array(rows);
  const inverses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let k = row * width; k < (row + 1) * width; k++) sum += x[k];
    const mean = sum / width;
    let squares = 0;
    for (let k = row * width; k < (row + 1) * width; k++) squares += (x[k] - mean) ** 2;
    means[row] = mean;
    inverses[row] = 1 / Math.sqrt(squares / width + layer.epsilon);
  }
  const normal = (row: number, u: number) => (x[row * width + u] - means[row]) * inverses[row];
  return {
    *forward(y) {
      for (let row = 0; row < rows; row++) {
        for (let u = 0; u < width; u++) y[row * width + u] = gamma[u] * normal(row, u) + beta[u];
      }
      yield 4 * y.length;
    },
    /** ∂x = (s − mean(s) − x̂ mean(s ∘ x̂)) / √(σ² + ε) with s = γ ∘ ∂y. */
    *backward(_y, dy, [into], parameter) {
      const [dGamma, dBeta] = [parameter('weight'), parameter('bias')];
      for (let row = 0; row < rows; row++) {
        let mean = 0;
        let along = 0;
        for (let u = 0; u < width; u++) {
          const slope = dy[row * width + u];
          const hat = normal(row, u);
          mean += (slope * gamma[u]) / width;
          along += (slope * gamma[u] * hat) / width;
          if (dGamma) dGamma[u] += slope * hat;
          if (dBeta) dBeta[u] += slope;
        }
        if (!into) continue;
        for (let u = 0; u < width; u++) {
          const slope = dy[row * width + u] * gamma[u];
          into[row * width + u] += (slope - mean - normal(row, u) * along) * inverses[row];
        }
      }
      yield 8 * dy.length;
    },
  };
}

/**
 * y = γ ∘ (x − m) / √(v + ε) + β with the mean m and variance v that training has left: S. Ioffe and C. Szegedy, "Batch
 * Normalization" (2015).
 */
export function batchNorm(
  layer: BatchNormLayer,
  { values: x, width }: DenseEdge,
  tensor: TensorOf,
): Operation {
  const [gamma, beta, mean] = ['weight', 'bias', 'running_mean'].map((name) => tensor(name)!);
  const inverse = Float64Array.from(tensor('running_var')!, (v) => 1 / Math.sqrt(v + layer.epsilon));
  return {
    *forward(y) {
      for (let k = 0; k < y.length; k++) {
        const u = k % width;
        y[k] = gamma[u] * (x[k] - mean[u]) * inverse[u] + beta[u];
      }
      yield 3 * y.length;
    },
    *backward(_y, dy, [into], parameter) {
      const [dGamma, dBeta] = [parameter('weight'), parameter('bias')];
      for (let k = 0; k < dy.length; k++) {
        const u = k % width;
        if (into) into[k] += dy[k] * gamma[u] * inverse[u];
        if (dGamma) dGamma[u] += dy[k] * (x[k] - mean[u]) * inverse[u];
        if (dBeta) dBeta[u] += dy[k];
      }
      yield 3 * dy.length;
    },
  };
}
