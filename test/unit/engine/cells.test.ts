import assert from 'node:assert/strict';
import { slopeAt, unitFunction } from '../../../src/engine/activations';
import { gradient } from '../../../src/engine/gradient';
import { run } from '../../../src/engine/run';
import { stepOfRow } from '../../../src/model/time';
import {
  HARD_SIGMOID_02,
  HARD_SIGMOID_6TH,
  type Layer,
  type Network,
  type PlainActivation,
  type UnitActivation,
  type Conv1dLayer,
} from '../../../src/model/network';
import {
  gru,
  handedBy,
  lstm,
  network,
  randomSequence,
  randomWeights,
  rnn,
  tensor,
  vectorSequence,
} from './networks';

const PLAIN: readonly PlainActivation[] = [
  ...(['none', 'tanh', 'relu', 'sigmoid', 'softsign', 'softplus', 'selu', 'hard_tanh'] as const),
];
const ALL: readonly UnitActivation[] = [
  ...PLAIN,
  HARD_SIGMOID_02,
  HARD_SIGMOID_6TH,
  { kind: 'elu', alpha: 0.5 },
  { kind: 'leaky_relu', alpha: 0.1 },
];

describe('activations', () => {
  it('have the values that their definitions give, by hand', () => {
    const at = (activation: UnitActivation, ...xs: number[]) => xs.map(unitFunction(activation));
    assert.deepEqual(at(HARD_SIGMOID_02, -3, -2.5, 0, 1, 2.5, 9), [0, 0, 0.5, 0.7, 1, 1]);
    assert.deepEqual(at(HARD_SIGMOID_6TH, -3, 0, 1.5, 3), [0, 0.5, 0.75, 1]);
    assert.deepEqual(at('softsign', -1, 0, 3), [-0.5, 0, 0.75]);
    assert.deepEqual(at('hard_tanh', -7, -0.5, 7), [-1, -0.5, 1]);
    assert.deepEqual(at({ kind: 'leaky_relu', alpha: 0.1 }, -10, 2), [-1, 2]);
    assert.deepEqual(at({ kind: 'elu', alpha: 2 }, 3, 0), [3, 0]);
    assert.equal(unitFunction({ kind: 'elu', alpha: 2 })(-1), 2 * (Math.exp(-1) - 1));
    assert.equal(unitFunction('softplus')(0), Math.LN2);
    assert.equal(unitFunction('softplus')(1000), 1000);
    assert.ok(Math.abs(unitFunction('selu')(-100) + 1.7580993408473766) < 1e-12);
  });

  it('let NaN through', () => {
    for (const activation of ALL) assert.ok(Number.isNaN(unitFunction(activation)(NaN)), String(activation));
  });

  it('have the slope that central differences give', () => {
    for (const activation of ALL) {
      const phi = unitFunction(activation);
      for (const x of [-2.2, -0.7, 0.3, 1.1]) {
        const slope = (phi(x + 1e-6) - phi(x - 1e-6)) / 2e-6;
        assert.ok(
          Math.abs(slopeAt(activation)(phi(x)) - slope) < 1e-6,
          `${JSON.stringify(activation)} at ${x}`,
        );
      }
    }
  });
});

