import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../../../../../src/model/dialects/dialect';
import { verify } from '../../../../../src/verify/verify';
import { codes, f32, safetensors, type TensorSpec } from '../../support';
import { assertOutput, assertSignal, openFile, runReading, tokens, vectors } from '../support';
import { textOf } from '../../../verify/said';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/othercells');
const file = (name: string) => readFileSync(join(FIXTURES, name));

/** What no name tells of a cell has to be chosen. */
const CHOICES: Record<string, string[]> = {
  'hand-gru': ['h-x', 'update-renews'],
  'flax-commas': ['agent/Dense_0=relu'],
};

async function assertFixture(name: string, form: string, more: Partial<Source> = {}): Promise<void> {
  const { input, output, layers } = JSON.parse(file(`${name}.expected.json`).toString());
  const reading = await openFile(`${name}.${form}`, file(`${name}.${form}`), {}, more);
  const trace = await runReading(reading, Array.isArray(input[0]) ? vectors(input) : tokens(input));
  assertOutput(trace, output);
  for (const [key, signals] of Object.entries<Record<string, number[][]>>(layers)) {
    const [layer, direction = 'forward'] = key.split(' ');
    for (const [signal, rows] of Object.entries(signals))
      assertSignal(trace, layer, signal, rows, { direction });
  }
}

describe('cells in the forms of other programs', () => {
  const names = readdirSync(FIXTURES).filter(
    (name) => /\.(safetensors|json)$/.test(name) && !name.includes('.expected.'),
  );
  assert.ok(names.length >= 17);
  for (const name of names) {
    const [, stem, form] = /^(.*)\.(\w+)$/.exec(name)!;
    it(`${name}: every gate is what its own program computes`, () =>
      assertFixture(stem, form, { choices: CHOICES[stem] ?? [] }));
  }

  it('are said to be those of their program, in the order of its gates', async () => {
    const conventions = async (name: string) =>
      (await openFile('m.safetensors', file(`${name}.safetensors`))).network?.conventions.slice(0, 2);
    assert.deepEqual(await conventions('flax-lstm'), ['Flax parameters', 'i, f, g, o']);
    assert.deepEqual(await conventions('haiku-gru'), ['Haiku parameters', 'r, z, n · reset before']);
    assert.deepEqual(await conventions('equinox-gru'), ['Equinox parameters', 'r, z, n · reset after']);
    assert.deepEqual(await conventions('hand-lstm'), ['cells written by hand', 'i, f, g, o']);
  });

  it('of Flax, Equinox and Haiku leave nothing to be assumed', async () => {
    for (const name of ['flax-simple', 'nnx-lstm', 'nnx-gru', 'equinox-gru', 'haiku-gru']) {
      const reading = await openFile('m.safetensors', file(`${name}.safetensors`));
      assert.deepEqual([codes(reading), reading.choices], [[], undefined]);
    }
  });

  it('written by hand say what is assumed, and can be read otherwise', async () => {
    const reading = await openFile('m.safetensors', file('hand-gru.safetensors'));
    const [problem, ...rest] = reading.problems;
    assert.deepEqual([problem.code, rest], ['assumed', []]);
    assert.match(
      problem.message,
      /^"gru" is taken for a GRU written by hand, .*: matrices over input and state side by side: \[x, h\]; the reset gate before .*; an update gate that keeps.*; the file does not say$/,
    );
    assert.deepEqual(
      reading.choices?.map(({ kind, value }) => `${kind} ${value}`),
      [
        ...['concatenation x-h', 'concatenation h-x', 'reset reset-before', 'reset reset-after'],
        ...['update update-keeps', 'update update-renews'],
      ],
    );
    const chosen = await openFile('m.safetensors', file('hand-gru.safetensors'), {}, { choices: ['h-x'] });
    assert.match(chosen.problems[0].message, /\[h, x\]/);
    assert.notDeepEqual(
      chosen.weights?.get('gru.weight_ih_l0')?.data,
      reading.weights?.get('gru.weight_ih_l0')?.data,
    );
  });
});

describe('a plain RNN written by hand', () => {
  it('uses tanh, unless relu or no nonlinearity is chosen', async () => {
    const openFused = (choices: string[] = []) =>
      openFile('m.safetensors', file('hand-fused.safetensors'), {}, { choices });
    const taken = async (choices: string[] = []) => {
      const rnn = (await openFused(choices)).network?.layers[1];
      return rnn?.type === 'rnn' && rnn.nonlinearity;
    };
    assert.equal(await taken(), 'tanh');
    assert.equal(await taken(['cells.1.nonlinearity=none']), 'none');
    assert.equal(await taken(['cells.1.nonlinearity=relu']), 'relu');
    const { problems } = await openFused();
    assert.ok(
      problems.some(({ message }) =>
        /"cells\.1" .*: tanh \(choose otherwise as "cells\.1\.nonlinearity=relu"\)/.test(message),
      ),
    );
  });
});

