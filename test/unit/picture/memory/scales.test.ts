import assert from 'node:assert/strict';
import type { MemoryRow } from '../../../../src/protocol';
import { chartScales, isShown } from '../../../../src/picture/memory/scales';

const FRAME = { left: 40, right: 440, top: 10, bottom: 150 };

function row(...norms: number[]): MemoryRow {
  return {
    ...{
      layer: 'rnn',
      level: 0,
      direction: 'forward',
      signal: 'h',
      halfLife: null,
      text: [],
      zerosFrom: null,
      initial: null,
    },
    norms: Float64Array.from(norms),
    hidden: null,
    ofUnit: null,
    steps: Int32Array.from(norms, (_, step) => step),
  };
}

const exponents = (ticks: readonly number[]) => ticks.map((tick) => Math.round(Math.log10(tick)));

describe('the scales of the memory chart', () => {
  it('go from the first step to the last, between powers of ten', () => {
    const { x, y, xTicks, yTicks } = chartScales([row(3e-4, 2e-2, 0.5)], 3, FRAME)!;
    assert.deepEqual([x(0), x(2)], [40, 440]);
    assert.deepEqual(xTicks, [0, 1, 2]);
    assert.ok(Math.abs(y(1e-4) - 150) < 1e-9 && Math.abs(y(1) - 10) < 1e-9);
    assert.deepEqual(exponents(yTicks), [0, -1, -2, -3, -4]);
  });

  it('have a single step in the middle, and no other', () => {
    for (const from of [0, 7]) {
      const { x, xTicks } = chartScales(
        [{ ...row(0.5), steps: Int32Array.of(from) }],
        from + 1,
        FRAME,
        from,
      )!;
      assert.deepEqual([x(from), xTicks], [240, [from]]);
    }
  });

  it('leave out what a logarithm cannot show', () => {
    const { y } = chartScales([row(0, NaN, Infinity, 0.02), row(0.5)], 4, FRAME)!;
    assert.deepEqual(exponents(y.domain()), [-2, 0]);
    assert.equal(chartScales([row(0, 0), row(NaN)], 2, FRAME), null);
    assert.equal(chartScales([], 2, FRAME), null);
  });

  it('begin with another step where a part is shown', () => {
    const { x } = chartScales([row(3e-4, 2e-2, 0.5, 0.6, 0.7)], 5, FRAME, 2)!;
    assert.deepEqual(x.domain(), [2, 4]);
  });

  it('have a decade at least, and room between their ticks however far the gradient falls', () => {
    assert.deepEqual(exponents(chartScales([row(0.1, 0.1)], 2, FRAME)!.yTicks), [0, -1]);
    const { yTicks } = chartScales([row(1e-18, 1)], 2, FRAME)!;
    assert.ok(yTicks.length >= 3 && yTicks.length <= 8, String(yTicks.length));
    assert.equal(exponents(yTicks)[0], 0);
  });

  it('end where a gradient has fallen out of sight', () => {
    const scales = chartScales([row(5e-324, 1e-310, 1e-21, 1e-19, 1)], 5, FRAME)!;
    assert.deepEqual(exponents(scales.y.domain()), [-20, 0]);
    assert.ok(!isShown(1e-21, scales) && isShown(1e-19, scales));
    assert.ok(chartScales([row(5e-324)], 1, FRAME)!.yTicks.every((tick) => tick > 0));
  });

  it('show of a long sequence the steps that the gradient reaches', () => {
    const norms = Array.from({ length: 50_000 }, (_, step) => (step > 40_000 ? 0 : 0.5 ** (40_000 - step)));
    const reached = (row: MemoryRow) => chartScales([row], 50_000, FRAME)!.x.domain();
    // 2^-66 is the last above 1e-20.
    assert.deepEqual(reached(row(...norms)), [40_000 - 66 - 4, 40_004]);
    assert.deepEqual(reached(row(...norms.fill(0.1))), [0, 49_999]);
  });
});
