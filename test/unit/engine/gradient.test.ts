import assert from 'node:assert/strict';
import { backward } from '../../../src/engine/backward';
import { type Clamp, checkClamps } from '../../../src/engine/clamps';
import { layerRuns } from '../../../src/engine/edges';
import { forward } from '../../../src/engine/forward';
import { gradient, gradientJson } from '../../../src/engine/gradient';
import { atOnce } from '../../../src/engine/slices';
import type { Trace } from '../../../src/engine/trace';
import type { Layer, Network } from '../../../src/model/network';
import { parametersOf } from '../../../src/model/parameters';
import type { Sequence } from '../../../src/model/samples';
import { elementCount, type Weights } from '../../../src/model/weights';
import { fixture, fixtureNames, namesOf } from './fixtures';
import { readKeys } from '../model/support';
import { lstm, network, randomSequence, randomWeights, rnn, tensor, vectorSequence } from './networks';

const RELATIVE = 1e-4;

describe('gradients against PyTorch autograd', () => {
  for (const name of fixtureNames) {
    it(name, async () => {
      const { network, weights, sequence, expected } = await fixture(name);
      const { target, layers } = expected.gradient;
      const found = await gradient(network, weights, sequence, target);
      assertClose([found.target.value], [target.value], 'target');
      assertClose(found.input, expected.gradient.input!, 'input');
      assert.equal(found.layers.length, layers.length);
      for (const [k, { layer, level, direction, dh, dc }] of layers.entries()) {
        const own = found.layers[k];
        assert.deepEqual([own.layer, own.level, own.direction], [layer, level, direction]);
        assertClose(own.dh, dh, `${layer} ${level} ${direction} dh`);
        assert.equal(own.dc === undefined, dc === undefined);
        if (dc) assertClose(own.dc!, dc, `${layer} ${level} ${direction} dc`);
      }
    });
  }
});

const EVERY_FIXTURE = [
  ...fixtureNames.map((name) => [name, 'pytorch'] as const),
  ...(['onnx', 'tfjs', 'layers'] as const).flatMap((maker) =>
    namesOf(maker).map((name) => [name, maker] as const),
  ),
];

describe('gradients of inputs against PyTorch autograd, through its other layers', () => {
  for (const name of namesOf('layers')) {
    it(name, async () => {
      const { network, weights, sequence, expected } = await fixture(name, 'layers');
      const { input } = await gradient(network, weights, sequence);
      assertClose(input, expected.gradient.input!, 'input');
    });
  }
});

describe('gradients of further inputs', () => {
  const side = { name: 'side', type: 'input', sequence: { kind: 'vector', size: 2 } };
  const values = [
    [0.5, -1],
    [2, 0.25],
    [-0.75, 1],
  ];
  const read = async (layers: object[], sample: object) => {
    const weights = { init: 'pytorch', seed: 1 };
    const input = { kind: 'vector', size: 2 };
    const model = await readKeys({ input, layers, weights, samples: [sample] });
    const { network, weights: seeded, samples } = model;
    const [{ sequence }] = samples;
    return gradient(network!, seeded!, sequence);
  };

  it('are those of the input that they are added to', async () => {
    const layers = [
      side,
      { name: 'both', type: 'merge', mode: 'add', input: ['input', 'side'] },
      { name: 'gru', type: 'gru', hidden_size: 3 },
    ];
    const found = await read(layers, { name: 'a', values, inputs: { side: { values } } });
    assert.deepEqual(
      found.inputs.map(({ layer }) => layer),
      ['side'],
    );
    assert.deepEqual(found.inputs[0].norms, found.input);
    assert.deepEqual(JSON.parse(gradientJson(found)).inputs, [{ layer: 'side', norms: [...found.input] }]);
  });

  it('are those of a sequence that stands for what a layer gives that is not run', async () => {
    const gru = { name: 'gru', type: 'gru', hidden_size: 3 };
    const whole = await read([gru], { name: 'a', values });
    const between = {
      name: 'between',
      type: 'not_run',
      kind: 'Lambda',
      reason: 'it holds code',
      out_features: 2,
    };
    const part = await read([between, gru], {
      name: 'a',
      values: values.slice(1),
      inputs: { between: { values } },
    });
    assert.deepEqual(part.inputs, [{ layer: 'between', norms: whole.input }]);
    assert.deepEqual([...part.input], [0, 0]);
    assert.deepEqual(whole.inputs, []);
  });
});

/** Of every signal and state before the first step the first unit, of some at every step, of others at one. */
function clampsIn({ layers }: Trace): Clamp[] {
  return layers.flatMap(({ layer, level, direction, signals }) => {
    const at = { layer, level, direction, units: [0, 0] as const };
    const recurrent = signals.some(({ signal }) => signal === 'h');
    const initial = recurrent ? signals.filter(({ signal }) => signal === 'h' || signal === 'c') : [];
    return [
      ...signals.map(({ signal }, k) => ({
        ...{ ...at, signal, value: 0.25 + 0.05 * k },
        ...(k % 3 > 0 && { steps: [k % 2, k % 2] as const }),
      })),
      ...initial.map(({ signal }) => ({ ...at, signal: `${signal}0`, value: 0.15 })),
    ];
  });
}

