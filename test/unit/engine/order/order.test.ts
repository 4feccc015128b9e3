import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { columnsFor, orderOf, type OrderBy } from '../../../../src/engine/order/order';
import { groupsOf, leavesOf, squaredDistances, ward, type Merges } from '../../../../src/engine/order/ward';
import type { Rows } from '../../../../src/engine/rows';
import { atOnce } from '../../../../src/engine/slices';

interface Case extends Merges {
  readonly units: number;
  readonly steps: number;
  /** Unit by unit. */
  readonly values: readonly (readonly number[])[];
  readonly leaves: readonly number[];
}

const CASES = JSON.parse(readFileSync('test/fixtures/order/ward.json', 'utf8')) as readonly Case[];

/** Rows of series that are given unit by unit. */
function rowsOf(series: readonly (readonly number[])[], largest?: readonly (readonly number[])[]): Rows {
  const columns = series[0].length;
  const units = series.length;
  const turned = (all: readonly (readonly number[])[]) =>
    Float32Array.from({ length: columns * units }, (_, k) => all[k % units][Math.floor(k / units)]);
  return {
    ...{ from: 0, to: columns, units, columns, min: turned(series) },
    ...(largest && { max: turned(largest) }),
  };
}

function order(by: OrderBy, series: readonly (readonly number[])[], scale = 1) {
  return atOnce(orderOf(by, rowsOf(series), scale));
}

describe("Ward's clustering", () => {
  for (const { units, steps, values, left, right, height, leaves } of CASES) {
    it(`of ${units} units over ${steps} steps is scipy's: merges, heights and leaves`, () => {
      const points = Float32Array.from(values.flat());
      const merges = atOnce(ward(atOnce(squaredDistances(points, steps)), units));
      assert.deepEqual([[...merges.left], [...merges.right]], [left, right]);
      merges.height.forEach((one, k) =>
        assert.ok(Math.abs(one - height[k]) < 1e-5, `merge ${k}: ${one}, expected ${height[k]}`),
      );
      assert.deepEqual([...leavesOf(merges)], leaves);
      assert.deepEqual([...order('similarity', values).units], leaves);
    });
  }

  it('of points on a line, by hand', () => {
    // 0 and 1 join at 1, 10 and 12 at 2; the means 0.5 and 11 at √(2·2·2 / 4) · 10.5.
    const points = Float32Array.of(0, 10, 1, 12);
    const merges = atOnce(ward(atOnce(squaredDistances(points, 1)), 4));
    assert.deepEqual(
      [[...merges.left], [...merges.right]],
      [
        [0, 1, 4],
        [2, 3, 5],
      ],
    );
    assert.deepEqual([...merges.height.slice(0, 2)], [1, 2]);
    assert.ok(Math.abs(merges.height[2] - Math.SQRT2 * 10.5) < 1e-12);
    assert.deepEqual([...leavesOf(merges)], [0, 2, 1, 3]);
    assert.deepEqual([...groupsOf(merges)], [2, 2]);
  });

  it('ends where all are alike: one group, in the order of their numbers', () => {
    const found = order(
      'similarity',
      Array.from({ length: 9 }, () => [0.5, 0.5]),
    );
    assert.deepEqual(
      [...found.units].sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    );
    assert.deepEqual([...found.clusters!.groups], [9]);
    assert.ok(found.clusters!.merges.height.every((height) => height === 0));
  });

  it('takes numbers that are not finite for 0, and a single unit as it is', () => {
    const found = order('similarity', [
      [1, NaN],
      [0, 0],
      [1, 0],
      [Infinity, 0],
    ]);
    assert.deepEqual([...found.units], [0, 2, 1, 3]);
    assert.deepEqual(order('similarity', [[3, 4]]), { units: Int32Array.of(0) });
  });

  it('of three groups far apart finds three', () => {
    const series = [0, 50, 100, 1, 51, 101, 2, 52].map((level) => [level, level]);
    assert.deepEqual([...order('similarity', series).clusters!.groups].sort(), [2, 3, 3]);
  });

  it('refuses more units than can be compared', () => {
    const many = { from: 0, to: 1, units: 5000, columns: 1, min: new Float32Array(5000) };
    assert.throws(() => atOnce(orderOf('similarity', many, 1)), /at most 4096 units.*found 5000/);
  });

  it('has each of 1,024 units once', () => {
    const signal = { rows: 2000, units: 1024 };
    const columns = columnsFor('similarity', signal);
    const values = () =>
      Float32Array.from({ length: columns * 1024 }, (_, k) => Math.sin(k * 0.37 + (k % 1024)));
    const rows = { from: 0, to: 2000, units: 1024, columns, min: values(), max: values() };
    assert.equal(new Set(atOnce(orderOf('similarity', rows, 1)).units).size, 1024);
  });
});

describe('orders of units', () => {
  it('by the step at which they are first active: beyond half of the scale, to either side; those never so last', () => {
    const series = [
      [0, 0, 0, 0],
      [0, 0, 1, 0],
      [0.2, -0.6, 0, 0],
      [NaN, 0, 0.5, 0],
    ];
    assert.deepEqual([...order('first', series).units], [2, 1, 3, 0]);
    assert.deepEqual([...order('first', series, 4).units], [0, 1, 2, 3]);
  });

  it('by variance, the largest first', () => {
    // 0, 1, 0.25 and 4 · 2/9.
    const series = [
      [7, 7, 7],
      [0, Math.sqrt(1.5), -Math.sqrt(1.5)],
      [0.5, -0.5, 0],
      [0, 2, 0],
    ];
    assert.deepEqual([...order('variance', series).units], [1, 3, 2, 0]);
  });

  it('see the smallest and the largest where rows share a column', () => {
    const shared = rowsOf([[0, 0], [0, -1]], [[0, 0.9], [0, 0]]); // prettier-ignore
    assert.deepEqual([...atOnce(orderOf('variance', shared, 1)).units], [1, 0]);
    assert.deepEqual([...atOnce(orderOf('first', shared, 1)).units], [0, 1]);
  });

  it('need every row where these are few, and of long signals so many columns as keep it quick', () => {
    assert.equal(columnsFor('similarity', { rows: 45, units: 64 }), 45);
    assert.equal(columnsFor('similarity', { rows: 1_000_000, units: 64 }), 512);
    assert.equal(columnsFor('similarity', { rows: 2000, units: 4096 }), 16);
    assert.equal(columnsFor('variance', { rows: 2000, units: 256 }), 2000);
    assert.equal(columnsFor('first', { rows: 1_000_000, units: 4096 }), 1024);
  });
});
