import assert from 'node:assert/strict';
import { readNonFinite, writeNonFinite } from '../../src/nonFinite';

describe('numbers on their way to the page', () => {
  it('are what they were when they arrive, through JSON', () => {
    const message = {
      type: 'reply',
      result: { ok: { mean: NaN, min: -Infinity, max: 2, saturated: null, smallest: [0, Infinity] } },
      words: ['NaN', 'null'],
    };
    const arrived: unknown = JSON.parse(JSON.stringify(writeNonFinite(message)));
    assert.deepEqual(readNonFinite(arrived), message);
  });

  it('are sent as they are where all are finite, and arrays of floats always', () => {
    const message = { a: [1, { b: 'c' }], values: Float32Array.of(NaN) };
    assert.equal(writeNonFinite(message), message);
    const broken = writeNonFinite({ ...message, c: NaN }) as typeof message;
    assert.equal(broken.values, message.values);
    assert.equal(broken.a, message.a);
    assert.equal(readNonFinite(message), message);
  });
});