/** Each clamp by itself, so that none stands in the way of another, and all of them together. */
function clampsFor(network: Network, sequence: Sequence, trace: Trace): Clamp[][] {
  const all = clampsIn(trace).filter((clamp) => {
    const layer = network.layers.find(({ name }) => name === clamp.layer);
    return layer?.type !== 'input' || layer.input.kind === 'vector';
  });
  const fit = all.filter((clamp) => {
    try {
      checkClamps(network, sequence, [clamp]);
      return true;
    } catch {
      return false;
    }
  });
  return [...fit.map((clamp) => [clamp]), fit];
}

const CLAMPED = EVERY_FIXTURE.filter(([, maker]) => maker !== 'pytorch').concat(
  EVERY_FIXTURE.filter(([name]) => /^(rnn|lstm|gru|stacked|bi|projection)/.test(name)),
);

describe('parameter gradients with values held, against central differences', () => {
  for (const [name, maker] of new Set(CLAMPED)) {
    it(`${maker} ${name}`, async () => {
      const { network, weights, sequence } = await fixture(name, maker);
      const whole = atOnce(forward(network, weights, sequence));
      for (const clamps of clampsFor(network, sequence, whole)) {
        checkParameterGradients(network, weights, sequence, clamps, 2, 5e-3);
      }
    });
  }
});

describe('parameter gradients against central differences', () => {
  for (const [name, maker] of EVERY_FIXTURE) {
    it(`${maker} ${name}`, async () => {
      const { network, weights, sequence } = await fixture(name, maker);
      checkParameterGradients(network, weights, sequence, [], 5);
    });
  }
});

describe('parameter gradients through layers that read several, against central differences', () => {
  const projected = (name: string, outputSize: number): Layer => ({
    ...{ name, type: 'linear', inputs: ['input'], inputSize: 3, outputSize },
    ...{ bias: true, activation: 'none' },
  });

  it('attention of several heads', () => {
    const attention: Layer = {
      ...{ name: 'attention', type: 'attention', inputs: ['query', 'value', 'key'], scale: 0.7, heads: 2 },
      ...{ inputSize: 4, outputSize: 6 },
    };
    const layers = [projected('query', 4), projected('value', 6), projected('key', 4), attention];
    const net = { ...network(layers[0]), layers };
    checkParameterGradients(net, randomWeights(net, 3), randomSequence(5, 3, 4), [], 12);
  });

  for (const mode of ['add', 'multiply', 'average', 'concatenate'] as const) {
    it(`${mode} of a single row with every step`, () => {
      const last: Layer = {
        ...{ name: 'last', type: 'select', step: -1, inputs: ['row'], inputSize: 4, outputSize: 4 },
      };
      const merge: Layer = {
        ...{ name: 'merge', type: 'merge', mode, inputs: ['steps', 'last', 'more'], inputSize: 4 },
        outputSize: mode === 'concatenate' ? 12 : 4,
      };
      const layers = [projected('steps', 4), projected('row', 4), last, projected('more', 4), merge];
      const net = { ...network(layers[0]), layers };
      checkParameterGradients(net, randomWeights(net, 3), randomSequence(5, 3, 4), [], 12);
    });
  }
});

/** Of `most` numbers or so of every parameter. */
function checkParameterGradients(
  network: Network,
  weights: Weights,
  sequence: Sequence,
  clamps: readonly Clamp[],
  most: number,
  relative = 2e-3,
): void {
  const run = () => atOnce(forward(network, weights, sequence, { clamps }));
  const trace = run();
  const { values } = trace.output;
  const direction = Float64Array.from(values, (_, k) => Math.sin(1 + k));
  const target = () => {
    return run().output.values.reduce((sum, value, k) => sum + value * direction[k], 0);
  };
  const parameters = new Map(
    parametersOf(network).map(({ name, shape }) => [name, new Float64Array(elementCount(shape))]),
  );
  const runs = atOnce(layerRuns(network, sequence, trace, clamps));
  const { steps } = sequence;
  atOnce(backward(network, weights, runs, direction, { parameters, clamps, steps }));
  for (const [parameter, slopes] of parameters) {
    // Kept from training, not trained.
    if (parameter.includes('.running_')) continue;
    const { data } = weights.get(parameter)!;
    for (let k = 0; k < data.length; k += Math.ceil(data.length / most)) {
      const kept = data[k];
      const width = 2e-3 * Math.max(1, Math.abs(kept));
      const here = target();
      data[k] = kept + width;
      const above = (target() - here) / (data[k] - kept);
      data[k] = kept - width;
      const below = (here - target()) / (kept - data[k]);
      data[k] = kept;
      // Where a hard activation or a clip bends between the two, one side alone has the slope.
      const near = [(above + below) / 2, above, below].some(
        (slope) => Math.abs(slopes[k] - slope) < relative * Math.max(0.1, Math.abs(slope)),
      );
      const held = clamps.map(({ layer, signal }) => `${layer}.${signal}`).join(' ');
      assert.ok(near, `${held} ${parameter}[${k}]: ${slopes[k]} is neither ${below} nor ${above}`);
    }
  }
}