describe('cells with options', () => {
  async function signals(net: Network, weights: Parameters<typeof run>[1], rows: number[][]) {
    const { layers } = await run(net, weights, vectorSequence(rows));
    return Object.fromEntries(layers[0].signals.map(({ signal, values }) => [signal, [...values]]));
  }

  it("multiply brain.js's previous output, not the cell state, by the forget gate", async () => {
    const net = network(lstm(1, { hiddenSize: 1, bias: false, keeps: 'output' }));
    const weights = new Map([
      ['lstm.weight_ih_l0', tensor([4, 1], [0, 0, 1, 0])],
      ['lstm.weight_hh_l0', zeros(4, 1)],
    ]);
    const { c, h } = await signals(net, weights, [[2], [0]]);
    assert.equal(c[0], Math.fround(0.5 * Math.fround(Math.tanh(2))));
    assert.ok(Math.abs(c[1] - 0.5 * h[0]) < 1e-7);
    assert.ok(Math.abs(h[0] - 0.5 * Math.tanh(c[0])) < 1e-7);
  });

  it('add the forget bias', async () => {
    const net = network(lstm(1, { hiddenSize: 1, bias: false, forgetBias: 1 }));
    const weights = new Map([
      ['lstm.weight_ih_l0', zeros(4, 1)],
      ['lstm.weight_hh_l0', zeros(4, 1)],
    ]);
    const { i, f } = await signals(net, weights, [[1]]);
    assert.deepEqual([i[0], f[0]], [0.5, Math.fround(1 / (1 + Math.exp(-1)))]);
  });

  it('couple either gate to the other', async () => {
    for (const coupled of ['input', 'forget'] as const) {
      const net = network(lstm(2, { hiddenSize: 3, coupled }));
      const { i, f } = await signals(net, randomWeights(net, 4), [
        [1, 2],
        [0, -1],
      ]);
      i.forEach((value, k) => assert.ok(Math.abs(value + f[k] - 1) < 1e-7));
    }
  });

  it('keep the sums within clip', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'none', bias: false, clip: 1.5 }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [1])],
      ['rnn.weight_hh_l0', tensor([1, 1], [1])],
    ]);
    assert.deepEqual((await signals(net, weights, [[1], [1], [-9]])).h, [1, 1.5, -1.5]);
  });

  it('read backwards alone, and pass the sequence on turned round if told so', async () => {
    const plain = network(gru(2, { directions: ['backward'] }));
    const turned = network(gru(2, { directions: ['backward'], reverseOutput: true }));
    const weights = new Map(
      [...randomWeights(network(gru(2)), 3)].map(([name, value]) => [`${name}_reverse`, value]),
    );
    const [a, b] = await Promise.all(
      [plain, turned].map((net) => run(net, weights, randomSequence(4, 2, 5))),
    );
    assert.deepEqual(a.layers[0].signals, b.layers[0].signals);
    const rows = (values: Float32Array) =>
      Array.from({ length: 4 }, (_, t) => [...values.slice(3 * t, 3 * t + 3)]);
    assert.deepEqual(rows(b.output.values), rows(a.output.values).reverse());
  });

  it("begin with an encoder's final state, and send gradients back to it", async () => {
    const layers = [
      lstm(2, { name: 'encoder' }),
      lstm(2, { name: 'decoder', initialState: handedBy('lstm', 'encoder') }),
    ];
    const net: Network = { ...network(...layers), layers };
    const weights = randomWeights(net, 8);
    const sequence = randomSequence(5, 2, 9);
    const { layers: traces } = await run(net, weights, sequence);
    const [encoder] = traces;
    const alone = network(lstm(2, { name: 'decoder' }));
    const state = (signal: string) => encoder.signals.find((one) => one.signal === signal)!.values.slice(-3);
    const expected = await run(alone, weights, sequence, {
      initialStates: new Map([['decoder_l0', { h: state('h'), c: state('c') }]]),
    });
    traces[1].signals.forEach((signal, k) => {
      signal.values.forEach((value, at) => {
        assert.ok(Math.abs(value - expected.layers[0].signals[k].values[at]) < 1e-6);
      });
    });
    const found = await gradient(net, weights, sequence, { step: 0, unit: 1 });
    assert.deepEqual(
      found.layers.map(({ layer }) => layer),
      ['encoder', 'decoder'],
    );
    assert.ok(found.layers[0].dh[0] > 0 && found.layers[0].dc![4] > 0);
  });

  it('are refused where they cannot work, naming the layer', async () => {
    const refused = async (layer: Parameters<typeof network>[0], message: RegExp) => {
      const net = network(layer);
      await assert.rejects(run(net, randomWeights(net, 1), randomSequence(2, 2, 1)), message);
    };
    await refused(
      gru(2, { sequenceLength: 0.5 }),
      /RangeError: gru: expected a whole sequence length from 1, found 0\.5/,
    );
    await refused(rnn(2, { clip: 0 }), /RangeError: rnn: expected a clip above 0, found 0/);
    await refused(lstm(2, { keeps: 'output', projSize: 2 }), /RangeError: lstm: .* allows no projection/);
    await refused(lstm(2, { forgetBias: NaN }), /RangeError: lstm: expected a finite forget bias, found NaN/);
    await refused(
      gru(2, { resetAfter: false, layerNorm: { epsilon: 0.1 } }),
      /RangeError: gru: a GRU that normalises its sums resets after the product/,
    );
    await refused(
      rnn(2, { layerNorm: { epsilon: -1 } }),
      /RangeError: rnn: expected an epsilon from 0, found -1/,
    );
    await refused(
      {
        ...{ name: 'end', type: 'final_state', inputs: ['input'], inputSize: 2, outputSize: 2 },
        ...{ signal: 'h', level: 0, direction: 'forward' },
      },
      /RangeError: end: expected a recurrent layer before it, found an input/,
    );
    await refused(
      gru(2, { initialState: handedBy('gru', 'encoder') }),
      /RangeError: gru: the initial hidden state h: "encoder" does not stand before it/,
    );
  });
});

