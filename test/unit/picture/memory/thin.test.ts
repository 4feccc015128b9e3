import assert from 'node:assert/strict';
import { shownRows } from '../../../../src/picture/memory/thin';

describe('the rows of a line that are drawn', () => {
  it('are all of a short one', () => {
    assert.deepEqual(shownRows(Float64Array.of(3, 1, 2), 1), [0, 1, 2]);
  });

  it('of a long one are few, in order, with every extreme', () => {
    const norms = Float64Array.from({ length: 100_000 }, (_, k) => 1 + Math.sin(k / 1000) / 2);
    norms[77_777] = 9;
    norms[123] = 0.001;
    norms[99_999] = 4;
    const rows = shownRows(norms, 500);
    assert.ok(rows.length <= 3 * 500 + 1, `${rows.length}`);
    assert.ok(rows.every((row, k) => k === 0 || row >= rows[k - 1]));
    for (const row of [0, 123, 77_777, 99_999]) assert.ok(rows.includes(row), `${row}`);
  });
});
