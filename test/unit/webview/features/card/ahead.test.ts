import assert from 'node:assert/strict';
import type { RunSummary } from '../../../../../src/protocol';
import { windowAhead } from '../../../../../webview/features/card/ahead';

function shown(units: number, step: number, playing = false) {
  const run = {
    trace: 3,
    signals: [{ units }, { units }],
    sequence: { steps: 100 },
  } as unknown as RunSummary;
  return { run, step, start: 40, columns: 10, playing };
}

describe('what the card asks ahead', () => {
  it('is all steps that are shown, to the end of the sequence', () => {
    assert.deepEqual(windowAhead(shown(16, 45)), { trace: 3, from: 40, to: 50 });
    assert.deepEqual(windowAhead({ ...shown(16, 97), start: 95 }), { trace: 3, from: 95, to: 100 });
  });

  it('is fewer about the playhead where they hold many numbers, and none where one holds too many', () => {
    const units = 2 ** 13;
    assert.deepEqual(windowAhead(shown(units, 45)), { trace: 3, from: 43, to: 47 });
    assert.deepEqual(windowAhead(shown(units, 40)), { trace: 3, from: 40, to: 44 });
    assert.deepEqual(windowAhead(shown(units, 49)), { trace: 3, from: 46, to: 50 });
    assert.equal(windowAhead(shown(2 ** 16, 45)), null);
  });

  it('is nothing while it plays, and before a run', () => {
    assert.equal(windowAhead(shown(16, 45, true)), null);
    assert.equal(windowAhead({ ...shown(16, 45), run: null }), null);
  });
});