const zeros = (...shape: number[]): TensorSpec =>
  f32(shape, Array(shape.reduce((a, b) => a * b, 1)).fill(0.5));
const open = (tensors: Record<string, TensorSpec>) => openFile('m.safetensors', safetensors(tensors));
const named = (names: readonly string[], ...shape: number[]) =>
  Object.fromEntries(names.map((name) => [name, zeros(...shape)]));

describe('a cell whose layer "i2h" reads input and state side by side', () => {
  const linear = (name: string, rows: number, columns: number) => ({
    [`${name}.weight`]: zeros(rows, columns),
    [`${name}.bias`]: zeros(rows),
  });
  const layersOf = ({ network }: Awaited<ReturnType<typeof open>>) =>
    network?.layers.map(({ name, type, outputSize }) => `${name} ${type} ${outputSize}`);

  it('uses no nonlinearity, unless one is chosen', async () => {
    const tensors = { ...linear('i2h', 4, 7), ...linear('h2o', 2, 4) };
    const reading = await open(tensors);
    assert.deepEqual(layersOf(reading), ['rnn rnn 4', 'h2o linear 2']);
    assert.match(
      reading.problems[0].message,
      /an RNN written by hand, .*: no nonlinearity \(choose otherwise as "rnn\.nonlinearity=tanh"\); matrices over input and state side by side: \[x, h\]/,
    );
    const chosen = await openFile(
      'm.safetensors',
      safetensors(tensors),
      {},
      { choices: ['rnn.nonlinearity=tanh'] },
    );
    assert.ok(chosen.network?.layers[0].type === 'rnn' && chosen.network.layers[0].nonlinearity === 'tanh');
  });

  it('that is read with tanh is told by verify to have none', async () => {
    const { input, output } = JSON.parse(file('hand-combined.expected.json').toString());
    const content = file('hand-combined.safetensors');
    const { network, weights } = await openFile(
      'm.safetensors',
      content,
      {},
      { choices: ['rnn.nonlinearity=tanh'] },
    );
    const expected = {
      rows: output.length,
      units: output[0].length,
      values: Float32Array.from(output.flat()),
    };
    const check = { name: 'x', sequence: vectors(input), expected };
    const { finding } = await verify({ network: network!, weights: weights! }, [check]);
    assert.deepEqual([textOf(finding), finding?.matches], ["without the RNN's nonlinearity", true]);
  });

  it('runs where its output layer reads the state of the step before, which is named and not run', async () => {
    const reading = await open({ ...linear('i2h', 4, 7), ...linear('i2o', 2, 7), ...linear('o2o', 2, 6) });
    assert.deepEqual(layersOf(reading), ['rnn rnn 4', 'i2o not_run 2', 'o2o not_run 2']);
    assert.ok(reading.weights);
    assert.match(
      reading.problems.map(({ message }) => message).join('\n'),
      /"i2o" .* is not run: .*it reads the input and the state of the step before side by side, as "i2h" does/,
    );
  });

  it('is none where its sizes do not fit', async () => {
    for (const [i2h, i2o] of [
      [7, 8],
      [4, 4],
    ]) {
      const { problems } = await open({ ...linear('i2h', 4, i2h), ...linear('i2o', 2, i2o) });
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['no-recurrent-layer'],
      );
    }
  });
});

describe('what seems to be a cell', () => {
  it('with matrices that could be multiplied from either side is named, not run', async () => {
    const gates = [...'ifgo'].flatMap((gate) => [`cell.W_x${gate}`, `cell.W_h${gate}`]);
    const { problems, network } = await open(named(gates, 4, 4));
    assert.deepEqual([problems.length, problems[0].code, network], [1, 'no-recurrent-layer', undefined]);
    assert.match(
      problems[0].message,
      /"cell" .* written by hand: whether "cell.W_xi" is multiplied from the left/,
    );
  });

  it('with a gate of another size names it', async () => {
    const gates = {
      ...named(['c.Wi.weight', 'c.Wf.weight', 'c.Wg.weight'], 4, 7),
      ...named(['c.Wo.weight'], 4, 6),
    };
    assert.match((await open(gates)).problems[0].message, /"c.Wo.weight" is \[4, 6\], not \[4, 7\]/);
  });

  it('and is an attention is none', async () => {
    const attention = named(['att.W_q.weight', 'att.W_k.weight', 'att.W_v.weight', 'att.W_o.weight'], 4, 4);
    const { problems } = await open(attention);
    assert.match(problems[0].message, /^expected the tensors of a recurrent layer/);
  });
});

