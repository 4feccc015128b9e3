import type { BatchNormLayer, GroupNormLayer, LayerNormLayer, RmsNormLayer } from '../../model/network';
import type { DenseEdge } from '../edge';
import type { Operation, TensorOf } from './operation';

/** The numbers that are normalised together: how many such blocks of how many numbers, and which a number belongs to. */
interface Blocks {
  readonly count: number;
  readonly size: number;
  readonly of: (row: number, unit: number) => number;
  /** Whether each block is a row. */
  readonly rows?: true;
}

/** y = γ ∘ (x − μ) / √(mean((x − μ)²) + ε) + β over each block; μ is 0 where it is not `centred`. */
function normalisation(
  { epsilon, centred, blocks }: { epsilon: number; centred: boolean; blocks: Blocks },
  { values: x, width, rows }: DenseEdge,
  tensor: TensorOf,
): Operation {
  const gamma = tensor('weight')!;
  const beta = tensor('bias') ?? new Float32Array(width);
  const { count, size, of } = blocks;
  const means = new Float64Array(count);
  const inverses = new Float64Array(count);
  const each = (visit: (k: number, unit: number, block: number) => void) => {
    for (let row = 0; row < rows; row++) {
      for (let unit = 0; unit < width; unit++) visit(row * width + unit, unit, of(row, unit));
    }
  };
  if (centred) {
    each((k, _unit, block) => {
      means[block] += x[k];
    });
    for (let block = 0; block < count; block++) means[block] /= size;
  }
  each((k, _unit, block) => {
    inverses[block] += (x[k] - means[block]) ** 2;
  });
  for (let block = 0; block < count; block++)
    inverses[block] = 1 / Math.sqrt(inverses[block] / size + epsilon);
  const normal = (k: number, block: number) => (x[k] - means[block]) * inverses[block];
  return {
    *forward(y) {
      each((k, unit, block) => {
        y[k] = gamma[unit] * normal(k, block) + beta[unit];
      });
      yield 4 * y.length;
    },
    /** ∂x = (s − mean(s) − x̂ mean(s ∘ x̂)) / √(σ² + ε) with s = γ ∘ ∂y; without mean(s) where μ is 0. */
    *backward(_y, dy, [into], parameter) {
      const [dGamma, dBeta] = [parameter('weight'), parameter('bias')];
      const mean = new Float64Array(count);
      const along = new Float64Array(count);
      each((k, unit, block) => {
        const hat = normal(k, block);
        if (centred) mean[block] += (dy[k] * gamma[unit]) / size;
        along[block] += (dy[k] * gamma[unit] * hat) / size;
        if (dGamma) dGamma[unit] += dy[k] * hat;
        if (dBeta) dBeta[unit] += dy[k];
      });
      yield 4 * dy.length;
      if (!into) return;
      each((k, unit, block) => {
        into[k] += (dy[k] * gamma[unit] - mean[block] - normal(k, block) * along[block]) * inverses[block];
      });
      yield 4 * dy.length;
    },
    /** The mean of a block is a share of each of its numbers; where the block is the row, they stand here. */
    terms(row, unit) {
      const block = of(row, unit);
      const gain = gamma[unit] * inverses[block];
      const biases = [{ name: 'bias', weight: beta[unit] }];
      if (tensor('bias') === undefined) biases.pop();
      if (!centred) return { biases, inputs: [{ input: 0, row, unit, weight: gain }] };
      if (!blocks.rows) {
        biases.push({ name: 'mean', weight: -gain * means[block] });
        return { biases, inputs: [{ input: 0, row, unit, weight: gain }] };
      }
      const inputs = Array.from({ length: width }, (_, k) => ({
        ...{ input: 0, row, unit: k },
        weight: gain * ((k === unit ? 1 : 0) - 1 / width),
      }));
      return { biases, inputs };
    },
  };
}

function ofEachStep({ rows, width }: DenseEdge): Blocks {
  return { count: rows, size: width, of: (row) => row, rows: true };
}

/** Over the units of a step: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer Normalization" (2016). */
export function layerNorm({ epsilon }: LayerNormLayer, input: DenseEdge, tensor: TensorOf): Operation {
  return normalisation({ epsilon, centred: true, blocks: ofEachStep(input) }, input, tensor);
}

/** Over the units of a step: B. Zhang and R. Sennrich, "Root Mean Square Layer Normalization" (2019). */
export function rmsNorm({ epsilon }: RmsNormLayer, input: DenseEdge, tensor: TensorOf): Operation {
  return normalisation({ epsilon, centred: false, blocks: ofEachStep(input) }, input, tensor);
}

/** Over all rows of neighbouring units: Y. Wu and K. He, "Group Normalization" (2018). */
export function groupNorm(
  { epsilon, groups }: GroupNormLayer,
  input: DenseEdge,
  tensor: TensorOf,
): Operation {
  const each = input.width / groups;
  const of = (_row: number, unit: number) => Math.floor(unit / each);
  const blocks = { count: groups, size: each * input.rows, of };
  return normalisation({ epsilon, centred: true, blocks }, input, tensor);
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
    terms(row, unit) {
      const weight = gamma[unit] * inverse[unit];
      const biases = [
        { name: 'bias', weight: beta[unit] },
        { name: 'running_mean', weight: -weight * mean[unit] },
      ];
      return { biases, inputs: [{ input: 0, row, unit, weight }] };
    },
  };
}
