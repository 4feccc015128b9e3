import assert from 'node:assert/strict';
import { differencesOf } from '../../../src/differences/differences';
import { pairLayers } from '../../../src/differences/pair';
import type { LayerTrace, Trace } from '../../../src/engine/trace';
import type { LayerType } from '../../../src/model/network';

function layer(name: string, type: LayerType, level = 0, rows: readonly number[] = [0]): LayerTrace {
  const h = { signal: 'h', units: 1, rows: rows.length, values: Float32Array.from(rows) };
  return { layer: name, type, level, direction: 'forward', signals: [h] };
}

function trace(steps: number, rows: readonly number[]): Trace {
  const only = layer('rnn', 'rnn', 0, rows);
  return { steps, layers: [only], output: only.signals[0] };
}

describe('differences', () => {
  it('pairs by name, then by order and type, then recurrent layers whatever their type', () => {
    const a = [layer('one', 'lstm'), layer('two', 'lstm'), layer('head', 'linear'), layer('last', 'rnn')];
    const b = [layer('x', 'gru'), layer('y', 'lstm'), layer('one', 'lstm'), layer('out', 'linear')];
    const { pairs, onlyA, onlyB } = pairLayers(a, b);
    assert.deepEqual(
      pairs.map((pair) => [pair.a.layer, pair.b.layer]),
      [
        ['one', 'one'],
        ['two', 'y'],
        ['head', 'out'],
        ['last', 'x'],
      ],
    );
    assert.deepEqual([onlyA, onlyB], [[], []]);
  });

  it('pairs levels with the same level, and keeps what is left', () => {
    const a = [layer('one', 'lstm', 0), layer('one', 'lstm', 1)];
    const { pairs, onlyA, onlyB } = pairLayers(a, [layer('one', 'lstm', 0), layer('more', 'linear')]);
    assert.equal(pairs.length, 1);
    assert.deepEqual([onlyA, onlyB.map((one) => one.layer)], [[a[1]], ['more']]);
  });

  it('takes NaN for the same as NaN, and as far as can be from a number', async () => {
    const same = await differencesOf(trace(3, [1, NaN, 2]), trace(3, [1, NaN, 2]), 0);
    assert.deepEqual(same.output, { max: 0, rms: 0, firstStep: null });
    const apart = await differencesOf(trace(3, [1, NaN, 2]), trace(3, [1, 0, 2]), 0);
    assert.deepEqual(apart.output, { max: Infinity, rms: Infinity, firstStep: 1 });
  });

  it('compares the steps that both have, and last rows with last rows', async () => {
    const longer = await differencesOf(trace(4, [1, 2, 3, 4]), trace(2, [1, 2.5]), 0.1);
    assert.deepEqual([longer.steps, longer.output?.firstStep, longer.output?.max], [2, 1, 0.5]);
    const last = await differencesOf(trace(4, [3]), trace(2, [5]), 0.1);
    assert.deepEqual([last.output?.max, last.output?.firstStep], [2, 3]);
    const every = await differencesOf(trace(4, [1, 2, 3, 4]), trace(4, [5]), 0.1);
    assert.deepEqual([every.output?.max, every.output?.firstStep], [1, 3]);
  });

  it('lists signals of other widths', async () => {
    const wide: Trace = { ...trace(1, [0]), layers: [] };
    const signals = [{ signal: 'h', units: 2, rows: 1, values: new Float32Array(2) }];
    const found = await differencesOf(
      trace(1, [0]),
      { ...wide, output: signals[0], layers: [{ ...layer('rnn', 'rnn'), signals }] },
      0,
    );
    assert.equal(found.output, null);
    const place = { layer: 'rnn', level: 0, direction: 'forward' };
    assert.deepEqual(found.unpaired, [{ ...place, in: 'both', signal: 'h', units: [1, 2] }]);
  });
});
