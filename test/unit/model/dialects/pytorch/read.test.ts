import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../../../src/model/dialects/dialect';
import type { Sequence } from '../../../../../src/model/samples';
import { verify } from '../../../../../src/verify/verify';
import { fixture } from '../../../engine/fixtures';
import { codes, f32, rawSafetensors, safetensors } from '../../support';
import { assertOutput, assertSignal, openFile, runReading, tokens, vectors } from '../support';
import { textOf } from '../../../verify/said';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures');
const file = (...path: string[]) => readFileSync(join(FIXTURES, ...path));
const json = (...path: string[]) => JSON.parse(file(...path).toString());

const sequenceOf = (input: number[] | number[][]): Sequence =>
  Array.isArray(input[0]) ? vectors(input as number[][]) : tokens(input as number[]);

const layersOf = ({ network }: Reading) => network?.layers.map(({ name, type }) => `${name} ${type}`);

describe('a PyTorch state dict', () => {
  const sameAsNative = [
    ...['gru', 'gru-no-bias', 'gru-stacked-bidirectional', 'lstm', 'lstm-no-bias', 'lstm-projected'],
    ...['lstm-projected-stacked-bidirectional', 'lstm-stacked', 'rnn-tanh', 'rnn-stacked-bidirectional'],
    ...['width-one', 'saturated', 'one-step'],
  ];
  for (const name of sameAsNative) {
    it(`${name}: every gate is PyTorch's, from the safetensors file alone`, async () => {
      const { sequence, expected } = await fixture(name);
      const reading = await openFile('m.safetensors', file('pytorch', `${name}.safetensors`));
      const trace = await runReading(reading, sequence);
      assertOutput(trace, expected.output);
      for (const { layer, level, direction, signals } of expected.layers) {
        for (const [signal, rows] of Object.entries(signals)) {
          assertSignal(trace, layer, signal, rows, { level, direction });
        }
      }
    });
  }

  for (const name of ['cells', 'tagger', 'twins', 'norms']) {
    for (const form of ['safetensors', 'json']) {
      it(`${name}.${form}: the output is PyTorch's`, async () => {
        const { input, output } = json('statedict', `${name}.expected.json`);
        const reading = await openFile(`${name}.${form}`, file('statedict', `${name}.${form}`));
        assertOutput(await runReading(reading, sequenceOf(input)), output);
      });
    }
  }

  it('reads half precision, and leaves counters alone', async () => {
    const { input, output } = json('statedict', 'half.expected.json');
    const reading = await openFile('half.safetensors', file('statedict', 'half.safetensors'));
    assert.deepEqual(codes(reading), []);
    assertOutput(await runReading(reading, sequenceOf(input)), output);
  });

  it('shows what it assumes, and makes samples up where there are none', async () => {
    const reading = await openFile('cells.safetensors', file('statedict', 'cells.safetensors'));
    assert.deepEqual(layersOf(reading), ['lower lstm', 'upper gru', 'last rnn', 'head linear']);
    const assumed = reading.problems.filter(({ code }) => code === 'assumed').map(({ message }) => message);
    assert.equal(assumed.length, reading.problems.length);
    assert.match(assumed.join('\n'), /tanh or relu.*"head" is taken to have no activation.*order "lower"/s);
    assert.deepEqual(reading.network?.conventions.slice(0, 2), ['PyTorch state dict', 'i, f, g, o']);
    assert.equal(reading.trained, true);
    assert.ok(reading.samples.length > 0 && reading.samples.every(({ name }) => name.endsWith('(made up)')));
  });

  it('tells tokens from vectors by the embedding, and calls them by their ids', async () => {
    const { network } = await openFile('tagger.json', file('statedict', 'tagger.json'));
    assert.deepEqual(
      network?.layers.map(({ name }) => name),
      ['module.words', 'module.rnn', 'module.classify'],
    );
    assert.ok(network?.input.kind === 'token' && network.input.vocabulary.length === 9);
    assert.equal(network.input.vocabulary[8], '8');
  });

  it('takes an RNN to use tanh, and relu where that is chosen; verify says which', async () => {
    const { sequence, expected } = await fixture('rnn-relu');
    const openRnn = (choices: string[] = []) =>
      openFile('m.safetensors', file('pytorch', 'rnn-relu.safetensors'), {}, { choices });
    const reading = await openRnn();
    const [{ name }] = reading.network!.layers;
    const choice = `${name}.nonlinearity=relu`;
    assert.ok(reading.problems.some(({ message }) => message.endsWith(`choose otherwise as "${choice}"`)));
    const relu = await openRnn([choice]);
    assert.ok(relu.choices?.some(({ value }) => value === choice));
    assert.ok(relu.problems.every(({ message }) => !message.includes('tanh')));
    assertOutput(await runReading(relu, sequence), expected.output);
    const values = Float32Array.from(expected.output.flat());
    const check = { rows: expected.output.length, units: expected.output[0].length, values };
    const { network, weights } = reading;
    const { finding } = await verify({ network: network!, weights: weights! }, [
      { name: 'x', sequence, expected: check },
    ]);
    assert.deepEqual([textOf(finding), finding?.matches], ["with relu as the RNN's nonlinearity", true]);
  });

  it('finds the state dict below a key of a checkpoint', async () => {
    const dict = json('statedict', 'twins.json');
    for (const key of ['state_dict', 'model_state_dict', 'model', 'any other']) {
      const reading = await openFile('c.json', JSON.stringify({ epoch: 3, [key]: dict }));
      assert.deepEqual(layersOf(reading), ['gru gru', 'fc1 linear', 'fc2 linear']);
      assert.ok(reading.weights);
    }
  });

  it('asks which of several state dicts of a checkpoint is meant, where none has a usual name alone', async () => {
    const dict = json('statedict', 'twins.json');
    const text = JSON.stringify({ encoder: dict, decoder: dict });
    const reading = await openFile('c.json', text);
    assert.deepEqual(codes(reading), ['error several-readings']);
    assert.deepEqual(
      reading.choices?.map(({ kind, value }) => `${kind} ${value}`),
      ['state-dict key:encoder', 'state-dict key:decoder'],
    );
    const chosen = await openFile('c.json', text, {}, { choices: ['key:decoder'] });
    assert.ok(chosen.weights);
    assert.equal(chosen.choices?.filter(({ kind }) => kind === 'state-dict').length, 2);
    const usual = await openFile('c.json', JSON.stringify({ model: dict, ema: dict }));
    assert.ok(usual.weights);
    assert.match(usual.problems[0].message, /under "model" is taken; the file holds others under "ema"/);
  });
});

