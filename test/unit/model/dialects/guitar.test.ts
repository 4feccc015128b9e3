import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecurrent } from '../../../../src/model/network';
import { codes } from '../support';
import { assertOutput, assertSignal, openFile, runReading, vectors } from './support';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/guitar');
const text = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');
const json = (name: string) => JSON.parse(text(name));

const MODELS = readdirSync(FIXTURES).filter(
  (name) => /\.(json|nam)$/.test(name) && !name.includes('.expected.'),
);

describe('models of guitar amplifiers', () => {
  for (const name of MODELS) {
    it(`${name}: output and gates are those of its own program`, async () => {
      const { input, output, levels } = json(`${name.split('.')[0]}.expected.json`);
      const reading = await openFile(name, text(name));
      assert.deepEqual(reading.problems, []);
      const trace = await runReading(reading, vectors(input));
      assertOutput(trace, output);
      const { name: layer } = reading.network!.layers.find(isRecurrent)!;
      for (const [level, signals] of levels.entries()) {
        for (const [signal, rows] of Object.entries(signals as Record<string, number[][]>)) {
          assertSignal(trace, layer, signal, rows, { level });
        }
      }
    });
  }

  it('of AIDA-X may be silent, or have values that are none', async () => {
    const { input } = json('aida.expected.json');
    const silent = await openFile('aida.json', changed('aida.json', ['out_gain'], -90));
    const trace = await runReading(silent, vectors(input));
    assert.ok(trace.output.values.every((value) => value === 0));
    const deaf = await openFile('aida.json', changed('aida.json', ['in_gain'], -90));
    const { values } = (await runReading(deaf, vectors(input))).layers[0].signals[0];
    assert.ok(values.every((value) => value === 0));
    const plain = json('aida.json');
    Object.assign(plain, { in_gain: null, out_gain: 'loud', in_skip: null });
    const { network, problems } = await openFile('aida.json', JSON.stringify(plain));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      network!.layers.map(({ type }) => type),
      ['linear', 'lstm', 'linear'],
    );
  });

  it('of AIDA-X may bring audio, and what is expected for it', async () => {
    const { input, output } = json('aida.expected.json');
    const model = json('aida.json');
    Object.assign(model, { input_batch: input.flat(), output_batch: output.flat() });
    const { samples, declaredSamples, problems } = await openFile('aida.json', JSON.stringify(model));
    assert.deepEqual(problems, []);
    const [{ name, sequence, expected }] = samples;
    assert.deepEqual([name, declaredSamples[0]], ['input_batch', 'input_batch']);
    assert.deepEqual(sequence, vectors(input));
    assert.deepEqual(expected, { rows: 12, units: 1, values: Float32Array.from(output.flat()) });
    model.output_batch.pop();
    const shorter = await openFile('aida.json', JSON.stringify(model));
    assert.deepEqual(codes(shorter), ['warning wrong-length']);
    assert.equal(shorter.samples[0].expected, undefined);
    model.input_batch[1] = 'x';
    const broken = await openFile('aida.json', JSON.stringify(model));
    assert.deepEqual(
      broken.problems.filter(({ severity }) => severity === 'error').map(({ about }) => about),
      ['samples'],
    );
    assert.ok(broken.network && broken.weights);
  });

  it('of RTNeural keep their picture where weights have other shapes than "shape" asks for', async () => {
    const wrong = changed('rtneural-lstm.json', ['layers', 1, 'shape', 2], 1);
    const reading = await openFile('wrong.json', wrong);
    const [first] = reading.problems;
    assert.equal(first.code, 'wrong-shape');
    assert.match(
      first.message,
      /^layers\[1\]\.weights\[0\]: by layers\[1\]\.shape and what comes in, expected weights of the shapes \[\d+, 4\], \[1, 4\], \[4\], found /,
    );
    assert.equal(reading.problems.filter(({ message }) => message.startsWith('layers[1]')).length, 1);
    assert.ok(reading.problems.every(({ about }) => about === 'weights'));
    assert.ok(reading.network && !reading.weights);
  });

  it('of NAM are called what their metadata says, if it says something', async () => {
    const named = async (metadata: unknown) => {
      const text = JSON.stringify({ ...json('nam.nam'), metadata });
      return (await openFile('file.nam', text)).network?.name;
    };
    assert.equal(await named({ name: 'Crunch' }), 'Crunch');
    for (const metadata of [undefined, null, {}, { name: null }, { name: ' ' }, { name: 3 }, 'x']) {
      assert.equal(await named(metadata), 'file');
    }
  });

  it('of NAM may tell no sample rate', async () => {
    const { network } = await openFile('nam.nam', changed('nam.nam', ['sample_rate'], null));
    assert.ok(!network!.conventions.some((word) => word.includes('Hz')));
    assert.equal(network!.sampleRate, undefined);
    for (const name of ['nam.nam', 'aida-conditioned.json']) {
      assert.equal((await openFile(name, JSON.stringify(json(name)))).network!.sampleRate, 48000);
    }
  });

  it('tell what they are and what their conventions are', async () => {
    const conventions = async (name: string) => {
      const { network } = await openFile(name, text(name));
      return [network?.dialect, ...(network?.conventions ?? [])].join(' · ');
    };
    assert.equal(
      await conventions('guitarml-lstm.json'),
      'guitarml · GuitarML · i, f, g, o · skip: input added to output',
    );
    assert.equal(
      await conventions('guitarml-conditioned.json'),
      'guitarml · GuitarML · i, f, g, o · skip: first input added to output',
    );
    assert.equal(
      await conventions('rtneural-gru.json'),
      'rtneural · RTNeural · z, r, h · reset after · sigmoid gates',
    );
    assert.equal(
      await conventions('aida-conditioned.json'),
      'rtneural · RTNeural · z, r, h · reset after · sigmoid gates · skip: input added to output · 48000 Hz',
    );
    assert.equal(
      await conventions('nam.nam'),
      'nam · NAM · i, f, g, o · biases summed · initial state from the file · 48000 Hz',
    );
  });
});

