/** That a model has as many parameters as its file has numbers for: no second bias, no fixed matrix. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toNative } from '../../../src/model/convert';
import type { Reading } from '../../../src/model/dialects/dialect';
import { countParameters } from '../../../src/model/parameters';
import { FIXTURES_OF_TFJS, besideIn, textOf } from './dialects/kerasFixtures';
import { openFile } from './dialects/support';
import { read } from './support';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const text = (...path: string[]) => readFileSync(join(FIXTURES, ...path), 'utf8');
const json = (...path: string[]) => JSON.parse(text(...path));

/** The same again of the native model that it becomes. */
async function assertCount(reading: Reading, numbers: number): Promise<void> {
  const { network, weights } = reading;
  assert.ok(network && weights);
  assert.equal(countParameters(network), numbers);
  const native = await toNative({ ...reading, network, weights }, 'model.rnn.json');
  const again = await read(native.text, { [native.weights!.fileName]: native.weights!.bytes });
  assert.deepEqual(again.problems, []);
  assert.equal(countParameters(again.network!), numbers);
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const numbersIn = (value: unknown): number => [value].flat(Infinity).length;

describe('parameters are the numbers that the file has', () => {
  for (const name of FIXTURES_OF_TFJS) {
    it(`of TensorFlow.js, ${name}`, async () => {
      const { weightsManifest } = JSON.parse(textOf(name, 'model.json'));
      const weights = (weightsManifest as { weights: { shape: number[] }[] }[]).flatMap(
        (group) => group.weights,
      );
      const reading = await openFile('model.json', textOf(name, 'model.json'), besideIn(name));
      await assertCount(reading, sum(weights.map(({ shape }) => product(shape))));
    });
  }

  for (const name of ['guitarml-lstm', 'guitarml-conditioned', 'guitarml-gru', 'guitarml-rnn']) {
    it(`of GuitarML, ${name}`, async () => {
      const tensors = Object.values(json('guitar', `${name}.json`).state_dict);
      await assertCount(
        await openFile('m.json', text('guitar', `${name}.json`)),
        sum(tensors.map(numbersIn)),
      );
    });
  }

  for (const name of ['rtneural-lstm', 'rtneural-gru', 'aida', 'aida-conditioned']) {
    it(`of RTNeural, ${name}`, async () => {
      const { layers } = json('guitar', `${name}.json`) as { layers: { type: string; weights: unknown }[] };
      // Of a PReLU the one slope is part of the activation.
      const own = layers.filter(({ type }) => type !== 'prelu');
      const numbers = sum(own.map(({ weights }) => numbersIn(weights ?? [])));
      await assertCount(await openFile('m.json', text('guitar', `${name}.json`)), numbers);
    });
  }

  it('of NAM', async () => {
    await assertCount(
      await openFile('m.nam', text('guitar', 'nam.nam')),
      json('guitar', 'nam.nam').weights.length,
    );
  });

  for (const name of ['rnn', 'lstm', 'gru', 'lstm-time-step']) {
    it(`of brain.js, ${name}`, async () => {
      const matrices = (value: unknown): number => {
        if (typeof value !== 'object' || value === null) return 0;
        const { rows, columns, weights } = value as { rows?: number; columns?: number; weights?: object };
        return rows && columns && weights ? rows * columns : sum(Object.values(value).map(matrices));
      };
      const file = json('brainjs', `${name}.json`);
      const { hiddenLayers, input, outputConnector, output } = file;
      const parts = [hiddenLayers, input, outputConnector, output];
      await assertCount(await openFile('m.json', text('brainjs', `${name}.json`)), sum(parts.map(matrices)));
    });
  }

  it('of ml5', async () => {
    const beside = Object.fromEntries(
      readdirSync(join(FIXTURES, 'ml5')).map((file) => [file, readFileSync(join(FIXTURES, 'ml5', file))]),
    );
    const variables = Object.entries<{ shape: number[] }>(json('ml5', 'manifest.json'));
    const used = variables.filter(([name]) => name !== 'Variable');
    await assertCount(
      await openFile('manifest.json', text('ml5', 'manifest.json'), beside),
      sum(used.map(([, { shape }]) => product(shape))),
    );
  });

  /** Numbers of W, R, B, tables and matrices, as the generator of the fixtures makes them. */
  const OF_ONNX = {
    'directions-summed': 2 * (3 * 4 * 3 + 3 * 4 * 4 + 6 * 4),
    'residual-layer-norm': 8 + 160 + 8 + 4 + 10,
    'attention-of-scores': 144 + 15 + 4 + 10,
    'states-and-steps-together': 288 + 27,
  };
  for (const [name, numbers] of Object.entries(OF_ONNX)) {
    it(`of ONNX, ${name}: none for what is summed, picked or spread`, async () => {
      const bytes = new Uint8Array(readFileSync(join(FIXTURES, 'onnxmodels', `${name}.onnx`)));
      await assertCount(await openFile(`${name}.onnx`, bytes), numbers);
    });
  }
});