const rnn = (prefix: string, inputs: number, hidden: number) => ({
  [`${prefix}.weight_ih_l0`]: f32([hidden, inputs], Array(hidden * inputs).fill(0.5)),
  [`${prefix}.weight_hh_l0`]: f32([hidden, hidden], Array(hidden * hidden).fill(0.25)),
});
const linear = (prefix: string, inputs: number, outputs: number) => ({
  [`${prefix}.weight`]: f32([outputs, inputs], Array(inputs * outputs).fill(1)),
  [`${prefix}.bias`]: f32([outputs], Array(outputs).fill(0)),
});
const open = (tensors: Parameters<typeof safetensors>[0], choices: string[] = []) =>
  openFile('m.safetensors', safetensors(tensors), {}, { choices });

describe('the order of modules in a safetensors file', () => {
  it('follows the shapes, whatever the names', async () => {
    const reading = await open({ ...linear('a', 5, 2), ...rnn('b', 3, 4), ...rnn('c', 4, 5) });
    assert.deepEqual(layersOf(reading), ['b rnn', 'c rnn', 'a linear']);
  });

  it('puts a linear layer before the recurrent one where it fits nowhere else', async () => {
    const reading = await open({ ...linear('project', 2, 3), ...rnn('rnn', 3, 4) });
    assert.deepEqual(layersOf(reading), ['project linear', 'rnn rnn']);
  });

  it('is left to the user where several fit', async () => {
    const tensors = { ...rnn('left', 3, 3), ...rnn('right', 3, 3) };
    const reading = await open(tensors);
    assert.deepEqual(codes(reading), ['error several-readings']);
    assert.match(
      reading.problems[0].message,
      /1: "left" \(rnn\) → "right" \(rnn\); 2: "right" \(rnn\) → "left" \(rnn\)/,
    );
    assert.deepEqual(
      reading.choices?.map(({ value }) => value),
      ['1', '2'],
    );
    assert.equal(reading.network, undefined);
    assert.deepEqual(layersOf(await open(tensors, ['2'])), ['right rnn', 'left rnn']);
  });

  it('is that of the numbers in names that differ by nothing else, and can be chosen otherwise', async () => {
    const tensors = { ...rnn('rnn', 3, 3), ...linear('fc10', 3, 3), ...linear('fc2', 3, 3) };
    const reading = await open(tensors);
    assert.deepEqual(layersOf(reading), ['rnn rnn', 'fc2 linear', 'fc10 linear']);
    assert.equal(reading.choices?.filter(({ kind }) => kind === 'order').length, 2);
    assert.match(
      reading.problems[0].message,
      /other orders fit too; choose otherwise as "2": "rnn" \(rnn\) → "fc10"/,
    );
  });

  it('is searched within bounds', async () => {
    const many = Object.assign(
      {},
      ...Array.from({ length: 40 }, (_, k) => linear(`l${'x'.repeat(k)}`, 3, 3)),
    );
    const reading = await open({ ...rnn('rnn', 3, 3), ...many });
    assert.deepEqual(codes(reading), ['error several-readings']);
    assert.ok((reading.choices?.length ?? 0) <= 10);
  });

  it('is that of each model, where a file has several below names of their own', async () => {
    const model = (name: string) => ({
      ...linear(`${name}.first`, 2, 3),
      ...rnn(`${name}.rnn`, 3, 3),
      ...linear(`${name}.last`, 3, 1),
    });
    const one = await open({
      ...model('agent'),
      ...linear('mixer.first', 5, 3),
      ...linear('mixer.last', 3, 7),
    });
    assert.deepEqual(layersOf(one), ['agent.first linear', 'agent.rnn rnn', 'agent.last linear']);
    const tensors = { ...model('agent_0'), ...model('agent_1') };
    assert.deepEqual(
      (await open(tensors)).choices?.map(({ label }) => label.replace(/ \(.*?\)/g, '')),
      ['0', '1'].map((k) => `"agent_${k}.first" → "agent_${k}.rnn" → "agent_${k}.last"`),
    );
    assert.equal(layersOf(await open(tensors, ['2']))?.[1], 'agent_1.rnn rnn');
  });

  it('ends in one of several heads, of which another can be chosen', async () => {
    const tensors = { ...rnn('rnn', 3, 4), ...linear('mean', 4, 2), ...linear('spread', 4, 2) };
    const reading = await open(tensors);
    assert.deepEqual(layersOf(reading), ['rnn rnn', 'mean linear']);
    assert.match(
      reading.problems[0].message,
      /"mean" and "spread" are taken for heads beside each other behind "rnn", whose width they read, and one of them is run; choose otherwise as "2": "rnn" \(rnn\) → "spread"/,
    );
    assert.ok(reading.problems.every(({ code }) => code !== 'not-in-chain'));
    assert.deepEqual(layersOf(await open(tensors, ['2'])), ['rnn rnn', 'spread linear']);
    const lists = ['a', 'b'].flatMap((name) => [linear(`${name}.0`, 6, 5), linear(`${name}.2`, 5, 1)]);
    const deep = await open(Object.assign({}, rnn('rnn', 3, 4), linear('shared', 4, 6), ...lists), ['2']);
    assert.deepEqual(layersOf(deep), ['rnn rnn', 'shared linear', 'b.0 linear', 'b.2 linear']);
  });

  it('leaves out, and names, what does not fit', async () => {
    const reading = await open({ ...rnn('rnn', 3, 4), ...linear('head', 4, 2), ...linear('stray', 9, 7) });
    assert.deepEqual(layersOf(reading), ['rnn rnn', 'head linear']);
    assert.ok(codes(reading).includes('warning not-in-chain'));
    assert.match(reading.problems.map(({ message }) => message).join(), /"stray" does not fit/);
  });
});

