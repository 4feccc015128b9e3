import assert from 'node:assert/strict';
import type { RunSummary, SignalSummary } from '../../../src/protocol';
import { MEASURES, measureOf, numberAt, numbersOf, paletteOf, reachOf } from '../../../src/picture/measure';

const F = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const;

function summary(signal: string, range: SignalSummary['range'], offset: number): SignalSummary {
  const reach = { mean: 1.97, size: 2.5 };
  return { ...F, signal, units: 4, rows: 200, range, scale: 9, reach, nonFinite: 0, offset };
}

const GATE = summary('f', 'gate', 0);
const CELL = summary('c', 'unbounded', 200);
/** 0, 0.01 … 1.98, 50: the largest is beyond the 99th percentile. */
const cell = Float32Array.from({ length: 200 }, (_, k) =>
  k === 199 ? 50 : k % 2 === 0 ? k / 100 : -k / 100,
);
const run = {
  signals: [GATE, CELL],
  mean: Float32Array.of(...new Float32Array(200).fill(0.3), ...cell),
} as unknown as RunSummary;

const sizes = Float32Array.of(...new Float32Array(200).fill(0.4), ...cell.map(Math.abs));
const NOTHING = { sizes: null, unit: null };

describe('the measure', () => {
  it('is the mean, the root mean square, or a unit of the chosen layer', () => {
    assert.equal(numbersOf(run, 'mean', NOTHING)!.values, run.mean);
    assert.equal(numbersOf(run, 'size', NOTHING), null, 'on their way');
    assert.equal(numbersOf(run, 'size', { ...NOTHING, sizes })!.values, sizes);
    assert.equal(numbersOf(run, 'unit', NOTHING), null, 'on its way');
    assert.equal(numbersOf(null, 'mean', NOTHING), null);
    const values = new Float32Array(400);
    assert.equal(numbersOf(run, 'unit', { ...NOTHING, unit: { values } })!.values, values);
  });

  it('of one unit is of the chosen layer; the others keep their mean', () => {
    const selection = { signal: F, unit: 3, range: null };
    assert.equal(measureOf({ layer: 'lstm' }, { measure: 'unit', selection }), 'unit');
    assert.equal(measureOf({ layer: 'fc' }, { measure: 'unit', selection }), 'mean');
    assert.equal(measureOf({ layer: 'fc' }, { measure: 'size', selection }), 'size');
  });

  it('of a unit in a recorded run has a stretch of rows', () => {
    const stretch = { from: 100, to: 103, starts: Int32Array.of(0, 3) };
    const unit = numbersOf(run, 'unit', {
      ...NOTHING,
      unit: { values: Float32Array.of(1, 2, 3, 4, 5, 6), stretch },
    })!;
    assert.deepEqual([100, 102].map((row) => numberAt(unit, GATE, row)), [1, 3]); // prettier-ignore
    assert.deepEqual([100, 102].map((row) => numberAt(unit, CELL, row)), [4, 6]); // prettier-ignore
    assert.deepEqual([99, 103].map((row) => numberAt(unit, CELL, row)), [NaN, NaN]); // prettier-ignore
    assert.equal(numberAt(unit, { ...CELL, rows: 1 }, 0), 4, 'its only row is in any stretch');
    const means = numbersOf(run, 'mean', NOTHING)!;
    assert.equal(numberAt(means, CELL, 7), Math.fround(-0.07));
  });

  it('colours gates over their whole range, other numbers out to the 99th percentile of what is shown', () => {
    const change = { values: new Float32Array(0), units: null, reaches: new Map([[CELL.offset, 0.5]]) };
    assert.deepEqual(
      MEASURES.map((measure) => reachOf(CELL, measure, change)),
      [CELL.reach.mean, CELL.reach.size, CELL.scale, 0.5],
    );
    assert.deepEqual(MEASURES.map((measure) => reachOf(GATE, measure)), [1, 1, 1, 1]); // prettier-ignore
    assert.equal(paletteOf(GATE, 'mean'), 'gate');
    assert.equal(paletteOf(CELL, 'mean'), 'signed');
    assert.equal(paletteOf(CELL, 'size'), 'gate', 'sizes begin at 0');
  });
});
