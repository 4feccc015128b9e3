import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Adam, clipNorm } from '../../../src/engine/train/adam';
import { lossOf } from '../../../src/engine/train/loss';
import { type Example, train } from '../../../src/engine/train/train';
import { run } from '../../../src/engine/run';
import { initialise } from '../../../src/model/initialise';
import { parametersOf } from '../../../src/model/parameters';
import { writeSafetensors } from '../../../src/model/tensors/safetensors';
import {
  gru,
  linear,
  lstm,
  network,
  randomNumbers,
  randomSequence,
  rnn,
  tensor,
  vectorSequence,
} from './networks';

describe('train', () => {
  it('moves by the learning rate at first: Adam, by hand', () => {
    const values = Float32Array.of(1, 1);
    new Adam(2).step(values, Float64Array.of(4, -0.001), 0.125, 1);
    assert.ok(Math.abs(values[0] - 0.875) < 1e-6 && Math.abs(values[1] - 1.125) < 1e-5);
  });

  it('keeps running means of the slope and its square: Adam, by hand', () => {
    const adam = new Adam(1, 0.5, 0.5, 0);
    const values = Float32Array.of(0);
    adam.step(values, Float64Array.of(2), 1, 1);
    assert.equal(values[0], -1);
    // Mean 0.5·1 + 0.5·6 = 3.5, square 0.5·2 + 0.5·36 = 19; each divided by 1 − 0.5².
    adam.step(values, Float64Array.of(6), 1, 2);
    assert.equal(values[0], Math.fround(-1 - 3.5 / 0.75 / Math.sqrt(19 / 0.75)));
  });

  it('clips the common norm', () => {
    const gradients = [Float64Array.of(3), Float64Array.of(0, 4)];
    assert.equal(clipNorm(gradients, 2.5), 5);
    assert.deepEqual(
      gradients.map((g) => [...g]),
      [[1.5], [0, 2]],
    );
  });

  it('knows cross-entropy and squared error, by hand', () => {
    const sums = { signal: 'y', rows: 2, units: 2, values: Float32Array.of(0, Math.log(3), 0, 0) };
    const classes = lossOf(sums, { kind: 'classes', classes: Int32Array.of(0, -1) });
    assert.deepEqual([classes.count, classes.slope[2], classes.slope[3]], [1, 0, 0]);
    assert.ok(Math.abs(classes.sum - Math.log(4)) < 1e-7);
    assert.ok(Math.abs(classes.slope[0] + 0.75) < 1e-7 && Math.abs(classes.slope[1] - 0.75) < 1e-7);
    const output = { signal: 'y', rows: 2, units: 2, values: Float32Array.of(0.25, 0.75, 0.5, 0.5) };
    const values = lossOf(output, { kind: 'values', values: Float32Array.of(0, 0.75, 0.5, 1) });
    assert.deepEqual([values.sum, values.count, [...values.slope]], [0.3125, 4, [0.5, 0, 0, -1]]);
  });

  it('has a slope where the probability is too small for a number', () => {
    const sums = { signal: 'y', rows: 1, units: 2, values: Float32Array.of(1000, -1000) };
    const { sum, slope } = lossOf(sums, { kind: 'classes', classes: Int32Array.of(1) });
    assert.deepEqual([sum, [...slope]], [2000, [1, -1]]);
  });

  const { cases, ...sizes } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../fixtures/training/adam.json'), 'utf8'),
  ) as PyTorchFixture;

  for (const { kind, inputs, targets, initial, losses, trained } of cases) {
    it(`does what PyTorch does, update by update: ${kind}`, async () => {
      const head = linear(sizes.hidden, sizes.outputs, {
        name: 'head',
        activation: kind === 'classes' ? 'softmax' : 'none',
      });
      const net = network(lstm(sizes.inputs, { hiddenSize: sizes.hidden }), head);
      const examples = inputs.map((values, k): Example => ({
        sequence: {
          kind: 'vector',
          steps: sizes.steps,
          size: sizes.inputs,
          values: Float32Array.from(values),
        },
        target:
          kind === 'classes'
            ? { kind, classes: Int32Array.from(targets[k]) }
            : { kind, values: Float32Array.from(targets[k]) },
      }));
      const { learningRate, clip } = sizes;
      const { weights, epochs } = await train(net, tensors(initial), examples, {
        ...{ epochs: losses.length, batchSize: examples.length, learningRate, clip },
      });
      epochs.forEach(({ loss }, k) => assert.ok(Math.abs(loss - losses[k]) < 1e-5, `update ${k}: ${loss}`));
      for (const [name, { data }] of tensors(trained)) {
        data.forEach((value, k) =>
          assert.ok(Math.abs(weights.get(name)!.data[k] - value) < 2e-5, `${name}[${k}]`),
        );
      }
    });
  }

  const net = network(gru(1, { hiddenSize: 8 }), linear(8, 2, { activation: 'softmax' }));
  /** Whether the sum so far is positive: needs a memory. */
  const examples: Example[] = Array.from({ length: 40 }, (_, k) => {
    const sequence = randomSequence(8, 1, k + 1);
    let sum = 0;
    const classes = Int32Array.from(sequence.values, (value) => ((sum += value) > 0 ? 1 : 0));
    return { sequence, target: { kind: 'classes', classes } };
  });

  it('learns, and the same from the same seed', async () => {
    const initial = await initialise(parametersOf(net), 'pytorch', 1);
    const options = { epochs: 30, learningRate: 0.02, batchSize: 4, seed: 3 };
    const first = await train(net, initial, examples, options);
    const second = await train(net, initial, examples, options);
    assert.ok(
      first.epochs[0].loss > 0.5 && first.best.loss < 0.25,
      `${first.epochs[0].loss} to ${first.best.loss}`,
    );
    assert.deepEqual(writeSafetensors(first.weights), writeSafetensors(second.weights));
    assert.deepEqual(initial, await initialise(parametersOf(net), 'pytorch', 1));
    const { output } = await run(net, first.weights, vectorSequence([[0.9], [-0.1], [-0.9], [0.9]]));
    assert.deepEqual(
      [0, 1, 2, 3].map((row) => (output.values[2 * row + 1] > 0.5 ? 1 : 0)),
      [1, 1, 0, 1],
    );
  });

  it('stops early, and keeps the best weights', async () => {
    const initial = await initialise(parametersOf(net), 'pytorch', 1);
    const next = randomNumbers(5);
    const noise: Example[] = examples.slice(0, 5).map(({ sequence }) => ({
      sequence,
      target: { kind: 'classes', classes: Int32Array.from({ length: 8 }, () => (next() > 0 ? 1 : 0)) },
    }));
    const { epochs, best } = await train(net, initial, examples, {
      ...{ epochs: 200, learningRate: 0.05, validation: noise, patience: 3 },
    });
    assert.ok(epochs.length < 200);
    assert.equal(epochs.length - 1 - best.epoch, 3);
    assert.equal(best.validation, Math.min(...epochs.map(({ validation }) => validation)));
  });

  it('stops with a message when it diverges', async () => {
    const relu = network(rnn(1, { hiddenSize: 4, nonlinearity: 'relu' }), linear(4, 1));
    const initial = await initialise(parametersOf(relu), 'pytorch', 1);
    const target = { kind: 'values', values: new Float32Array(60).fill(9) } as const;
    await assert.rejects(
      train(relu, initial, [{ sequence: randomSequence(60, 1, 1), target }], {
        ...{ epochs: 100, learningRate: 50, clip: Infinity },
      }),
      /training diverged in epoch \d+: the loss is/,
    );
  });

  it('refuses what does not fit', async () => {
    const initial = await initialise(parametersOf(net), 'pytorch', 1);
    const options = { epochs: 1, learningRate: 0.1 };
    await assert.rejects(train(net, initial, [], options), /at least one example, found none/);
    await assert.rejects(train(net, initial, examples, { ...options, validation: [] }), /validation example/);
    await assert.rejects(train(net, initial, examples, { ...options, seed: -1 }), /seed: .* found -1/);
    await assert.rejects(train(net, initial, examples, { ...options, batchSize: 0.5 }), /batchSize/);
    const mute = {
      ...examples[0],
      target: { kind: 'classes', classes: new Int32Array(8).fill(-1) },
    } as const;
    await assert.rejects(train(net, initial, [mute], options), /nothing is asked in any example/);
    await assert.rejects(train(net, initial, examples, { ...options, epochs: 0 }), /epochs: .* found 0/);
    await assert.rejects(train(net, initial, examples, { ...options, learningRate: NaN }), /learningRate/);
    const short = { ...examples[0], target: { kind: 'classes', classes: Int32Array.of(1) } } as const;
    await assert.rejects(
      train(net, initial, [short], options),
      /example 0: expected a target of 8 numbers, found 1/,
    );
  });

  it('can be cancelled', async () => {
    const initial = await initialise(parametersOf(net), 'pytorch', 1);
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 30);
    const options = { epochs: 100_000, learningRate: 0.01, signal: cancel.signal };
    await assert.rejects(train(net, initial, examples, options), { name: 'AbortError' });
  });
});

interface PyTorchFixture {
  readonly steps: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly cases: readonly {
    readonly kind: 'classes' | 'values';
    readonly inputs: readonly number[][];
    readonly targets: readonly number[][];
    readonly initial: StoredWeights;
    readonly losses: readonly number[];
    readonly trained: StoredWeights;
  }[];
}

type StoredWeights = Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;

function tensors(stored: StoredWeights) {
  return new Map(Object.entries(stored).map(([name, { shape, data }]) => [name, tensor(shape, data)]));
}
