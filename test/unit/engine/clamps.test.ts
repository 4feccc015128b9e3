import assert from 'node:assert/strict';
import { checkClamps, type Clamp } from '../../../src/engine/clamps';
import { run } from '../../../src/engine/run';
import type { Trace } from '../../../src/engine/trace';
import type { Network } from '../../../src/model/network';
import { gru, linear, lstm, network, randomSequence, randomWeights, rnn } from './networks';

const STEPS = 5;

function clamp(layer: string, signal: string, value: number, more: Partial<Clamp> = {}): Clamp {
  return { layer, level: 0, direction: 'forward', signal, value, ...more };
}

async function ran(net: Network, ...clamps: Clamp[]): Promise<Trace> {
  return run(net, randomWeights(net, 7), randomSequence(STEPS, 2, 8), { clamps });
}

function values(trace: Trace, layer: string, signal: string, direction = 'forward'): number[] {
  const found = trace.layers.find((one) => one.layer === layer && one.direction === direction)!;
  return [...found.signals.find((one) => one.signal === signal)!.values];
}

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, k) =>
    assert.ok(Math.abs(value - expected[k]) < 1e-6, `${value} is not ${expected[k]}`),
  );
}

describe('clamps', () => {
  it('shut the forget gate of an LSTM: nothing of the past is left in c', async () => {
    const trace = await ran(network(lstm(2)), clamp('lstm', 'f', 0));
    assert.ok(values(trace, 'lstm', 'f').every((value) => value === 0));
    const [i, g] = [values(trace, 'lstm', 'i'), values(trace, 'lstm', 'g')];
    assertClose(
      values(trace, 'lstm', 'c'),
      i.map((value, k) => value * g[k]),
    );
  });

  it('touch only the units and steps that they name, and what follows from them', async () => {
    const net = network(lstm(2));
    const [plain, held] = [
      await ran(net),
      await ran(net, clamp('lstm', 'c', 2, { units: [1, 1], steps: [2, 3] })),
    ];
    const [before, after] = [values(plain, 'lstm', 'c'), values(held, 'lstm', 'c')];
    assertClose(after.slice(0, 6), before.slice(0, 6));
    assert.deepEqual([after[7], after[10]], [2, 2]);
    assert.ok(Math.abs(after[6] - before[6]) < 1e-6);
    assert.ok(Math.abs(values(held, 'lstm', 'h')[7] - values(held, 'lstm', 'o')[7] * Math.tanh(2)) < 1e-6);
    assert.ok(Math.abs(after[9] - before[9]) > 1e-4, 'step 3 has read the changed h of step 2');
  });

  const CELLS = [rnn(2), lstm(2), lstm(2, { projSize: 1 }), gru(2), gru(2, { resetAfter: false })];
  for (const [k, layer] of CELLS.entries()) {
    for (const direction of ['forward', 'backward'] as const) {
      it(`at the value that is there change nothing, bit for bit: ${layer.type} ${k}, ${direction}`, async () => {
        const net = network({ ...layer, directions: [direction] } as typeof layer);
        const plain = await ran(net);
        for (const { signal, units, values: all } of plain.layers[0].signals) {
          const clamps = [...all].map((value, at) =>
            clamp(layer.name, signal, value, {
              direction,
              units: [at % units, at % units],
              steps: [Math.floor(at / units), Math.floor(at / units)],
            }),
          );
          const held = await ran(net, ...clamps);
          for (const [n, one] of held.layers[0].signals.entries()) {
            const bits = ({ buffer, byteOffset, length }: Float32Array) =>
              new Uint32Array(buffer, byteOffset, length);
            assert.deepEqual(
              bits(one.values),
              bits(plain.layers[0].signals[n].values),
              `${signal}: ${one.signal}`,
            );
          }
        }
      });
    }
  }

  it('leave the steps before them as they are, bit for bit', async () => {
    const net = network(lstm(2));
    const [plain, held] = [await ran(net), await ran(net, clamp('lstm', 'f', 0.5, { steps: [3, 4] }))];
    for (const signal of ['i', 'f', 'g', 'o', 'c', 'h']) {
      assert.deepEqual(values(held, 'lstm', signal).slice(0, 6), values(plain, 'lstm', signal).slice(0, 6));
    }
    assert.notDeepEqual(values(held, 'lstm', 'c').slice(6), values(plain, 'lstm', 'c').slice(6));
  });

  it('let the coupled gate follow', async () => {
    const trace = await ran(network(lstm(2, { coupled: 'input' })), clamp('lstm', 'i', 0.25));
    assert.ok(values(trace, 'lstm', 'f').every((value) => value === 0.75));
  });

  it('hold the cell state before it is normalised for h', async () => {
    const layer = lstm(2, { layerNorm: { cell: 'output', epsilon: 1e-5 } });
    const trace = await ran(network(layer), clamp('lstm', 'c', 2));
    // Units that are all alike normalise to zero, so that the bias alone is left.
    const bias = randomWeights(network(layer), 7).get('lstm.norm_c_bias_l0')!.data;
    assertClose(
      values(trace, 'lstm', 'h'),
      values(trace, 'lstm', 'o').map((o, k) => o * Math.tanh(bias[k % 3])),
    );
  });

  it('keep a GRU from updating', async () => {
    for (const resetAfter of [true, false]) {
      const trace = await ran(network(gru(2, { resetAfter })), clamp('gru', 'z', 1), clamp('gru', 'h0', 0.5));
      assert.ok(values(trace, 'gru', 'h').every((value) => value === 0.5));
    }
  });

  it('zero a unit for all that read it: another level, a later layer, the output', async () => {
    const net = network(rnn(2, { levels: 2 }), linear(3, 1));
    const weights = randomWeights(net, 7);
    const sequence = randomSequence(STEPS, 2, 8);
    const off = await run(net, weights, sequence, {
      clamps: [clamp('rnn', 'h', 0, { units: [2, 2], level: 1 })],
    });
    const dark = weights.get('fc.weight')!.data;
    const bias = weights.get('fc.bias')!.data[0];
    const upper = off.layers.find(({ level }) => level === 1)!.signals[0].values;
    assertClose(
      [...off.output.values],
      Array.from({ length: STEPS }, (_, t) => bias + dark[0] * upper[3 * t] + dark[1] * upper[3 * t + 1]),
    );
  });

  it('hold a layer without state, and the step that its only row belongs to', async () => {
    const net = network(
      gru(2, { returnSequences: false }),
      linear(3, 2, { activation: 'tanh' }),
      linear(2, 1, { name: 'head' }),
    );
    const trace = await ran(net, clamp('fc', 'y', 0, { steps: [STEPS - 1, STEPS - 1] }));
    assert.deepEqual(values(trace, 'fc', 'y'), [0, 0]);
    const untouched = await ran(net, clamp('fc', 'y', 0, { steps: [0, STEPS - 2] }));
    assert.notDeepEqual(values(untouched, 'fc', 'y'), [0, 0]);
  });

  it('replace inputs and initial states', async () => {
    const net = network(rnn(2, { directions: ['forward', 'backward'] }));
    const weights = randomWeights(net, 7);
    const sequence = randomSequence(STEPS, 2, 8);
    const changed = { ...sequence, values: sequence.values.slice() };
    changed.values.set([9, -9], 4);
    const clamps = [
      clamp('input', 'x', 9, { units: [0, 0], steps: [2, 2] }),
      clamp('input', 'x', -9, { units: [1, 1], steps: [2, 2] }),
      clamp('rnn', 'h0', 0.5, { direction: 'backward' }),
    ];
    const held = await run(net, weights, sequence, { clamps, arithmetic: 'reference' });
    const expected = await run(net, weights, changed, {
      initialStates: new Map([['rnn_l0_reverse', { h: new Float32Array(3).fill(0.5) }]]),
      arithmetic: 'reference',
    });
    assertClose(values(held, 'rnn', 'h'), values(expected, 'rnn', 'h'));
    assertClose(values(held, 'rnn', 'h', 'backward'), values(expected, 'rnn', 'h', 'backward'));
  });

  it('go on where an earlier run ended, by its last h and c', async () => {
    const net = network(lstm(2));
    const weights = randomWeights(net, 7);
    const whole = randomSequence(STEPS, 2, 8);
    const cut = 2;
    const rest = { ...whole, steps: STEPS - cut, values: whole.values.slice(cut * 2) };
    const plain = await run(net, weights, whole);
    const [, , , , c, h] = plain.layers[0].signals;
    const clamps = [c, h].flatMap(({ signal, units, values: all }) =>
      Array.from(all.subarray((cut - 1) * units, cut * units), (value, unit) =>
        clamp('lstm', `${signal}0`, value, { units: [unit, unit] }),
      ),
    );
    const { output } = await run(net, weights, rest, { clamps });
    assertClose([...output.values], [...plain.output.values.subarray(cut * output.units)]);
  });

  it('leave everything as it is where they hold what is there anyway', async () => {
    const net = network(lstm(2, { projSize: 2, levels: 2, directions: ['forward', 'backward'] }));
    const plain = await ran(net);
    const own = plain.layers[1].signals[4].values[3];
    const held = await ran(
      net,
      clamp('lstm', 'c', own, { direction: 'backward', units: [0, 0], steps: [1, 1] }),
    );
    assertClose([...held.output.values], [...plain.output.values]);
  });

  it('are refused up front, naming layer, signal and unit', async () => {
    const net = network(lstm(2));
    const refused = (message: RegExp, ...clamps: Clamp[]) => assert.rejects(ran(net, ...clamps), message);
    await refused(/RangeError: fc.y: expected one of the layers input, lstm, found fc$/, clamp('fc', 'y', 0));
    await refused(
      /RangeError: lstm.f: expected level 0 forward, found level 1 forward$/,
      clamp('lstm', 'f', 0, { level: 1 }),
    );
    const levels = network(lstm(2, { levels: 2, directions: ['forward', 'backward'] }));
    assert.throws(
      () => checkClamps(levels, { steps: 3 }, [clamp('lstm', 'c', 0, { level: 1, steps: [0, 9] })]),
      /^RangeError: lstm\.1\.forward\.c: step: expected 0 to 2, found 9$/,
    );
    await refused(
      /lstm.f: expected level 0 forward, found level 0 backward/,
      clamp('lstm', 'f', 0, { direction: 'backward' }),
    );
    await refused(
      /lstm.r: expected one of the signals i, f, g, o, c, h, h0, c0, found r/,
      clamp('lstm', 'r', 0),
    );
    await refused(/lstm.f: unit: expected 0 to 2, found 3/, clamp('lstm', 'f', 0, { units: [0, 3] }));
    await refused(/lstm.f: step: expected 0 to 4, found 5/, clamp('lstm', 'f', 0, { steps: [5, 5] }));
    await refused(
      /lstm.f: unit: expected the first before the last, found 2..1/,
      clamp('lstm', 'f', 0, { units: [2, 1] }),
    );
    await refused(
      /lstm.f: expected a number of at most 3.4e38 as its value, found NaN/,
      clamp('lstm', 'f', NaN),
    );
    await refused(
      /lstm.h0: a state before the first step belongs to no step/,
      clamp('lstm', 'h0', 0, { steps: [0, 0] }),
    );
    await refused(/input: feature: expected 0 to 1, found 2/, clamp('input', 'x', 0, { units: [2, 2] }));
  });
});
