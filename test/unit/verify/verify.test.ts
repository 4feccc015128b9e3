import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/engine/run';
import type { ExpectedOutput } from '../../../src/model/samples';
import type { Tensor, Weights } from '../../../src/model/weights';
import type { Verdict } from '../../../src/verify/verdict';
import { verify } from '../../../src/verify/verify';
import { writeSafetensors } from '../../../src/model/tensors/safetensors';
import { type Maker, fixture } from '../engine/fixtures';
import { randomSequence } from '../engine/networks';
import { openFile, vectors } from '../model/dialects/support';
import { causeIn, causeSentence, checkLine, textOf, verdictSentence } from './said';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

const expectedOutput = (rows: readonly (readonly number[])[]): ExpectedOutput => ({
  rows: rows.length,
  units: rows[0].length,
  values: Float32Array.from(rows.flat()),
});

interface Wrong {
  readonly maker?: Maker;
  readonly name: string;
  /** Changes the model's JSON. */
  readonly json?: (model: any) => void;
  /** Changes a tensor. */
  readonly tensor?: (data: Float32Array, name: string, weights: Weights) => ArrayLike<number>;
  readonly rename?: (name: string) => string;
  readonly last?: boolean;
}

/** A fixture whose file was written wrongly, checked against what its own software gave. */
async function checked({ maker = 'pytorch', name, json, tensor, rename, last }: Wrong): Promise<Verdict> {
  const { weights, sequence, expected } = await fixture(name, maker);
  const model = JSON.parse(readFileSync(join(FIXTURES, maker, `${name}.rnn.json`), 'utf8'));
  json?.(model);
  model.weights = { file: 'w.safetensors' };
  const written = new Map<string, Tensor>();
  for (const [key, { shape, data }] of weights) {
    const changed = tensor ? Float32Array.from(tensor(data, key, weights)) : data;
    written.set(rename?.(key) ?? key, { shape, data: changed });
  }
  const reading = await openFile('m.rnn.json', JSON.stringify(model), {
    'w.safetensors': writeSafetensors(written),
  });
  assert.deepEqual(reading.problems, []);
  const output = last ? expected.output.slice(-1) : expected.output;
  return verify({ network: reading.network!, weights: reading.weights! }, [
    { name: 'x', sequence, expected: expectedOutput(output) },
  ]);
}

/** Blocks of rows of a recurrent layer's tensors, written in another order. */
function inOrder(...order: number[]) {
  return (data: Float32Array, name: string) => {
    if (!/_[ih]h_l/.test(name)) return data;
    const block = data.length / order.length;
    return order.flatMap((gate) => [...data.subarray(gate * block, (gate + 1) * block)]);
  };
}

const layerOf = (model: any, type: string) => model.layers.find((layer: any) => layer.type === type);

