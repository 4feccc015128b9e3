import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Clamp } from '../../../../src/engine/clamps';
import type { Explanation } from '../../../../src/engine/explain/explain';
import { explainingRecording, explainingTrace } from '../../../../src/engine/explain/ofRun';
import { record } from '../../../../src/engine/recording/record';
import { run } from '../../../../src/engine/run';
import { type Direction, INPUT, SIGNALS } from '../../../../src/model/network';
import { drawnCells, sizes } from '../drawnCells';
import { linear, lstm, network, randomSequence, randomWeights, tokenSequence } from '../networks';
import { assertAddsUp, explanations } from './everyTerm';

const BOTH: readonly Direction[] = ['forward', 'backward'];

for (const [name, maker] of drawnCells) {
  describe(`terms of the ${name}`, () => {
    it('add up, and make the value of the run, through levels, directions, merges and a dense layer', () =>
      fc.assert(
        fc.asyncProperty(
          maker,
          sizes,
          fc.integer({ min: 1, max: 2 }),
          fc.constantFrom<readonly Direction[]>(BOTH, ['forward'], ['backward']),
          fc.constantFrom('concat', 'sum', 'mul', 'ave'),
          async (cell, { seed, steps, inputs, hiddenSize }, levels, directions, merge) => {
            const layer = cell(inputs, { name: 'cell', hiddenSize, levels, directions, merge });
            const net = network(layer, linear(layer.outputSize, 4, { activation: 'softmax' }));
            const sequence = randomSequence(steps, inputs, seed + 1);
            const ran = { network: net, weights: randomWeights(net, seed), sequence, clamps: [] };
            for (const found of await explanations(ran)) assertAddsUp(found);
          },
        ),
        { numRuns: 12 },
      ));

    it('are those of the run in which something is held', () =>
      fc.assert(
        fc.asyncProperty(maker, sizes, fc.nat(), fc.nat(), async (cell, size, pick, at) => {
          const { seed, steps, inputs, hiddenSize } = size;
          const layer = cell(inputs, { name: 'cell', hiddenSize });
          const net = network(layer);
          const signals = SIGNALS[layer.type];
          const signal = signals[pick % signals.length];
          const step = at % steps;
          const held: Clamp = {
            ...{ layer: 'cell', level: 0, direction: 'forward', signal },
            ...{ units: [1, 1], steps: [step, step], value: 0.25 },
          };
          const sequence = randomSequence(steps, inputs, seed + 1);
          const ran = { network: net, weights: randomWeights(net, seed), sequence, clamps: [held] };
          const all = await explanations(ran);
          for (const found of all) assertAddsUp(found);
          const marked = all.filter((found) => found.held).map((found) => found.at);
          assert.deepEqual(
            marked.map((one) => [one.signal, one.unit, one.step]),
            [[signal, 1, step]],
          );
        }),
        { numRuns: 12 },
      ));
  });
}

describe('terms of a recording', () => {
  it('are those of the whole run, after what-ifs too', async () => {
    const net = network(lstm(3, { hiddenSize: 7, levels: 2 }), linear(7, 5, { activation: 'softmax' }));
    const sequence = randomSequence(9000, 3, 4);
    const held: Clamp = {
      ...{ layer: 'lstm', level: 0, direction: 'forward', signal: 'f' },
      ...{ units: [2, 2], steps: [4000, 8500], value: 1 },
    };
    const ran = { network: net, weights: randomWeights(net, 3), sequence, clamps: [held] };
    const whole = explainingTrace(ran, await run(net, ran.weights, sequence, ran));
    const recorded = explainingRecording(await record(net, ran.weights, sequence, ran));
    for (const step of [0, 1, 63, 64, 4095, 4096, 8191, 8192, 8999]) {
      for (const [layer, signal, level] of [
        ...(['f', 'c', 'h'] as const).flatMap((one) => [0, 1].map((k) => ['lstm', one, k] as const)),
        ['fc', 'y', 0] as const,
      ]) {
        const asked = { layer, level, direction: 'forward', signal, unit: 2, step } as const;
        assert.deepEqual(await recorded(asked), await whole(asked), `${signal} at ${step}`);
      }
    }
    await assert.rejects(
      recorded({ layer: 'fc', level: 0, direction: 'forward', signal: 'y', step: 9000 }),
      /^RangeError: fc.y: step: expected 0 to 8999, found 9000$/,
    );
  });
});

