import assert from 'node:assert/strict';
import { countParameters, parametersOf } from '../../../src/model/parameters';
import { readKeys } from './support';

async function networkOf(keys: Record<string, unknown>) {
  const { network, problems } = await readKeys(keys);
  assert.ok(network, JSON.stringify(problems));
  return network;
}

describe('parametersOf', () => {
  it('names and shapes a stacked bidirectional LSTM with a projection as PyTorch does', async () => {
    const network = await networkOf({
      input: { kind: 'vector', size: 3 },
      layers: [{ name: 'm', type: 'lstm', hidden_size: 5, proj_size: 2, num_layers: 2, bidirectional: true }],
    });
    assert.deepEqual(
      parametersOf(network).map(({ name, shape }) => `${name} ${shape.join('×')}`),
      ['l0', 'l0_reverse', 'l1', 'l1_reverse'].flatMap((suffix, k) => [
        `m.weight_ih_${suffix} 20×${k < 2 ? 3 : 4}`,
        `m.weight_hh_${suffix} 20×2`,
        `m.bias_ih_${suffix} 20`,
        `m.bias_hh_${suffix} 20`,
        `m.weight_hr_${suffix} 2×5`,
      ]),
    );
  });

  it('leaves biases out, and gives layers without weights none', async () => {
    const network = await networkOf({
      input: { kind: 'token', vocabulary: ['a', 'b'], split: 'char' },
      layers: [
        { type: 'embedding', embedding_dim: 3 },
        { type: 'dropout', p: 0.5 },
        { type: 'gru', hidden_size: 2, bias: false },
        { type: 'linear', out_features: 4, bias: false },
      ],
    });
    assert.deepEqual(
      parametersOf(network).map(({ name, shape }) => `${name} ${shape.join('×')}`),
      ['embedding_1.weight 2×3', 'gru_1.weight_ih_l0 6×3', 'gru_1.weight_hh_l0 6×2', 'linear_1.weight 4×2'],
    );
    assert.equal(countParameters(network), 6 + 18 + 12 + 8);
  });

  it('needs tensors that are fixed, and counts them as no parameters', async () => {
    const network = await networkOf({
      layers: [
        { type: 'lstm', hidden_size: 1, num_layers: 2, bidirectional: true, fixed: ['bias_hh'] },
        { type: 'linear', out_features: 3, fixed: ['weight'] },
      ],
    });
    assert.equal(parametersOf(network).filter(({ kind }) => kind === 'bias_hh').length, 4);
    assert.equal(countParameters(network), 2 * (4 + 4 + 4) + 2 * (8 + 4 + 4) + 3);
  });

  it('cannot fix tensors that a layer does not have', async () => {
    const { problems } = await readKeys({
      layers: [{ name: 'rnn', type: 'rnn', hidden_size: 1, bias: false, fixed: ['weight_ih', 'bias_hh'] }],
    });
    assert.deepEqual(
      problems.map(({ code, message }) => `${code} ${message}`),
      [
        "wrong-value layers[0].fixed[1]: expected one of the layer's tensors weight_ih, weight_hh, found bias_hh",
      ],
    );
  });
});
