import assert from 'node:assert/strict';
import { findMatches, rank } from '../../../../src/engine/matches/find';
import { unitsThrough } from '../../../../src/engine/matches/pattern';
import { atOnce } from '../../../../src/engine/slices';
import type { SignalTrace } from '../../../../src/engine/trace';

/** A row per line, a column per unit: # is on. */
function signal(picture: string): SignalTrace {
  const rows = picture.trim().split(/\s+/);
  const values = Float32Array.from(rows.join(''), (mark) => (mark === '#' ? 0.9 : -0.9));
  return { signal: 'c', units: rows[0].length, rows: rows.length, values };
}

const off = { threshold: 0.3, offBefore: 0, offAfter: 0 };

describe('matches', () => {
  const trace = signal('..## #.## #.#. .... ###. #### ..#. .... ..#.');

  it('takes the units that are on in every row of a range, and off beside it', () => {
    assert.deepEqual(unitsThrough(trace, { from: 0, to: 2, ...off }), [2]);
    assert.deepEqual(unitsThrough(trace, { from: 1, to: 2, ...off }), [0, 2]);
    assert.deepEqual(unitsThrough(trace, { from: 1, to: 2, ...off, offBefore: 1 }), [0]);
    assert.deepEqual(unitsThrough(trace, { from: 1, to: 1, ...off, offAfter: 1 }), [3]);
  });

  it('throws for rows that the signal has not', () => {
    const bad = { name: 'RangeError', message: /rows from 0 to 8, the first before the last, found 7 to 9/ };
    assert.throws(() => unitsThrough(trace, { from: 7, to: 9, ...off }), bad);
  });

  it('finds stretches of the same units, without the edges of what it found', () => {
    const pattern = { units: [0, 2], length: 2, ...off };
    const found = rank(atOnce(findMatches(trace, pattern, { from: 1, to: 2 })), pattern);
    // Rows 4 and 5 have unit 1 through both of them, too: 2 of 3 units are common. Row 6 is their edge.
    assert.deepEqual(found, [
      { from: 4, to: 5, score: 2 / 3 },
      { from: 8, to: 8, score: 1 / 2 },
    ]);
  });

  it('wants the units of a place to be off beside it, too', () => {
    const pattern = { units: [0, 2], length: 2, ...off, offAfter: 1 };
    const found = atOnce(findMatches(trace, pattern, { from: 1, to: 2 }));
    assert.deepEqual(found.find(({ from }) => from === 4)?.score, 1 / 3);
  });

  it('finds nothing where no unit is given', () => {
    assert.deepEqual(atOnce(findMatches(trace, { units: [], length: 1, ...off })), []);
  });
});
