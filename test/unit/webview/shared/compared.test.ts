import assert from 'node:assert/strict';
import type { SignalSummary } from '../../../../src/engine/statistics';
import { equalInputs, onScalesOf } from '../../../../webview/shared/compared';

describe('a run that is compared', () => {
  const vector = (values: number[], size = 1) =>
    ({ kind: 'vector', size, shown: size, values: Float32Array.from(values) }) as const;
  const token = (text: string) => ({ kind: 'token', tokens: [...text] }) as const;

  it('reads the same where every number or token is the same', () => {
    assert.ok(equalInputs(vector([1, NaN, 3]), vector([1, NaN, 3])));
    assert.ok(!equalInputs(vector([1, 2, 3]), vector([1, 2, 4])));
    assert.ok(!equalInputs(vector([1, 2, 3]), vector([1, 2, 3, 4])));
    assert.ok(!equalInputs(vector([1, 2, 3, 4], 2), vector([1, 2, 3, 4], 1)));
    assert.ok(equalInputs(token('abc'), token('abc')));
    assert.ok(!equalInputs(token('abc'), token('abd')));
    assert.ok(!equalInputs(token('1'), vector([1])));
  });

  it('has its colours on the scales of the other: of the same signal, else of the widest of the same letter', () => {
    const summary = (layer: string, signal: string, scale: number, level = 0): SignalSummary => ({
      ...{ layer, level, direction: 'forward', signal, units: 2, rows: 3, range: 'signed' },
      ...{ scale, reach: { mean: scale / 2, size: scale / 4 }, nonFinite: 0, offset: 0 },
    });
    const own = [summary('lstm', 'h', 1), summary('lstm', 'h', 3, 1), summary('lstm', 'c', 5)];
    const others = [summary('lstm', 'h', 9), summary('gru', 'h', 9), summary('gru', 'n', 9)];
    assert.deepEqual(
      onScalesOf(own, others).map(({ scale, reach }) => [scale, reach.mean, reach.size]),
      [
        [1, 0.5, 0.25],
        [3, 1.5, 0.75],
        [9, 4.5, 2.25],
      ],
    );
  });
});
