import type { Layer } from './network';
import type { Parameter } from './parameters';
import { Pauses } from './pauses';
import { random, type Random } from './random';
import { elementCount, type Tensor, type Weights } from './weights';

export const INITIALISERS = ['pytorch', 'glorot_uniform', 'orthogonal', 'zeros'] as const;
export type Initialiser = (typeof INITIALISERS)[number];

/**
 * Untrained weights for `parameters`, the same for the same seed on every machine.
 * - `pytorch`: what `torch.nn` does by itself: U(±1/√H) for all of a recurrent layer, U(±1/√in) for a linear one
 *   and a convolution (Kaiming's bound with a = √5), N(0, 1) for an embedding.
 * - `glorot_uniform`: U(±√(6 / (rows + columns))) (Glorot & Bengio 2010), biases 0.
 * - `orthogonal`: hidden-to-hidden matrices with orthonormal columns or rows, as `torch.nn.init.orthogonal_` makes
 *   them (Saxe et al. 2014); the other matrices as `glorot_uniform`, biases 0.
 * - `zeros`: all 0.
 *
 * But for `zeros`, normalisation begins as the identity: weights and variances 1, biases and means 0.
 *
 * Rejects only if `signal` is aborted.
 */
export async function initialise(
  parameters: readonly Parameter[],
  initialiser: Initialiser,
  seed: number,
  signal?: AbortSignal,
): Promise<Weights> {
  const source = random(seed);
  const pauses = new Pauses(signal);
  const weights = new Map<string, Tensor>();
  for (const parameter of parameters) {
    const { name, shape } = parameter;
    const data = new Float32Array(elementCount(shape));
    await fill(parameter, initialiser, data, source, pauses);
    weights.set(name, { shape, data });
  }
  return weights;
}

async function fill(
  { kind, layer, shape }: Parameter,
  initialiser: Initialiser,
  data: Float32Array,
  source: Random,
  pauses: Pauses,
): Promise<void> {
  const [rows, columns, kernel = 1] = shape;
  const uniform = (bound: number) => draw(data, () => (2 * source.uniform() - 1) * bound, pauses);
  if (initialiser === 'zeros') return;
  if (layer.type === 'layer_norm' || layer.type === 'batch_norm') {
    data.fill(kind === 'weight' || kind === 'running_var' ? 1 : 0);
    return;
  }
  if (kind.startsWith('norm_')) {
    data.fill(kind.endsWith('weight') ? 1 : 0);
    return;
  }
  if (initialiser === 'pytorch') {
    if (layer.type === 'embedding') return draw(data, () => source.normal(), pauses);
    return uniform(1 / Math.sqrt('hiddenSize' in layer ? layer.hiddenSize : fanIn(layer)));
  }
  if (columns === undefined) return;
  if (initialiser === 'orthogonal' && kind === 'weight_hh') {
    return fillOrthogonal(data, rows, columns, source, pauses);
  }
  return uniform(Math.sqrt(6 / ((rows + columns) * kernel)));
}

/** Numbers that one unit of a linear layer or a convolution sums up. */
function fanIn(layer: Layer): number {
  return layer.inputSize * (layer.type === 'conv1d' ? layer.kernelSize : 1);
}

const BETWEEN_PAUSES = 1 << 16;

async function draw(data: Float32Array, number: () => number, pauses: Pauses): Promise<void> {
  for (let start = 0; start < data.length; start += BETWEEN_PAUSES) {
    const end = Math.min(data.length, start + BETWEEN_PAUSES);
    for (let k = start; k < end; k++) data[k] = number();
    await pauses.take();
  }
}

/** Gram–Schmidt, twice over for accuracy, on the shorter side of a matrix of normal numbers. */
async function fillOrthogonal(
  data: Float32Array,
  rows: number,
  columns: number,
  source: Random,
  pauses: Pauses,
): Promise<void> {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from({ length }, () => source.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) subtractProjection(vector, other);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let j = 0; j < length; j++) {
      vector[j] /= norm;
      data[rows >= columns ? j * columns + k : k * columns + j] = vector[j];
    }
    basis.push(vector);
    await pauses.take();
  }
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const share = dot(vector, unit);
  for (let k = 0; k < vector.length; k++) vector[k] -= share * unit[k];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