const WRONG: [string, Wrong, string, RegExp][] = [
  [
    'LSTM gates in i, o, f, c',
    { name: 'lstm', tensor: inOrder(0, 3, 1, 2) },
    'gate-order',
    /ONNX's order i, o, f, c/,
  ],
  ['LSTM gates in i, j, f, o', { name: 'lstm', tensor: inOrder(0, 2, 1, 3) }, 'gate-order', /i, j, f, o/],
  ['LSTM gates in another order', { name: 'lstm', tensor: inOrder(3, 2, 1, 0) }, 'gate-order', /o, g, f, i/],
  ['GRU gates in z, r, h', { name: 'gru', tensor: inOrder(1, 0, 2) }, 'gate-order', /z, r, h/],
  [
    'an update gate of the other sense',
    {
      name: 'gru',
      tensor: (data, name) => {
        const size = data.length / 3;
        return /_[ih]h_l/.test(name) ? data.map((v, k) => (k >= size && k < 2 * size ? -v : v)) : data;
      },
    },
    'update-gate',
    /h = \(1 − z\)∘h₋₁ \+ z∘n/,
  ],
  [
    'reset before, said to be after',
    { name: 'gru-reset-before', json: (model) => delete layerOf(model, 'gru').reset_after },
    'reset-placement',
    /reset_after: false/,
  ],
  [
    'reset after, said to be before',
    { name: 'gru', json: (model) => (layerOf(model, 'gru').reset_after = false) },
    'reset-placement',
    /reset_after: true/,
  ],
  [
    'a hard sigmoid left out',
    {
      maker: 'tfjs',
      name: 'lstm-hard-sigmoid',
      json: (model) => delete layerOf(model, 'lstm').recurrent_activation,
    },
    'gate-activation',
    /0\.2x \+ 0\.5/,
  ],
  [
    "Keras 3's hard sigmoid in place of Keras 2's",
    {
      maker: 'tfjs',
      name: 'gru-hard-sigmoid',
      json: (model) => (layerOf(model, 'gru').recurrent_activation.alpha = 1 / 6),
    },
    'gate-activation',
    /0\.2x \+ 0\.5/,
  ],
  [
    'a hard sigmoid in place of sigmoid',
    {
      name: 'lstm',
      json: (model) =>
        (layerOf(model, 'lstm').recurrent_activation = { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 }),
    },
    'gate-activation',
    /with sigmoid in the gates/,
  ],
  [
    'relu left out',
    { name: 'rnn-relu', json: (model) => delete layerOf(model, 'rnn').nonlinearity },
    'activation',
    /relu/,
  ],
  [
    'relu in place of tanh',
    { name: 'rnn-tanh', json: (model) => (layerOf(model, 'rnn').nonlinearity = 'relu') },
    'activation',
    /tanh/,
  ],
  [
    "an LSTM's relu left out",
    {
      maker: 'tfjs',
      name: 'lstm-relu-activation',
      json: (model) => delete layerOf(model, 'lstm').activation,
    },
    'activation',
    /relu/,
  ],
  [
    'one bias written into both',
    {
      name: 'lstm',
      tensor: (data, name, weights) => {
        if (!name.includes('bias_')) return data;
        const other = (kind: string) => weights.get(name.replace(/bias_[ih]h/, kind))!.data;
        return other('bias_ih').map((value, k) => value + other('bias_hh')[k]);
      },
    },
    'biases',
    /one bias alone/,
  ],
  [
    'no forget bias',
    {
      name: 'lstm',
      tensor: (data, name) => {
        const H = data.length / 4;
        return name.includes('bias_ih') ? data.map((v, k) => (k >= H && k < 2 * H ? v - 1 : v)) : data;
      },
    },
    'forget-bias',
    /1 added to the forget gate/,
  ],
  [
    'a forget bias that is there already',
    { name: 'lstm', json: (model) => (layerOf(model, 'lstm').forget_bias = 1) },
    'forget-bias',
    /without the 1/,
  ],
  [
    'softmax left out',
    { name: 'embedding-softmax', json: (model) => delete layerOf(model, 'linear').activation },
    'output-activation',
    /with softmax after the last layer/,
  ],
  [
    'softmax too many',
    { name: 'mixed-chain', json: (model) => (model.layers.at(-1).activation = 'softmax') },
    'output-activation',
    /without the softmax of the last layer/,
  ],
  [
    'a last layer that is recurrent, with tanh too many',
    { name: 'gru', json: (model) => model.layers.push({ type: 'activation', activation: 'tanh' }) },
    'output-activation',
    /without the tanh/,
  ],
  [
    'the last step of both directions in place of the final output',
    {
      name: 'last-output-bidirectional',
      json: (model) => model.layers.forEach((layer: any) => delete layer.return_sequences),
    },
    'steps',
    /return_sequences: false/,
  ],
  [
    'the final output in place of every step',
    { name: 'lstm', json: (model) => (layerOf(model, 'lstm').return_sequences = false) },
    'steps',
    /return_sequences: true/,
  ],
  [
    'a sequence not turned round',
    {
      maker: 'tfjs',
      name: 'lstm-go-backwards',
      json: (model) => delete layerOf(model, 'lstm').reverse_output,
    },
    'reversed',
    /turned round in time/,
  ],
  [
    "the directions' weights exchanged",
    {
      name: 'merge-sum',
      rename: (name) =>
        /_l\d/.test(name)
          ? name.endsWith('_reverse')
            ? name.replace('_reverse', '')
            : `${name}_reverse`
          : name,
      tensor: (data) => data.map((v) => v),
    },
    'directions',
    /exchanged/,
  ],
  [
    'recurrent matrices transposed',
    {
      name: 'gru',
      tensor: (data, name) => {
        if (!name.includes('weight_hh')) return data;
        const H = Math.sqrt(data.length / 3);
        return data.map((_, k) => {
          const gate = Math.floor(k / (H * H));
          const [row, column] = [Math.floor((k % (H * H)) / H), k % H];
          return data[gate * H * H + column * H + row];
        });
      },
    },
    'transposed',
    /transposed/,
  ],
  [
    'two mistakes at once',
    {
      maker: 'tfjs',
      name: 'lstm-hard-sigmoid',
      json: (model) => delete layerOf(model, 'lstm').recurrent_activation,
      tensor: inOrder(0, 3, 1, 2),
    },
    'gate-order',
    /i, o, f, c and with Keras 2's hard sigmoid/,
  ],
];

