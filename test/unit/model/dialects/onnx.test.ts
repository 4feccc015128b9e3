import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toNative } from '../../../../src/model/convert';
import type { Reading } from '../../../../src/model/dialects/dialect';
import { furtherInputs, isRecurrent, type Network, type NetworkInput } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import type { Weights } from '../../../../src/model/weights';
import { computesInEightBits, doubtOf, verify } from '../../../../src/verify';
import { read } from '../support';
import { TOLERANCE, assertOutput, assertSignal, openFile, runReading, tokens, vectors } from './support';
import { causeSentence } from '../../verify/said';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/onnxmodels');
const NAMES = readdirSync(FIXTURES).flatMap((name) =>
  name.endsWith('.onnx') ? [name.replace('.onnx', '')] : [],
);

interface Feed {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

interface Expected {
  readonly sequence: string;
  readonly feeds: Readonly<Record<string, Feed>>;
  readonly output: number[][];
  readonly pytorch?: number[][];
  /** What a model of one step a call gives, called again and again. */
  readonly called?: { readonly input: number[][]; readonly output: number[][] };
  readonly gates?: Readonly<Record<string, number[][]>>;
}

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.expected.json`), 'utf8'));
}

function open(name: string): Promise<Reading> {
  const bytes = (file: string) => new Uint8Array(readFileSync(join(FIXTURES, file)));
  const beside = existsSync(join(FIXTURES, `${name}.bin`)) ? { [`${name}.bin`]: bytes(`${name}.bin`) } : {};
  return openFile(`${name}.onnx`, bytes(`${name}.onnx`), beside);
}

/** The feed as the network reads it: the file may have the features before the steps. */
function sequenceOf({ sequence, feeds }: Expected, network: Network): Sequence {
  const own = ofInput(feeds[sequence], network.input);
  const further = furtherInputs(network).map(
    ({ name, input }) => [name, ofInput(feeds[name], input)] as const,
  );
  return further.length > 0 ? { ...own, more: new Map(further) } : own;
}

/** Sequences in the batch of a model that fixes it; they are the same. */
const SAME = 2;

function ofInput({ dims, data }: Feed, input: NetworkInput): Sequence {
  if (input.kind === 'token') return tokens(data);
  const { size } = input;
  const steps = data.length / size;
  const rows = Array.from({ length: steps }, (_, t) => data.slice(t * size, (t + 1) * size));
  if (dims[0] === SAME) return vectors(rows.slice(0, steps / SAME));
  return vectors(dims.at(-1) === size ? rows : transposed(rowsOf(data, size)));
}

function rowsOf(data: readonly number[], rows: number): number[][] {
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, k) => data.slice(k * width, (k + 1) * width));
}

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return rows[0].map((_, k) => rows.map((row) => row[k]));
}

describe('ONNX models', () => {
  it('that run one step a call run whole sequences, the state kept from call to call', async () => {
    const { called } = expectedOf('streaming');
    const trace = await runReading(await open('streaming'), vectors(called!.input));
    assertOutput(trace, called!.output);
  });

  it('that write normalisations by the root mean square out have a layer for each', async () => {
    const { network } = await open('root-mean-square-written-out');
    const found = network!.layers.map((layer) => (layer.type === 'rms_norm' ? layer.epsilon : layer.type));
    assert.deepEqual(found, [0.001, 'lstm', 0.001, 'activation', 0.001]);
  });

  for (const name of NAMES) {
    it(`${name}: output and gates are those of onnxruntime`, async () => {
      const expected = expectedOf(name);
      const reading = await open(name);
      const trace = await runReading(reading, sequenceOf(expected, reading.network!));
      const rows = name === 'channels-first' ? transposed : (output: number[][]) => output;
      const first = (output: number[][]) => (name === 'fixed-batch' ? output.slice(0, 1) : rows(output));
      // What is rounded to 8 bits on its way is not imitated.
      const eightBits = name.startsWith('quantised-');
      assertOutput(trace, first(expected.output), eightBits ? 1e-2 : TOLERANCE);
      assert.equal(
        reading.problems.some(({ message }) => message.includes('8 bits')),
        eightBits,
      );
      if (expected.pytorch) assertOutput(trace, first(expected.pytorch));
      const { name: layer } = reading.network!.layers.find(isRecurrent)!;
      for (const [signal, values] of Object.entries(expected.gates ?? {}))
        assertSignal(trace, layer, signal, values);
    });

    if (name.startsWith('quantised-')) {
      it(`${name}: its difference is put down to 8 bits, and not to weights of 16`, async () => {
        const expected = expectedOf(name);
        const reading = await open(name);
        const { network, weights } = reading;
        const check = {
          ...{ name: 'x', sequence: sequenceOf(expected, network!) },
          expected: {
            rows: expected.output.length,
            units: expected.output[0].length,
            values: Float32Array.from(expected.output.flat()),
          },
        };
        const eightBits = computesInEightBits(reading);
        const verdict = await verify({ network: network!, weights: weights! }, [check], {
          eightBits,
          doubt: doubtOf(reading, [check]),
        });
        assert.deepEqual([eightBits, verdict.rounding], [true, { precision: 'int8', own: true }]);
        assert.match(
          causeSentence(verdict)!,
          /^The model's own program rounds to 8 bits what it computes with/,
        );
      });
    }

    it(`${name}: runs on a sample that was made up for it`, async () => {
      const reading = await open(name);
      assert.ok(reading.samples.length > 0);
      for (const { sequence } of reading.samples) await runReading(reading, sequence);
    });

    it(`${name}: as a native model it gives the same trace`, async () => {
      const reading = (await open(name)) as Reading & { network: Network; weights: Weights };
      const { text, weights } = await toNative(reading, 'model.onnx');
      const native = await read(text, { [weights!.fileName]: weights!.bytes });
      // A native model that its author could have meant otherwise is warned of.
      assert.deepEqual(
        native.problems.filter(({ code }) => code !== 'unread-state'),
        [],
      );
      const sequence = sequenceOf(expectedOf(name), reading.network);
      const [before, after] = [await runReading(reading, sequence), await runReading(native, sequence)];
      assert.equal(after.layers.length, before.layers.length);
      for (const [k, { signals }] of before.layers.entries()) {
        for (const [s, { signal, values }] of signals.entries()) {
          const found = after.layers[k].signals[s];
          assert.equal(found.signal, signal);
          values.forEach((value, n) => assert.ok(Math.abs(found.values[n] - value) <= 1e-6));
        }
      }
    });
  }
});
