import assert from 'node:assert/strict';
import { initialise, type Initialiser } from '../../../src/model/initialise';
import { parametersOf } from '../../../src/model/parameters';
import type { Tensor } from '../../../src/model/weights';
import { readKeys } from './support';

async function weightsOf(initialiser: Initialiser, seed = 1) {
  const { network } = await readKeys({
    input: { kind: 'token', vocabulary: Array.from({ length: 40 }, (_, k) => `w${k}`), split: 'word' },
    layers: [
      { name: 'emb', type: 'embedding', embedding_dim: 25 },
      { name: 'gru', type: 'gru', hidden_size: 16 },
      { name: 'fc', type: 'linear', out_features: 9 },
    ],
  });
  assert.ok(network);
  const weights = await initialise(parametersOf(network), initialiser, seed);
  return (name: string) => weights.get(name) as Tensor;
}

const largest = ({ data }: Tensor) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function near(actual: number, bound: number): void {
  assert.ok(actual <= bound && actual > 0.9 * bound, `${actual} is not just below ${bound}`);
}

describe('initialise', () => {
  it('is the same for the same seed', async () => {
    const [a, b, c] = [await weightsOf('pytorch'), await weightsOf('pytorch'), await weightsOf('pytorch', 2)];
    assert.deepEqual(a('gru.weight_hh_l0').data, b('gru.weight_hh_l0').data);
    assert.notDeepEqual(a('gru.weight_hh_l0').data, c('gru.weight_hh_l0').data);
  });

  it('keeps to the bounds of torch.nn', async () => {
    const weight = await weightsOf('pytorch');
    for (const name of ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0'])
      near(largest(weight(`gru.${name}`)), 1 / 4);
    near(largest(weight('fc.weight')), 1 / 4);
    const { data } = weight('emb.weight');
    const meanSquare = data.reduce((sum, value) => sum + value * value, 0) / data.length;
    assert.ok(Math.abs(meanSquare - 1) < 0.15);
  });

  it('keeps to the bounds of Glorot, with biases 0', async () => {
    const weight = await weightsOf('glorot_uniform');
    near(largest(weight('gru.weight_ih_l0')), Math.sqrt(6 / (48 + 25)));
    near(largest(weight('fc.weight')), Math.sqrt(6 / (9 + 16)));
    assert.equal(largest(weight('gru.bias_hh_l0')), 0);
    assert.equal(largest(weight('fc.bias')), 0);
  });

  it('makes the columns of hidden-to-hidden matrices orthonormal', async () => {
    const weight = await weightsOf('orthogonal');
    const { data } = weight('gru.weight_hh_l0');
    for (let a = 0; a < 16; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let row = 0; row < 48; row++) product += data[row * 16 + a] * data[row * 16 + b];
        assert.ok(Math.abs(product - (a === b ? 1 : 0)) < 1e-6);
      }
    }
    near(largest(weight('gru.weight_ih_l0')), Math.sqrt(6 / (48 + 25)));
  });

  it('can be all 0', async () => {
    const weight = await weightsOf('zeros');
    for (const name of ['emb.weight', 'gru.weight_hh_l0', 'fc.bias']) assert.equal(largest(weight(name)), 0);
  });

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(initialise([], 'zeros', 0, signal), { name: 'AbortError' });
  });
});
