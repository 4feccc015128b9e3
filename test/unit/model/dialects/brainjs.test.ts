import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../../../../src/engine/generate';
import { isRecurrent, type TokenInput } from '../../../../src/model/network';
import type { TokenSequence } from '../../../../src/model/samples';
import { joinTokens, sequenceFromText } from '../../../../src/model/sequences';
import { codes } from '../support';
import { assertOutput, assertSignal, openFile, runReading, tokens, vectors } from './support';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/brainjs');
const text = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');
const json = (name: string) => JSON.parse(text(name));

const MODELS = readdirSync(FIXTURES).filter((name) => /^[^.]+\.json$/.test(name));

describe('models of brain.js', () => {
  for (const name of MODELS) {
    it(`${name}: output and gates are brain.js's own`, async () => {
      const { ids, input, output, levels } = json(name.replace('.json', '.expected.json'));
      const reading = await openFile(name, text(name));
      assert.deepEqual(reading.problems, []);
      const trace = await runReading(reading, ids ? tokens(ids) : vectors(input));
      assertOutput(trace, output);
      const cells = reading.network!.layers.filter(isRecurrent);
      assert.equal(cells.length, levels.length);
      for (const [k, signals] of levels.entries()) {
        for (const [signal, rows] of Object.entries(signals as Record<string, number[][]>)) {
          assertSignal(trace, cells[k].name, signal, rows);
        }
      }
    });
  }

  it('read text as brain.js does: the start first, the marks of a question last', async () => {
    for (const [name, typed] of [
      ['rnn.json', 'hello녕'],
      ['lstm.json', 'abba'],
      ['gru.json', 'the man'],
    ]) {
      const { network } = await openFile(name, text(name));
      const { sequence } = sequenceFromText(network!, typed);
      assert.ok(sequence?.kind === 'token');
      assert.deepEqual([...sequence.ids], json(name.replace('.json', '.expected.json')).ids);
    }
  });

  it('write a text to its end, and no marks into it', async () => {
    const { network, weights } = await openFile('rnn.json', text('rnn.json'));
    const { sequence: prompt } = sequenceFromText(network!, 'he');
    const { sequence } = await generate(network!, weights!, prompt as TokenSequence, {
      length: 200,
      seed: 1,
    });
    assert.ok(sequence.steps < 203);
    assert.equal(sequence.tokens.indexOf('<start/end>', 1), sequence.steps - 1);
    const written = joinTokens(network!.input as TokenInput, sequence.tokens);
    assert.equal(written, sequence.tokens.slice(1, -1).join(''));
    const pairs = await openFile('lstm.json', text('lstm.json'));
    const { sequence: question } = sequenceFromText(pairs.network!, 'abba');
    assert.equal(joinTokens(pairs.network!.input as TokenInput, (question as TokenSequence).tokens), 'abba');
  });

  it('tell what they are and what their conventions are', async () => {
    const conventions = async (name: string) => (await openFile(name, text(name))).network!.conventions;
    assert.deepEqual(await conventions('lstm.json'), [
      'brain.js',
      'not the textbook LSTM: the forget gate multiplies the previous output, no cell state of its own',
      'softmax over all characters',
      'starts with row 0',
    ]);
    assert.deepEqual(await conventions('rnn-time-step.json'), ['brain.js', 'relu']);
    assert.ok((await conventions('gru.json')).includes('reset before'));
  });

  it('name characters, features and outputs, and make up samples', async () => {
    const pairs = await openFile('lstm.json', text('lstm.json'));
    const { vocabulary, unknown, split } = pairs.network!.input as TokenInput;
    assert.deepEqual(vocabulary.slice(0, 3), ['<start/end>', 'a', 'b']);
    assert.deepEqual([unknown, split], ['unrecognized', 'char']);
    assert.deepEqual(pairs.network!.outputLabels, vocabulary);
    const [{ sequence }] = pairs.samples;
    assert.ok(sequence.kind === 'token');
    assert.deepEqual(sequence.tokens, ['<start/end>', 'a', 'b', 'c', 'd', 'stop-input', 'start-output']);
    const steps = await openFile('lstm-time-step.json', text('lstm-time-step.json'));
    assert.deepEqual(steps.network!.input, { kind: 'vector', size: 2, features: ['high', 'low'] });
    assert.deepEqual(steps.network!.outputLabels, ['high', 'low']);
  });

  it('have numbers for tokens where there is no table of characters', async () => {
    const model = json('gru.json');
    delete model.options.dataFormatter;
    const { network, problems } = await openFile('gru.json', JSON.stringify(model));
    assert.deepEqual(problems, []);
    assert.deepEqual((network!.input as TokenInput).vocabulary, ['<start/end>', '0', '1', '2', '3']);
  });
});

