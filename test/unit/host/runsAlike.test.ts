import assert from 'node:assert/strict';
import { runsAlike, type Runnable } from '../../../src/host/runsAlike';
import { readKeys } from '../model/support';

async function model(changes: Readonly<Record<string, unknown>> = {}): Promise<Runnable> {
  const { network, weights, samples, problems } = await readKeys({
    weights: { init: 'pytorch', seed: 7 },
    samples: [{ name: 'ramp', values: [[0], [1]] }],
    ...changes,
  });
  assert.deepEqual(problems, []);
  return { network: network!, weights, samples };
}

describe('two versions of a model', () => {
  it('run alike if they differ in name and description alone', async () => {
    assert.ok(runsAlike(await model(), await model({ name: 'other', description: 'of one unit' })));
  });

  it('run alike with NaN and vocabularies too', async () => {
    const keys = {
      input: { kind: 'token', vocabulary: ['a', 'b'], split: 'char' },
      samples: [{ name: 'x', text: 'ab' }],
    };
    assert.ok(runsAlike(await model(keys), await model(keys)));
    const one = await model();
    const nan = new Map([['w', { shape: [1], data: Float32Array.of(NaN) }]]);
    assert.ok(runsAlike({ ...one, weights: nan }, { ...one, weights: structuredClone(nan) }));
    assert.ok(!runsAlike({ ...one, weights: nan }, { ...one, weights: undefined }));
  });

  const differences = {
    layers: [{ name: 'rnn', type: 'rnn', hidden_size: 1, nonlinearity: 'relu' }],
    weights: { init: 'pytorch', seed: 8 },
    samples: [{ name: 'ramp', values: [[0], [2]] }],
  };
  for (const [key, value] of Object.entries(differences)) {
    it(`do not if their ${key} differ`, async () => {
      assert.ok(!runsAlike(await model(), await model({ [key]: value })));
    });
  }
});
