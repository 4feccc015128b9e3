import assert from 'node:assert/strict';
import { canRecord } from '../../../../src/engine/recording/plan';
import { record } from '../../../../src/engine/recording/record';
import { rowsOf } from '../../../../src/engine/rows';
import { run } from '../../../../src/engine/run';
import { summarise } from '../../../../src/engine/statistics';
import { withInput } from '../../../../src/engine/trace';
import type { Clamp } from '../../../../src/engine/clamps';
import type { Layer, Network } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import { gru, linear, lstm, network, randomSequence, randomWeights, rnn, tokenSequence } from '../networks';

const TOKENS: Network = {
  ...network(lstm(3, { hiddenSize: 8 }), linear(8, 5, { activation: 'softmax' })),
  input: { kind: 'token', vocabulary: [...'abcde'], split: 'char', lowercase: false, encoding: 'index' },
};
const EMBEDDING: Layer = {
  ...{ type: 'embedding', name: 'emb', inputs: ['input'], inputSize: 1, outputSize: 3, numEmbeddings: 5 },
  maskZero: true,
};
const EMBEDDED: Network = {
  ...TOKENS,
  layers: [EMBEDDING, ...TOKENS.layers.map((layer, k) => (k === 0 ? { ...layer, inputs: ['emb'] } : layer))],
};

/** More than one segment each, the last of another length. */
const STEPS = 9001;
const CASES: [string, Network, Sequence][] = [
  ['an LSTM and a head', network(lstm(2, { hiddenSize: 20 }), linear(20, 3)), randomSequence(STEPS, 2, 3)],
  [
    'stacked layers with projections',
    network(lstm(2, { hiddenSize: 9, projSize: 4, levels: 2 }), gru(4, { hiddenSize: 7 })),
    randomSequence(STEPS, 2, 4),
  ],
  ['a GRU that resets before', network(gru(1, { resetAfter: false })), randomSequence(STEPS, 1, 5)],
  [
    'a layer that gives its last row alone',
    network(rnn(2), lstm(3, { returnSequences: false }), linear(3, 2)),
    randomSequence(STEPS, 2, 6),
  ],
  ['masked tokens', EMBEDDED, tokenSequence(Array.from({ length: STEPS }, (_, k) => (k * 7) % 5))],
];

describe('a recording', () => {
  for (const [what, net, sequence] of CASES) {
    describe(`of ${what}`, () => {
      const weights = randomWeights(net, 9);

      it('gives every stretch bit for bit as one run does', async () => {
        const whole = withInput(await run(net, weights, sequence), sequence);
        const recording = await record(net, weights, sequence);
        for (const [from, to] of [[0, STEPS], [4000, 4200], [STEPS - 1, STEPS], [17, 18]]) {
          const part = await recording.stretch(from, to);
          assert.equal(part.steps, to - from);
          for (const [l, { layer, signals }] of whole.layers.entries()) {
            for (const [s, { signal, rows, units, values }] of signals.entries()) {
              const expected = rows === STEPS ? values.subarray(from * units, to * units) : values;
              assert.deepEqual(part.layers[l].signals[s].values, expected, `${layer}.${signal} ${from}–${to}`);
            }
          }
        } // prettier-ignore
      });

      it('keeps the same figures of every row', async () => {
        const whole = withInput(await run(net, weights, sequence), sequence);
        const expected = await summarise(net, whole);
        const { summary } = await record(net, weights, sequence);
        assert.deepEqual(summary.mean, expected.mean);
        assert.deepEqual(summary.rms, expected.rms);
        assert.deepEqual(summary.top, expected.top);
        for (const [k, { scale, ...rest }] of summary.signals.entries()) {
          const { scale: exact, ...others } = expected.signals[k];
          assert.deepEqual(rest, others);
          assert.ok(scale >= exact && scale <= exact * 1.001, `${scale} for ${exact}`);
        }
      });
    });
  }

  const [, net, sequence] = CASES[0];
  const weights = randomWeights(net, 9);
  const signal = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const;

  it('answers for few rows exactly, for many by blocks that keep every extreme', async () => {
    const long = randomSequence(40_000, 2, 8);
    const whole = withInput(await run(net, weights, long), long);
    const recording = await record(net, weights, long);
    const near = { signal, from: 12_345, to: 14_000, columns: 100 };
    assert.deepEqual(await recording.rows(near), rowsOf(whole, near));
    for (const question of [
      { ...near, unit: 2 },
      { ...near, columns: near.to - near.from, unit: 1 },
    ]) {
      assert.deepEqual(await recording.rows(question), rowsOf(whole, question));
    }
    await assert.rejects(recording.rows({ ...near, unit: 1000 }), RangeError);
    const far = await recording.rows({ signal, from: 0, to: 40_000, columns: 50 });
    const all = rowsOf(whole, { signal, from: 0, to: 40_000, columns: 1 });
    const { units } = far;
    for (let unit = 0; unit < units; unit++) {
      const own = (values: Float32Array) => values.filter((_, k) => k % units === unit);
      assert.equal(Math.min(...own(far.min)), all.min[unit]);
      assert.equal(Math.max(...own(far.max!)), all.max![unit]);
    }
  });

  it('holds what its run held, at the steps where it did', async () => {
    const address = { layer: 'lstm', level: 0, direction: 'forward' } as const;
    const clamps: Clamp[] = [
      { ...address, signal: 'f', units: [3, 5], value: 0 },
      { ...address, signal: 'c', units: [1, 1], steps: [4000, 4200], value: 0.5 },
      { ...address, signal: 'h0', value: 0.25 },
    ];
    const whole = await run(net, weights, sequence, { clamps });
    const recording = await record(net, weights, sequence, { clamps });
    const part = await recording.stretch(4090, 4300);
    assert.deepEqual(
      part.output.values,
      whole.output.values.subarray(4090 * whole.output.units, 4300 * whole.output.units),
    );
    const start = await recording.stretch(0, 3);
    assert.deepEqual(start.output.values, whole.output.values.subarray(0, 3 * whole.output.units));
  });

  it('is refused for networks that look at several steps at once', async () => {
    const both = network(lstm(2, { directions: ['forward', 'backward'] }));
    assert.ok(!canRecord(both));
    assert.ok(canRecord(net));
    await assert.rejects(record(both, randomWeights(both, 1), sequence), RangeError);
  });

  it('names steps and signals that it does not have', async () => {
    const recording = await record(net, weights, sequence);
    await assert.rejects(recording.stretch(0, STEPS + 1), /expected steps within 0 to 9001, found 0 to 9002/);
    const other = { ...signal, signal: 'q' };
    await assert.rejects(recording.rows({ signal: other, from: 0, to: 1, columns: 1 }), RangeError);
    await assert.rejects(recording.rows({ signal, from: 5, to: 5, columns: 1 }), RangeError);
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const work = record(net, weights, randomSequence(400_000, 2, 1), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(work, { name: 'AbortError' });
  });
});
