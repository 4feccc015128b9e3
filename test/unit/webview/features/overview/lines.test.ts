import assert from 'node:assert/strict';
import { heightOf, inputHeight, predictedOf, wayOf } from '../../../../../webview/features/overview/lines';

describe('the lines of the overview', () => {
  it('have room for a name each', () => {
    const inputs = (shown: number) => ({
      ...{ kind: 'vector' as const, size: shown, shown, values: new Float32Array(shown) },
    });
    const heights = [1, 2, 3, 4, 9].map((shown) => inputHeight(inputs(shown)));
    assert.deepEqual(heights, [34, 34, 39, 52, 52]);
    assert.equal(heightOf(inputs(4)) - heightOf(inputs(1)), 18);
    assert.equal(inputHeight({ kind: 'token', tokens: ['a'] }), 22);
  });

  it('lie under one another by how much they cover', () => {
    const wave = (times: number, size: number) =>
      Float32Array.from({ length: 1000 }, (_, k) => size * Math.sin((k * times * Math.PI) / 500));
    const ways = [wave(1, 1), wave(40, 1), wave(8, 1e6), Float32Array.of(2, 2, 2)].map(wayOf);
    assert.ok(ways[1] > ways[2] && ways[2] > ways[0] && ways[0] > ways[3]);
    assert.equal(ways[3], 0);
    assert.equal(wayOf(Float32Array.of(0, NaN, 1, Infinity, 0)), 2);
    assert.equal(wayOf(new Float32Array(0)), 0);
  });

  it('have a prediction at the steps that it is about, where the file says what it is of', () => {
    const forecast = { steps: Int32Array.of(0, 1, 2), prediction: Float32Array.of(5, 6, 7) };
    const of = (feature: number, ahead: 0 | 1) =>
      predictedOf({ ...forecast, against: { kind: 'input', feature, ahead } }, 3);
    assert.deepEqual(of(0, 1), Float32Array.of(NaN, 5, 6));
    assert.deepEqual(of(0, 0), Float32Array.of(5, 6, 7));
    assert.equal(of(1, 1), null);
    assert.equal(predictedOf({ ...forecast, against: { kind: 'nothing' } }, 3), null);
  });
});
