import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gradient } from '../../../../src/engine/gradient';
import { available } from '../../../../src/engine/kernels/instance';
import type { Direction, Layer, Network } from '../../../../src/model/network';
import type { Weights } from '../../../../src/model/weights';
import { gru, linear, lstm, network, randomSequence, randomWeights, rnn } from '../networks';

const BOTH: readonly Direction[] = ['forward', 'backward'];
/** Against the largest of a layer: products of floats. */
const TOLERANCE = 1e-5;

const CELLS = {
  'tanh RNN': rnn,
  'relu RNN': (inputs: number, options: object) => rnn(inputs, { nonlinearity: 'relu', ...options }),
  LSTM: lstm,
  GRU: gru,
};

/** Weights of a tenth of the usual size, or `times` as large. */
function weightsOf(net: Network, seed: number, times = 0.1): Weights {
  const weights = [...randomWeights(net, seed)];
  return new Map(
    weights.map(([name, tensor]) => [name, { ...tensor, data: tensor.data.map((v) => v * times) }]),
  );
}

function assertClose(found: Float64Array, expected: Float64Array, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assert.equal(found.length, expected.length);
  expected.forEach((value, k) => {
    const close = Math.abs(found[k] - value) <= TOLERANCE * largest;
    assert.ok(close, `${what}[${k}]: ${found[k]} for ${value}, of up to ${largest}`);
  });
}

for (const arithmetic of available()) {
  describe(`the way back in kernels, ${arithmetic}: the same gradients as the reference`, () => {
    const widths = fc.integer({ min: 1, max: 40 });
    const shape = fc.record({
      seed: fc.nat(1e6),
      steps: fc.integer({ min: 1, max: 150 }),
      inputs: widths,
      hiddenSize: widths,
      both: fc.boolean(),
      returnSequences: fc.boolean(),
    });

    async function assertSame(net: Network, weights: Weights, steps: number, seed: number) {
      const sequence = randomSequence(steps, net.layers[0].inputSize, seed);
      const own = await gradient(net, weights, sequence, { arithmetic });
      const expected = await gradient(net, weights, sequence, { arithmetic: 'reference' });
      assertClose(own.input, expected.input, 'input');
      for (const [k, layer] of expected.layers.entries()) {
        const { level, direction } = layer;
        assertClose(own.layers[k].h, layer.h, `h of level ${level}, ${direction}`);
        assert.equal(own.layers[k].c === undefined, layer.c === undefined);
        if (layer.c) assertClose(own.layers[k].c!, layer.c, `c of level ${level}, ${direction}`);
      }
      return expected;
    }

    for (const [name, cell] of Object.entries(CELLS)) {
      it(name, () =>
        fc.assert(
          fc.asyncProperty(shape, async ({ seed, steps, inputs, hiddenSize, both, returnSequences }) => {
            const directions = both ? BOTH : BOTH.slice(0, 1);
            const options = { name: 'cell', hiddenSize, directions, levels: 2, returnSequences };
            const layer: Layer = cell(inputs, options);
            const net = network(layer, linear(layer.outputSize, 2));
            const random = weightsOf(net, seed);
            await assertSame(net, random, steps, seed);
          }),
          { numRuns: 15 },
        ),
      );
    }

    it('far below and above what a float32 holds', async () => {
      const net = network(rnn(2, { hiddenSize: 12, nonlinearity: 'relu', bias: false }));
      for (const [size, least, most] of [[0.02, 1e-290, 1e-50], [40, 1e50, 1e290]] as const) {
        const weights = weightsOf(net, 5, size);
        for (const { data } of weights.values()) data.forEach((value, k) => (data[k] = Math.abs(value)));
        const sequence = { ...randomSequence(100, 2, 1), values: new Float32Array(200).fill(1e-30) };
        const [own, expected] = await Promise.all(
          [arithmetic, 'reference' as const].map((one) => gradient(net, weights, sequence, { arithmetic: one })),
        );
        const [{ dh }] = expected.layers;
        assert.ok(dh[0] > least && dh[0] < most, String(dh[0]));
        dh.forEach((value, k) => assert.ok(Math.abs(own.layers[0].dh[k] / value - 1) < 1e-4, `${k}`));
      }
    }); // prettier-ignore

    it('hands on what is not finite', async () => {
      const net = network(gru(2, { hiddenSize: 5 }));
      const weights = weightsOf(net, 5);
      weights.get(`${net.layers[0].name}.weight_hh_l0`)!.data[3] = NaN;
      const { layers } = await gradient(net, weights, randomSequence(9, 2, 1), { arithmetic });
      assert.ok(Number.isNaN(layers[0].dh[0]));
    });
  });
}
