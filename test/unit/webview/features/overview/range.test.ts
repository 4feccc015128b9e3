import assert from 'node:assert/strict';
import {
  namedSteps,
  panned,
  rangeWithin,
  showing,
  stepAtX,
  xOfStep,
  zoomed,
} from '../../../../../webview/features/overview/range';

describe('the stretch of time in the strip', () => {
  it('is all of it, unless something narrower is chosen, which stays within', () => {
    assert.deepEqual(rangeWithin(null, 40), { from: 0, to: 40 });
    assert.deepEqual(rangeWithin(null, 0), { from: 0, to: 1 });
    assert.deepEqual(rangeWithin({ from: -5, to: 15 }, 40), { from: 0, to: 20 });
    assert.deepEqual(rangeWithin({ from: 30, to: 50 }, 40), { from: 20, to: 40 });
    assert.deepEqual(rangeWithin({ from: 30, to: 50 }, 10), { from: 0, to: 10 });
  });

  it('is zoomed about a step that stays where it is, down to a few steps', () => {
    const half = zoomed({ from: 0, to: 100 }, 100, 25, 0.5)!;
    assert.deepEqual(half, { from: 12.5, to: 62.5 });
    assert.equal(xOfStep(half, 800, 25), xOfStep({ from: 0, to: 100 }, 800, 25));
    const near = zoomed(half, 100, 25, 1e-9)!;
    assert.equal(near.to - near.from, 8);
    assert.equal(zoomed(half, 100, 25, 4), null, 'all of it again');
  });

  it('is moved, and follows the playhead as far as it must', () => {
    assert.deepEqual(panned({ from: 10, to: 20 }, 100, 5), { from: 15, to: 25 });
    assert.deepEqual(panned({ from: 90, to: 100 }, 100, 5), { from: 90, to: 100 });
    assert.equal(panned({ from: 0, to: 100 }, 100, 5), null);
    const range = { from: 10, to: 20 };
    assert.equal(showing(range, 100, 19), range);
    assert.deepEqual(showing(range, 100, 20), { from: 11, to: 21 });
    assert.deepEqual(showing(range, 100, 3), { from: 3, to: 13 });
  });

  it('has a step under every place', () => {
    const range = { from: 20, to: 30 };
    assert.equal(stepAtX(range, 1000, 100, 0), 20);
    assert.equal(stepAtX(range, 1000, 100, 999), 29);
    assert.equal(stepAtX(range, 1000, 100, 5000), 70);
    assert.equal(stepAtX({ from: 0, to: 3 }, 100, 3, -50), 0);
    assert.equal(stepAtX({ from: 0, to: 1_000_000 }, 1200, 1_000_000, 1199.99), 999_991);
  });

  it('names steps as people count them, at round distances', () => {
    assert.deepEqual(namedSteps({ from: 0, to: 45 }, 1200, 70), [1, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    assert.deepEqual(namedSteps({ from: 0, to: 4 }, 1200, 70), [1, 2, 3, 4]);
    assert.deepEqual(namedSteps({ from: 0, to: 1_000_000 }, 500, 70).slice(0, 3), [1, 200_000, 400_000]);
    assert.deepEqual(namedSteps({ from: 83, to: 123 }, 200, 70), [84, 100, 120]);
    assert.deepEqual(namedSteps({ from: 97, to: 107 }, 200, 70), [100, 105]);
  });
});
