import assert from 'node:assert/strict';
import type { Layer, Network } from '../../../src/model/network';
import { architecture, layers } from '../../../src/words/summary';

const LSTM: Layer = {
  name: 'lstm',
  type: 'lstm',
  inputs: ['emb'],
  inputSize: 8,
  outputSize: 32,
  hiddenSize: 32,
  levels: 1,
  directions: ['forward'],
  merge: 'concat',
  bias: true,
  returnSequences: true,
  projSize: 0,
};
const GRU: Layer = { ...LSTM, name: 'gru', type: 'gru', hiddenSize: 16, resetAfter: true, outputSize: 16 };
const EMBEDDING: Layer = {
  name: 'emb',
  type: 'embedding',
  inputs: ['input'],
  inputSize: 1,
  outputSize: 8,
  numEmbeddings: 28,
};
const LINEAR: Layer = {
  name: 'fc',
  type: 'linear',
  inputs: ['lstm'],
  inputSize: 32,
  outputSize: 28,
  bias: true,
  activation: 'softmax',
};
const DROPOUT: Layer = {
  name: 'drop',
  type: 'dropout',
  inputs: ['lstm'],
  inputSize: 32,
  outputSize: 32,
  p: 0.5,
};

function network(...of: Layer[]): Network {
  return {
    name: 'n',
    dialect: 'native',
    conventions: [],
    input: { kind: 'vector', size: 3 },
    layers: of,
  };
}

describe('a network in words', () => {
  it('names every layer with its sizes', () => {
    assert.equal(
      layers(network(EMBEDDING, LSTM, DROPOUT, LINEAR)),
      'Embedding 28→8 · LSTM 32 · Dropout 0.5 · Linear 28',
    );
  });

  it('names directions, levels and projections of recurrent layers', () => {
    assert.equal(architecture(network(EMBEDDING, LSTM, LINEAR)), 'LSTM 32');
    assert.equal(
      architecture(network({ ...LSTM, directions: ['forward', 'backward'], levels: 2 }, GRU)),
      'BiLSTM 32 × 2 · GRU 16',
    );
    assert.equal(architecture(network({ ...LSTM, projSize: 12 })), 'LSTM 32→12');
    assert.equal(architecture(network(LINEAR)), '');
  });
});
