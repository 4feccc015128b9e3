/** Small networks for the tests of the unrolled graph and its picture. */
import type {
  Conv1dLayer,
  Direction,
  GruLayer,
  Layer,
  LinearLayer,
  LstmLayer,
  Network,
  NetworkInput,
  RnnLayer,
} from '../../../src/model/network';
import { handedBy } from '../engine/networks';

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

const VALUE = { inputSize: 3, outputSize: 3 };
const CONVOLUTION: Omit<Conv1dLayer, 'name' | 'inputs'> = {
  ...{ type: 'conv1d', inputSize: 3, outputSize: 3, kernelSize: 3, stride: 1, padding: 'same' },
  ...{ dilation: 1, bias: true, activation: 'relu' },
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
  peepholes: network([lstm({ peepholes: true }), linear()]),
  coupled: network([
    lstm({ coupled: 'input' }),
    lstm({ name: 'other', inputs: ['lstm'], coupled: 'forget' }),
  ]),
  keepsOutput: network([lstm({ keeps: 'output' })]),
  backwardAlone: network([
    gru({ directions: ['backward'], reverseOutput: true }),
    linear({ inputs: ['gru'] }),
  ]),
  residual: network([
    gru({ outputSize: 3, hiddenSize: 3 }),
    { ...VALUE, name: 'add', type: 'merge', mode: 'add', inputs: ['input', 'gru'] },
    { ...VALUE, name: 'norm', type: 'layer_norm', inputs: ['add'], epsilon: 1e-5, bias: true },
  ]),
  convolution: network([
    { ...CONVOLUTION, name: 'conv', inputs: ['input'] },
    lstm({ inputs: ['conv'] }),
    {
      ...VALUE,
      name: 'pool',
      type: 'global_pool',
      inputs: ['lstm'],
      inputSize: 2,
      outputSize: 2,
      mode: 'max',
    },
  ]),
  strided: network([
    { ...CONVOLUTION, name: 'conv', inputs: ['input'], stride: 2 },
    lstm({ inputs: ['conv'] }),
    linear(),
  ]),
  autoencoder: network([
    lstm({ name: 'encoder', returnSequences: false }),
    {
      ...VALUE,
      name: 'repeat',
      type: 'repeat_vector',
      inputs: ['encoder'],
      inputSize: 2,
      outputSize: 2,
      count: 5,
    },
    lstm({ name: 'decoder', inputs: ['repeat'], initialState: handedBy('lstm', 'encoder') }),
    linear({ inputs: ['decoder'] }),
  ]),
  attention: network([
    gru(),
    lstm({ inputs: ['gru'] }),
    { ...VALUE, name: 'attention', type: 'attention', inputs: ['lstm', 'gru'], inputSize: 2, outputSize: 2 },
  ]),
  severalInputs: network([
    lstm({ name: 'encoder' }),
    {
      ...{ name: 'words', type: 'input', inputs: [], inputSize: 1, outputSize: 1, clock: 'own' },
      input: { kind: 'token', vocabulary: ['a'], split: 'word', lowercase: false, encoding: 'index' },
    },
    {
      ...{ name: 'table', type: 'embedding', inputs: ['words'], inputSize: 1 },
      ...{ outputSize: 3, numEmbeddings: 1 },
    },
    lstm({ inputs: ['table'], initialState: handedBy('lstm', 'encoder'), returnSequences: false }),
    {
      ...{ name: 'row', type: 'input', inputs: [], inputSize: 2, outputSize: 2, clock: 'row' },
      input: { kind: 'vector', size: 2 },
    },
    { ...VALUE, name: 'sum', type: 'merge', mode: 'add', inputs: ['lstm', 'row'], outputSize: 2 },
  ]),
  joinedStates: network([
    gru({ name: 'encoder', directions: BOTH, outputSize: 4 }),
    {
      ...{ name: 'end', type: 'final_state', inputs: ['encoder'], inputSize: 4, outputSize: 2 },
      ...{ signal: 'h', level: 0, direction: 'backward' },
    },
    linear({ name: 'bridge', inputs: ['end'], outputSize: 4 }),
    rnn({ name: 'between' }),
    gru({
      ...{ name: 'decoder', hiddenSize: 4, outputSize: 8, levels: 2, directions: BOTH },
      initialState: {
        kind: 'handed',
        states: [
          {
            h: {
              merge: 'concat',
              of: BOTH.map((direction) => ({ layer: 'encoder', level: 0, direction, signal: 'h' })),
            },
          },
          {},
          { h: { merge: 'sum', of: [{ layer: 'bridge', level: 0, direction: 'forward', signal: 'y' }] } },
          {
            h: {
              merge: 'concat',
              of: ['between', 'encoder'].map((layer) => ({
                ...{ layer, level: 0, direction: 'forward', signal: 'h' },
              })),
            },
          },
        ],
      },
    }),
  ]),
  skip: network([lstm(), gru({ inputs: ['lstm'] }), linear({ inputs: ['lstm', 'input', 'gru'] })]),
};
