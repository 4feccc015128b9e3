/** Small networks with random weights, built in code. */
import type {
  Direction,
  GruLayer,
  InitialState,
  Layer,
  LinearLayer,
  LstmLayer,
  Network,
  RecurrentLayer,
  RnnLayer,
} from '../../../src/model/network';
import { stateSize } from '../../../src/model/network';
import { parametersOf } from '../../../src/model/parameters';
import type { TokenSequence, VectorSequence } from '../../../src/model/samples';
import { finalStateAt } from '../../../src/model/states';
import { type Tensor, elementCount } from '../../../src/model/weights';

/** The final state of a layer of one level that reads forward, as it is. */
export function handedBy(type: RecurrentLayer['type'], layer: string): InitialState {
  return { kind: 'handed', states: [finalStateAt(type, { layer, level: 0, direction: 'forward' })] };
}

type Options<L extends Layer> = Partial<Omit<L, 'type' | 'inputSize' | 'outputSize'>>;

const recurrentDefaults = {
  inputs: ['input'],
  hiddenSize: 3,
  levels: 1,
  directions: ['forward'] as readonly Direction[],
  merge: 'concat' as const,
  bias: true,
  returnSequences: true,
};

function sized<L extends RnnLayer | LstmLayer | GruLayer>(layer: L): L {
  const units = stateSize(layer);
  return { ...layer, outputSize: layer.merge === 'concat' ? units * layer.directions.length : units };
}

export function rnn(inputSize: number, options: Options<RnnLayer> = {}): RnnLayer {
  return sized({
    ...recurrentDefaults,
    name: 'rnn',
    type: 'rnn',
    inputSize,
    outputSize: 0,
    nonlinearity: 'tanh',
    ...options,
  });
}

export function lstm(inputSize: number, options: Options<LstmLayer> = {}): LstmLayer {
  return sized({
    ...recurrentDefaults,
    name: 'lstm',
    type: 'lstm',
    inputSize,
    outputSize: 0,
    projSize: 0,
    ...options,
  });
}

export function gru(inputSize: number, options: Options<GruLayer> = {}): GruLayer {
  return sized({
    ...recurrentDefaults,
    name: 'gru',
    type: 'gru',
    inputSize,
    outputSize: 0,
    resetAfter: true,
    ...options,
  });
}

export function linear(
  inputSize: number,
  outputSize: number,
  options: Options<LinearLayer> = {},
): LinearLayer {
  return {
    name: 'fc',
    type: 'linear',
    inputs: ['input'],
    inputSize,
    outputSize,
    bias: true,
    activation: 'none',
    ...options,
  };
}

/** A chain: every layer reads the one before it. */
export function network(...layers: Layer[]): Network {
  const chained = layers.map((layer, k) => ({ ...layer, inputs: [k === 0 ? 'input' : layers[k - 1].name] }));
  const size = layers[0].inputSize;
  return {
    name: 'test',
    dialect: 'native',
    conventions: [],
    input: { kind: 'vector', size },
    layers: chained as Layer[],
  };
}

/** Numbers in −1 … 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.999;
  };
}

export function randomWeights(network: Network, seed: number): Map<string, Tensor> {
  const next = randomNumbers(seed);
  return new Map(
    parametersOf(network).map(({ name, shape }) => [
      name,
      { shape, data: Float32Array.from({ length: elementCount(shape) }, next) },
    ]),
  );
}

export function randomSequence(steps: number, size: number, seed: number): VectorSequence {
  return {
    kind: 'vector',
    steps,
    size,
    values: Float32Array.from({ length: steps * size }, randomNumbers(seed)),
  };
}

export function vectorSequence(rows: readonly (readonly number[])[]): VectorSequence {
  return {
    kind: 'vector',
    steps: rows.length,
    size: rows[0]?.length ?? 1,
    values: Float32Array.from(rows.flat()),
  };
}

export function tokenSequence(ids: readonly number[]): TokenSequence {
  return { kind: 'token', steps: ids.length, ids: Int32Array.from(ids), tokens: ids.map(String) };
}

export function tensor(shape: number[], data: number[]): Tensor {
  return { shape, data: Float32Array.from(data) };
}
