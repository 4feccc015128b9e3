/** Small networks for the tests of the unrolled graph and its picture. */
import type {
  Direction,
  GruLayer,
  Layer,
  LinearLayer,
  LstmLayer,
  Network,
  NetworkInput,
  RnnLayer,
} from '../../../src/model/network';

const BOTH: readonly Direction[] = ['forward', 'backward'];

export function network(
  layers: readonly Layer[],
  input: NetworkInput = { kind: 'vector', size: 3 },
): Network {
  return { name: 'test', dialect: 'native', conventions: [], input, layers };
}

const recurrent = {
  inputs: ['input'],
  inputSize: 3,
  outputSize: 2,
  hiddenSize: 2,
  levels: 1,
  directions: ['forward'],
  merge: 'concat',
  bias: true,
  returnSequences: true,
} as const;

export function lstm(options: Partial<LstmLayer> = {}): LstmLayer {
  return { ...recurrent, name: 'lstm', type: 'lstm', projSize: 0, ...options };
}

export function gru(options: Partial<GruLayer> = {}): GruLayer {
  return { ...recurrent, name: 'gru', type: 'gru', resetAfter: true, ...options };
}

export function rnn(options: Partial<RnnLayer> = {}): RnnLayer {
  return { ...recurrent, name: 'rnn', type: 'rnn', nonlinearity: 'tanh', ...options };
}

export function linear(options: Partial<LinearLayer> = {}): LinearLayer {
  return {
    name: 'fc',
    type: 'linear',
    inputs: ['lstm'],
    inputSize: 2,
    outputSize: 2,
    bias: true,
    activation: 'none',
    ...options,
  };
}

const TOKENS: NetworkInput = {
  kind: 'token',
  vocabulary: ['a', 'b'],
  split: 'word',
  lowercase: false,
  encoding: 'index',
};

/** One of each kind of structure. */
export const STRUCTURES: Readonly<Record<string, Network>> = {
  rnn: network([rnn()]),
  lstm: network([lstm(), linear()]),
  gru: network([gru(), linear({ inputs: ['gru'] })], { kind: 'vector', size: 40 }),
  embedding: network(
    [
      { name: 'emb', type: 'embedding', inputs: ['input'], inputSize: 1, outputSize: 3, numEmbeddings: 2 },
      lstm({ inputs: ['emb'] }),
      { name: 'drop', type: 'dropout', inputs: ['lstm'], inputSize: 2, outputSize: 2, p: 0.5 },
      linear({ inputs: ['drop'] }),
    ],
    TOKENS,
  ),
  stack: network([lstm({ levels: 3 }), gru({ inputs: ['lstm'] }), rnn({ inputs: ['gru'] })]),
  bidirectional: network([lstm({ levels: 2, directions: BOTH }), linear()]),
  lastOnly: network([gru({ returnSequences: false }), linear({ inputs: ['gru'] })]),
  afterLast: network([
    lstm({ returnSequences: false }),
    gru({ inputs: ['lstm'] }),
    linear({ inputs: ['gru'] }),
  ]),
  lastOfBoth: network([
    rnn({ returnSequences: false, directions: BOTH, merge: 'sum' }),
    linear({ inputs: ['rnn'] }),
  ]),
  skip: network([lstm(), gru({ inputs: ['lstm'] }), linear({ inputs: ['lstm', 'input', 'gru'] })]),
};
