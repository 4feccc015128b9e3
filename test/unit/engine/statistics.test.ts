import assert from 'node:assert/strict';
import fc from 'fast-check';
import { percentileOfMagnitude } from '../../../src/engine/percentile';
import { atOnce } from '../../../src/engine/slices';
import { summarise, unitValues, valuesAt } from '../../../src/engine/statistics';
import type { LayerTrace, Trace } from '../../../src/engine/trace';
import type { Layer } from '../../../src/model/network';
import { gru, lstm, network, rnn } from './networks';

const fc1: Layer = {
  name: 'fc',
  type: 'linear',
  inputs: [],
  inputSize: 3,
  outputSize: 2,
  bias: true,
  activation: 'none',
};

function layerTrace(layer: string, signals: Record<string, number[][]>): LayerTrace {
  return {
    layer,
    type: 'rnn',
    level: 0,
    direction: 'forward',
    signals: Object.entries(signals).map(([signal, rows]) => ({
      signal,
      rows: rows.length,
      units: rows[0].length,
      values: Float32Array.from(rows.flat()),
    })),
  };
}

function traceOf(steps: number, ...layers: LayerTrace[]): Trace {
  const last = layers[layers.length - 1].signals;
  return { steps, layers, output: last[last.length - 1] };
}

const at = (layer: string, signal: string, step: number) =>
  ({ layer, level: 0, direction: 'forward', signal, step }) as const;

describe('summarise', () => {
  const net = network(gru(1), fc1);
  const trace = traceOf(
    2,
    layerTrace('gru', {
      z: [
        [0, 0.5, 1],
        [0.25, 0.25, 0.25],
      ],
      h: [
        [3, 0, -3],
        [NaN, 1, Infinity],
      ],
    }),
    layerTrace('fc', { y: [[-8, 4]] }),
  );

  it('gives mean and root mean square of every row, one after the other', async () => {
    const { signals, mean, rms } = await summarise(net, trace);
    assert.deepEqual(
      signals.map(({ signal, units, rows, range, nonFinite, offset }) => [
        signal,
        units,
        rows,
        range,
        nonFinite,
        offset,
      ]),
      [
        ['z', 3, 2, 'gate', 0, 0],
        ['h', 3, 2, 'signed', 2, 2],
        ['y', 2, 1, 'unbounded', 0, 4],
      ],
    );
    assert.deepEqual([...mean], [0.5, 0.25, 0, NaN, -2]);
    assert.deepEqual(
      [...rms],
      [Math.sqrt(1.25 / 3), 0.25, Math.sqrt(6), NaN, Math.sqrt(40)].map(Math.fround),
    );
  });

  it('scales signals to the 99th percentile, gates to 1', async () => {
    const { signals } = await summarise(net, trace);
    assert.deepEqual(
      signals.map(({ scale }) => scale),
      [1, 3, 8],
    );
    const dead = traceOf(1, layerTrace('rnn', { h: [[0, 0, 0]] }));
    const [{ scale }] = (await summarise(network(rnn(1, { nonlinearity: 'relu' })), dead)).signals;
    assert.equal(scale, 1);
  });

  it('says how far the means and the root mean squares go, of gates that it is 1', async () => {
    const { signals } = await summarise(net, trace);
    const root = Math.fround(Math.sqrt(6));
    assert.deepEqual(
      signals.map(({ reach }) => reach),
      [
        { mean: 1, size: 1 },
        { mean: 1, size: root },
        { mean: 2, size: Math.fround(Math.sqrt(40)) },
      ],
    );
  });

  it('names the largest unit of the output', async () => {
    assert.deepEqual((await summarise(net, trace)).top, {
      unit: Int32Array.of(1),
      value: Float32Array.of(4),
    });
    const odd = traceOf(
      3,
      layerTrace('gru', {
        h: [
          [NaN, -1, -2],
          [NaN, NaN, NaN],
          [-Infinity, NaN, -Infinity],
        ],
      }),
    );
    const { unit, value } = (await summarise(net, odd)).top;
    assert.deepEqual(
      [[...unit], [...value]],
      [
        [1, -1, 0],
        [-1, NaN, -Infinity],
      ],
    );
  });

  it('takes the input as a layer of that name', async () => {
    const withInput = { ...trace, layers: [layerTrace('input', { x: [[2], [-4]] }), ...trace.layers] };
    const { signals, mean } = await summarise(net, withInput);
    assert.deepEqual([signals[0].layer, signals[0].range, signals[0].scale], ['input', 'unbounded', 4]);
    assert.deepEqual([...mean.subarray(0, 2)], [2, -4]);
  });
});

