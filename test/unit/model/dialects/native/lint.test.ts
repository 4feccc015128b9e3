import assert from 'node:assert/strict';
import { afterFix } from '../../../language/fixed';
import { modelText, readKeys } from '../../support';

/** The warnings of a model with these layers, and other keys. */
async function warnings(layers: readonly object[], keys: Record<string, unknown> = {}): Promise<string[]> {
  const { problems, network } = await readKeys({ layers, ...keys });
  assert.ok(network, JSON.stringify(problems));
  return problems.map(({ severity, code, message }) => `${severity} ${code} ${message}`);
}

async function warnsOnce(
  code: string,
  words: RegExp,
  layers: readonly object[],
  keys?: Record<string, unknown>,
) {
  const found = await warnings(layers, keys);
  assert.equal(found.length, 1, found.join('\n'));
  assert.ok(found[0].startsWith(`warning ${code} `), found[0]);
  assert.match(found[0], words);
}

async function isSilent(layers: readonly object[], keys?: Record<string, unknown>) {
  assert.deepEqual(await warnings(layers, keys), []);
}

const lstm = (more: object = {}) => ({ name: 'lstm', type: 'lstm', hidden_size: 2, ...more });
const both = (more: object = {}) => lstm({ bidirectional: true, ...more });
const head = (more: object = {}) => ({ name: 'head', type: 'linear', out_features: 2, ...more });
const softmax = { name: 'probabilities', type: 'activation', activation: 'softmax' };

describe('the linter of recurrent networks', () => {
  it('warns of a softmax of a softmax', async () => {
    const layers = [lstm(), head({ activation: 'softmax' }), softmax];
    await warnsOnce('softmax-twice', /softmax of what softmax gives in "head"/, layers);
    await isSilent([lstm(), head(), softmax]);
    const after = await afterFix(modelText({ layers }), 'softmax-twice');
    assert.ok(after.includes('"activation":"none"'), after);
  });

  it('compares how the last layer ends with what the loss expects', async () => {
    const layers = (activation: string) => [lstm(), head({ activation })];
    for (const [loss, fitting, others] of [
      ['cross_entropy', ['none'], ['softmax', 'log_softmax']],
      ['bce_with_logits', ['none'], ['sigmoid']],
      ['nll', ['log_softmax'], ['none', 'softmax']],
      ['bce', ['sigmoid'], ['none']],
      ['mse', ['none', 'tanh', 'softmax'], []],
    ] as const) {
      for (const activation of fitting) await isSilent(layers(activation), { loss });
      for (const activation of others) {
        await warnsOnce(
          'loss-mismatch',
          new RegExp(`${loss} expects .* the last layer, "head"`),
          layers(activation),
          { loss },
        );
        await afterFix(modelText({ layers: layers(activation), loss }), 'loss-mismatch');
      }
    }
    await warnsOnce('loss-mismatch', /ends in softmax/, [lstm(), head(), softmax, { type: 'dropout' }], {
      loss: 'cross_entropy',
    });
    await isSilent([lstm()], { loss: 'cross_entropy' });
  });

  it('warns where a mask ends before a layer that would heed it', async () => {
    const masking = { name: 'masking', type: 'masking' };
    const conv = { name: 'conv', type: 'conv1d', out_channels: 1, kernel_size: 1 };
    await warnsOnce('mask-dropped', /mask of "masking" ends here.*"lstm" takes masked steps/, [
      masking,
      conv,
      lstm(),
    ]);
    await warnsOnce('mask-dropped', /mask of "drop"/, [
      masking,
      { name: 'drop', type: 'dropout' },
      conv,
      { type: 'global_pool', mode: 'max' },
    ]);
    await isSilent([masking, lstm(), conv], undefined);
    await isSilent([masking, lstm(), head()]);
    await isSilent([conv, lstm()]);
    const merge = (masked: string) => [
      masking,
      { name: 'sum', type: 'merge', mode: 'add', input: ['masking', 'input'], masked },
      lstm(),
    ];
    await isSilent(merge('any'));
    await isSilent(merge('none'));
  });

  it('warns of a hidden state that nothing reads', async () => {
    const layers = [lstm(), { name: 'gru', type: 'gru', hidden_size: 2 }, head({ input: 'lstm' })];
    await warnsOnce(
      'unread-state',
      /"gru": its hidden state is never read on the way to the output, "head"/,
      layers,
    );
    await isSilent([lstm(), { type: 'gru', hidden_size: 2 }, head()]);
    await isSilent([
      lstm(),
      { name: 'decoder', type: 'lstm', hidden_size: 2, input: 'input', initial_state: { layer: 'lstm' } },
      head(),
    ]);
  });

  it('warns of the last step of a layer that reads both ways', async () => {
    const last = { name: 'last', type: 'select', step: -1 };
    await warnsOnce(
      'unread-state',
      /takes the last step of "lstm", where its backward direction has read that step alone/,
      [both(), last, head()],
    );
    await warnsOnce('unread-state', /its forward direction/, [
      lstm(),
      { type: 'dropout' },
      { ...last, step: 0 },
      head(),
    ]);
    await isSilent([lstm(), last, head()]);
    await isSilent([both({ return_sequences: false }), head()]);
    await warnsOnce('unread-state', /its backward direction/, [lstm({ go_backwards: true }), last, head()]);
    await isSilent([lstm({ go_backwards: true, reverse_output: true }), last, head()]);
  });

  it('warns of a direction and a level of which only others’ states are read', async () => {
    const state = (more: object) => ({ name: 'state', type: 'final_state', input: 'lstm', ...more });
    await warnsOnce('unread-state', /"lstm": the hidden state of its backward direction is never read/, [
      both(),
      state({}),
      head(),
    ]);
    await warnsOnce('unread-state', /the hidden state of level 1 is never read/, [
      lstm({ num_layers: 2 }),
      state({}),
      head(),
    ]);
    await isSilent([lstm({ num_layers: 2 }), state({ level: 1 }), head()]);
    const joined = { name: 'both', type: 'merge', mode: 'concatenate', input: ['state', 'back'] };
    await isSilent([both(), state({}), state({ name: 'back', direction: 'backward' }), joined, head()]);
  });

  it('never changes whether a model can be used', async () => {
    const { problems, network, weights } = await readKeys({
      layers: [both(), { type: 'select', step: -1 }, head()],
    });
    assert.ok(network && weights && problems.every(({ severity }) => severity === 'warning'));
  });
});
