import assert from 'node:assert/strict';
import { extremesIn, largestIn } from '../../../src/picture/bins';

describe('rows brought to the places of a strip', () => {
  it('keep what is largest at each place, on either side of 0', () => {
    const values = Float32Array.of(1, -3, 2, 0, 0.5, -0.25);
    assert.deepEqual([...largestIn(values, 3)], [-3, 2, 0.5]);
    assert.deepEqual([...largestIn(values, 6)], [...values]);
    assert.deepEqual(
      [...largestIn(values, 12)].filter((_, k) => k % 2 === 0),
      [...values],
    );
  });

  it('keep both extremes', () => {
    const { min, max } = extremesIn(Float32Array.of(1, -3, 2, 0), 2);
    assert.deepEqual(
      [[...min], [...max]],
      [
        [-3, 0],
        [1, 2],
      ],
    );
  });

  it('lose no single peak of a million', () => {
    const values = Float32Array.from({ length: 1_000_000 }, (_, k) => (k === 123_456 ? 9 : Math.sin(k)));
    assert.equal(Math.max(...extremesIn(values, 700).max), 9);
    assert.ok([...largestIn(values, 700)].includes(9));
  });

  it('show what is not a number, and nothing where there is nothing', () => {
    assert.deepEqual([...largestIn(Float32Array.of(1, NaN, 3, 4), 2)], [NaN, 4]);
    assert.deepEqual([...largestIn(new Float32Array(0), 2)], [NaN, NaN]);
  });
});
