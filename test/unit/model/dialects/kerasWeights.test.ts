/** Keras weights without a config: what the layers are is told by names and shapes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading, Source } from '../../../../src/model/dialects/dialect';
import { HARD_SIGMOID_6TH } from '../../../../src/model/network';
import { verify } from '../../../../src/verify';
import { codes, MemoryFolder } from '../support';
import { openFile, runReading, tokens } from './support';
import { assertRuns, damagedWays, expectedIn, messages } from './toldModels';
import { textOf } from '../../verify/said';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/kerasweights');
const bytes = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, name)));

const EXPECTED = expectedIn(FIXTURES);

/** Those of the layers' order. */
const orders = ({ choices = [] }: Reading) => choices.filter(({ kind }) => kind === 'order');

const open = (name: string, more: Partial<Source> = {}) => openFile(name, bytes(name), {}, more);

describe('Keras weights alone', () => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    if (name === 'several.weights.h5' || name === 'heads.weights.h5') continue;
    it(`${name}: gates and output are PyTorch's, and everything assumed is a warning`, async () => {
      const reading = await open(name);
      assert.deepEqual(new Set(codes(reading)), new Set(['warning assumed']));
      assert.deepEqual([reading.trained, reading.weightsFile], [true, name]);
      await assertRuns(reading, expected);
    });
  }

  it('say what is assumed of each layer', async () => {
    const reading = await open('keras-2.2.h5');
    assert.deepEqual(reading.network?.conventions, [
      ...['Keras 2.2.4', 'i, f, c, o', 'z, r, h', 'reset before', 'hard_sigmoid 0.2x + 0.5'],
    ]);
    assert.deepEqual(
      reading.problems.map(({ message }) => message),
      [
        'Embedding "embedding_1" is taken to mask no step: the file does not say; choose otherwise as "embedding_1.mask_zero=true"',
        'LSTM "lstm_1" is taken to use tanh and hard_sigmoid (0.2x + 0.5) and pass on every step: the file does not say; choose otherwise as "lstm_1.activation=relu"',
        'GRU "gru_1" is taken to use tanh and hard_sigmoid (0.2x + 0.5) and pass on its last output alone: the file does not say; choose otherwise as "gru_1.return_sequences=true"',
        'Dense "dense_1" is taken to have no activation after it: the file does not say; choose otherwise as "dense_1.activation=softmax"',
      ],
    );
  });

  it('take what is chosen in place of what is assumed, and assume it no more', async () => {
    const { input, output } = EXPECTED['keras-2.2.h5'];
    const name = 'keras-2.2.h5';
    const choices = [
      'gru_1.return_sequences=true',
      'dense_1.activation=softmax',
      'embedding_1.mask_zero=true',
    ];
    const reading = await open(name, { choices });
    for (const choice of choices)
      assert.ok(
        reading.choices?.some(({ value }) => value === choice),
        choice,
      );
    assert.deepEqual(
      reading.problems.map(({ message }) => message),
      [
        'LSTM "lstm_1" is taken to use tanh and hard_sigmoid (0.2x + 0.5) and pass on every step: the file does not say; choose otherwise as "lstm_1.activation=relu"',
        'GRU "gru_1" is taken to use tanh and hard_sigmoid (0.2x + 0.5): the file does not say; choose otherwise as "gru_1.activation=relu"',
      ],
    );
    const ids = (input as number[]).map((id) => id || 1);
    const plain = await runReading(await open(name), tokens(ids));
    const { rows, values } = (await runReading(reading, tokens(ids))).output;
    assert.equal(rows, ids.length);
    const powers = Array.from(plain.output.values, Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    const last = values.subarray(values.length - powers.length);
    powers.forEach((power, k) => assert.ok(Math.abs(power / sum - last[k]) < 1e-6));
    assert.equal(output.length, 1, 'as assumed, the last row alone');
  });

  it('use the activations, the reset gate and the merge that are chosen', async () => {
    const all = await open('keras-3.weights.h5');
    for (const { kind, value } of all.choices ?? []) {
      if (!kind.startsWith('argument ')) continue;
      const { network, problems } = await open('keras-3.weights.h5', { choices: [value] });
      assert.ok(network, value);
      assert.ok(!problems.some(({ severity }) => severity === 'error'), value);
    }
    const chosen = ['gru.recurrent_activation=hard_sigmoid', 'gru.activation=relu'];
    const { network } = await open('keras-3.weights.h5', { choices: chosen });
    const gru = network!.layers.find((layer) => layer.type === 'gru')!;
    assert.deepEqual([gru.recurrentActivation, gru.activation], [HARD_SIGMOID_6TH, 'relu']);
  });

  it('that are checked against what another choice gives are told which', async () => {
    const name = 'keras-2.2.h5';
    const [input, steps] = [
      [3, 0, 2, 0, 1, 4, 0],
      ['embedding_1.mask_zero=true', 'dense_1.activation=softmax'],
    ];
    for (const [choice, text] of [
      [
        'gru_1.return_sequences=true',
        /with every step's output \(return_sequences: true\) of "gru_1"$|return_sequences: true/,
      ],
      ['gru_1.recurrent_activation=sigmoid', /with sigmoid in the gates in "gru_1"/],
      [steps[0], /with the steps of token 0 masked \(mask_zero: true\)/],
      [steps[1], /with softmax after the last layer/],
    ] as const) {
      const meant = await runReading(await open(name, { choices: [choice] }), tokens(input));
      const { network, weights } = await open(name);
      const check = { name: 'x', sequence: tokens(input), expected: meant.output };
      const { finding } = await verify({ network: network!, weights: weights! }, [check]);
      assert.ok(finding?.matches, choice);
      assert.match(textOf(finding)!, text);
    }
  });

  it('tell the version by their form where they do not say it', async () => {
    const conventions = async (name: string) => (await open(name)).network?.conventions[0];
    assert.equal(await conventions('keras-3.weights.h5'), 'Keras 3');
    assert.equal(await conventions('keras-2.13.weights.h5'), 'Keras 2.13 – 2.15 (by its form)');
    assert.equal(await conventions('keras-1.h5'), 'Keras 1 (by its form)');
  });

  it('of Keras 3 run in the order in which they were written, and others can be chosen', async () => {
    const reading = await open('keras-3.weights.h5');
    assert.match(messages(reading), /order "gru" \(recurrent\) → "lstm".*they lie in it in this order/);
    const labels = orders(reading).map(({ label }) => label);
    assert.ok(
      labels.length > 1 && labels.every((label) => label.indexOf('"dense"') < label.indexOf('"dense_1"')),
    );
    const other = await open('keras-3.weights.h5', { choices: ['2'] });
    assert.notDeepEqual(other.network?.layers[0].name, 'gru');
  });

  it('that fit in several orders, none of them as written, ask which', async () => {
    const reading = await open('several.weights.h5');
    assert.deepEqual(codes(reading), ['error several-readings']);
    const choice = reading.choices?.find(({ label }) => label.startsWith('"gru" (recurrent) → "lstm"'));
    assert.ok(choice);
    await assertRuns(
      await open('several.weights.h5', { choices: [choice.value] }),
      EXPECTED['several.weights.h5'],
    );
  });

  it('that end in heads beside each other run one of them, and the others can be chosen', async () => {
    const name = 'heads.weights.h5';
    const reading = await open(name);
    const [{ message }] = reading.problems;
    assert.match(
      message,
      /order "lstm" \(recurrent\) → "(\w+)" .*"\w+", "\w+" and "\w+" are taken for heads beside each other behind "lstm", whose width they read, and one of them is run; choose otherwise as "2": "lstm"/,
    );
    assert.ok(reading.problems.every(({ code }) => code !== 'not-in-chain'));
    assert.deepEqual(
      orders(reading)
        .slice(0, 3)
        .map(({ label }) => label)
        .toSorted(),
      ['duration', 'pitch', 'step'].map((head) => `"lstm" (recurrent) → "${head}" (linear)`),
    );
    const at = orders(reading).find(({ label }) => label === '"lstm" (recurrent) → "duration" (linear)')!;
    const chosen = await open(name, { choices: [at.value] });
    await assertRuns(chosen, EXPECTED[name]);
    assert.match(
      messages(chosen),
      /"pitch" \[4, 4\] \[4\] has its place in other orders, and is left out of this one/,
    );
    assert.doesNotMatch(messages(chosen), /does not fit/);
  });

  it('name the config beside them that says it all', async () => {
    const reading = await openFile('model.h5', bytes('keras-1.h5'), { 'model.json': '{}' });
    assert.match(messages(reading), /"model\.json" beside it says what the layers are: open that/);
  });

  it('take no other weights, and say so', async () => {
    const weights = { folder: new MemoryFolder(), path: 'other.h5' };
    const reading = await open('keras-1.h5', { weights });
    assert.ok(codes(reading).includes('warning weights-not-used'));
    assert.match(messages(reading), /"other\.h5" are not used: "keras-1\.h5" holds weights itself/);
  });

  it('without a recurrent layer name what was found', async () => {
    const reading = await openFile('conv.h5', bytes('../kerasweights/dense.h5'));
    assert.deepEqual(codes(reading), ['error no-recurrent-layer']);
    assert.match(messages(reading), /found "dense" \[4, 6\] \[6\], "conv2d" \[3, 3, 1, 2\] \[2\]$/);
  });

  it('show a layer that is not known as not run, and the recurrent layer before it', async () => {
    const reading = await open('unknown.weights.h5');
    const [lstm, odd, head] = reading.network?.layers ?? [];
    assert.deepEqual([lstm.type, odd.type, head.type], ['lstm', 'not_run', 'linear']);
    assert.equal(head.inputSize, 6);
  });

  it('that lead in circles are refused', async () => {
    const reading = await open('circle.weights.h5');
    assert.deepEqual(codes(reading), ['error bad-weights-file']);
    assert.match(messages(reading), /too many groups, or they lead in circles/);
  });

  for (const name of ['keras-2.2.h5', 'keras-3.weights.h5', 'nested.weights.h5', 'keras-1.h5']) {
    it(`${name}, truncated or with flipped bits, gives a reading in little time`, async () => {
      for (const damaged of damagedWays(bytes(name), 150)) {
        const started = performance.now();
        const reading = await openFile(name, damaged);
        assert.ok(reading.problems.length > 0);
        assert.ok(performance.now() - started < 5000);
      }
    });
  }
});