describe('names of terms', () => {
  const at = (found: Explanation) => found.terms.map(({ kind, from }) => `${kind} ${from}`);

  it('are features, units of the state before, and units of other layers', async () => {
    const layer = lstm(2, { hiddenSize: 2, levels: 2, directions: BOTH });
    const net = {
      ...network(layer, linear(4, 2)),
      input: { kind: 'vector', size: 2, features: ['price', 'volume'] } as const,
    };
    const sequence = randomSequence(3, 2, 1);
    const weights = randomWeights(net, 1);
    const why = explainingTrace(
      { network: net, weights, sequence, clamps: [] },
      await run(net, weights, sequence),
    );
    const of = (level: number, direction: Direction, signal: string) =>
      why({ layer: 'lstm', level, direction, signal, unit: 1, step: 1 });
    assert.deepEqual(at(await of(0, 'forward', 'f')), [
      ...['bias bias_ih', 'bias bias_hh', 'input price', 'input volume', 'hidden h[0]', 'hidden h[1]'],
    ]);
    assert.deepEqual(at(await of(1, 'backward', 'g')).slice(2), [
      ...['input lstm.0.forward.h[0]', 'input lstm.0.forward.h[1]'],
      ...['input lstm.0.backward.h[0]', 'input lstm.0.backward.h[1]'],
      ...['hidden h[0]', 'hidden h[1]'],
    ]);
    assert.deepEqual(at(await of(1, 'backward', 'c')), ['cell c[1]', 'cell g[1]']);
    const backward = await of(1, 'backward', 'g');
    assert.deepEqual(
      backward.terms.filter(({ kind }) => kind === 'hidden').map((term) => term.at?.step),
      [2, 2],
    );
    const head = await why({ layer: 'fc', level: 0, direction: 'forward', signal: 'y', unit: 0, step: 1 });
    assert.deepEqual(at(head)[3], 'input lstm.1.backward.h[0]');
    assert.equal(at(head)[0], 'bias bias');
  });

  it('are tokens, whether embedded or one-hot', async () => {
    for (const encoding of ['index', 'one_hot'] as const) {
      const read = { name: 'emb', type: 'embedding', inputs: [INPUT], inputSize: 1, outputSize: 3 } as const;
      const layers = encoding === 'index' ? [{ ...read, numEmbeddings: 4 }, lstm(3)] : [lstm(4)];
      const vocabulary = ['a', 'b', 'c', 'd'];
      const input = { kind: 'token', vocabulary, split: 'char', lowercase: false, encoding } as const;
      const net = { ...network(...layers), input };
      const sequence = { ...tokenSequence([2, 0, 3]), tokens: ['c', 'a', 'd'] };
      const weights = randomWeights(net, 5);
      const ran = { network: net, weights, sequence, clamps: [] };
      const why = explainingTrace(ran, await run(net, weights, sequence));
      const found = await why({
        layer: 'lstm',
        level: 0,
        direction: 'forward',
        signal: 'o',
        unit: 2,
        step: 1,
      });
      const [token, ...others] = found.terms.filter(({ kind }) => kind === 'input');
      assert.deepEqual([token.from, token.value, others.length], ['a', 1, 0]);
      assertAddsUp(found);
    }
  });
});

describe('what cannot be explained', () => {
  it('is said with what there is', async () => {
    const net = network(lstm(2, { hiddenSize: 3, returnSequences: false }), linear(3, 2));
    const sequence = randomSequence(4, 2, 1);
    const weights = randomWeights(net, 1);
    const ran = { network: net, weights, sequence, clamps: [] };
    const why = explainingTrace(ran, await run(net, weights, sequence));
    const address = { layer: 'fc', level: 0, direction: 'forward', signal: 'y' } as const;
    await assert.rejects(
      why({ ...address, step: 1 }),
      /fc\.y: step: expected 3, the only one that it has, found 1/,
    );
    await assert.rejects(why({ ...address, unit: 2 }), /fc\.y: unit: expected 0 to 1, found 2/);
    await assert.rejects(
      why({ ...address, layer: INPUT, signal: 'x' }),
      /input is given: nothing adds up to it/,
    );
    const found = await why(address);
    assert.equal(found.at.step, 3);
    const values = await Promise.all([0, 1].map(async (unit) => (await why({ ...address, unit })).value));
    assert.equal(Math.abs(found.value), Math.max(...values.map(Math.abs)));
  });
});