describe('gradient', () => {
  it('is the product of the weights, by hand: a linear chain of relu units', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [3])],
      ['rnn.weight_hh_l0', tensor([1, 1], [0.5])],
    ]);
    const found = await gradient(net, weights, vectorSequence([[1], [1], [1]]));
    assert.deepEqual(found.target, { step: 2, unit: 0, value: 5.25 });
    assert.deepEqual([...found.layers[0].dh], [0.25, 0.5, 1]);
    assert.deepEqual([...found.input], [0.75, 1.5, 3]);
    assert.deepEqual(JSON.parse(gradientJson(found)), {
      target: { step: 2, unit: 0, value: 5.25 },
      input: [0.75, 1.5, 3],
      layers: [{ layer: 'rnn', level: 0, direction: 'forward', dh: [0.25, 0.5, 1] }],
    });
  });

  it('does not reach what comes later', async () => {
    const net = network(lstm(2));
    const found = await gradient(net, randomWeights(net, 1), randomSequence(5, 2, 1), { step: 2, unit: 1 });
    assert.deepEqual([...found.input.subarray(3)], [0, 0]);
    assert.ok(found.input[2] > 0);
  });

  it('tells gradients apart that are smaller than a float32 can be', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [1])],
      ['rnn.weight_hh_l0', tensor([1, 1], [0.5])],
    ]);
    const found = await gradient(net, weights, randomSequenceOfOnes(201));
    assert.equal(found.layers[0].dh[0], 0.5 ** 200);
  });

  it('is that of a held value itself, and reaches nothing before it', async () => {
    const net = network(lstm(2));
    const weights = randomWeights(net, 1);
    const sequence = randomSequence(6, 2, 1);
    const at = { layer: 'lstm', level: 0, direction: 'forward', steps: [3, 3] } as const;
    const run = (value: number) =>
      gradient(net, weights, sequence, { clamps: [{ ...at, signal: 'c', units: [1, 1], value }] });
    const width = 1e-2;
    const [above, below] = [await run(0.5 + width), await run(0.5 - width)];
    const { layers } = await run(0.5);
    const slope = (above.target.value - below.target.value) / (2 * width);
    const found = layers[0].c![3 * 3 + 1];
    assert.ok(Math.abs(found - slope) < 1e-4 && Math.abs(found) > 1e-3, `${found} is not ${slope}`);
    const clamps = ['c', 'h'].map((signal) => ({ ...at, signal, value: 0.5 }));
    const cut = await gradient(net, weights, sequence, { clamps });
    assert.deepEqual([...cut.input.subarray(0, 4), ...cut.layers[0].dh.subarray(0, 3)], Array(7).fill(0));
    assert.ok(cut.layers[0].dh[3] > 0 && cut.layers[0].dc![3] > 0 && cut.input[4] > 0);
  });

  it('is nothing where the target itself is held', async () => {
    const net = network(lstm(2));
    const clamps = [{ layer: 'lstm', level: 0, direction: 'forward', signal: 'h', value: 1 } as const];
    const found = await gradient(net, randomWeights(net, 1), randomSequence(4, 2, 1), { clamps });
    assert.deepEqual([found.target.value, ...found.input], [1, 0, 0, 0, 0]);
    assert.deepEqual([...found.layers[0].dh], [0, 0, 0, 1]);
  });

  it('refuses to hold what is not there', async () => {
    const net = network(lstm(2));
    const clamps = [{ layer: 'lstm', level: 0, direction: 'forward', signal: 'q', value: 1 } as const];
    const refused = gradient(net, randomWeights(net, 1), randomSequence(4, 2, 1), { clamps });
    await assert.rejects(refused, /RangeError: .* one of the signals i, f, g, o, c, h, h0, c0, found q/);
  });

  it('refuses a target that is not there', async () => {
    const net = network(lstm(2));
    const weights = randomWeights(net, 1);
    const sequence = randomSequence(5, 2, 1);
    await assert.rejects(
      gradient(net, weights, sequence, { step: 5 }),
      /RangeError: .* from 0 to 4, found 5/,
    );
    await assert.rejects(
      gradient(net, weights, sequence, { unit: 3 }),
      /RangeError: .* from 0 to 2, found 3/,
    );
    const last = network(lstm(2, { returnSequences: false }));
    await assert.rejects(gradient(last, weights, sequence, { step: 0 }), /step 4, the only one, found 0/);
  });
});

function randomSequenceOfOnes(steps: number) {
  return vectorSequence(Array.from({ length: steps }, () => [1]));
}

function assertClose(actual: ArrayLike<number>, expected: readonly number[], where: string): void {
  assert.equal(actual.length, expected.length, where);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, k) => {
    const tolerance = RELATIVE * Math.max(Math.abs(value), 1e-3 * largest);
    assert.ok(Math.abs(actual[k] - value) <= tolerance, `${where}[${k}] is ${actual[k]}, not ${value}`);
  });
}
