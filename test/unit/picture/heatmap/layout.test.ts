import assert from 'node:assert/strict';
import { bracketsOf } from '../../../../src/picture/heatmap/brackets';
import {
  columnsOf,
  everyOf,
  frameOf,
  labelledLines,
  lineAt,
  linesOf,
  placeAt,
  roomySize,
  rowAt,
  topOfLine,
  xOfRow,
} from '../../../../src/picture/heatmap/layout';

describe('the lines of the heat map', () => {
  it('are 4 pixels high and up where they fit, 2 pixels between groups', () => {
    const lines = linesOf([30, 20, 14], 7, 7 + 64 * 4 + 4);
    assert.equal(lines.height, 4);
    assert.deepEqual(lines.groups.map(({ top }) => top), [7, 7 + 122, 7 + 204]); // prettier-ignore
    assert.equal(lines.bottom, 7 + 64 * 4 + 4);
  });

  it('share the room where they are many, and do not fill it where they are few', () => {
    assert.ok(Math.abs(linesOf([4096], 0, 200).height - 200 / 4096) < 1e-12);
    assert.equal(linesOf([1], 0, 200).height, 30);
  });

  it('are found by where they stand, also at the edges and between groups', () => {
    const lines = linesOf([30, 20, 14], 7, 267);
    for (let line = 0; line < 64; line++) {
      assert.equal(lineAt(lines, topOfLine(lines, line) + 0.5), line);
      assert.equal(lineAt(lines, topOfLine(lines, line) + lines.height - 0.5), line);
    }
    assert.deepEqual([lineAt(lines, -5), lineAt(lines, 7 + 121), lineAt(lines, 999)], [0, 29, 63]);
  });

  it('have their numbers where there is room', () => {
    const labelled = labelledLines(linesOf([64], 0, 256), 16);
    assert.deepEqual(labelled, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    assert.equal(labelledLines(linesOf([3], 0, 256), 16).length, 3);
    const grouped = linesOf([1, 1, 1, 61], 0, 262);
    const tops = labelledLines(grouped, 16).map((line) => topOfLine(grouped, line));
    assert.ok(tops.every((top, k) => k === 0 || top - tops[k - 1] >= 16));
  });
});

describe('the columns of the heat map', () => {
  const frame = frameOf({ width: 800, height: 300 }, false);

  it('fill the width, unless they are few', () => {
    const many = columnsOf(0, 2000, frame);
    assert.equal(many.right, frame.right);
    assert.equal(columnsOf(0, 1, frame).width, 96);
    assert.equal(columnsOf(3, 7, frame, 87).right, frame.right);
    assert.equal(columnsOf(1, 2, frame, 3).width, 288);
    const zoomed = columnsOf(100, 200, frame);
    assert.equal(xOfRow(zoomed, 100), frame.left);
    assert.equal(Math.round(placeAt(zoomed, xOfRow(zoomed, 142))), 142);
    assert.deepEqual([rowAt(zoomed, 0), rowAt(zoomed, 9999)], [100, 199]);
  });

  it('are numbered at round steps', () => {
    assert.deepEqual(
      [everyOf(60, 46), everyOf(13, 46), everyOf(5, 46), everyOf(0.001, 46)],
      [1, 5, 10, 50000],
    );
  });

  it('leave room for brackets, where there is any', () => {
    const wide = frameOf({ width: 800, height: 300 }, true);
    assert.ok(wide.treeRight - wide.treeLeft > 30 && wide.left > frame.left);
    assert.equal(frameOf({ width: 300, height: 300 }, true).left, frame.left);
  });
});

describe('the brackets of the heat map', () => {
  it('stand between the clusters that they join, the higher the farther out', () => {
    const frame = frameOf({ width: 800, height: 300 }, true);
    const units = Int32Array.of(0, 2, 1, 3);
    const merges = {
      left: Int32Array.of(0, 1, 4),
      right: Int32Array.of(2, 3, 5),
      height: Float64Array.of(1, 2, 4),
    };
    const lines = linesOf([2, 2], frame.top, frame.bottom);
    const [first, second, last] = bracketsOf(
      { units, clusters: { merges, groups: Int32Array.of(2, 2) } },
      lines,
      frame,
    );
    const middle = (line: number) => topOfLine(lines, line) + lines.height / 2;
    assert.deepEqual([first.upper.y, first.lower.y], [middle(0), middle(1)]);
    assert.deepEqual([first.upper.x, first.lower.x], [frame.treeRight, frame.treeRight]);
    assert.equal(last.x, frame.treeLeft);
    assert.deepEqual([last.upper.x, last.lower.x], [first.x, second.x]);
    assert.ok(first.x > second.x && second.x > last.x);
    assert.equal(last.upper.y, (middle(0) + middle(1)) / 2);
  });
});

describe('a heat map that is as large as it likes', () => {
  it('is no higher than its units and the scale of colours need', () => {
    assert.ok(roomySize(1, 60).height <= 90);
    assert.equal(roomySize(2, 60).height, roomySize(1, 60).height);
    const heights = [4, 16, 64, 4096].map((units) => roomySize(units, 60).height);
    assert.deepEqual(
      heights,
      [...heights].sort((a, b) => a - b),
    );
    assert.ok(heights[3] < 800);
  });
});
