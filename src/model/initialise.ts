import type { Layer } from './network';
import type { Parameter } from './parameters';
import { Pauses } from './pauses';
import { random, type Random } from './random';
import { elementCount, type Tensor, type Weights } from './weights';

export const INITIALISERS = ['pytorch', 'glorot_uniform', 'orthogonal', 'zeros'] as const;
export type Initialiser = (typeof INITIALISERS)[number];

/** What a parameter's numbers are drawn from. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  /** From `mean` − `bound` to `mean` + `bound`. */
  | { readonly kind: 'uniform'; readonly mean: number; readonly bound: number }
  /** `truncated_normal` draws again what is more than two deviations from the mean. */
  | { readonly kind: 'normal' | 'truncated_normal'; readonly mean: number; readonly deviation: number }
  /** A matrix with orthonormal columns or rows, times `gain`, as `torch.nn.init.orthogonal_` makes it (Saxe et al. 2014). */
  | { readonly kind: 'orthogonal'; readonly gain: number }
  /** `gain` where row and column are the same. */
  | { readonly kind: 'identity'; readonly gain: number };

/**
 * Untrained weights for `parameters`, each from its own distribution, the same for the same seed on every machine.
 * - `pytorch`: what `torch.nn` does by itself: U(±1/√H) for all of a recurrent layer, U(±1/√in) for a linear one
 *   and a convolution (Kaiming's bound with a = √5), N(0, 1) for an embedding.
 * - `glorot_uniform`: U(±√(6 / (rows + columns))) (Glorot & Bengio 2010), biases 0.
 * - `orthogonal`: hidden-to-hidden matrices orthogonal, the other matrices as `glorot_uniform`, biases 0.
 * - `zeros`: all 0.
 *
 * But for `zeros`, normalisation begins as the identity: weights and variances 1, biases and means 0.
 *
 * Rejects only if `signal` is aborted.
 */
export async function initialise(
  parameters: readonly Parameter[],
  initialiser: Initialiser | ((parameter: Parameter) => Distribution),
  seed: number,
  signal?: AbortSignal,
): Promise<Weights> {
  const source = random(seed);
  const pauses = new Pauses(signal);
  const weights = new Map<string, Tensor>();
  for (const parameter of parameters) {
    const { name, shape } = parameter;
    const data = new Float32Array(elementCount(shape));
    const distribution =
      typeof initialiser === 'function' ? initialiser(parameter) : distributionOf(initialiser, parameter);
    await fill(distribution, shape, data, source, pauses);
    weights.set(name, { shape, data });
  }
  return weights;
}

export function distributionOf(initialiser: Initialiser, { kind, layer, shape }: Parameter): Distribution {
  const constant = (value: number) => ({ kind: 'constant', value }) as const;
  const uniform = (bound: number) => ({ kind: 'uniform', mean: 0, bound }) as const;
  const [rows, columns, kernel = 1] = shape;
  if (initialiser === 'zeros') return constant(0);
  if ('epsilon' in layer) {
    return constant(kind === 'weight' || kind === 'running_var' ? 1 : 0);
  }
  if (kind.startsWith('norm_')) return constant(kind.endsWith('weight') ? 1 : 0);
  if (initialiser === 'pytorch') {
    if (layer.type === 'embedding') return { kind: 'normal', mean: 0, deviation: 1 };
    return uniform(1 / Math.sqrt('hiddenSize' in layer ? layer.hiddenSize : fanIn(layer)));
  }
  if (columns === undefined) return constant(0);
  if (initialiser === 'orthogonal' && kind === 'weight_hh') return { kind: 'orthogonal', gain: 1 };
  return uniform(Math.sqrt(6 / ((rows + columns) * kernel)));
}

async function fill(
  distribution: Distribution,
  [rows, columns = 1, kernel = 1]: readonly number[],
  data: Float32Array,
  source: Random,
  pauses: Pauses,
): Promise<void> {
  switch (distribution.kind) {
    case 'constant':
      data.fill(distribution.value);
      return;
    case 'uniform': {
      const { mean, bound } = distribution;
      return draw(data, () => mean + (2 * source.uniform() - 1) * bound, pauses);
    }
    case 'normal': {
      const { mean, deviation } = distribution;
      return draw(data, () => mean + deviation * source.normal(), pauses);
    }
    case 'truncated_normal': {
      const { mean, deviation } = distribution;
      return draw(data, () => mean + deviation * withinTwo(source), pauses);
    }
    case 'orthogonal':
      await fillOrthogonal(data, rows, columns * kernel, source, pauses);
      for (let k = 0; k < data.length; k++) data[k] *= distribution.gain;
      return;
    case 'identity':
      for (let k = 0; k < Math.min(rows, columns * kernel); k++) {
        data[k * columns * kernel + k] = distribution.gain;
      }
  }
}

function withinTwo(source: Random): number {
  for (;;) {
    const value = source.normal();
    if (Math.abs(value) <= 2) return value;
  }
}

/** Numbers that one unit of a linear layer or a convolution sums up. */
function fanIn(layer: Layer): number {
  if (layer.type === 'conv2d')
    return (layer.channels / layer.groups) * layer.kernel.height * layer.kernel.steps;
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

/**
 * Orthonormal columns, or rows where those are fewer: unit vectors, turned by random angles in planes of random pairs of
 * axes, all axes in pairs at once, round after round (M. Kac's walk, 1956), which mixes in O(log n) rounds.
 */
async function fillOrthogonal(
  data: Float32Array,
  rows: number,
  columns: number,
  source: Random,
  pauses: Pauses,
): Promise<void> {
  const tall = rows >= columns;
  const [length, count] = tall ? [rows, columns] : [columns, rows];
  const [axis, vector] = tall ? [columns, 1] : [1, columns];
  for (let k = 0; k < count; k++) data[k * (axis + vector)] = 1;
  const order = Uint32Array.from({ length }, (_, k) => k);
  const rounds = 2 * Math.ceil(Math.log2(length)) + 2;
  for (let round = 0; round < rounds; round++) {
    shuffle(order, source);
    for (let pair = 0; pair + 1 < length; pair += 2) {
      const angle = 2 * Math.PI * source.uniform();
      turn(data, order[pair] * axis, order[pair + 1] * axis, vector, count, angle);
    }
    await pauses.take();
  }
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, source: Random): void {
  for (let k = order.length - 1; k > 0; k--) {
    const other = Math.floor((k + 1) * source.uniform());
    [order[k], order[other]] = [order[other], order[k]];
  }
}

/** Turns the components of `count` vectors, `step` apart, along two axes that begin at `a` and `b`. */
function turn(data: Float32Array, a: number, b: number, step: number, count: number, angle: number): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let k = 0, end = count * step; k < end; k += step) {
    const [x, y] = [data[a + k], data[b + k]];
    data[a + k] = cos * x - sin * y;
    data[b + k] = sin * x + cos * y;
  }
}