describe('a model of another kind', () => {
  const mamba = (k: number) => `backbone.layers.${k}.mixer`;
  const KINDS: [string, Record<string, TensorSpec>][] = [
    [
      'Mamba',
      Object.assign(
        {},
        ...[0, 1].map((k) => ({
          [`${mamba(k)}.A_log`]: zeros(8, 4),
          [`${mamba(k)}.D`]: zeros(8),
          [`${mamba(k)}.in_proj.weight`]: zeros(16, 4),
          [`${mamba(k)}.conv1d.weight`]: zeros(8, 1, 4),
          [`${mamba(k)}.x_proj.weight`]: zeros(9, 8),
          [`${mamba(k)}.dt_proj.weight`]: zeros(8, 1),
        })),
        { 'lm_head.weight': zeros(5, 4) },
      ) as Record<string, TensorSpec>,
    ],
    [
      'Mamba-2',
      { 'm.A_log': zeros(4), 'm.D': zeros(4), 'm.dt_bias': zeros(4), 'm.in_proj.weight': zeros(9, 4) },
    ],
    ['minGRU', named(['mingru.to_z.weight', 'mingru.to_h.weight'], 4, 3)],
    ['minGRU', named(['layers.0.1.to_hidden_and_gate.weight'], 8, 3)],
    ['minLSTM', named(['linear_f.weight', 'linear_i.weight', 'linear_h.weight'], 4, 3)],
    [
      'xLSTM',
      {
        'blocks.0.xlstm.slstm_cell._recurrent_kernel_': zeros(2, 2, 4, 2),
        'blocks.0.xlstm.slstm_cell._bias_': zeros(2, 4, 2),
        ...named(
          [...'ifzo'].map((gate) => `blocks.0.xlstm.${gate}gate.weight`),
          2,
          2,
          2,
        ),
      },
    ],
    [
      'xLSTM',
      {
        'b.1.mlstm_layer.mlstm_cell.igate.weight': zeros(4, 8),
        'b.1.mlstm_layer.proj_up.weight': zeros(8, 4),
      },
    ],
    [
      'RWKV',
      {
        'blocks.0.att.time_decay': zeros(4),
        'blocks.0.att.time_mix_k': zeros(1, 1, 4),
        'blocks.0.att.key.weight': zeros(4, 4),
        'blocks.0.ffn.time_mix_k': zeros(1, 1, 4),
      },
    ],
    ['QRNN', { 'qrnn.layers.0.linear.weight': zeros(12, 3), 'qrnn.layers.0.linear.bias': zeros(12) }],
    ['SRU', { 'rnn_lst.0.weight': zeros(3, 12), 'rnn_lst.0.weight_c': zeros(8), 'rnn_lst.0.bias': zeros(8) }],
    ['LRU', named(['lru.nu_log', 'lru.theta_log', 'lru.gamma_log'], 4)],
    [
      'S4',
      {
        'l.0.kernel.log_dt': zeros(4),
        'l.0.kernel.log_A_real': zeros(4, 2),
        'l.0.kernel.A_imag': zeros(4, 2),
      },
    ],
    ['S5', { 'ssm.Lambda_re': zeros(4), 'ssm.Lambda_im': zeros(4), 'ssm.log_step': zeros(4, 1) }],
    ['echo state network', { 'esn.W_in': zeros(9, 2), 'esn.W_res': zeros(9, 9), 'esn.W_out': zeros(1, 9) }],
  ];
  for (const [kind, tensors] of KINDS) {
    it(`${kind} (${Object.keys(tensors)[0]}) is named by one message, with what can be done`, async () => {
      const reading = await open(tensors);
      assert.deepEqual(codes(reading), ['error no-recurrent-layer']);
      assert.ok(reading.problems[0].message.startsWith(`this is a model of the kind ${kind} (told by "`));
    });
  }

  it('is none for its names alone where a layer of a known type has them', async () => {
    const lstm = {
      'xlstm.weight_ih_l0': zeros(8, 3),
      'xlstm.weight_hh_l0': zeros(8, 2),
      'head.to_z.weight': zeros(2, 2),
    };
    assert.deepEqual(
      (await open(lstm)).network?.layers.map(({ name, type }) => `${name} ${type}`),
      ['xlstm lstm', 'head.to_z linear'],
    );
  });
});
