import assert from 'node:assert/strict';
import { amountInWords, brieflySaid, saidOf, saidWidth } from '../../../src/picture/said';
import type { RecurrentLayer } from '../../../src/model/network';
import { STRUCTURES } from '../unroll/networks';

const cellOf = (name: 'lstm' | 'gru') =>
  STRUCTURES[name].layers.find(({ type }) => type === name) as RecurrentLayer;

describe('what is said of a signal', () => {
  it('is its name, how much, and what that does', () => {
    const half = { value: 0.55, isGate: true };
    assert.equal(brieflySaid(cellOf('lstm'), 'f', half), 'forget 55 %: keeps about half');
    assert.equal(saidOf(cellOf('lstm'), 'f', half), 'forget gate 55 %: keeps about half of what was in c');
    assert.equal(brieflySaid(cellOf('lstm'), 'c', { value: -1.5, isGate: false }), 'cell state: holds −1.50');
    assert.equal(
      brieflySaid(cellOf('gru'), 'z', { value: 0.01, isGate: true }),
      'update 1 %: keeps nearly nothing',
    );
  });

  it('is its name alone without a number, or with one that is none', () => {
    for (const value of [undefined, NaN, Infinity]) {
      assert.equal(brieflySaid(cellOf('lstm'), 'f', { value, isGate: true }), 'forget gate');
    }
  });

  it('says how much from nothing to all', () => {
    assert.deepEqual([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1].map(amountInWords), [
      'nearly nothing',
      'little',
      'about a third',
      'about half',
      'about two thirds',
      'most',
      'nearly all',
    ]);
  });

  it('needs room for the longest', () => {
    const longest = brieflySaid(cellOf('lstm'), 'o', { value: 0.75, isGate: true });
    assert.ok(saidWidth(STRUCTURES.lstm) >= longest.length * 6);
  });
});
