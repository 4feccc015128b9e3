import assert from 'node:assert/strict';
import { optionsInWords } from '../../../../../src/model/dialects/native/options';
import { readKeys } from '../../support';

async function layersWith(...layers: object[]) {
  const { network, problems } = await readKeys({ layers });
  assert.ok(network, JSON.stringify(problems));
  return network;
}

describe('the conventions of a native model', () => {
  it('are PyTorch’s for PyTorch’s own layers, whatever those are told', async () => {
    for (const layer of [
      { type: 'lstm', hidden_size: 3, num_layers: 2, bidirectional: true, bias: false, proj_size: 1 },
      { type: 'rnn', hidden_size: 2, nonlinearity: 'relu', return_sequences: false },
    ]) {
      const { conventions } = await layersWith(layer);
      assert.ok(!conventions.join().includes('other than'), conventions.join());
    }
  });

  it('name what is computed otherwise', async () => {
    const { conventions } = await layersWith(
      {
        ...{ type: 'lstm', hidden_size: 1, keeps: 'output', forget_bias: 1, peepholes: true },
        ...{ recurrent_activation: { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 } },
        initial_state: 'learned',
      },
      { type: 'rnn', hidden_size: 2, nonlinearity: 'softsign', clip: 3, layer_norm: {} },
      { type: 'lstm', hidden_size: 1, keeps: 'output', go_backwards: true, reverse_output: true },
    );
    assert.deepEqual(conventions, [
      'PyTorch',
      'i, f, g, o',
      'other than PyTorch: initial_state learned, recurrent_activation hard_sigmoid (alpha 0.2, beta 0.5), peepholes, forget_bias 1, keeps output, clip 3, layer_norm (epsilon 0.00001), nonlinearity softsign, go_backwards, reverse_output',
    ]);
  });
});

describe('the options of a layer in words', () => {
  it('are those that are not the default', async () => {
    const { layers } = await layersWith(
      { type: 'conv1d', out_channels: 2, kernel_size: 3, padding: 'causal', dilation: 2 },
      { type: 'lstm', hidden_size: 2, num_layers: 2, bias: false },
      { type: 'gru', hidden_size: 2, initial_state: 'zeros' },
      { type: 'dropout' },
      { type: 'linear', out_features: 1, activation: 'log_softmax' },
    );
    assert.deepEqual(
      layers.map((layer) => optionsInWords(layer, layers).join(', ')),
      [
        'kernel_size 3, padding causal, dilation 2',
        'num_layers 2, bias false',
        '',
        '',
        'activation log_softmax',
      ],
    );
  });
});
