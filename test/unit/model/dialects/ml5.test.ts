import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenInput } from '../../../../src/model/network';
import { sequenceFromText } from '../../../../src/model/sequences';
import { codes } from '../support';
import { assertOutput, assertSignal, openFile, runReading, tokens } from './support';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/ml5');
const MANIFEST = 'manifest.json';
const BESIDE = Object.fromEntries(
  readdirSync(FIXTURES).map((name): [string, Uint8Array] => [name, readFileSync(join(FIXTURES, name))]),
);
const json = (name: string) => JSON.parse(new TextDecoder().decode(BESIDE[name]));
const open = (manifest: object, beside: Readonly<Record<string, string | Uint8Array>> = BESIDE) =>
  openFile(MANIFEST, JSON.stringify(manifest), beside);

const KERNEL = 'rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/kernel';

describe('models of ml5', () => {
  it("have the output and the states of TensorFlow.js's operations", async () => {
    const { ids, output, levels } = json('expected.json');
    const reading = await open(json(MANIFEST));
    assert.deepEqual(reading.problems, []);
    const trace = await runReading(reading, tokens(ids));
    assertOutput(trace, output);
    for (const [k, signals] of levels.entries()) {
      for (const signal of ['c', 'h']) assertSignal(trace, `cell_${k}`, signal, signals[signal]);
    }
  });

  it('tell what they are, what they read, and which files they are made of', async () => {
    const { network, files, samples } = await open(json(MANIFEST));
    assert.equal(network?.dialect, 'ml5');
    assert.deepEqual(network.conventions, [
      'ml5 charRNN',
      'BasicLSTMCell',
      'i, j, f, o',
      'forget bias 1 added when running',
    ]);
    assert.deepEqual((network.input as TokenInput).vocabulary, ['\n', ' ', 'a', 'b', '나', '🙂']);
    const { sequence } = sequenceFromText(network, 'a🙂');
    assert.deepEqual(sequence?.kind === 'token' && [...sequence.ids], [2, 5]);
    assert.ok(files.includes('vocab.json') && files.includes('embedding'));
    assert.equal(samples.length, 1);
  });

  it('may have no embedding: then a cell reads the character itself', async () => {
    const manifest = json(MANIFEST);
    delete manifest.embedding;
    manifest[KERNEL].shape = [10, 16];
    const reading = await open(manifest, {
      ...BESIDE,
      [manifest[KERNEL].filename]: new Uint8Array(new Float32Array(160).fill(0.1).buffer),
    });
    assert.deepEqual(reading.problems, []);
    assert.deepEqual((reading.network!.input as TokenInput).encoding, 'one_hot');
    await runReading(reading, tokens([0, 5]));
  });
});

type Files = Record<string, string | Uint8Array>;

describe('faulty models of ml5', () => {
  const cases: [string, (manifest: any, files: Files) => void, string[], RegExp][] = [
    [
      'a missing file',
      (_, files) => delete files.rnnlm_softmax_b,
      ['error weights-missing'],
      /"rnnlm_softmax_b" does not exist/,
    ],
    [
      'a truncated file',
      (_, files) => (files.embedding = new Uint8Array(71)),
      ['error bad-weights-file'],
      /expected 72 bytes.*found 71/,
    ],
    [
      'a file outside of the folder',
      (manifest) => (manifest.embedding.filename = '../embedding'),
      ['error weights-outside'],
      /leads out of the folder/,
    ],
    [
      'a gated cell',
      (manifest) => {
        manifest['rnnlm/multi_rnn_cell/cell_0/gru_cell/gates/kernel'] = manifest[KERNEL];
      },
      ['error unsupported-layer'],
      /cell_0: expected one matrix and one bias, as of a BasicLSTMCell, found/,
    ],
    [
      'a plain cell',
      (manifest) => (manifest[KERNEL].shape = [7, 4]),
      ['error wrong-shape'],
      /expected \[7, 16\], found \[7, 4\]/,
    ],
    [
      'a negative size',
      (manifest) => (manifest[KERNEL].shape = [-7, 16]),
      ['error wrong-value', 'error unsupported-layer'],
      /shape\[0\]: expected a whole number of at least 1, found -7/,
    ],
    [
      'a huge size',
      (manifest) => (manifest[KERNEL].shape = [1e15, 4e15]),
      ['error too-large'],
      /at most 65536/,
    ],
    [
      'no head',
      (manifest) => {
        delete manifest['rnnlm/softmax_b'];
        delete manifest['rnnlm/softmax_w'];
      },
      ['error missing-tensor'],
      /softmax: expected one matrix and one bias, found none/,
    ],
    [
      'a variable of something else',
      (manifest) => (manifest.other = { filename: 'other', shape: [1] }),
      ['warning unused-tensor'],
      /"other" is no part/,
    ],
    [
      'one cell, of which ml5 takes none',
      (manifest) => {
        for (const name of Object.keys(manifest)) {
          if (name.includes('cell_1')) delete manifest[name];
        }
      },
      ['warning assumed'],
      /not the last of 1 cell;/,
    ],
    [
      'no vocabulary',
      (_, files) => delete files['vocab.json'],
      ['warning no-vocabulary'],
      /named by their numbers/,
    ],
    [
      'a vocabulary with gaps',
      (_, files) => (files['vocab.json'] = '{"a": 0, "b": 1}'),
      ['warning bad-vocabulary'],
      /for each of the ids 0 to 5, found 2/,
    ],
    [
      'a vocabulary of another model',
      (_, files) => (files['vocab.json'] = '{"a": 99}'),
      ['error bad-vocabulary'],
      /vocab.json:1:7: a: expected a whole number from 0 to 5, found 99/,
    ],
    [
      'a broken vocabulary',
      (_, files) => (files['vocab.json'] = '{"a": 0'),
      ['error bad-vocabulary'],
      /vocab.json:1:8: .*closing brace/,
    ],
  ];
  for (const [what, change, expected, message] of cases) {
    it(`with ${what} say so`, async () => {
      const manifest = json(MANIFEST);
      const files = { ...BESIDE };
      change(manifest, files);
      const reading = await open(manifest, files);
      assert.deepEqual(codes(reading), expected);
      assert.match(reading.problems[0].message, message);
    });
  }
});
