import assert from 'node:assert/strict';
import { join } from 'node:path';
import { MACHINE } from '../../../src/cli/machine';
import { read } from '../../../src/cli/read';
import { ChangeError, whatIf, withChange } from '../../../src/whatIf/changes';
import { changeText, joinChanges, splitChanges } from '../../../src/whatIf/text';

const FIXTURES = join(import.meta.dirname, '../../fixtures/pytorch');

async function sampleOf(name: string) {
  const { network, samples } = await read(MACHINE, join(FIXTURES, `${name}.rnn.json`));
  return { network: network!, sequence: samples[0].sequence };
}

describe('changes as text', () => {
  it('are read as they are written', async () => {
    const { network, sequence } = await sampleOf('lstm-stacked-bidirectional');
    const address = { layer: 'lstm', level: 1, direction: 'backward', signal: 'f' } as const;
    const text = changeText({ ...address, unit: 2, step: 3 }, 0.5);
    assert.equal(text, 'lstm.1.backward.f[2]@3=0.5');
    assert.deepEqual(whatIf(network, sequence, [text]).clamps, [
      { ...address, units: [2, 2], steps: [3, 3], value: 0.5 },
    ]);
    const forward = { ...address, level: 0, direction: 'forward' } as const;
    assert.equal(changeText(forward, 1), 'lstm.f=1');
    const input = { layer: 'input', level: 0, direction: 'forward', signal: 'x' } as const;
    assert.equal(changeText({ ...input, unit: 1, step: 0 }, 2), 'input[1]@0=2');
    assert.equal(whatIf(network, sequence, ['input[1]@0=2']).clamps.length, 1);
  });

  it('replace tokens one after another', async () => {
    const { network, sequence } = await sampleOf('embedding-softmax');
    const changed = whatIf(network, sequence, ['input@0=b', 'input@1=c']).sequence;
    assert.deepEqual(changed.kind === 'token' && changed.tokens.slice(0, 3), ['b', 'c', ' ']);
  });

  it('put the values that are held into the sequence, too, so that all that shows it shows them', async () => {
    const { network, sequence } = await sampleOf('lstm');
    assert.ok(sequence.kind === 'vector');
    const { sequence: changed, clamps } = whatIf(network, sequence, ['input[1]@0=2', 'input@2..3=0']);
    assert.ok(changed.kind === 'vector');
    const { size } = sequence;
    const wanted = sequence.values.slice();
    wanted[1] = 2;
    wanted.fill(0, 2 * size, 4 * size);
    assert.deepEqual([...changed.values], [...wanted]);
    assert.equal(clamps.length, 2);
    assert.equal(whatIf(network, sequence, ['lstm.f=1']).sequence, sequence);
  });

  it('are split at lines and semicolons', () => {
    const sets = ['lstm.f=0', 'input@3= ', 'lstm.h0=[1,0]'];
    assert.deepEqual(splitChanges(joinChanges(sets)), sets);
    assert.deepEqual(splitChanges('lstm.f=0; input@3=;; lstm.i=1 '), ['lstm.f=0', 'input@3=;', 'lstm.i=1 ']);
  });

  it('say what they expected', async () => {
    const { network, sequence } = await sampleOf('lstm');
    const none = { sequence, clamps: [] };
    assert.throws(
      () => withChange(network, none, 'lstm.q=0'),
      (error) => {
        assert.ok(error instanceof ChangeError);
        assert.deepEqual(
          [error.set, /expected one of the signals i, f, g, o/.test(error.reason)],
          ['lstm.q=0', true],
        );
        return true;
      },
    );
    assert.throws(() => withChange(network, none, 'lst.f=0'), /did you mean "lstm"/);
  });
});