describe('the check against expected output', () => {
  it('matches what PyTorch gave, at every step or at the last alone', async () => {
    for (const last of [false, true]) {
      const verdict = await checked({ name: 'lstm', last });
      assert.deepEqual([verdict.matches, verdict.tried, verdict.finding], [true, 0, undefined]);
      assert.ok(verdict.checks[0].maxError < 1e-6 && verdict.checks[0].maxError > 0);
      assert.ok(verdict.checks[0].meanError <= verdict.checks[0].maxError);
      assert.equal(verdict.checks[0].rows, last ? 1 : verdict.checks[0].steps);
      assert.match(verdictSentence(verdict), /^The output is as expected: it differs by .*e-\d+ at most/);
    }
  });

  for (const [what, wrong, cause, text] of WRONG) {
    it(`recognises ${what}`, async () => {
      const verdict = await checked(wrong);
      assert.equal(verdict.matches, false);
      const { finding } = verdict;
      assert.ok(finding?.matches, causeSentence(verdict));
      assert.equal(causeIn(finding), cause, textOf(finding));
      assert.match(textOf(finding)!, text);
      assert.ok(finding.maxError <= 1e-5);
      assert.match(verdictSentence(verdict), /Likely cause: .* it matches within/);
    });
  }

  it('recognises biases that were summed outside the reset gate', async () => {
    const { network, weights, sequence } = await fixture('gru');
    const H = weights.get('gru.weight_hh_l0')!.shape[1];
    const [ih, hh] = ['gru.bias_ih_l0', 'gru.bias_hh_l0'].map((name) => weights.get(name)!.data);
    const vector = (data: Float32Array): Tensor => ({ shape: [3 * H], data });
    const summed = new Map(weights)
      .set('gru.bias_ih_l0', vector(ih.map((v, k) => v + hh[k])))
      .set('gru.bias_hh_l0', vector(hh.map(() => 0)));
    const { output } = await run(network, summed, sequence);
    const { rows, units, values } = output;
    const verdict = await verify({ network, weights }, [
      { name: 'x', sequence, expected: { rows, units, values } },
    ]);
    assert.equal(causeIn(verdict.finding), 'biases');
    assert.match(textOf(verdict.finding)!, /summed outside the reset gate/);
  });

  it('names the one layer of several that is wrong', async () => {
    const { finding } = await checked({
      maker: 'tfjs',
      name: 'repeat-vector-autoencoder',
      tensor: (data, name) => (name.startsWith('decoder.') ? inOrder(0, 3, 1, 2)(data, name) : data),
    });
    assert.match(textOf(finding)!, /ONNX's order i, o, f, c in "decoder"$/);
  });

  it('blames nothing where rows do not fit, the same number is expected throughout, or float32 was rounded', async () => {
    const { network, weights, sequence, expected } = await fixture('lstm');
    const doubt = { code: 'seeded' } as const;
    const against = (rows: readonly (readonly number[])[], tolerance?: number) =>
      verify({ network, weights }, [{ name: 'x', sequence, expected: expectedOutput(rows) }], {
        ...{ doubt, tolerance },
      });
    const short = await against(expected.output.slice(0, 4));
    assert.match(
      checkLine(short.checks[0]),
      /the expected output has 4 rows: is it that of the same sequence\?$/,
    );
    assert.equal(causeSentence(short), undefined);
    const zeros = await against(expected.output.map((row) => row.map(() => 0)));
    assert.deepEqual([zeros.finding, zeros.tried], [undefined, 0]);
    assert.match(causeSentence(zeros)!, /^The expected output is one number throughout/);
    const { output } = await run(network, weights, sequence);
    const nudged = expectedOutput(expected.output);
    nudged.values.set(output.values.map((value) => value * (1 + 2 ** -23)));
    const close = await verify({ network, weights }, [{ name: 'x', sequence, expected: nudged }], {
      ...{ doubt, tolerance: 1e-9 },
    });
    assert.deepEqual([close.matches, close.rounding?.precision, close.tried], [false, 'float32', 0]);
    const [, wanted, found] = /expected (\S+), found (\S+)$/.exec(checkLine(close.checks[0]))!;
    assert.notEqual(wanted, found);
    assert.match(causeSentence(close)!, /within the rounding of float32/);
  });

  it('says where the output begins to differ, and that nothing explains it', async () => {
    const { network, weights, sequence, expected } = await fixture('lstm');
    const output = expected.output.map((row, step) =>
      row.map((v, unit) => (step === 4 && unit === 1 ? v + 0.5 : v)),
    );
    const verdict = await verify({ network, weights }, [
      { name: 'x', sequence, expected: expectedOutput(output) },
    ]);
    const [check] = verdict.checks;
    assert.deepEqual([check.first?.step, check.first?.unit], [4, 1]);
    assert.ok(Math.abs(check.maxError - 0.5) < 1e-5);
    assert.ok(verdict.tried > 30);
    assert.equal(verdict.finding, undefined);
    assert.match(checkLine(check), /^x: differs; .*first at step 4, output 1: expected .*, found /);
    assert.match(verdictSentence(verdict), /None of \d+ likely mistakes explains it/);
  });

  it('names what comes closest where the expected numbers are rounded', async () => {
    const { network, weights, sequence, expected } = await fixture('gru-reset-before');
    const rounded = expected.output.map((row) => row.map((v) => Number(v.toFixed(3))));
    const layers = network.layers.map((layer) =>
      layer.type === 'gru' ? { ...layer, resetAfter: true } : layer,
    );
    const verdict = await verify({ network: { ...network, layers }, weights }, [
      { name: 'x', sequence, expected: expectedOutput(rounded) },
    ]);
    assert.deepEqual([causeIn(verdict.finding), verdict.finding?.matches], ['reset-placement', false]);
    assert.match(verdictSentence(verdict), /comes closest, within/);
  });

  it('says that nothing compares where the rows are another number', async () => {
    const { network, weights, sequence, expected } = await fixture('lstm');
    const verdict = await verify({ network, weights }, [
      { name: 'x', sequence, expected: expectedOutput(expected.output.slice(0, 3)) },
    ]);
    assert.match(verdictSentence(verdict), /or the last one alone; the expected output has 3 rows/);
  });

  it('finds the cause in the beginning of a long sequence, where the model does not look ahead', async () => {
    const models = {
      lstm: 'pytorch',
      'lstm-stacked-bidirectional': 'pytorch',
      'handed-top-level': 'autograd',
    } as const;
    for (const [name, maker] of Object.entries(models)) {
      const { network, weights } = await fixture(name, maker);
      const sequence = randomSequence(3000, network.layers[0].inputSize, 5);
      const { output } = await run(network, weights, sequence);
      const layers = network.layers.map((layer) => ({ ...layer, forgetBias: 1 }));
      const verdict = await verify({ network: { ...network, layers }, weights }, [
        { name: 'x', sequence, expected: output },
      ]);
      assert.deepEqual([causeIn(verdict.finding), verdict.finding?.matches], ['forget-bias', true], name);
    }
  });

  it('tells a missing skip and a swapped gate order of a guitar amplifier', async () => {
    const text = (name: string) => JSON.parse(readFileSync(join(FIXTURES, 'guitar', name), 'utf8'));
    const { input, output } = text('guitarml-lstm.expected.json');
    const check = async (change: (model: any) => void) => {
      const model = text('guitarml-lstm.json');
      change(model);
      const { network, weights } = await openFile('m.json', JSON.stringify(model));
      return verify({ network: network!, weights: weights! }, [
        { name: 'x', sequence: vectors(input), expected: expectedOutput(output) },
      ]);
    };
    assert.equal((await check(() => {})).matches, true);
    const skip = await check((model) => (model.model_data.skip = 0));
    assert.equal(causeIn(skip.finding), 'skip');
    const order = await check(({ state_dict: dict }) => {
      for (const key of Object.keys(dict).filter((name) => /_[ih]h_l/.test(name))) {
        const H = dict[key].length / 4;
        dict[key] = [0, 3, 1, 2].flatMap((gate) => dict[key].slice(gate * H, (gate + 1) * H));
      }
    });
    assert.match(textOf(order.finding)!, /ONNX's order i, o, f, c/);
  });
});
