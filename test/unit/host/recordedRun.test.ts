import assert from 'node:assert/strict';
import { finishRun, type FinishedRun } from '../../../src/host/finishedRun';
import { sampleChoice } from '../../../src/host/scene';
import { WHOLE_TRACE_BYTES, isRecorded, keptBytes, recordingBytes } from '../../../src/engine/recording/plan';
import { stepsWithin, traceBytes } from '../../../src/engine/plan';
import { addressKey } from '../../../src/model/states';
import { lstm, linear, network } from '../engine/networks';
import { readKeys } from '../model/support';

const STEPS = 9000;
const LAYERS = [
  { name: 'lstm', type: 'lstm', hidden_size: 5, num_layers: 2 },
  { name: 'fc', type: 'linear', out_features: 2 },
];
const SERIES = {
  layers: LAYERS,
  weights: { init: 'pytorch', seed: 7 },
  samples: [{ name: 'long', values: Array.from({ length: STEPS }, (_, t) => [Math.sin(t / 9)]) }],
};
const TEXT = {
  input: { kind: 'token', vocabulary: ['a', 'b', 'c'], split: 'char' },
  layers: [
    { name: 'emb', type: 'embedding', embedding_dim: 3 },
    { name: 'gru', type: 'gru', hidden_size: 4 },
    { name: 'fc', type: 'linear', out_features: 3, activation: 'softmax' },
  ],
  weights: { init: 'pytorch', seed: 7 },
  samples: [{ name: 'long', text: 'abcbac'.repeat(STEPS / 6) }],
};

const translate = (sentence: string, ...values: readonly (string | number)[]) =>
  sentence.replace(/\{(\d)\}/g, (_, k) => String(values[Number(k)]));

async function runsOf(
  keys: Readonly<Record<string, unknown>>,
): Promise<Record<'whole' | 'recorded', FinishedRun>> {
  const { network, weights, samples } = await readKeys(keys);
  const runs = { network: network!, weights: weights!, trained: false };
  const finish = (most: number) => finishRun(runs, sampleChoice(samples[0]), { translate, most });
  return { whole: await finish(Infinity), recorded: await finish(1) };
}

describe('a run that is recorded', () => {
  it('differs from another as one does that is held whole, also from one that is, and from a shorter one', async () => {
    const other = {
      ...SERIES,
      weights: { init: 'pytorch', seed: 8 },
      samples: [{ name: 'short', values: SERIES.samples[0].values.slice(0, STEPS - 1000) }],
    };
    const [one, two] = [await runsOf(SERIES), await runsOf(other)];
    const never = new AbortController().signal;
    const expected = await one.whole.differencesFrom(two.whole, never);
    assert.equal(expected.steps, STEPS - 1000);
    for (const [a, b] of [
      [one.recorded, two.recorded],
      [one.recorded, two.whole],
      [one.whole, two.recorded],
    ]) {
      const { signals, output, ...found } = await a.differencesFrom(b, never);
      const { signals: wanted, output: wantedOutput, ...rest } = expected;
      assert.deepEqual(found, rest);
      assert.equal(signals.length, wanted.length);
      for (const [k, { rms, ...figures }] of [...signals, output!].entries()) {
        const { rms: wantedRms, ...others } = [...wanted, wantedOutput!][k];
        assert.deepEqual(figures, others);
        assert.ok(Math.abs(rms - wantedRms) < 1e-9);
      }
    }
  });

  for (const [what, keys] of Object.entries({ 'of a series': SERIES, 'of a text': TEXT })) {
    it(`answers as one does that is held whole, ${what}`, async () => {
      const { whole, recorded } = await runsOf(keys);
      assert.deepEqual([whole.recorded, recorded.recorded], [false, true]);
      for (const figure of ['mean', 'rms', 'top'] as const) {
        assert.deepEqual(recorded.summary[figure], whole.summary[figure]);
      }
      for (const signal of whole.summary.signals) {
        for (const step of [0, 4321, STEPS - 1]) {
          const address = { ...signal, step };
          assert.deepEqual(await recorded.values(address), await whole.values(address), addressKey(signal));
          if (signal.layer === 'input') continue;
          const { layer, level, direction, signal: letter } = signal;
          const why = { signal: { layer, level, direction, signal: letter }, unit: null, step };
          // An average of the whole run, and one of the rows around.
          const [{ halfLife, ...own }, { halfLife: ofAll, ...all }] = [
            await recorded.why(why),
            await whole.why(why),
          ];
          assert.deepEqual(own, all, addressKey(signal));
          assert.deepEqual(
            [halfLife?.within && 'some', ofAll?.within],
            [ofAll ? 'some' : undefined, undefined],
          );
        }
        const rows = { signal, from: 1000, to: 6000, columns: 300 };
        assert.deepEqual(await recorded.rows(rows), await whole.rows(rows));
        const one = { ...rows, unit: 0 };
        assert.deepEqual(await recorded.rows(one), await whole.rows(one));
      }
      for (const step of [0, 777, STEPS - 1]) {
        assert.deepEqual(await recorded.output(step), await whole.output(step));
      }
      assert.deepEqual(recorded.next(), whole.next());
      assert.equal(recorded.next().length, what === 'of a text' ? STEPS : 0);
      assert.deepEqual(recorded.forecast(1, null), whole.forecast(1, null));
    });
  }

  it('gives one unit of every signal in a stretch of rows', async () => {
    const { whole, recorded } = await runsOf(SERIES);
    const [all, part] = [await whole.unit(3), await recorded.unit(3, { from: 4000, to: 4500 })];
    assert.deepEqual([part.stretch!.from, part.stretch!.to], [4000, 4500]);
    for (const [k, { offset, signal }] of whole.summary.signals.entries()) {
      const start = part.stretch!.starts[k];
      assert.deepEqual(
        part.values.subarray(start, start + 500),
        all.values.subarray(offset + 4000, offset + 4500),
        signal,
      );
    }
  });

  it('says that it does not keep an output that is too large', async () => {
    const layers = [LAYERS[0], { ...LAYERS[1], out_features: 1000 }];
    const { recorded } = await runsOf({ ...SERIES, layers });
    assert.equal((await recorded.output(5)).values.length, 1000);
    assert.throws(() => recorded.forecast(0, null), /Of 9,000 steps the output is not kept whole/);
  });

  it('is one whose trace would be too large, of a network that allows it', () => {
    const wide = network(lstm(1, { hiddenSize: 256 }), linear(256, 1));
    const both = network(lstm(1, { hiddenSize: 256, directions: ['forward', 'backward'] }));
    const long = { steps: 1e6 };
    assert.ok(isRecorded(wide, long) && !isRecorded(both, long) && !isRecorded(wide, { steps: 1000 }));
    assert.equal(keptBytes(both, long), traceBytes(both, long));
    assert.equal(keptBytes(wide, long), recordingBytes(wide, long));
    assert.ok(keptBytes(wide, long) < 200 * 2 ** 20, `${keptBytes(wide, long)}`);
    assert.equal(keptBytes(wide, { steps: 10 }), traceBytes(wide, { steps: 10 }));
    assert.equal(stepsWithin(wide, long, 1024 * 2 ** 20, keptBytes), 1e6);
    assert.ok(stepsWithin(wide, long, WHOLE_TRACE_BYTES, keptBytes) > 3e5);
  });
});
