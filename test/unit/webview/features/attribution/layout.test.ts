import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bins, cellAt, extremeIn, layoutOf, rowsWith } from '../../../../../src/picture/attribution/layout';

const SIZE = { width: 600, height: 200 };

describe('the map of what mattered', () => {
  it('has a cell for each feature and row, under the pointer too', () => {
    const layout = layoutOf(SIZE, { features: 3, rows: 20 }, 60);
    const at = (feature: number, row: number) =>
      cellAt(
        layout,
        layout.left + (row + 0.5) * layout.cellWidth,
        layout.top + (feature + 0.5) * layout.cellHeight,
      );
    assert.deepEqual(at(0, 0), { feature: 0, row: 0 });
    assert.deepEqual(at(2, 19), { feature: 2, row: 19 });
    const middle = (layout.profileTop + layout.profileBottom) / 2;
    assert.deepEqual(cellAt(layout, layout.left + 1, middle), { feature: -1, row: 0 });
    assert.equal(cellAt(layout, layout.left - 2, middle), null);
    assert.equal(cellAt(layout, layout.right + 1, middle), null);
    assert.equal(cellAt(layout, layout.left + 1, layout.bottom + 2), null);
  });

  it('leaves the profile its room, however many features there are, and stays within its size', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (features, rows) => {
          const layout = layoutOf(SIZE, { features, rows }, 80);
          assert.ok(layout.profileBottom - layout.profileTop >= 30);
          assert.ok(layout.right <= SIZE.width && layout.axis <= SIZE.height);
          assert.ok(layout.bottom <= layout.profileTop);
        },
      ),
    ));

  it('tells which rows share a pixel', () => {
    const few = layoutOf(SIZE, { features: 1, rows: 20 }, 60);
    assert.deepEqual(rowsWith(few, 7), [7, 8]);
    const many = layoutOf(SIZE, { features: 1, rows: 50_000 }, 60);
    for (const row of [0, 777, 49_999]) {
      const [from, to] = rowsWith(many, row);
      assert.ok(from <= row && row < to && to - from < 150, `${row}: ${from} ${to}`);
    }
  });

  it('shows of many numbers the largest in size, and what is none', () => {
    const at = (feature: number, row: number) => [3, -9, 4, NaN][2 * row + feature];
    assert.equal(extremeIn(at, [0, 2], [0, 1]), -9);
    assert.equal(extremeIn(at, [0, 1], [0, 2]), 4);
    assert.ok(Number.isNaN(extremeIn(at, [0, 2], [0, 2])));
    assert.deepEqual([...bins(10, 4)], [0, 3, 5, 8, 10]);
    assert.deepEqual([...bins(3, 100)], [0, 1, 2, 3]);
  });
});
