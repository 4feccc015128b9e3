import assert from 'node:assert/strict';
import type { StepAddress } from '../../../src/model/network';
import type { Values } from '../../../src/protocol';
import { ValuesCache } from '../../../webview/valuesCache';

function at(step: number): StepAddress {
  return { layer: 'lstm', level: 0, direction: 'forward', signal: 'f', step };
}

/** Values whose mean tells which question they answer. */
function valuesOf(mean: number): Values {
  const values = Float32Array.of(mean);
  return { values, mean, min: mean, max: mean, saturated: null, smallest: [0], largest: [0], nonFinite: 0 };
}

describe('the values cache', () => {
  it('asks once, however often it is asked', async () => {
    let asked = 0;
    const cache = new ValuesCache((_, { step }) => Promise.resolve(valuesOf(step + asked++)));
    const [first, second] = await Promise.all([cache.get(1, at(3)), cache.get(1, at(3))]);
    assert.equal(first, second);
    assert.equal(await cache.get(1, at(3)), first);
    assert.equal(asked, 1);
  });

  it('gives at once what is there', async () => {
    const cache = new ValuesCache((_, { step }) => Promise.resolve(valuesOf(step)));
    assert.equal(cache.peek(1, at(3)), undefined);
    await cache.get(1, at(3));
    assert.equal(cache.peek(1, at(3))?.mean, 3);
    assert.equal(cache.peek(1, at(4)), undefined);
  });

  it('forgets the trace before', async () => {
    const answers: ((values: Values) => void)[] = [];
    const cache = new ValuesCache(() => new Promise((resolve) => answers.push(resolve)));
    const old = cache.get(1, at(3));
    const recent = cache.get(2, at(3));
    answers[0](valuesOf(1));
    await old;
    assert.equal(cache.peek(2, at(3)), undefined);
    answers[1](valuesOf(2));
    await recent;
    assert.equal(cache.peek(2, at(3))?.mean, 2);
    assert.equal(cache.peek(1, at(3)), undefined);
  });

  it('asks again after a failure', async () => {
    let asked = 0;
    const cache = new ValuesCache(() =>
      asked++ === 0 ? Promise.reject(new Error('not now')) : Promise.resolve(valuesOf(5)),
    );
    await assert.rejects(cache.get(1, at(0)), /not now/);
    assert.equal((await cache.get(1, at(0))).mean, 5);
  });
});
