import assert from 'node:assert/strict';
import {
  clampStep,
  columnsFor,
  columnsWithin,
  nearestShown,
  windowStart,
} from '../../../../webview/shared/window';
import { unroll } from '../../../../src/unroll/graph';
import { place } from '../../../../src/picture/diagram/geometry';
import { STRUCTURES } from '../../unroll/networks';

describe('the window', () => {
  it('has as many columns as the sequence has steps, at most as many as there is room for', () => {
    assert.equal(columnsFor(1, 8), 1);
    assert.equal(columnsFor(5, 8), 5);
    assert.equal(columnsFor(8, 8), 8);
    assert.equal(columnsFor(1000, 8), 8);
    assert.equal(columnsFor(20, 24), 20);
  });

  it('is whole where there is no sequence', () => {
    assert.equal(columnsFor(0, 8), 8);
  });

  for (const [name, network] of Object.entries(STRUCTURES)) {
    for (const detail of ['gates', 'cells'] as const) {
      it(`fills widths from 400 to 2500 pixels with 3 to 24 columns: ${name}, ${detail}`, () => {
        for (let width = 400; width <= 2500; width += 50) {
          const columns = columnsWithin(width, network, detail);
          const widthOf = (count: number) =>
            place(unroll(network, { columns: count, detail }), network).width;
          assert.ok(columns >= 3 && columns <= 24, `${columns} columns`);
          assert.ok(columns === 3 || widthOf(columns) <= width, `${columns} columns are wider than ${width}`);
          assert.ok(columns === 24 || widthOf(columns + 1) > width - 12, `${width} has room for more`);
        }
      });
    }
  }

  it('stays while the playhead is inside its margin', () => {
    for (let playhead = 11; playhead <= 16; playhead++) assert.equal(windowStart(10, 8, 100, playhead), 10);
  });

  it('moves just as far as keeps one column before and after the playhead', () => {
    assert.equal(windowStart(10, 8, 100, 17), 11);
    assert.equal(windowStart(10, 8, 100, 10), 9);
    assert.equal(windowStart(10, 8, 100, 50), 44);
    assert.equal(windowStart(50, 8, 100, 20), 19);
  });

  it('ends at the ends of the sequence', () => {
    assert.equal(windowStart(10, 8, 100, 0), 0);
    assert.equal(windowStart(10, 8, 100, 99), 92);
    assert.equal(windowStart(92, 8, 100, 98), 92);
  });

  it('has no margin where there is no room for one', () => {
    assert.equal(windowStart(0, 1, 1, 0), 0);
    assert.equal(windowStart(3, 1, 9, 4), 4);
    assert.equal(windowStart(3, 2, 9, 4), 3);
  });

  it('that was moved stays where it is, the playhead brought into it', () => {
    for (const columns of [1, 2, 3, 8]) {
      for (let start = 0; start <= 20 - columns; start++) {
        for (let playhead = 0; playhead < 20; playhead++) {
          const step = nearestShown(start, columns, 20, playhead);
          assert.equal(windowStart(start, columns, 20, step), start, `${columns} from ${start}, ${playhead}`);
        }
      }
    }
    assert.equal(nearestShown(10, 8, 100, 13), 13);
    assert.equal(nearestShown(10, 8, 100, 40), 16);
    assert.equal(nearestShown(92, 8, 100, 99), 99);
  });

  it('starts at 0 where there is no sequence', () => {
    assert.equal(windowStart(5, 8, 0, 0), 0);
  });
});

describe('a step', () => {
  it('is brought to the nearest there is', () => {
    assert.equal(clampStep(-3, 10), 0);
    assert.equal(clampStep(4, 10), 4);
    assert.equal(clampStep(10, 10), 9);
    assert.equal(clampStep(7, 0), 0);
  });
});
