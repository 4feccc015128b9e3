import assert from 'node:assert/strict';
import type { Surroundings } from '../../../../../src/protocol';
import { LabelNames, indexOf, pathOf, written } from '../../../../../webview/features/matches/placeLayout';

describe('a place of a sequence', () => {
  it('is found among what is around it, by its steps, also where not every step is there', () => {
    const text: Surroundings = { kind: 'token', first: 7, tokens: ['a', 'b', 'c'], apart: false };
    assert.deepEqual(
      [5, 7, 9, 30].map((step) => indexOf(text, step)),
      [0, 0, 2, 2],
    );
    const numbers: Surroundings = { kind: 'vector', first: 10, stride: 4, values: new Float32Array(3) };
    assert.deepEqual(
      [10, 13, 14, 21].map((step) => indexOf(numbers, step)),
      [0, 0, 1, 2],
    );
  });

  it('is drawn from its least to its largest number, broken where one is not finite', () => {
    assert.equal(pathOf(Float32Array.of(0, 2, NaN, 1)), 'M0.5 94.0L1.5 6.0M3.5 50.0');
    assert.equal(pathOf(Float32Array.of(3)), 'M0.5 94.0');
    assert.equal(pathOf(Float32Array.of(NaN)), '');
  });

  it('has a colour a label, in the order in which they come, six in all', () => {
    const names = new LabelNames();
    const labels = ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g', 'b'];
    assert.deepEqual(
      labels.map((label) => names.colourOf(label)),
      [0, 1, 0, 2, 3, 4, 5, 0, 1],
    );
  });

  it('shows what cannot be seen of a token', () => {
    assert.deepEqual(['\n', '', ' ', 'ab'].map(written), ['⏎', '∅', ' ', 'ab']);
  });
});
