import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import fc from 'fast-check';
import { stateKey } from '../../../../src/engine/cells/cell';
import { KernelInstance, available } from '../../../../src/engine/kernels/instance';
import { run } from '../../../../src/engine/run';
import {
  type Direction,
  HARD_SIGMOID_02,
  HARD_SIGMOID_6TH,
  type Network,
} from '../../../../src/model/network';
import { gru, linear, lstm, network, randomNumbers, randomSequence, randomWeights, rnn } from '../networks';
import { tokenSequence } from '../networks';

const FOLDER = path.join(import.meta.dirname, '../../../../src/engine/kernels');
const TOLERANCE = 1e-5;
const BOTH: readonly Direction[] = ['forward', 'backward'];

describe('the compiled kernels', () => {
  it('are those of the source', async function () {
    // Compiles twice, which takes seconds, and long on a busy machine.
    this.timeout(180_000);
    const { binaries } = createRequire(import.meta.url)(path.join(FOLDER, 'assembly/compile.js'));
    assert.equal(readFileSync(path.join(FOLDER, 'binaries.ts'), 'utf8'), await binaries());
  });

  it('run here at least in plain SIMD', () => assert.ok(available().includes('simd')));
});

for (const arithmetic of available()) {
  describe(`kernels, ${arithmetic}: the same numbers as the reference`, () => {
    const widths = fc.integer({ min: 1, max: 70 });
    const shape = fc.record({
      seed: fc.nat(1e6),
      steps: fc.integer({ min: 1, max: 150 }),
      inputs: widths,
      hiddenSize: widths,
      both: fc.boolean(),
    });
    const cells = {
      'tanh RNN': rnn,
      'relu RNN': (inputs: number, options: object) => rnn(inputs, { nonlinearity: 'relu', ...options }),
      LSTM: lstm,
      'projected LSTM': (inputs: number, options: { hiddenSize: number }) =>
        lstm(inputs, { projSize: Math.ceil(options.hiddenSize / 3), ...options }),
      'GRU, reset after': gru,
      'GRU, reset before': (inputs: number, options: object) =>
        gru(inputs, { resetAfter: false, ...options }),
      'softsign RNN with clip': (inputs: number, options: object) =>
        rnn(inputs, { nonlinearity: 'softsign', clip: 1, ...options }),
      'LSTM with peepholes and coupled gates': (inputs: number, options: object) =>
        lstm(inputs, { peepholes: true, coupled: 'input', ...options }),
      'projected LSTM with hard gates': (inputs: number, options: { hiddenSize: number }) =>
        lstm(inputs, {
          ...{ projSize: Math.ceil(options.hiddenSize / 3), recurrentActivation: HARD_SIGMOID_02 },
          ...options,
        }),
      'GRU with hard gates, reset after': (inputs: number, options: object) =>
        gru(inputs, { recurrentActivation: HARD_SIGMOID_6TH, ...options }),
      'softsign GRU, reset before': (inputs: number, options: object) =>
        gru(inputs, { activation: 'softsign', resetAfter: false, ...options }),
      'LSTM that normalises': (inputs: number, options: object) =>
        lstm(inputs, { layerNorm: { cell: 'output', epsilon: 0.1 }, ...options }),
      'GRU that normalises': (inputs: number, options: object) =>
        gru(inputs, { layerNorm: { epsilon: 0.1 }, ...options }),
    };
    for (const [name, cell] of Object.entries(cells)) {
      it(name, () =>
        fc.assert(
          fc.asyncProperty(shape, async ({ seed, steps, inputs, hiddenSize, both }) => {
            const directions = both ? BOTH : BOTH.slice(0, 1);
            const net = network(cell(inputs, { name: 'cell', hiddenSize, directions, levels: 2 }));
            const weights = smallWeights(net, seed);
            await assertSame(net, weights, randomSequence(steps, inputs, seed), arithmetic);
          }),
          { numRuns: 15 },
        ),
      );
    }

    for (const activation of ['none', 'tanh', 'relu', 'sigmoid', 'softmax'] as const) {
      it(`linear, ${activation}`, async () => {
        for (const [inputs, outputs, steps] of [
          [1, 1, 1],
          [5, 33, 70],
          [64, 7, 3],
        ]) {
          const net = network(linear(inputs, outputs, { activation }));
          await assertSame(net, randomWeights(net, 3), randomSequence(steps, inputs, 4), arithmetic);
        }
      });
    }

    it('one-hot tokens', async () => {
      const vocabulary = Array.from('abcdefghijk');
      for (const options of [{}, { clip: 0.5 }]) {
        const net: Network = {
          ...network(gru(11, { hiddenSize: 7, directions: BOTH, ...options })),
          input: { kind: 'token', vocabulary, split: 'char', lowercase: false, encoding: 'one_hot' },
        };
        const sequence = tokenSequence([0, 10, 3, 3, 7]);
        await assertSame(net, randomWeights(net, 5), sequence, arithmetic);
      }
    });

    it('masked steps', async () => {
      const net = network(
        { name: 'mask', type: 'masking', inputs: ['input'], inputSize: 3, outputSize: 3, maskValue: 0 },
        lstm(3, { hiddenSize: 9, directions: BOTH, masked: 'zeros' }),
      );
      const sequence = randomSequence(80, 3, 2);
      for (const step of [0, 7, 8, 79]) sequence.values.fill(0, 3 * step, 3 * step + 3);
      await assertSame(net, smallWeights(net, 1), sequence, arithmetic);
    });

    it('runs on the same weights side by side', async () => {
      for (const layer of [
        gru(40, { hiddenSize: 50 }),
        lstm(40, { hiddenSize: 50, peepholes: true }),
        // Several blocks of steps to each projected one.
        lstm(40, { hiddenSize: 400, directions: BOTH }),
      ]) {
        const net = network(layer);
        const weights = smallWeights(net, 3);
        const sequences = [1, 2, 3].map((seed) => randomSequence(300, 40, seed));
        const alone = [];
        for (const sequence of sequences) alone.push(await run(net, weights, sequence, { arithmetic }));
        const fresh = new Map(weights);
        const together = sequences.map((sequence) =>
          run(net, fresh, sequence, { arithmetic, sliceMilliseconds: 0 }),
        );
        assert.deepEqual(await Promise.all(together), alone);
      }
    });

    it('initial states, also after another run', async () => {
      const net = network(lstm(3, { hiddenSize: 6, directions: BOTH }));
      const weights = smallWeights(net, 1);
      const next = randomNumbers(9);
      const state = () => ({
        h: Float32Array.from({ length: 6 }, next),
        c: Float32Array.from({ length: 6 }, next),
      });
      const initialStates = new Map(BOTH.map((direction) => [stateKey('lstm', 0, direction), state()]));
      const sequence = randomSequence(70, 3, 2);
      await run(net, weights, sequence, { arithmetic });
      await assertSame(net, weights, sequence, arithmetic, initialStates);
      await assertSame(net, weights, sequence, arithmetic);
    });

    it('NaN and infinities show', async () => {
      const net = network(rnn(1, { hiddenSize: 2 }));
      const weights = randomWeights(net, 1);
      weights.get('rnn.weight_ih_l0')!.data.set([NaN, Infinity]);
      const { output } = await run(net, weights, randomSequence(2, 1, 1), { arithmetic });
      assert.ok(output.values.includes(NaN));
    });

    it('sigmoid and tanh are within 3e-7 of the truth', () => {
      const instance = new KernelInstance(arithmetic);
      const count = 4000;
      const inputs = Float32Array.from({ length: count }, (_, k) => (k - count / 2) / 50);
      inputs.set([NaN, Infinity, -Infinity, -0]);
      const at = instance.take(count);
      for (const [name, truth] of [
        ['sigmoids', (x: number) => 1 / (1 + Math.exp(-x))],
        ['tanhs', Math.tanh],
      ] as const) {
        instance.floats.set(inputs, at / 4);
        instance.kernels[name](at, count);
        const found = instance.floats.slice(at / 4, at / 4 + count);
        inputs.forEach((x, k) => {
          if (Number.isNaN(x)) assert.ok(Number.isNaN(found[k]));
          else assert.ok(Math.abs(found[k] - truth(x)) <= 3e-7, `${name}(${x}) is ${found[k]}`);
        });
      }
    });
  });
}

