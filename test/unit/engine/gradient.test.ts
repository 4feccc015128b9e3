import assert from 'node:assert/strict';
import { backward } from '../../../src/engine/backward';
import { layerRuns } from '../../../src/engine/edges';
import { forward } from '../../../src/engine/forward';
import { gradient, gradientJson } from '../../../src/engine/gradient';
import { atOnce } from '../../../src/engine/slices';
import { parametersOf } from '../../../src/model/parameters';
import { elementCount } from '../../../src/model/weights';
import { fixture, fixtureNames, namesOf } from './fixtures';
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

describe('parameter gradients against central differences', () => {
  for (const [name, maker] of EVERY_FIXTURE) {
    it(`${maker} ${name}`, async () => {
      const { network, weights, sequence } = await fixture(name, maker);
      const trace = atOnce(forward(network, weights, sequence));
      const { values } = trace.output;
      const direction = Float64Array.from(values, (_, k) => Math.sin(1 + k));
      const target = () => {
        const { output } = atOnce(forward(network, weights, sequence));
        return output.values.reduce((sum, value, k) => sum + value * direction[k], 0);
      };
      const parameters = new Map(
        parametersOf(network).map(({ name, shape }) => [name, new Float64Array(elementCount(shape))]),
      );
      const runs = atOnce(layerRuns(network, sequence, trace));
      atOnce(backward(network, weights, runs, direction, { parameters }));
      for (const [parameter, slopes] of parameters) {
        // Kept from training, not trained.
        if (parameter.includes('.running_')) continue;
        const { data } = weights.get(parameter)!;
        for (let k = 0; k < data.length; k += Math.ceil(data.length / 5)) {
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
            (slope) => Math.abs(slopes[k] - slope) < 2e-3 * Math.max(0.1, Math.abs(slope)),
          );
          assert.ok(near, `${parameter}[${k}]: ${slopes[k]} is neither ${below} nor ${above}`);
        }
      }
    });
  }
});

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
