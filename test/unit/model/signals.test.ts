import assert from 'node:assert/strict';
import { SIGNALS } from '../../../src/model/network';
import { signalFacts } from '../../../src/model/signals';
import { readKeys } from './support';

async function facts(layer: Record<string, unknown>): Promise<Record<string, string>> {
  const { network } = await readKeys({ layers: [layer] });
  assert.ok(network);
  const [found] = network.layers;
  return Object.fromEntries(
    SIGNALS[found.type].map((signal) => {
      const { range, saturation } = signalFacts(found, signal);
      return [signal, `${range} ${saturation}`];
    }),
  );
}

describe('signalFacts', () => {
  const gate = 'gate sigmoid';
  const signed = 'signed tanh';
  const unbounded = 'unbounded null';

  it('knows the gates and states of every cell', async () => {
    const lstm = { i: gate, f: gate, g: signed, o: gate, c: unbounded, h: signed };
    assert.deepEqual(await facts({ type: 'lstm', hidden_size: 2 }), lstm);
    assert.deepEqual(await facts({ type: 'lstm', hidden_size: 2, proj_size: 1 }), { ...lstm, h: unbounded });
    assert.deepEqual(await facts({ type: 'gru', hidden_size: 2 }), {
      r: gate,
      z: gate,
      n: signed,
      h: signed,
    });
    assert.deepEqual(await facts({ type: 'rnn', hidden_size: 2 }), { h: signed });
    assert.deepEqual(await facts({ type: 'rnn', hidden_size: 2, nonlinearity: 'relu' }), {
      h: 'unbounded dead',
    });
  });

  it('follows the activations of a cell', async () => {
    const hard = { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 };
    const relu = { type: 'lstm', hidden_size: 2, activation: 'relu', recurrent_activation: hard };
    const { i, g, h } = await facts(relu);
    assert.deepEqual([i, g, h], [gate, 'unbounded dead', unbounded]);
    const { n, h: state } = await facts({ type: 'gru', hidden_size: 2, activation: 'softsign' });
    assert.deepEqual([n, state], [signed, signed]);
    assert.equal((await facts({ type: 'rnn', hidden_size: 2, nonlinearity: 'sigmoid' })).h, gate);
  });

  it('follows the activation of a linear layer', async () => {
    const linear = async (activation: string) =>
      (await facts({ type: 'linear', out_features: 2, activation })).y;
    assert.equal(await linear('none'), unbounded);
    assert.equal(await linear('tanh'), signed);
    assert.equal(await linear('sigmoid'), gate);
    assert.equal(await linear('relu'), 'unbounded dead');
    assert.equal(await linear('softmax'), 'gate null');
    assert.deepEqual(await facts({ type: 'dropout' }), { y: unbounded });
  });
});
