import assert from 'node:assert/strict';
import { spotOfKey } from '../../../../../webview/shared/spots';
import {
  pannedBy,
  shownRows,
  slice,
  zoomShowing,
  zoomedBy,
} from '../../../../../webview/features/heatmap/state';

const FRESH = slice.restore(undefined);
const reduce = (...actions: any[]) =>
  actions.reduce((own, action) => slice.reduce(own, action, undefined as any), FRESH);

describe("the heat map's state", () => {
  it('keeps order, zoom and text, and trusts nothing of what was kept', () => {
    const zoom = { from: 10, to: 20, of: 100 };
    const own = reduce(
      { type: 'orderBy', order: 'similarity' },
      { type: 'zoomTo', zoom },
      { type: 'showText', on: true },
    );
    const again = slice.restore(JSON.parse(JSON.stringify(slice.keep!(own))));
    assert.deepEqual([again.order, again.zoom, again.text], ['similarity', zoom, true]);
    for (const spoilt of [
      { order: 'sideways', zoom: { from: 5, to: 5, of: 9 }, text: 1 },
      { zoom: { from: -1, to: 5, of: 9 } },
      { zoom: { from: 0, to: 50, of: 9 } },
      null,
      7,
    ]) {
      assert.deepEqual(slice.restore(spoilt), FRESH);
    }
  });

  it('lets the cursor go where a unit or a step is chosen', () => {
    const moved = { type: 'moveCursor', to: { unit: 3, step: 4 } };
    assert.deepEqual(reduce(moved).cursor, { unit: 3, step: 4 });
    for (const action of [{ type: 'goTo', step: 1 }, { type: 'selectUnit', unit: 1 }, { type: 'ran' }]) {
      assert.equal(reduce(moved, action).cursor, null);
    }
    assert.deepEqual(reduce(moved, { type: 'tick' }).cursor, { unit: 3, step: 4 });
  });

  it('zooms about a place, which stays where it is, between four rows and all', () => {
    const once = zoomedBy(2, 50, null, 100)!;
    assert.deepEqual(once, { from: 25, to: 75, of: 100 });
    const place = (zoom: { from: number; to: number }) => (40 - zoom.from) / (zoom.to - zoom.from);
    assert.ok(Math.abs(place(zoomedBy(2, 40, once, 100)!) - place(once)) < 0.03);
    assert.equal(zoomedBy(0.1, 50, once, 100), null);
    assert.deepEqual(zoomedBy(1000, 99, null, 100), { from: 95, to: 99, of: 100 });
    assert.equal(zoomedBy(2, 1, null, 3), null);
    const deep = zoomedBy(1e9, 777_777, null, 1_000_000)!;
    assert.ok(deep.to - deep.from === 4 && deep.from <= 777_777 && deep.to > 777_777);
  });

  it('pans as far as there are rows, and shows a row that is asked for', () => {
    const zoom = { from: 10, to: 20, of: 30 };
    assert.deepEqual(pannedBy(-99, zoom, 30), { from: 0, to: 10, of: 30 });
    assert.deepEqual(pannedBy(7, zoom, 30), { from: 17, to: 27, of: 30 });
    assert.equal(pannedBy(7, null, 30), null);
    assert.deepEqual(zoomShowing(25, zoom, 30), { from: 16, to: 26, of: 30 });
    assert.deepEqual(zoomShowing(2, zoom, 30), { from: 2, to: 12, of: 30 });
    assert.equal(zoomShowing(12, zoom, 30), zoom);
  });

  it('shows every row of a signal that has others than the zoom is of', () => {
    assert.deepEqual(shownRows({ from: 10, to: 20, of: 30 }, 8), { from: 0, to: 8 });
  });
});

describe("the heat map's keys", () => {
  const extent = { lines: 64, rows: 45 };
  const at = { line: 5, row: 20 };
  const go = (key: string, ctrl = false) => {
    const spot = spotOfKey(key, ctrl, at, extent);
    return spot && [spot.line, spot.row];
  };

  it('move over lines and rows, and stay within them', () => {
    assert.deepEqual(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].map((key) => go(key)), [
      [4, 20],
      [6, 20],
      [5, 19],
      [5, 21],
    ]); // prettier-ignore
    assert.deepEqual(['PageUp', 'PageDown', 'Home', 'End'].map((key) => go(key)), [
      [0, 20],
      [15, 20],
      [5, 0],
      [5, 44],
    ]); // prettier-ignore
    assert.deepEqual([go('Home', true), go('End', true), go('x')], [[0, 0], [63, 44], null]);
  });
});
