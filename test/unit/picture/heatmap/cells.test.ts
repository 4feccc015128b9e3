import assert from 'node:assert/strict';
import { shadesOf } from '../../../../src/picture/heatmap/shades';
import { binsOf, coloursOf, paintCells } from '../../../../src/picture/heatmap/cells';
import { linesOf } from '../../../../src/picture/heatmap/layout';
import { columnAt, extremesIn } from '../../../../webview/features/heatmap/subject';
import { parseColor } from '../../../../src/picture/colour/color';
import { createScale } from '../../../../src/picture/colour/scale';
import type { Rows } from '../../../../src/protocol';
import { THEME } from '../colour/theme';

const scale = createScale(THEME);
const gate = coloursOf(scale, 'gate');
const signed = coloursOf(scale, 'signed');

/** Red, green and blue of a pixel of a canvas. */
function rgb(pixel: number): number[] {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}
const colour = (palette: 'gate' | 'signed', value: number) => [
  ...parseColor(scale.swatch(palette, value).fill)!,
];

function rowsOf(units: number, min: number[], max?: number[]): Rows {
  const columns = min.length / units;
  return {
    ...{ from: 0, to: columns, units, columns, min: Float32Array.from(min) },
    ...(max && { max: Float32Array.from(max) }),
  };
}

function paint(
  rows: Rows,
  room: number,
  colours = signed,
  reach = 1,
  order = Int32Array.from({ length: rows.units }, (_, k) => k),
) {
  const bins = binsOf(linesOf([rows.units], 0, room), 1);
  return paintCells(shadesOf(rows, reach), { order, bins, colours });
}

describe('the cells of the heat map', () => {
  it('have the colours of the diagram, a line for each unit in its order', () => {
    const rows = rowsOf(2, [0.25, 1, 0.5, 0]);
    const { width, height, pixels } = paint(rows, 40, gate, 1, Int32Array.of(1, 0));
    assert.deepEqual([width, height], [2, 2]);
    assert.deepEqual(
      [...pixels].map(rgb),
      [1, 0, 0.25, 0.5].map((value) => colour('gate', value)),
    );
  });

  it('are on the scale of the signal, and of its end beyond', () => {
    const { pixels } = paint(rowsOf(1, [-2, 1, 9, Infinity]), 20, signed, 4);
    assert.deepEqual(
      [...pixels].map(rgb),
      [-0.5, 0.25, 1, 1].map((value) => colour('signed', value)),
    );
  });

  it('show the number of the largest size where rows share a column, or lines a pixel', () => {
    const columns = paint(rowsOf(1, [-0.9, 0.1], [0.2, 0.8]), 20);
    assert.deepEqual(
      [...columns.pixels].map(rgb),
      [-0.9, 0.8].map((value) => colour('signed', value)),
    );
    const lines = paint(rowsOf(4, [0.1, -0.7, 0.3, 0.2]), 2);
    assert.equal(lines.height, 2);
    assert.deepEqual(
      [...lines.pixels].map(rgb),
      [-0.7, 0.3].map((value) => colour('signed', value)),
    );
  });

  it('are left out for NaN, which what stands behind shows', () => {
    const { pixels, holes } = paint(rowsOf(2, [NaN, 0.5, 0.5, 0.5]), 20);
    assert.equal(holes, true);
    assert.equal(paint(rowsOf(1, [1, Infinity]), 20).holes, false);
    assert.deepEqual(
      [...pixels].map((pixel) => pixel === 0),
      [true, false, false, false],
    );
    assert.equal(paint(rowsOf(4, [0.1, NaN, 0.3, 0.2]), 2).pixels[0], 0);
  });

  it('tell the least and the largest number, and that there is none', () => {
    const some = shadesOf(rowsOf(2, [NaN, -3, 2, 0.5]), 1);
    assert.deepEqual([some.least, some.largest], [-3, 2]);
    assert.ok(Number.isNaN(shadesOf(rowsOf(1, [NaN]), 1).least));
  });

  it('of 4,096 units are as many as there are pixels', () => {
    const units = 4096;
    const { height } = paint(
      rowsOf(
        units,
        Array.from({ length: units }, () => 0.5),
      ),
      200,
    );
    assert.equal(height, 200);
  });
});

describe('a reading', () => {
  const rows: Rows = {
    ...{ from: 10, to: 20, units: 1, columns: 3 },
    min: Float32Array.of(0, 2, 4),
    max: Float32Array.of(6, 8, 10),
  };

  it('says which rows a column holds, and both ends of the unit in them', () => {
    // Rows 10 – 12, 13 – 15 and 16 – 19.
    const [first, second, third] = [12, 13, 19].map((row) => columnAt(rows, row)!);
    assert.deepEqual(first, { column: 0, first: 10, last: 12 });
    assert.deepEqual(extremesIn(rows, first), { first: 10, last: 12, min: 0, max: 6 });
    assert.deepEqual(extremesIn(rows, second), { first: 13, last: 15, min: 2, max: 8 });
    assert.deepEqual(extremesIn(rows, third), { first: 16, last: 19, min: 4, max: 10 });
    for (const row of [9, 20]) assert.equal(columnAt(rows, row), null);
    assert.equal(extremesIn(rows, { first: 19, last: 20 }), null);
  });

  it('of a column is found in rows that are there each for itself, and is NaN where one is', () => {
    const single: Rows = { from: 0, to: 6, units: 1, columns: 6, min: Float32Array.of(3, 1, 2, 9, NaN, 4) };
    assert.deepEqual(extremesIn(single, { first: 0, last: 2 }), { first: 0, last: 2, min: 1, max: 3 });
    assert.deepEqual(extremesIn(single, { first: 3, last: 5 }), { first: 3, last: 5, min: NaN, max: NaN });
  });

  it('finds the column of every row', () => {
    for (const [count, columns] of [[1000, 7], [45, 45], [999_983, 1024]]) {
      for (let row = 0; row < count; row += Math.ceil(count / 500)) {
        const { first, last } = columnAt({ from: 0, to: count, columns }, row)!;
        assert.ok(first <= row && row <= last, `${row} in ${first} – ${last}`);
      }
    } // prettier-ignore
  });
});
