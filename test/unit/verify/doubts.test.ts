import assert from 'node:assert/strict';
import type { Problem } from '../../../src/model/problem';
import { START_OF_FILE } from '../../../src/model/problem';
import type { Sequence } from '../../../src/model/samples';
import { doubtOf } from '../../../src/verify';
import type { Doubt } from '../../../src/verify/verdict';
import { VerdictWords } from '../../../src/words/verdict';
import { randomSequence } from '../engine/networks';

const warning = (code: string): Problem => ({
  ...{ severity: 'warning', code, message: `of ${code}`, place: START_OF_FILE, about: 'weights' },
});
const said = (doubt?: Doubt) => doubt && new VerdictWords().doubt(doubt);
const checkOf = (sequence: Sequence) => ({
  ...{ name: 'x', sequence, expected: { rows: 1, units: 1, values: new Float32Array(1) } },
});

describe('what is known against a model', () => {
  const [given, made, other] = [1, 2, 3].map((seed) => randomSequence(4, 2, seed));
  const sample = { name: 'impulse', sequence: { ...made, more: new Map([['b', other]]) } };
  const reading = { trained: true, problems: [], samples: [sample] };

  it('is nothing where all is sure', () => {
    assert.equal(doubtOf(reading, [checkOf(given)]), undefined);
    assert.equal(doubtOf({ ...reading, problems: [warning('training')] }, [checkOf(given)]), undefined);
  });

  it('is that the weights are seeded before all else', () => {
    const seeded = { ...reading, trained: false, problems: [warning('assumed')] };
    assert.equal(said(doubtOf(seeded, [checkOf(given)])), 'the weights are seeded, not trained');
  });

  it('is an input that was taken from a sample, unless the sample itself is checked', () => {
    const taken = checkOf({ ...given, more: new Map([['b', other]]) });
    assert.equal(
      said(doubtOf(reading, [taken])),
      'the input "b" was not given, and is that of the sample "impulse"',
    );
    assert.equal(doubtOf(reading, [checkOf(sample.sequence)]), undefined);
    assert.equal(doubtOf(reading, [checkOf({ ...given, more: new Map([['b', given]]) })]), undefined);
  });

  it('is the likeliest of the warnings that change numbers', () => {
    const problems = ['unused-tensor', 'assumed', 'training', 'non-finite-weights'].map(warning);
    assert.equal(said(doubtOf({ ...reading, problems }, [checkOf(given)])), 'of non-finite-weights');
    assert.equal(
      said(doubtOf({ ...reading, problems: problems.slice(0, 3) }, [checkOf(given)])),
      'of assumed',
    );
  });
});