describe('masks', () => {
  const masked = (options: object): Network =>
    network(
      { name: 'mask', type: 'masking', inputs: ['input'], inputSize: 2, outputSize: 2, maskValue: -1 },
      gru(2, options),
    );
  const rows = [
    [1, 2],
    [-1, -1],
    [0, -1],
    [-1, -1],
  ];

  it('keep the state and pass it on, or zeros', async () => {
    for (const [how, expected] of [
      ['hold', (h: number[][]) => [h[0], h[0], h[2], h[2]]],
      ['zeros', (h: number[][]) => [h[0], [0, 0, 0], h[2], [0, 0, 0]]],
    ] as const) {
      const net = masked({ masked: how });
      const { layers, output } = await run(net, randomWeights(net, 3), vectorSequence(rows));
      const { values } = layers[1].signals[3];
      const h = Array.from({ length: 4 }, (_, t) => [...values.slice(3 * t, 3 * t + 3)]);
      assert.deepEqual([h[1], h[3]], [h[0], h[2]]);
      assert.deepEqual([...output.values], expected(h).flat());
    }
  });

  it('are as if the step were not there, going backward too', async () => {
    const options = { directions: ['forward', 'backward'], returnSequences: false } as const;
    const net = masked(options);
    const weights = randomWeights(net, 3);
    const { output } = await run(net, weights, vectorSequence(rows));
    const without = await run(network(gru(2, options)), weights, vectorSequence([rows[0], rows[2]]), {
      arithmetic: 'reference',
    });
    output.values.forEach((value, k) => assert.ok(Math.abs(value - without.output.values[k]) < 1e-6));
  });
});

describe('a mean over steps', () => {
  const net = network(
    { name: 'mask', type: 'masking', inputs: ['input'], inputSize: 2, outputSize: 2, maskValue: -1 },
    { name: 'mean', type: 'global_pool', inputs: ['mask'], inputSize: 2, outputSize: 2, mode: 'average' },
  );
  const meanOf = async (rows: number[][]) => [
    ...(await run(net, new Map(), vectorSequence(rows))).output.values,
  ];

  it('leaves masked steps out, and is not a number where all are masked', async () => {
    const [masked, a, b] = [[-1, -1], [1, -1], [3, 2]]; // prettier-ignore
    assert.deepEqual(await meanOf([a, masked, b]), [2, 0.5]);
    assert.deepEqual(await meanOf([masked, masked]), [NaN, NaN]);
  });
});

describe('a sequence length', () => {
  it('masks later steps for its layer alone', async () => {
    const rows = [
      [1, 2],
      [-1, 3],
      [0.5, -1],
      [2, 2],
    ];
    const first = gru(2, { name: 'first', sequenceLength: 2, masked: 'zeros' });
    const net = network(first, rnn(3, { name: 'second' }));
    const weights = randomWeights(net, 3);
    const { layers } = await run(net, weights, vectorSequence(rows));
    const [h, after] = [layers[0].signals[3].values, layers[1].signals[0].values];
    assert.deepEqual(h.slice(6, 9), h.slice(3, 6));
    assert.deepEqual(h.slice(9), h.slice(3, 6));
    const seconds = [6, 9].map((from) => [...after.slice(from, from + 3)]);
    assert.notDeepEqual(seconds[1], seconds[0]);
  });
});