type Change = (model: any) => void;

describe('faulty models of brain.js', () => {
  const cases: [string, string, Change, string[], RegExp][] = [
    ['no layers', 'rnn.json', (m) => (m.hiddenLayers = []), ['error wrong-length'], /1 to 1000 layers/],
    ['no output', 'rnn.json', (m) => delete m.output, ['error missing-key'], /"output"/],
    [
      'another kind of cell',
      'rnn.json',
      (m) => (m.hiddenLayers[0] = { kernel: {} }),
      ['error unsupported-layer'],
      /"weight" of RNN.*found "kernel"/,
    ],
    [
      'a missing matrix',
      'lstm.json',
      (m) => delete m.hiddenLayers[1].forgetBias,
      ['error missing-tensor'],
      /hiddenLayers\[1\]: the matrix "forgetBias" is missing/,
    ],
    [
      'cells of two kinds',
      'rnn.json',
      (m) => (m.hiddenLayers[1] = json('gru.json').hiddenLayers[0]),
      [...Array(3).fill('error missing-tensor'), ...Array(9).fill('warning unused-tensor')],
      /hiddenLayers\[1\]: the matrix "weight" is missing/,
    ],
    [
      'a matrix of another size',
      'rnn.json',
      (m) => Object.assign(m.hiddenLayers[1].weight, { rows: 5, columns: 4 }),
      ['error wrong-shape', 'error wrong-shape', 'error wrong-shape'],
      /hiddenLayers\[1\]\.weight: expected 5 × 5, found 5 × 4/,
    ],
    [
      'too few weights',
      'rnn.json',
      (m) => (m.output.weights = [1]),
      ['error wrong-length'],
      /output\.weights: expected 8 × 1 numbers, found 1/,
    ],
    [
      'a size that nothing can have',
      'rnn.json',
      (m) => Object.assign(m.output, { rows: 1e15 }),
      ['error wrong-length'],
      /expected 1000000000000000 × 1/,
    ],
    [
      'weights under other keys',
      'rnn-time-step.json',
      (m) => (m.output.weights = { __proto__x: 1 }),
      ['error wrong-key'],
      /"__proto__x"/,
    ],
    [
      'a weight that was not finite',
      'rnn-time-step.json',
      (m) => (m.output.weights = [null]),
      ['error wrong-value'],
      /expected a number, found null/,
    ],
    [
      'a character beyond the table',
      'rnn.json',
      (m) => (m.options.dataFormatter.indexTable.h = 99),
      ['error size-mismatch'],
      /indexTable\.h: expected less than 7.*found 99/,
    ],
    [
      'the type of another cell',
      'lstm.json',
      (m) => (m.type = 'GRU'),
      ['error type-mismatch'],
      /type: "GRU", but the matrices are those of LSTM/,
    ],
    ['a shortened type', 'lstm.json', (m) => (m.type = 'e'), ['warning assumed'], /taken for LSTM/],
    [
      'other hidden layers in the options',
      'gru-time-step.json',
      (m) => (m.options.hiddenLayers = [20, 20]),
      ['warning size-mismatch'],
      /has 2 layers, but there are matrices for 1/,
    ],
    [
      'names for half of the features',
      'lstm-time-step.json',
      (m) => (m.inputLookup = { high: 0 }),
      ['warning size-mismatch'],
      /inputLookup: expected a name for each/,
    ],
    [
      'half a character',
      'rnn.json',
      (m) => {
        delete m.options.dataFormatter.indexTable.h;
        m.options.dataFormatter.indexTable['\ud83d'] = 0;
      },
      ['warning hidden-token'],
      /1 entry cannot be reached by typing/,
    ],
  ];
  for (const [what, name, change, expected, message] of cases) {
    it(`with ${what} say so`, async () => {
      const model = json(name);
      change(model);
      const reading = await openFile(name, JSON.stringify(model));
      assert.deepEqual(codes(reading), expected);
      assert.match(reading.problems[0].message, message);
    });
  }
});
