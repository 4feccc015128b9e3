import assert from 'node:assert/strict';
import { cellBox, layoutStrip, unitAt } from '../../../../../webview/features/card/stripLayout';

describe('the strip of a vector', () => {
  it('is one row that fills the width up to 128 units', () => {
    assert.deepEqual(layoutStrip(32, 320), { perRow: 32, rows: 1, pitch: 10, rowHeight: 22 });
    assert.equal(layoutStrip(128, 320).rows, 1);
  });

  it('does not blow up the cells of few units', () => {
    assert.equal(layoutStrip(1, 320).pitch, 24);
    assert.equal(layoutStrip(3, 320).pitch, 24);
  });

  it('has several rows beyond, none of them taller than leaves room for all', () => {
    assert.deepEqual(layoutStrip(129, 320), { perRow: 64, rows: 3, pitch: 5, rowHeight: 10 });
    for (const units of [129, 1024, 1025, 4096, 20_000]) {
      const { perRow, rows, rowHeight } = layoutStrip(units, 320);
      assert.ok(perRow * rows >= units && perRow * (rows - 1) < units);
      assert.ok(rows * rowHeight <= 192.001);
    }
  });

  it('finds the unit under every cell that it lays', () => {
    for (const units of [1, 32, 200]) {
      const layout = layoutStrip(units, 320);
      for (let unit = 0; unit < units; unit++) {
        const [x, y, width, height] = cellBox(layout, unit);
        assert.equal(unitAt(layout, units, x + width / 2, y + height / 2), unit);
      }
    }
  });

  it('finds none beyond the last', () => {
    const layout = layoutStrip(130, 320);
    assert.equal(unitAt(layout, 130, 2.5 * layout.pitch, 2.5 * layout.rowHeight), null);
    assert.equal(unitAt(layout, 130, 330, 1), null);
    assert.equal(unitAt(layout, 130, -1, 1), null);
    assert.equal(unitAt(layoutStrip(0, 320), 0, 1, 1), null);
  });
});
