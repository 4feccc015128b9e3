import assert from 'node:assert/strict';
import { Adam, clipNorm } from '../../../src/engine/train/adam';
import { lossOf } from '../../../src/engine/train/loss';
import { type Example, train } from '../../../src/engine/train/train';
import { run } from '../../../src/engine/run';
import { initialise } from '../../../src/model/initialise';
import { parametersOf } from '../../../src/model/parameters';
import { gru, linear, network, randomNumbers, randomSequence, rnn, vectorSequence } from './networks';

describe('train', () => {
  it('moves by the learning rate at first: Adam, by hand', () => {
    const values = Float32Array.of(1, 1);
    new Adam(2).step(values, Float64Array.of(4, -0.001), 0.125, 1);
    assert.ok(Math.abs(values[0] - 0.875) < 1e-6 && Math.abs(values[1] - 1.125) < 1e-5);
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
    const output = { signal: 'y', rows: 2, units: 2, values: Float32Array.of(0.25, 0.75, 0.5, 0.5) };
    const classes = lossOf(output, { kind: 'classes', classes: Int32Array.of(0, -1) });
    assert.deepEqual([classes.sum, classes.count, [...classes.slope]], [Math.log(4), 1, [-4, 0, 0, 0]]);
    const values = lossOf(output, { kind: 'values', values: Float32Array.of(0, 0.75, 0.5, 1) });
    assert.deepEqual([values.sum, values.count, [...values.slope]], [0.3125, 4, [0.5, 0, 0, -1]]);
  });

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
    assert.deepEqual(first.weights, second.weights);
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
    await assert.rejects(train(net, initial, [], options), RangeError);
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
