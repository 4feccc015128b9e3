import assert from 'node:assert/strict';
import { sameInput } from '../../../src/differences/sameInput';
import type { Network, TokenInput } from '../../../src/model/network';
import { sequenceFromText } from '../../../src/model/sequences';

function reads(split: 'char' | 'word', vocabulary: string[], unknown?: string): Network {
  const input: TokenInput = { kind: 'token', vocabulary, split, lowercase: false, encoding: 'index' };
  const named = unknown === undefined ? input : { ...input, unknown };
  return { name: 'model', dialect: 'native', conventions: [], input: named, layers: [] };
}

describe('the same input for another network', () => {
  const letters = reads('char', ['a', 'b', ' ']);
  const { sequence } = sequenceFromText(letters, 'ab a');

  it('has the ids of the other vocabulary', () => {
    const found = sameInput(letters, sequence!, reads('char', [' ', 'b', 'a'])).sequence;
    assert.deepEqual(found?.kind === 'token' && [...found.ids], [2, 1, 0, 2]);
  });

  it('is split again where the other reads words', () => {
    const found = sameInput(letters, sequence!, reads('word', ['a', 'ab'])).sequence;
    assert.deepEqual(found?.kind === 'token' && [...found.ids], [1, 0]);
  });

  it('says which tokens the other has not, and what stands in', () => {
    const none = sameInput(letters, sequence!, reads('char', ['a', ' ']));
    assert.equal(none.sequence, undefined);
    assert.match(none.problems[0].message, /"b" at position 2 is not in the vocabulary/);
    const found = sameInput(letters, sequence!, reads('char', ['a', ' ', '?'], '?'));
    assert.deepEqual(found.sequence?.kind === 'token' && [...found.sequence.ids], [0, 2, 1, 0]);
    assert.match(found.problems[0].message, /stands in/);
  });
});
