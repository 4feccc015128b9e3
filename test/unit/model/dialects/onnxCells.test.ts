import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toNative } from '../../../../src/model/convert';
import type { Reading } from '../../../../src/model/dialects/dialect';
import { isRecurrent, type Network } from '../../../../src/model/network';
import type { Weights } from '../../../../src/model/weights';
import { read } from '../support';
import { assertOutput, assertSignal, openFile, runReading, tokens, vectors } from './support';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/onnxcells');
const NAMES = readdirSync(FIXTURES).flatMap((name) =>
  name.endsWith('.onnx') ? [name.replace('.onnx', '')] : [],
);

interface Expected {
  readonly sequence: string;
  readonly feeds: Readonly<Record<string, { readonly data: readonly number[] }>>;
  readonly output: number[][];
  /** The inputs that take what an output gave one step before. */
  readonly states?: Readonly<Record<string, string>>;
  /** Ways to read the file. */
  readonly choices?: readonly string[];
  /** Signals of the recurrent layers in turn. */
  readonly gates?: readonly Readonly<Record<string, number[][]>>[];
  /** What the recurrent layers are. */
  readonly layers?: readonly object[];
}

function open(name: string): { readonly expected: Expected; readonly reading: Promise<Reading> } {
  const expected = JSON.parse(readFileSync(join(FIXTURES, `${name}.expected.json`), 'utf8')) as Expected;
  const bytes = new Uint8Array(readFileSync(join(FIXTURES, `${name}.onnx`)));
  return { expected, reading: openFile(`${name}.onnx`, bytes, {}, { choices: expected.choices }) };
}

function sequenceOf({ sequence, feeds }: Expected, { input }: Network) {
  const { data } = feeds[sequence];
  if (input.kind === 'token') return tokens(data);
  const { size } = input;
  return vectors(Array.from({ length: data.length / size }, (_, t) => data.slice(t * size, (t + 1) * size)));
}

describe('ONNX models with cells in branches, loops and basic operators', () => {
  it('that leave open how many numbers a call is given take a likely number, and say which others there are', async () => {
    const bytes = new Uint8Array(readFileSync(join(FIXTURES, 'sound-calls.onnx')));
    const { network, problems, choices } = await openFile('sound-calls.onnx', bytes);
    assert.deepEqual(network!.input, { kind: 'vector', size: 576 });
    const found = problems.map(({ message }) => message).join('\n');
    assert.match(
      found,
      /the file leaves open how many numbers a call is given as "input": 576 are taken; .*input=160/,
    );
    assert.ok(choices!.some(({ kind, value }) => kind === 'input input' && value === 'input=160'));
    const chosen = await openFile('sound-calls.onnx', bytes, {}, { choices: ['input=160'] });
    assert.deepEqual(chosen.network!.input, { kind: 'vector', size: 160 });
  });

  for (const name of NAMES) {
    it(`${name}: output and gates are those of onnxruntime and of the equations`, async () => {
      const { expected, reading: opened } = open(name);
      const reading = await opened;
      const trace = await runReading(reading, sequenceOf(expected, reading.network!));
      assertOutput(trace, expected.output);
      if (expected.states)
        assert.ok(reading.problems.every(({ message }) => !message.includes('no output gives')));
      const recurrent = reading.network!.layers.filter(isRecurrent);
      for (const [k, signals] of (expected.gates ?? []).entries()) {
        const { name: layer, directions } = recurrent[k];
        for (const [signal, values] of Object.entries(signals))
          assertSignal(trace, layer, signal, values, { direction: directions[0] });
      }
      for (const [k, facts] of (expected.layers ?? []).entries()) {
        const found = Object.fromEntries(
          Object.keys(facts).map((key) => [key, (recurrent[k] as unknown as Record<string, unknown>)[key]]),
        );
        assert.deepEqual(found, facts);
      }
    });

    it(`${name}: as a native model it gives the same output`, async () => {
      const { expected, reading: opened } = open(name);
      const reading = (await opened) as Reading & { network: Network; weights: Weights };
      const { text, weights } = await toNative(reading, 'model.onnx');
      const native = await read(text, { [weights!.fileName]: weights!.bytes });
      assertOutput(await runReading(native, sequenceOf(expected, reading.network)), expected.output);
    });
  }
});