/** A model with one value changed or, where that is undefined, left out. */
function changed(name: string, path: readonly (string | number)[], value: unknown): string {
  const model = json(name);
  const parent = path.slice(0, -1).reduce((at, key) => at[key], model);
  parent[path[path.length - 1]] = value;
  return JSON.stringify(model);
}

describe('faulty models of guitar amplifiers', () => {
  const cases: [string, string, (string | number)[], unknown, string[], RegExp?][] = [
    ['another network', 'guitarml-lstm.json', ['model_data', 'model'], 'RecNet', ['error unsupported-model']],
    ['another unit type', 'guitarml-lstm.json', ['model_data', 'unit_type'], 'QRNN', ['error wrong-value']],
    [
      "a size that is not the tensors'",
      'guitarml-lstm.json',
      ['model_data', 'hidden_size'],
      7,
      ['error size-mismatch', 'error size-mismatch'],
    ],
    [
      'another unit type than the rows tell',
      'guitarml-lstm.json',
      ['model_data', 'unit_type'],
      'GRU',
      ['error size-mismatch'],
      /says GRU, but the tensors have LSTM/,
    ],
    [
      'a skip wider than the output',
      'guitarml-conditioned.json',
      ['model_data', 'skip'],
      2,
      ['error unsupported-skip'],
    ],
    ['no skip', 'guitarml-rnn.json', ['model_data', 'skip'], undefined, ['warning assumed']],
    ['no head', 'guitarml-rnn.json', ['state_dict', 'lin.weight'], undefined, ['error wrong-shape']],
    [
      'a missing bias',
      'guitarml-rnn.json',
      ['state_dict', 'rec.bias_hh_l0'],
      undefined,
      ['error missing-tensor'],
    ],
    [
      'a convolution',
      'nam.nam',
      ['architecture'],
      'WaveNet',
      ['error unsupported-model'],
      /expected "LSTM".*found "WaveNet"/,
    ],
    [
      'a size that the weights do not have',
      'nam.nam',
      ['config', 'hidden_size'],
      4,
      ['error wrong-length'],
      /expected 261 numbers.*found/,
    ],
    ['a huge size', 'nam.nam', ['config', 'hidden_size'], 1e15, ['error wrong-value']],
    ['a weight that is no number', 'nam.nam', ['weights', 3], '1', ['error wrong-value']],
    ['an unknown layer', 'rtneural-gru.json', ['layers', 0, 'type'], 'conv2d', ['error unsupported-layer']],
    [
      'an unknown activation',
      'rtneural-gru.json',
      ['layers', 0, 'activation'],
      'snake',
      ['error unsupported-activation'],
    ],
    [
      'a width that the weights do not have',
      'rtneural-gru.json',
      ['layers', 1, 'shape', 2],
      5,
      ['error wrong-shape', 'error wrong-shape'],
    ],
    ['a huge width', 'rtneural-gru.json', ['layers', 1, 'shape', 2], 1e15, ['error too-large']],
    [
      'a bias for reset before',
      'rtneural-gru.json',
      ['layers', 1, 'weights', 2],
      [1, 2, 3],
      ['error wrong-shape'],
      /\[2, 12\], found \[3, 12\], \[4, 12\], \[3\]/,
    ],
    [
      'slopes of a PReLU that differ',
      'aida-conditioned.json',
      ['layers', 2, 'weights', 0, 0, 1],
      0.5,
      ['error unsupported-layer'],
      /expected the same slope for all units/,
    ],
    ['no layers', 'rtneural-gru.json', ['layers'], [], ['error wrong-length']],
    [
      'an activation of a cell that RTNeural ignores',
      'rtneural-gru.json',
      ['layers', 1, 'activation'],
      'relu',
      ['warning ignored'],
    ],
  ];
  for (const [what, name, path, value, expected, message = /expected|says|taken|whatever/] of cases) {
    it(`with ${what} say so`, async () => {
      const reading = await openFile(name, changed(name, path, value));
      assert.deepEqual(codes(reading), expected);
      assert.match(reading.problems[0].message, message);
    });
  }
});
