/** A run as arrays for NumPy, against its trace. test/python/npz.ts has NumPy read it. */
import assert from 'node:assert/strict';
import type { ExportedRun } from '../../../src/export/exported';
import type { ExportOptions } from '../../../src/export/format';
import { npz } from '../../../src/export/npz';
import { pythonLines } from '../../../src/export/python';
import { RowReader } from '../../../src/export/rows';
import { chosenSignals } from '../../../src/export/signals';
import { inEnglish } from '../../../src/words/translate';
import { linear, lstm, network, randomSequence, rnn } from '../engine/networks';
import { bothWays, bytesOf } from './runs';
import { readNpz } from './zip';

const STEPS = 4500;
const NETWORK = network(lstm(2, { hiddenSize: 6 }), linear(6, 3));
const SEQUENCE = randomSequence(STEPS, 2, 3);

async function file(run: ExportedRun, options: ExportOptions = {}): Promise<Uint8Array> {
  return bytesOf(npz.write(run, options, { translate: inEnglish }));
}

describe('a run as .npz', () => {
  it('has every signal of every step bit for bit, whole or computed again', async () => {
    const { trace, whole, recorded } = await bothWays(NETWORK, SEQUENCE);
    const bytes = await file(whole);
    const arrays = readNpz(bytes);
    assert.deepEqual(
      [...arrays.keys()],
      ['input', ...[...'ifgoch'].map((signal) => `lstm.0.forward.${signal}`), 'fc.0.forward.y', 'output'],
    );
    const signals = [...trace.layers.flatMap((layer) => layer.signals), trace.output];
    for (const [k, { shape, values }] of [...arrays.values()].entries()) {
      assert.deepEqual(shape, [STEPS, signals[k].units]);
      assert.deepEqual(values, signals[k].values);
    }
    assert.ok(Buffer.from(bytes).equals(await file(recorded)));
  });

  it('has a range, of which a single row may be none', async () => {
    const single = network(rnn(2), lstm(3, { returnSequences: false }));
    const { trace, whole, recorded } = await bothWays(single, SEQUENCE);
    for (const run of [whole, recorded]) {
      const arrays = readNpz(await file(run, { range: { from: 4090, steps: 20 } }));
      assert.deepEqual(arrays.get('output')!.shape, [0, 3]);
      const { shape, values } = arrays.get('rnn.0.forward.h')!;
      assert.deepEqual(shape, [20, 3]);
      assert.deepEqual(values, trace.layers[1].signals[0].values.subarray(3 * 4090, 3 * 4110));
      const last = readNpz(await file(run, { range: { from: STEPS - 1 } }));
      assert.deepEqual(last.get('output')!.values, trace.output.values);
    }
  });

  it('computes a recording again as often as what is held ahead asks for, with the same numbers', async () => {
    const { trace, recorded } = await bothWays(NETWORK, SEQUENCE);
    const signals = await chosenSignals(recorded.kept, {});
    const oneAhead = 4 * STEPS * 6;
    const reader = new RowReader(recorded.kept, signals, {}, oneAhead);
    const expected = [...trace.layers.flatMap((layer) => layer.signals), trace.output];
    for (const [k, one] of signals.entries()) {
      const parts: number[] = [];
      for await (const values of reader.rows(one)) parts.push(...values);
      assert.deepEqual(Float32Array.from(parts), expected[k].values);
    }
  });

  it('calls no file what none may be called, and no two alike', async () => {
    const names = ['../../a', '..', '/etc/x', 'a\\b', 'a\u0000b', 'ü/\ud800', 'ü/\udc00', 'x'.repeat(5000)];
    const layers = names.map((name, k) => ({ ...rnn(k === 0 ? 1 : 3), name }));
    const { whole } = await bothWays(network(...layers), randomSequence(2, 1, 4));
    const found = [...readNpz(await file(whole)).keys()].slice(1, -1);
    const expected = ['__/__/a', '__', '/etc/x', 'a_b', 'a_b', 'ü/_', 'ü/_', 'x'.repeat(1000)];
    const again = (k: number) => (k === 4 || k === 6 ? '_2' : '');
    assert.deepEqual(
      found,
      expected.map((name, k) => `${name}.0.forward.h${again(k)}`),
    );
  });

  it('refuses, before it writes, what a ZIP of 4 GB has no room for', async () => {
    const { recorded } = await bothWays(NETWORK, SEQUENCE);
    if (!('recording' in recorded.kept)) assert.fail();
    const { recording } = recorded.kept;
    const steps = 2 ** 25;
    const signals = recording.summary.signals.map((signal) => ({ ...signal, rows: steps }));
    const long = Object.create(recording, {
      steps: { value: steps },
      summary: {
        value: { ...recording.summary, signals, top: { ...recording.summary.top, unit: { length: steps } } },
      },
      stretch: { value: () => recording.stretch(STEPS - 1, STEPS) },
    });
    const run = { ...recorded, kept: { recording: long } };
    await assert.rejects(file(run), {
      name: 'RangeError',
      message:
        /^The arrays would take 5\.5 GB, more than the 4 GB that a \.npz file holds: choose fewer steps/,
    });
  });

  it('comes with Python that loads it, in which a name is nothing but a name', async () => {
    const { whole } = await bothWays(network({ ...lstm(2), name: '"\n#é' }), SEQUENCE);
    const text = pythonLines('/tmp/a "b".npz', await chosenSignals(whole.kept, {}), 7);
    assert.match(text, /^run = np\.load\("\/tmp\/a \\"b\\"\.npz"\) {2}# the first row is step 7$/m);
    assert.match(text, /^values = run\["\\"_#\\U000000e9\.0\.forward\.h"\]$/m);
    assert.match(text, /^# {3}"input": 4500 × 2$/m);
  });
});
