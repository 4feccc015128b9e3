import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toNative } from '../../../../src/model/convert';
import type { Reading } from '../../../../src/model/dialects/dialect';
import { isRecurrent, type Network } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import type { Weights } from '../../../../src/model/weights';
import { codes, read } from '../support';
import { assertOutput, assertSignal, openFile, runReading, tokens, vectors } from './support';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/tflite');
/** Something behind the LSTM cannot be run. */
const IN_PART = ['svdf-behind'];
/** The kernel rounds what it multiplies with these weights. */
const ROUNDED = ['integer-weights'];
const NAMES = readdirSync(FIXTURES).flatMap((name) =>
  name.endsWith('.tflite') && !IN_PART.includes(name.replace('.tflite', ''))
    ? [name.replace('.tflite', '')]
    : [],
);

interface Expected {
  readonly input: number[] | number[][];
  /** By PyTorch. */
  readonly output: number[][];
  /** By TensorFlow Lite itself. */
  readonly kernel: number[][];
  readonly gates?: Readonly<Record<string, number[][]>>;
}

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.expected.json`), 'utf8'));
}

function contentOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FIXTURES, `${name}.tflite`)));
}

function open(name: string): Promise<Reading> {
  return openFile(`${name}.tflite`, contentOf(name));
}

function sequenceOf({ input }: Expected): Sequence {
  return Array.isArray(input[0]) ? vectors(input as number[][]) : tokens(input as number[]);
}

describe('TensorFlow Lite models', () => {
  for (const name of NAMES) {
    it(`${name}: output and gates are those of TensorFlow Lite, and of PyTorch`, async () => {
      const expected = expectedOf(name);
      const reading = await open(name);
      assert.equal(reading.network?.dialect, 'tflite');
      const trace = await runReading(reading, sequenceOf(expected));
      assertOutput(trace, expected.output);
      if (!ROUNDED.includes(name)) assertOutput(trace, expected.kernel);
      const { name: layer } = reading.network.layers.find(isRecurrent)!;
      for (const [signal, values] of Object.entries(expected.gates ?? {}))
        assertSignal(trace, layer, signal, values);
    });

    it(`${name}: as a native model it gives the same output`, async () => {
      const reading = (await open(name)) as Reading & { network: Network; weights: Weights };
      const { text, weights } = await toNative(reading, 'model.tflite');
      const native = await read(text, { [weights!.fileName]: weights!.bytes });
      assert.deepEqual(native.problems, []);
      assertOutput(await runReading(native, sequenceOf(expectedOf(name))), expectedOf(name).output);
    });

    it(`${name}: runs on a sample that was made up for it`, async () => {
      const reading = await open(name);
      assert.ok(reading.samples.length > 0);
      for (const { sequence } of reading.samples) await runReading(reading, sequence);
    });
  }

  it('tell their conventions, and names from the names of the tensors', async () => {
    const { network } = await open('coupled-peepholes-projection');
    assert.deepEqual(network?.conventions, ['TensorFlow Lite', 'i, f, c, o', 'peepholes', 'i = 1 − f']);
    const head = (await open('time-major-head')).network!;
    assert.deepEqual(
      head.layers.map(({ name }) => name),
      ['lstm_1', 'lstm_2', 'head'],
    );
    const { network: ids } = await open('tokens-mean');
    assert.equal(ids?.input.kind, 'token');
    assert.equal(ids?.layers[0].name, 'embedding');
  });

  it('say that quantised weights are read by their scales', async () => {
    const { problems, weights } = await open('integer-weights');
    assert.deepEqual(codes({ problems } as Reading), ['warning eight-bits']);
    assert.match(problems[0].message, /8 quantised tensors: here their scales are applied/);
    assert.ok(weights);
  });

  it('have loops whose body is a cell as that layer, whatever they carry beside its states', async () => {
    const layersOf = async (name: string) =>
      (await open(name)).network!.layers.map(({ name: layer, type }) => `${layer} ${type}`);
    assert.deepEqual(await layersOf('while-gru'), ['gru gru']);
    assert.deepEqual(await layersOf('while-two-last'), ['lstm lstm', 'gru_1 gru', 'dense linear']);
    const { network } = await open('while-gru');
    const gru = network!.layers.find((layer) => layer.type === 'gru')!;
    assert.equal(gru.resetAfter, true);
  });

  it('whose loops have no steps of their own number take sequences of any length', async () => {
    const reading = await open('while-lstm-open');
    const whole = expectedOf('while-lstm-open');
    const part = (whole.input as number[][]).slice(0, 4);
    assertOutput(await runReading(reading, vectors(part)), whole.output.slice(0, 4));
  });

  it('run up to an operator that is not supported', async () => {
    const reading = await open('svdf-behind');
    assert.match(
      reading.problems[0].message,
      /"out" \(SVDF\) is not run: the operator SVDF of the node "out"/,
    );
    const { gates = {}, ...expected } = expectedOf('svdf-behind');
    const trace = await runReading(reading, sequenceOf(expected));
    for (const signal of ['i', 'f', 'g', 'o', 'c', 'h']) assertSignal(trace, 'lstm', signal, gates[signal]);
  });
});

describe('a damaged TensorFlow Lite model', () => {
  it('is refused with what is wrong, wherever it is cut', async () => {
    const whole = contentOf('time-major-head');
    for (let length = 8; length < whole.length; length += 37) {
      const { network, weights, problems } = await openFile('m.tflite', whole.slice(0, length));
      assert.ok(
        problems.some(({ severity }) => severity === 'error') || (network && weights),
        `${length} bytes`,
      );
    }
    const { problems } = await openFile('m.tflite', whole.slice(0, 200));
    assert.match(problems[0].message, /offset \d+.* the file has 200 bytes: it is truncated or damaged/);
  });

  it('with a loop that is spoilt anywhere, or goes round within itself, ends soon', async () => {
    const whole = contentOf('while-gru');
    for (let at = 4; at < whole.length; at += 5) {
      const bytes = whole.slice();
      bytes[at] = bytes[at] === 1 ? 0 : 1;
      const { problems, network } = await openFile('m.tflite', bytes);
      assert.ok(network ?? problems.length > 0, String(at));
    }
  });

  it('with offsets that point anywhere, or to one place from everywhere, ends soon', async () => {
    const whole = contentOf('rnn');
    for (let at = 0; at + 4 <= whole.length; at += 4) {
      for (const value of [0xffffffff, 0x7fffffff, 0, 4]) {
        const bytes = whole.slice();
        new DataView(bytes.buffer).setUint32(at, value, true);
        await openFile('m.tflite', bytes);
      }
    }
  });

  it('beyond the limit of memory is not read', async () => {
    const limits = { memory: 1000 };
    const { problems } = await openFile('m.tflite', contentOf('lstm'), {}, { limits });
    assert.deepEqual(codes({ problems } as Reading), ['error memory-limit']);
  });

  it('of zeros behind its identifier is refused', async () => {
    const bytes = new Uint8Array(64);
    bytes.set([0x1c, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33]);
    const { network, problems } = await openFile('lstm.tflite', bytes);
    assert.equal(network, undefined);
    assert.equal(problems.length, 1);
    assert.match(
      problems[0].message,
      /a TensorFlow Lite model without a graph.*model\.save\("model\.keras"\)/,
    );
  });
});
