import assert from 'node:assert/strict';
import { isShare, meanNats, ranked } from '../../../../src/picture/output/rank';
import { percent } from '../../../../src/picture/format';

const row = (...values: number[]) => Float32Array.from(values);

describe('the largest outputs', () => {
  it('are those of most probability, after the softmax that the file leaves out', () => {
    assert.deepEqual(
      ranked('probabilities', row(0.25, 0.5, 0.25), 2).map(({ unit }) => unit),
      [1, 0],
    );
    const [first, second] = ranked('logits', row(0, Math.log(3)), 5);
    assert.deepEqual([first.unit, second.unit], [1, 0]);
    assert.ok(Math.abs(first.value - 0.75) < 1e-6);
    assert.ok(Math.abs(ranked('log_probabilities', row(Math.log(0.5)), 1)[0].value - 0.5) < 1e-6);
  });

  it('are those furthest from 0 where they are numbers; NaN stands last', () => {
    assert.deepEqual(
      ranked('numbers', row(1, NaN, -3, 2), 4).map(({ unit }) => unit),
      [2, 3, 0, 1],
    );
    assert.equal(isShare('numbers'), false);
  });

  it('are written as people write shares', () => {
    assert.deepEqual([0.79, 0.042, 0.0004, 0, 1, 0.995, NaN].map(percent), [
      ...['79%', '4.2%', '<0.1%', '0%', '100%', '99.5%', 'NaN'],
    ]);
  });

  it('are summed up in nats, without the step that nothing follows', () => {
    assert.ok(Math.abs(meanNats(row(0.5, 0.25, NaN))! - 1.5 * Math.LN2) < 1e-6);
    assert.equal(meanNats(row(NaN)), null);
  });
});
