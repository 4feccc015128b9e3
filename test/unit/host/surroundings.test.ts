import assert from 'node:assert/strict';
import { surroundings } from '../../../src/host/surroundings';
import type { Network } from '../../../src/model/network';
import type { Sequence } from '../../../src/model/samples';

const NETWORK = { input: { kind: 'vector', size: 2 } } as Network;
const WORDS = { input: { kind: 'token', split: 'word' } } as Network;

/** The first feature counts, the second does not matter. */
function numbers(steps: number): Sequence {
  const values = Float32Array.from({ length: 2 * steps }, (_, at) => (at % 2 === 0 ? at / 2 : NaN));
  return { kind: 'vector', steps, size: 2, values };
}

describe('what stands around a place', () => {
  it('is as many numbers on each side as the place has, within limits, as far as there are any', () => {
    const around = surroundings(NETWORK, numbers(40), 20, 29);
    assert.ok(around.kind === 'vector');
    assert.deepEqual([around.first, around.stride, around.values.length], [10, 1, 30]);
    assert.deepEqual([...around.values.slice(0, 2)], [10, 11]);
    const atEnd = surroundings(NETWORK, numbers(40), 38, 38);
    assert.ok(atEnd.kind === 'vector');
    assert.deepEqual([atEnd.first, atEnd.values.length], [30, 10]);
  });

  it('is the mean of some numbers each where there are many', () => {
    const around = surroundings(NETWORK, numbers(1000), 0, 999);
    assert.ok(around.kind === 'vector');
    assert.deepEqual([around.stride, around.values.length], [7, 143]);
    assert.deepEqual([around.values[0], around.values[142]], [3, (994 + 999) / 2]);
  });

  it('is some letters on each side, and of a long place its beginning', () => {
    const tokens = Array.from({ length: 100 }, (_, at) => `w${at}`);
    const sequence: Sequence = { kind: 'token', steps: 100, ids: new Int32Array(100), tokens };
    const around = surroundings(WORDS, sequence, 50, 51);
    assert.ok(around.kind === 'token' && around.apart);
    assert.deepEqual([around.tokens[0], around.tokens.at(-1)], ['w43', 'w58']);
    const long = surroundings(WORDS, sequence, 10, 99);
    assert.ok(long.kind === 'token');
    assert.deepEqual([long.first, long.tokens.at(-1)], [1, 'w49']);
  });

  it('brings the labels of its steps', () => {
    const labels = (count: number) => Array.from({ length: count }, (_, at) => String(at));
    const { first, labels: found } = surroundings(NETWORK, numbers(40), 20, 21, labels(40));
    assert.deepEqual([first, found![0], found!.length], [12, '12', 18]);
    assert.deepEqual(surroundings(NETWORK, numbers(1000), 0, 999, labels(1000)).labels!.slice(0, 2), [
      '0',
      '7',
    ]);
  });
});
