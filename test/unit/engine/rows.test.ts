import assert from 'node:assert/strict';
import { rowsOf } from '../../../src/engine/rows';
import type { Trace } from '../../../src/engine/trace';

const SIGNAL = { layer: 'a', level: 0, direction: 'forward', signal: 'h' } as const;

function traceOf(rows: number, units: number, value: (row: number, unit: number) => number): Trace {
  const values = Float32Array.from({ length: rows * units }, (_, k) =>
    value(Math.floor(k / units), k % units),
  );
  const signal = { signal: 'h', units, rows, values };
  return {
    ...{ steps: rows, output: signal },
    layers: [{ layer: 'a', type: 'gru', level: 0, direction: 'forward', signals: [signal] }],
  };
}

describe('rows of a signal', () => {
  const trace = traceOf(10, 2, (row, unit) => (unit === 0 ? row : 9 - row));

  it('are the values themselves where there is room for all', () => {
    const found = rowsOf(trace, { signal: SIGNAL, from: 3, to: 6, columns: 9 });
    assert.deepEqual({ ...found, min: [...found.min] }, {
      ...{ from: 3, to: 6, units: 2, columns: 3 },
      min: [3, 6, 4, 5, 5, 4],
    }); // prettier-ignore
  });

  it('keep the smallest and the largest of each unit where several share a column', () => {
    const found = rowsOf(trace, { signal: SIGNAL, from: 0, to: 10, columns: 3 });
    assert.equal(found.columns, 3);
    // Rows 0 – 2, 3 – 5 and 6 – 9.
    assert.deepEqual([...found.min], [0, 7, 3, 4, 6, 0]);
    assert.deepEqual([...found.max!], [2, 9, 5, 6, 9, 3]);
  });

  it('are those of one unit where one is asked for', () => {
    const found = rowsOf(trace, { signal: SIGNAL, from: 0, to: 10, columns: 3, unit: 1 });
    assert.deepEqual([found.units, [...found.min], [...found.max!]], [1, [7, 4, 0], [9, 6, 3]]);
    const few = rowsOf(trace, { signal: SIGNAL, from: 2, to: 4, columns: 3, unit: 1 });
    assert.deepEqual([...few.min], [7, 6]);
    const none = { signal: SIGNAL, from: 0, to: 1, columns: 1, unit: 2 };
    assert.throws(() => rowsOf(trace, none), /expected a unit from 0 to 1, found 2/);
  });

  it('lose no single extreme of a long signal, at any level of detail', () => {
    const long = traceOf(100_000, 1, (row) => (row === 77_777 ? 5 : row === 123 ? -5 : Math.sin(row)));
    for (const columns of [1, 7, 640]) {
      const { min, max } = rowsOf(long, { signal: SIGNAL, from: 0, to: 100_000, columns });
      assert.equal(Math.min(...min), -5);
      assert.equal(Math.max(...max!), 5);
    }
  });

  it('show a value that is not a number', () => {
    const spoilt = traceOf(8, 1, (row) => (row === 5 ? NaN : row));
    const { min, max } = rowsOf(spoilt, { signal: SIGNAL, from: 0, to: 8, columns: 2 });
    assert.deepEqual([...min], [0, NaN]);
    assert.deepEqual([...max!], [3, NaN]);
  });

  it('are refused where there are none', () => {
    for (const [from, to, columns] of [[0, 11, 1], [4, 4, 1], [-1, 2, 1], [0, 2, 0], [0.5, 2, 1]]) {
      const ask = { signal: SIGNAL, from, to, columns };
      assert.throws(() => rowsOf(trace, ask), /RangeError|expected rows within 0 to 10/);
    } // prettier-ignore
    const other = { ...SIGNAL, layer: 'b' };
    assert.throws(() => rowsOf(trace, { signal: other, from: 0, to: 1, columns: 1 }), RangeError);
  });
});
