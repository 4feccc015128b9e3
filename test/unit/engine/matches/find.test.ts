import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findMatches, type Match, Ranking } from '../../../../src/engine/matches/find';
import { type OnUnits, onUnits } from '../../../../src/engine/matches/onUnits';
import { unitsThrough } from '../../../../src/engine/matches/pattern';
import { atOnce } from '../../../../src/engine/slices';

/** A row per line, a column per unit: # is on. */
function signal(picture: string): OnUnits {
  const rows = picture.trim().split(/\s+/);
  const values = Float32Array.from(rows.join(''), (mark) => (mark === '#' ? 0.9 : -0.9));
  return atOnce(onUnits({ signal: 'c', units: rows[0].length, rows: rows.length, values }, 0.3));
}

const off = { offBefore: 0, offAfter: 0 };

function ranked(matches: readonly Match[], length: number, most = Infinity): readonly Match[] {
  const ranking = new Ranking(length, most);
  atOnce(ranking.addAll(matches, (match) => match));
  assert.equal(ranking.found, matches.length);
  return ranking.matches;
}

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
    const found = ranked(atOnce(findMatches(trace, pattern, { from: 1, to: 2 })), 2);
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

  it('holds a bit for each of more units than a word has, and NaN is off', () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 6 }),
      units: fc.integer({ min: 1, max: 70 }),
    });
    const signals = shapes.chain(({ rows, units }) =>
      fc
        .array(fc.constantFrom(0.1, 0.3, 0.5, NaN), { minLength: rows * units, maxLength: rows * units })
        .map((values) => ({ signal: 'h', rows, units, values: Float32Array.from(values) })),
    );
    fc.assert(
      fc.property(signals, fc.nat(), fc.nat(), (found, a, b) => {
        const [from, to] = [a % found.rows, b % found.rows].toSorted((one, other) => one - other);
        const on = atOnce(onUnits(found, 0.2));
        const wanted = Array.from({ length: found.units }, (_, unit) => unit).filter((unit) => {
          for (let row = from; row <= to; row++) {
            if (!(found.values[row * found.units + unit] > 0.2)) return false;
          }
          return true;
        });
        assert.deepEqual(unitsThrough(on, { from, to, ...off }), wanted);
      }),
    );
  });

  it('keeps the best of many, those that are alike as they come', () => {
    const matches = Array.from({ length: 50 }, (_, k) => ({
      from: 3 * k,
      to: 3 * k + (k % 3),
      score: (k % 5) / 5,
    }));
    const all = ranked(matches, 2);
    const sorted = matches.toSorted(
      (a, b) => b.score - a.score || Math.abs(a.to - a.from - 1) - Math.abs(b.to - b.from - 1),
    );
    assert.deepEqual(all, sorted);
    assert.deepEqual(ranked(matches, 2, 7), sorted.slice(0, 7));
  });

  it('finds nothing where no unit is given', () => {
    assert.deepEqual(atOnce(findMatches(trace, { units: [], length: 1, ...off })), []);
  });
});