describe('rows that are no steps', () => {
  it('know the steps that they belong to where some are taken', async () => {
    const slice = { name: 'slice', type: 'slice', inputs: ['input'], inputSize: 2, outputSize: 2 } as const;
    const timesOf = async (layer: Layer) => {
      const trace = await run(network(layer), new Map(), randomSequence(8, 2, 1));
      return [trace.output.rows, trace.output.time];
    };
    assert.deepEqual(await timesOf({ ...slice, from: -3, stride: 1 }), [3, { first: 5, stride: 1 }]);
    assert.deepEqual(await timesOf({ ...slice, from: 0, to: -1, stride: 1 }), [7, { first: 0, stride: 1 }]);
    assert.deepEqual(await timesOf({ ...slice, from: 1, stride: 3 }), [3, { first: 1, stride: 3 }]);
    assert.deepEqual(await timesOf({ ...slice, from: -20, stride: 1 }), [8, undefined]);
  });

  it('know the steps that they belong to', async () => {
    const conv: Layer = {
      ...{ name: 'conv', type: 'conv1d', inputs: ['input'], inputSize: 2, outputSize: 2, kernelSize: 3 },
      ...{ stride: 2, padding: 'valid', dilation: 1, bias: false, activation: 'none' },
    };
    const net = network(conv, gru(2));
    const weights = randomWeights(network(gru(2)), 1);
    weights.set('conv.weight', zeros(2, 2, 3));
    const trace = await run(net, weights, randomSequence(8, 2, 1));
    assert.deepEqual([trace.output.rows, trace.output.time], [3, { first: 2, stride: 2 }]);
    assert.deepEqual(
      [0, 1, 2].map((row) => stepOfRow(trace, trace.layers[1].signals[0], row)),
      [2, 4, 6],
    );
    assert.equal((await gradient(net, weights, randomSequence(8, 2, 1), { step: 4 })).target.step, 4);
    await assert.rejects(gradient(net, weights, randomSequence(8, 2, 1), { step: 3 }), RangeError);
  });

  it('know the steps that they belong to where both ends of a window are said', async () => {
    const pool = { name: 'pool', type: 'pool1d', inputs: ['input'], inputSize: 2, outputSize: 2 } as const;
    const timesOf = async (size: number, stride: number, before: number, after: number) => {
      const net = network({ ...pool, mode: 'max', size, stride, padding: { before, after } });
      const { output } = await run(net, new Map(), randomSequence(8, 2, 1));
      return [output.rows, output.time];
    };
    assert.deepEqual(await timesOf(3, 1, 0, 2), [8, undefined]);
    assert.deepEqual(await timesOf(3, 2, 1, 1), [4, { first: 0, stride: 2 }]);
    assert.deepEqual(await timesOf(3, 1, 1, 0), [7, { first: 1, stride: 1 }]);
    assert.deepEqual(await timesOf(2, 1, 1, 1), [9, 'own']);
  });

  it('are refused where a layer cannot take them', async () => {
    const refused = async (layer: Layer, message: RegExp, steps = 4) => {
      const net = network(layer);
      await assert.rejects(run(net, randomWeights(net, 1), randomSequence(steps, 2, 1)), message);
    };
    const base = { name: 'x', inputs: ['input'], inputSize: 2 };
    await refused({ ...base, type: 'flatten', outputSize: 6 }, /RangeError: x: flattens 3 rows, found 4/);
    await refused({ ...base, type: 'reshape', outputSize: 3 }, /x: 8 numbers do not make whole rows of 3/);
    await refused(
      { ...base, type: 'repeat_vector', outputSize: 2, count: 3 },
      /x: repeats a single row, found 4/,
    );
    await refused(
      { ...base, type: 'pool1d', outputSize: 2, mode: 'max', size: 5, stride: 1, padding: 'valid' },
      /x: expected at least 5 rows, found 4/,
    );
    const conv: Conv1dLayer = {
      ...{ ...base, type: 'conv1d', outputSize: 2, kernelSize: 1, stride: 1, dilation: 1, bias: false },
      ...{ activation: 'none', padding: { before: 1, after: 4 } },
    };
    await refused({ ...conv, paddingMode: 'reflect' }, /x: expected at least 5 rows, found 4/);
    await refused({ ...conv, paddingMode: 'wrap' }, /x: expected at least 4 rows, found 3/, 3);
    await refused(
      { ...base, type: 'slice', outputSize: 2, from: 2, to: -2, stride: 1 },
      /x: takes rows \[2:-2\], of which 4 have none/,
    );
    const last: Layer = { ...base, name: 'last', type: 'select', step: -1, outputSize: 2 };
    const merge: Layer = { ...base, type: 'merge', mode: 'add', inputs: ['last', 'input'], outputSize: 2 };
    await assert.rejects(
      run({ ...network(last), layers: [last, merge] }, new Map(), randomSequence(4, 2, 1)),
      /RangeError: x: expected inputs of as many rows as the first has, or of one, found 1, 4/,
    );
    await refused(
      { ...base, type: 'merge', outputSize: 2, mode: 'add' },
      /x: expected 2 or more inputs, found 1/,
    );
  });
});

function zeros(...shape: number[]) {
  return tensor(shape, Array<number>(shape.reduce((a, b) => a * b)).fill(0));
}
