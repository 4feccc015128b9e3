import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberJson, traceJson } from '../../../src/engine/json';
import { run } from '../../../src/engine/run';
import { gru, network, randomSequence, randomWeights } from './networks';

describe('traceJson', () => {
  it('holds every number of the trace, in the words of the contract', async () => {
    const net = network(
      gru(2, { hiddenSize: 3, directions: ['forward', 'backward'], returnSequences: false }),
    );
    const trace = await run(net, randomWeights(net, 1), randomSequence(4, 2, 1));
    const origin = { model: '모델 "x"', dialect: 'native', trained: true, sample: null } as const;
    const json = JSON.parse([...traceJson(trace, origin)].join(''));
    const { layers, output, ...head } = json;
    assert.deepEqual(Object.keys(json), [
      ...['format', 'version', 'model', 'dialect', 'trained', 'sample', 'steps', 'layers', 'output'],
    ]);
    assert.deepEqual(head, { format: 'gatescope-trace', version: 1, ...origin, steps: 4 });
    assert.deepEqual(
      layers.map(({ layer, type, level, direction }: any) => [layer, type, level, direction]),
      [
        ['gru', 'gru', 0, 'forward'],
        ['gru', 'gru', 0, 'backward'],
      ],
    );
    for (const [k, { signals }] of layers.entries()) {
      assert.deepEqual(Object.keys(signals), ['r', 'z', 'n', 'h']);
      for (const { signal, rows, units, values } of trace.layers[k].signals) {
        assert.deepEqual([signals[signal].length, signals[signal][0].length], [rows, units]);
        assert.deepEqual(Float32Array.from(signals[signal].flat()), values);
      }
    }
    assert.deepEqual([output.length, Float32Array.from(output[0])], [1, trace.output.values]);
  });
});

describe('numberJson', () => {
  it('reads back to the same float32, in few digits', () => {
    assert.equal(numberJson(Math.fround(0.1)), '0.1');
    assert.equal(numberJson(-2), '-2');
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assert.ok(Object.is(Math.fround(JSON.parse(numberJson(value))), value));
      }),
      { numRuns: 2000 },
    );
  });

  it('spells out what JSON cannot', () => {
    assert.deepEqual([NaN, Infinity, -Infinity].map(numberJson), ['"NaN"', '"Infinity"', '"-Infinity"']);
  });
});