/** In the order in which the modules are given, as JSON and pickles have them. */
const ordered = (tensors: Parameters<typeof safetensors>[0], choices: string[] = []) => {
  const zeros = (shape: readonly number[]): unknown =>
    shape.length === 0 ? 0.5 : Array.from({ length: shape[0] }, () => zeros(shape.slice(1)));
  const dict = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, zeros(shape)]));
  return openFile('m.json', JSON.stringify(dict), {}, { choices });
};
const orderOf = ({ problems }: Reading) =>
  problems.map(({ message }) => message).filter((message) => message.startsWith('the modules run'));

describe('the order of modules in a file that has one', () => {
  it('is assumed, and said', async () => {
    const reading = await ordered({ ...rnn('rnn', 3, 4), ...linear('fc', 4, 2) });
    assert.deepEqual(orderOf(reading), [
      'the modules run in the order "rnn" (rnn) → "fc" (linear): the file does not say, they lie in it in this order, and their shapes fit',
    ]);
    assert.ok(reading.choices?.every(({ kind }) => kind !== 'order'));
    assert.deepEqual(orderOf(await ordered(rnn('rnn', 3, 4))), []);
  });

  it('of an encoder and a decoder can be that of one alone', async () => {
    const cell = (name: string) => ({
      [`${name}.x2h.weight`]: f32([4, 3], []),
      [`${name}.x2h.bias`]: f32([4], []),
      [`${name}.h2h.weight`]: f32([4, 4], []),
      ...linear(`${name}.h2y`, 4, 3),
    });
    const tensors = { ...cell('encoder'), ...cell('decoder') };
    const reading = await ordered(tensors);
    const whole = ['encoder rnn', 'encoder.h2y linear', 'decoder rnn', 'decoder.h2y linear'];
    assert.deepEqual(layersOf(reading), whole);
    assert.match(
      reading.problems[0].message,
      /their shapes fit; they may be 2 models, one of which hands the other its state: choose one alone as "2" or "3"$/,
    );
    const alone = await ordered(tensors, ['3']);
    assert.deepEqual(layersOf(alone), whole.slice(2));
    assert.deepEqual(orderOf(alone), []);
    assert.deepEqual(
      alone.problems.filter(({ code }) => code === 'not-in-chain').map(({ message }) => message),
      ['encoder', 'encoder.h2y'].map(
        (name) => `the module "${name}" has its place in other orders, and is left out of this one`,
      ),
    );
    const labels = reading.choices?.filter(({ kind }) => kind === 'order').map(({ label }) => label);
    assert.ok(
      labels?.includes('"decoder" (rnn) → "decoder.h2y" (linear) → "encoder" (rnn) → "encoder.h2y" (linear)'),
    );
  });

  it('of a decoder behind its encoder, each with an embedding, is told by their names', async () => {
    const embedding = (name: string, words: number) => ({ [`${name}.weight`]: f32([words, 3], []) });
    const head = (name: string, words: number) => ({
      ...linear(`${name}.0`, 4, 5),
      ...linear(`${name}.2`, 5, words),
    });
    const tensors = {
      ...embedding('char_emb', 7),
      ...rnn('encoder', 3, 4),
      ...head('encoder_head', 7),
      ...embedding('word_emb', 9),
      ...rnn('decoder', 3, 4),
      ...head('head', 9),
    };
    const reading = await ordered(tensors);
    assert.deepEqual(codes(reading), ['error several-readings']);
    const labels = reading.choices!.map(({ label }) => label.replace(/ \(\w+\)/g, '').replaceAll('"', ''));
    assert.deepEqual(labels.slice(0, 2), [
      'char_emb → encoder → encoder_head.0 → encoder_head.2',
      'word_emb → decoder → head.0 → head.2',
    ]);
    assert.ok(
      labels.every((label) => !/encoder_head\.0 → head| head\.0 → encoder/.test(label)),
      'heads are not mixed',
    );
    assert.doesNotMatch(reading.problems[0].message, /likeliest/);
    assert.deepEqual(layersOf(await ordered(tensors, ['2'])), [
      'word_emb embedding',
      'decoder rnn',
      'head.0 linear',
      'head.2 linear',
    ]);
  });

  it('says that there are others than those that are listed', async () => {
    const many = Object.assign({}, ...Array.from('abcdefghijkl', (name) => linear(name, 4, 2)));
    const reading = await ordered({ ...rnn('first', 3, 4), ...rnn('second', 3, 4), ...many });
    assert.match(
      reading.problems[0].message,
      /^by their shapes parts of the modules, never all, fit together in several orders, of which the 10 likeliest by their names are listed; choose one: 1: /,
    );
    assert.equal(reading.choices?.length, 10);
  });
});