/** Weights in the size of PyTorch's own, so that errors are not blown up by saturated chaos. */
function smallWeights(net: Network, seed: number) {
  const weights = randomWeights(net, seed);
  for (const { shape, data } of weights.values()) {
    const scale = 1 / Math.sqrt(shape[1] ?? shape[0]);
    for (let k = 0; k < data.length; k++) data[k] *= scale;
  }
  return weights;
}

async function assertSame(
  net: Network,
  weights: Parameters<typeof run>[1],
  sequence: Parameters<typeof run>[2],
  arithmetic: 'simd' | 'relaxed',
  initialStates?: NonNullable<Parameters<typeof run>[3]>['initialStates'],
): Promise<void> {
  const expected = await run(net, weights, sequence, { arithmetic: 'reference', initialStates });
  const found = await run(net, weights, sequence, { arithmetic, initialStates });
  for (const [k, { signals }] of expected.layers.entries()) {
    for (const [s, { signal, values }] of signals.entries()) {
      const own = found.layers[k].signals[s].values;
      values.forEach((value, at) => {
        const error = Math.abs(own[at] - value);
        assert.ok(
          error <= TOLERANCE * Math.max(1, Math.abs(value)),
          `${signal}[${at}] is ${own[at]}, not ${value}`,
        );
      });
    }
  }
}