describe('valuesAt', () => {
  const net = network(lstm(1, { hiddenSize: 5 }), fc1);
  const trace = traceOf(
    2,
    layerTrace('lstm', {
      f: [
        [0.05, 0.95, 0.5, 0.1, 0.9],
        [0, 0, 0, 0, 0],
      ],
      g: [
        [-0.95, 0.91, 0.5, 0.9, -0.5],
        [0, 0, 0, 0, 0],
      ],
      c: [
        [5, NaN, -Infinity, 1, 5],
        [0, 0, 0, 0, 0],
      ],
    }),
    layerTrace('fc', { y: [[1, 2]] }),
  );

  it('gives the vector and its figures', () => {
    const { values, ...figures } = valuesAt(net, trace, at('lstm', 'f', 0));
    assert.deepEqual([...values], [0.05, 0.95, 0.5, 0.1, 0.9].map(Math.fround));
    assert.ok(Math.abs(figures.mean - 0.5) < 1e-7);
    assert.deepEqual(
      [figures.min, figures.max, figures.nonFinite],
      [Math.fround(0.05), Math.fround(0.95), 0],
    );
    assert.equal(figures.saturated, 2 / 5);
    assert.deepEqual(
      [figures.smallest, figures.largest],
      [
        [0, 3, 2],
        [1, 4, 2],
      ],
    );
  });

  it('counts a tanh as saturated at either end', () => {
    assert.equal(valuesAt(net, trace, at('lstm', 'g', 0)).saturated, 2 / 5);
  });

  it('lets NaN show in the mean but not among the extremes', () => {
    const figures = valuesAt(net, trace, at('lstm', 'c', 0));
    assert.deepEqual([figures.mean, figures.min, figures.max], [NaN, -Infinity, 5]);
    assert.deepEqual(
      [figures.smallest, figures.largest],
      [
        [2, 3, 0],
        [4, 0, 3],
      ],
    );
    assert.deepEqual([figures.saturated, figures.nonFinite], [null, 2]);
  });

  it('counts dead relu units', () => {
    const relu = traceOf(1, layerTrace('rnn', { h: [[0, 2, 0, 1]] }));
    assert.equal(valuesAt(network(rnn(1, { nonlinearity: 'relu' })), relu, at('rnn', 'h', 0)).saturated, 0.5);
  });

  it('knows a single row by the last step', () => {
    assert.deepEqual([...valuesAt(net, trace, at('fc', 'y', 1)).values], [1, 2]);
    assert.throws(() => valuesAt(net, trace, at('fc', 'y', 0)), RangeError);
  });

  it('refuses what is not there', () => {
    assert.throws(() => valuesAt(net, trace, at('lstm', 'f', 2)), /RangeError: lstm: .* no value at step 2/);
    assert.throws(() => valuesAt(net, trace, at('lstm', 'z', 0)), /no signal z of lstm/);
  });
});

describe('unitValues', () => {
  it('gives one unit of every row, NaN where there is none', () => {
    const trace = traceOf(
      2,
      layerTrace('gru', {
        z: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      }),
      layerTrace('fc', { y: [[7, 8]] }),
    );
    assert.deepEqual([...unitValues(trace, 1)], [2, 5, 8]);
    assert.deepEqual([...unitValues(trace, 2)], [3, 6, NaN]);
  });
});

describe('percentileOfMagnitude', () => {
  it('is the nearest-rank percentile of a sorted copy', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noDefaultInfinity: true, noNaN: true }), { minLength: 1 }),
        fc.constantFrom(0.01, 0.5, 0.99, 1),
        (numbers, share) => {
          const sorted = Float32Array.from(numbers, Math.abs).sort();
          const expected = sorted[Math.max(0, Math.ceil(share * numbers.length) - 1)];
          assert.equal(atOnce(percentileOfMagnitude(Float32Array.from(numbers), share)), expected);
        },
      ),
    );
  });

  it('is that of a sorted list where they are many', () => {
    const numbers = Float32Array.from(
      { length: 50_000 },
      (_, k) => Math.tan(k * 1.7) * 10 ** ((k % 60) - 30),
    );
    const sorted = numbers.map(Math.abs).sort();
    for (const share of [0, 0.01, 0.5, 0.99, 1]) {
      const expected = sorted[Math.max(0, Math.ceil(share * numbers.length) - 1)];
      assert.equal(atOnce(percentileOfMagnitude(numbers, share)), expected, `${share}`);
    }
  });

  it('passes over what is not finite', () => {
    assert.equal(atOnce(percentileOfMagnitude(Float32Array.of(NaN, -3, Infinity, 2), 1)), 3);
    assert.equal(atOnce(percentileOfMagnitude(Float32Array.of(NaN), 1)), 0);
    assert.equal(atOnce(percentileOfMagnitude(new Float32Array(0), 1)), 0);
  });
});