describe('a faulty state dict', () => {
  it('without a recurrent layer says what was expected and found', async () => {
    const reading = await open(linear('head', 4, 2));
    assert.deepEqual(codes(reading), ['error no-recurrent-layer']);
    assert.match(reading.problems[0].message, /"lstm.weight_ih_l0".*found "head.weight", "head.bias"/);
  });

  it('with rows that are no number of gates says so', async () => {
    const reading = await open({
      'x.weight_ih_l0': f32([5, 1], [1, 2, 3, 4, 5]),
      'x.weight_hh_l0': f32([5, 2], Array(10).fill(0)),
    });
    assert.deepEqual(codes(reading), ['error wrong-shape']);
    assert.match(reading.problems[0].message, /4 \(LSTM\), 3 \(GRU\) or 1 \(RNN\) × 2 rows/);
  });

  it('with a missing bias of one level names the tensor', async () => {
    const reading = await open({ ...rnn('rnn', 1, 1), 'rnn.bias_ih_l0': f32([1], [0]) });
    assert.deepEqual(
      codes(reading).filter((code) => code.startsWith('error')),
      ['error missing-tensor'],
    );
    assert.ok(reading.network && !reading.weights);
  });

  it('of which the memory does not suffice is refused before it is read', async () => {
    const reading = await openFile(
      'm.safetensors',
      safetensors(rnn('rnn', 100, 100)),
      {},
      { limits: { memory: 50_000 } },
    );
    assert.ok(codes(reading).includes('error memory-limit'));
  });

  it('that is cut off, or lies about its header, is a problem at its start', async () => {
    const whole = safetensors(rnn('rnn', 3, 4));
    for (const bytes of [whole.slice(0, 40), whole.slice(0, -1), rawSafetensors('{}', [], 1n << 30n)]) {
      const reading = await openFile('m.safetensors', bytes);
      assert.deepEqual(codes(reading), ['error bad-weights-file']);
      assert.match(reading.problems[0].message, /offset|bytes/);
    }
  });

  it('as JSON has its problems at the values', async () => {
    const text = '{\n "r.weight_ih_l0": [[1], [2, 3]],\n "r.weight_hh_l0": [[1, 0], [0, "1"]]\n}';
    const { problems, network } = await openFile('m.json', text);
    assert.ok(network);
    assert.deepEqual(
      problems
        .filter(({ severity }) => severity === 'error')
        .map(({ code, place }) => `${code} ${place.line}`),
      ['ragged-tensor 2', 'wrong-value 3'],
    );
  });

  it('is no pickle where the length of its header begins with the same bytes', async () => {
    const whole = safetensors({ weight_ih_l0: f32([1, 1], [1]), weight_hh_l0: f32([1, 1], [0.5]) });
    const header = new TextDecoder().decode(whole.subarray(8, -8)).padEnd(0x0380);
    const bytes = rawSafetensors(header, [...whole.subarray(-8)]);
    assert.deepEqual([bytes[0], bytes[1]], [0x80, 0x03]);
    const reading = await openFile('m.safetensors', bytes);
    assert.deepEqual(layersOf(reading), ['rnn rnn']);
    assert.ok(reading.choices?.every(({ kind }) => kind !== 'dialect'));
  });
});
