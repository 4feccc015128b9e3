import assert from 'node:assert/strict';
import { didYouMean, nearest } from '../../../src/model/near';
import { readKeys } from './support';

describe('words close to a mistyped one', () => {
  it('are at most two changes away, one for short ones, the closest first', () => {
    const known = ['lstm', 'gru', 'rnn', 'linear', 'hidden_size', 'p'];
    assert.equal(nearest('lstn', known), 'lstm');
    assert.equal(nearest('hiddenSize', known), 'hidden_size');
    assert.equal(nearest('liner', known), 'linear');
    assert.equal(nearest('gur', known), undefined);
    assert.equal(nearest('gry', known), 'gru');
    assert.equal(nearest('x', known), undefined);
    assert.equal(nearest('dense', known), undefined);
    assert.equal(nearest('step', ['steps', 'stop']), 'steps');
    assert.equal(nearest('', known), undefined);
    assert.equal(didYouMean('lstn', known), '; did you mean "lstm"?');
    assert.equal(didYouMean('conv2d', known), '');
  });

  it('are told for layer types, activations and initialisers of a model', async () => {
    const messageOf = async (keys: Record<string, unknown>) => (await readKeys(keys)).problems[0].message;
    assert.match(
      await messageOf({ layers: [{ type: 'lsmt', hidden_size: 1 }] }),
      /found "lsmt"; did you mean "lstm"\?/,
    );
    const layer = { type: 'rnn', hidden_size: 1, nonlinearity: 'tahn' };
    assert.match(await messageOf({ layers: [layer] }), /did you mean "tanh"\?/);
    assert.match(await messageOf({ weights: { init: 'glorot-uniform' } }), /did you mean "glorot_uniform"\?/);
  });
});
