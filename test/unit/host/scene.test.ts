import assert from 'node:assert/strict';
import { ownChoice, toSequenceSummary, withTakenInputs } from '../../../src/host/scene';
import { inEnglish } from '../../../src/words/translate';
import { START_OF_FILE, type Problem } from '../../../src/model/problem';
import type { Sequence } from '../../../src/model/samples';
import { readKeys } from '../model/support';

const problem = (severity: Problem['severity'], message: string): Problem => ({
  ...{ severity, code: 'x', message, place: START_OF_FILE, about: 'samples' },
});

function vectors(...values: number[]): Sequence {
  return { kind: 'vector', steps: values.length, size: 1, values: Float32Array.from(values) };
}

describe("a sequence of the user's own", () => {
  const layers = [
    { name: 'rnn', type: 'rnn', hidden_size: 1 },
    { name: 'side', type: 'input', sequence: { kind: 'vector', size: 1 } },
    { name: 'both', type: 'merge', mode: 'add', input: ['rnn', 'side'] },
  ];
  const samples = [{ name: 'ramp', values: [[0], [1]], inputs: { side: { values: [[2], [3]] } } }];

  it('tells the warnings of its reading', () => {
    const choice = ownChoice('a.wav', vectors(1), [
      problem('warning', 'stereo'),
      problem('error', 'cut off'),
    ]);
    assert.deepEqual(toSequenceSummary(choice).warnings, ['stereo']);
    assert.equal('warnings' in toSequenceSummary(ownChoice('b.wav', vectors(1), [])), false);
  });

  it('tells which further inputs are those of a sample, and of which', async () => {
    const { network, samples: read, problems } = await readKeys({ layers, samples });
    assert.deepEqual(problems, []);
    const choice = withTakenInputs(network!, ownChoice('typed', vectors(4, 5), []), read, inEnglish);
    assert.deepEqual(toSequenceSummary(choice).taken, { layers: ['side'], sample: 'ramp' });
    assert.deepEqual(choice.sequence.more?.get('side'), read[0].sequence.more?.get('side'));
  });

  it('tells of none where it brings them all', async () => {
    const { network, samples: read } = await readKeys({ layers, samples });
    const whole = { ...vectors(4, 5), more: new Map([['side', vectors(6, 7)]]) };
    const choice = withTakenInputs(network!, ownChoice('file', whole, []), read, inEnglish);
    assert.equal('taken' in toSequenceSummary(choice), false);
    assert.deepEqual(choice.sequence.more, whole.more);
  });

  it('warns where it brings more or fewer steps of what a layer gives that is not run', async () => {
    const notRun = { name: 'gap', type: 'not_run', kind: 'Lambda', reason: 'it holds code', out_features: 1 };
    const { network } = await readKeys({ layers: [notRun, layers[0]] });
    for (const [gap, warnings] of [
      [vectors(6, 7, 8), ['"gap" is given 3 steps, the input 2: they are taken as they are']],
      [vectors(6, 7), undefined],
    ] as const) {
      const sequence = { ...vectors(4, 5), more: new Map([['gap', gap]]) };
      const choice = withTakenInputs(network!, ownChoice('file', sequence, []), [], inEnglish);
      assert.deepEqual(toSequenceSummary(choice).warnings, warnings);
    }
  });
});
