import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type InitialStates, stateKey } from '../../../src/engine/cells/cell';
import { run } from '../../../src/engine/run';
import type { LayerTrace } from '../../../src/engine/trace';
import type { Direction, JoinedRows, Network, RecurrentLayer } from '../../../src/model/network';
import type { VectorSequence } from '../../../src/model/samples';
import type { Tensor } from '../../../src/model/weights';
import { type MakeCell, drawnCells, sizes } from './drawnCells';
import { gru, lstm, network, randomSequence, randomWeights, rnn } from './networks';

const TOLERANCE = 1e-5;
const BOTH: readonly Direction[] = ['forward', 'backward'];

for (const [name, maker] of drawnCells) {
  describe(`properties of the ${name}`, () => {
    it('a sequence split in two with carried state equals one run', () =>
      fc.assert(
        fc.asyncProperty(maker, sizes, fc.nat(), async (cell, { seed, steps, inputs, hiddenSize }, cut) => {
          const layer = cell(inputs, { name: 'cell', hiddenSize });
          const net = network(layer);
          const weights = randomWeights(net, seed);
          const sequence = randomSequence(steps, inputs, seed + 1);
          const middle = 1 + (cut % (steps - 1));
          const whole = await run(net, weights, sequence);
          const first = await run(net, weights, part(sequence, 0, middle));
          const second = await run(net, weights, part(sequence, middle, steps), {
            initialStates: lastState(layer, first.layers[0]),
          });
          for (const signal of whole.layers[0].signals) {
            const halves = [first, second].flatMap((trace) => [...valuesOf(trace.layers[0], signal.signal)]);
            assertClose(halves, signal.values);
          }
        }),
        { numRuns: 25 },
      ));

    it('the backward direction on a reversed input equals the forward one', () =>
      fc.assert(
        fc.asyncProperty(maker, sizes, async (cell, { seed, steps, inputs, hiddenSize }) => {
          const net = network(cell(inputs, { name: 'cell', hiddenSize, directions: BOTH }));
          const weights = randomWeights(net, seed);
          for (const [key, tensor] of [...weights]) {
            if (!key.endsWith('_reverse')) weights.set(`${key}_reverse`, tensor);
          }
          const sequence = randomSequence(steps, inputs, seed + 1);
          const [forward] = (await run(net, weights, sequence)).layers;
          const [, backward] = (await run(net, weights, reversed(sequence))).layers;
          for (const { signal, units, values } of forward.signals) {
            assert.deepEqual(reversedRows(valuesOf(backward, signal), units), values);
          }
        }),
        { numRuns: 25 },
      ));

    it('a backward layer that turns its output round, on a reversed input, equals a forward one', () =>
      fc.assert(
        fc.asyncProperty(maker, sizes, fc.boolean(), async (cell, size, returnSequences) => {
          const { seed, steps, inputs, hiddenSize } = size;
          const there = network(cell(inputs, { name: 'cell', hiddenSize, returnSequences }));
          const back = network(
            cell(inputs, {
              ...{ name: 'cell', hiddenSize, returnSequences },
              ...{ directions: ['backward'], reverseOutput: true },
            }),
          );
          const weights = randomWeights(there, seed);
          const same = new Map([...weights].map(([key, tensor]) => [`${key}_reverse`, tensor]));
          const sequence = randomSequence(steps, inputs, seed + 1);
          const forward = await run(there, weights, sequence);
          const backward = await run(back, same, reversed(sequence));
          assert.deepEqual(backward.output, forward.output);
        }),
        { numRuns: 25 },
      ));

    it('a stack equals its levels one by one', () =>
      fc.assert(
        fc.asyncProperty(
          maker,
          sizes,
          fc.boolean(),
          async (cell, { seed, steps, inputs, hiddenSize }, bidirectional) => {
            const directions = bidirectional ? BOTH : BOTH.slice(0, 1);
            const stack = cell(inputs, { name: 'cell', hiddenSize, directions, levels: 2 });
            const lower = cell(inputs, { name: 'lower', hiddenSize, directions });
            const upper = cell(lower.outputSize, { name: 'upper', hiddenSize, directions });
            const weights = randomWeights(network(stack), seed);
            const sequence = randomSequence(steps, inputs, seed + 1);
            const together = await run(network(stack), weights, sequence);
            const apart = await run(network(lower, upper), renamed(weights), sequence);
            assert.deepEqual(
              together.layers.map(({ signals }) => signals),
              apart.layers.map(({ signals }) => signals),
            );
            assert.deepEqual(together.output, apart.output);
          },
        ),
        { numRuns: 25 },
      ));

    it('permuting units permutes signals', () =>
      fc.assert(
        fc.asyncProperty(maker, sizes, async (cell, { seed, steps, inputs, hiddenSize }) => {
          const layer = cell(inputs, { name: 'cell', hiddenSize });
          if (layer.type === 'lstm' && layer.projSize > 0) return;
          const net = network(layer);
          const weights = randomWeights(net, seed);
          const order = Array.from({ length: hiddenSize }, (_, k) => (k + 1 + seed) % hiddenSize);
          const sequence = randomSequence(steps, inputs, seed + 1);
          const plain = await run(net, weights, sequence);
          const permuted = await run(net, permutedWeights(weights, order), sequence);
          for (const { signal, values } of plain.layers[0].signals) {
            const expected = values.map((_, k) => values[k - (k % hiddenSize) + order[k % hiddenSize]]);
            assertClose(valuesOf(permuted.layers[0], signal), expected);
          }
        }),
        { numRuns: 25 },
      ));
  });
}

describe('a decoder after a bidirectional encoder', () => {
  const pairs: Record<string, readonly [MakeCell, MakeCell]> = {
    lstm: [lstm, lstm],
    gru: [gru, gru],
    'rnn after lstm': [lstm, rnn],
  };
  for (const [name, [first, second]] of Object.entries(pairs)) {
    it(`of concatenated states equals the two by hand, ${name}`, () =>
      fc.assert(
        fc.asyncProperty(sizes, fc.integer({ min: 1, max: 2 }), async (size, levels) => {
          const { seed, steps, inputs, hiddenSize } = size;
          const encoder = first(inputs, { name: 'encoder', hiddenSize, levels, directions: BOTH });
          const joined = (signal: string): JoinedRows => ({
            merge: 'concat',
            of: BOTH.map((direction) => ({ layer: 'encoder', level: levels - 1, direction, signal })),
          });
          const lstms = encoder.type === 'lstm' && second === lstm;
          const states = [{ h: joined('h'), ...(lstms && { c: joined('c') }) }];
          const own = { name: 'decoder', hiddenSize: 2 * hiddenSize };
          const decoder = second(inputs, { ...own, initialState: { kind: 'handed', states } });
          const net: Network = { ...network(encoder), layers: [encoder, decoder] };
          const weights = randomWeights(net, seed);
          const sequence = randomSequence(steps, inputs, seed + 1);
          const together = await run(net, weights, sequence);

          const ends = (await run(network(encoder), weights, sequence)).layers.slice(-2);
          const last = (signal: string) =>
            Float32Array.from(
              ends.flatMap((trace) => {
                const values = valuesOf(trace, signal);
                return [
                  ...(trace.direction === 'forward'
                    ? values.slice(-hiddenSize)
                    : values.slice(0, hiddenSize)),
                ];
              }),
            );
          const state = lstms ? { h: last('h'), c: last('c') } : { h: last('h') };
          const alone = await run(network(second(inputs, own)), weights, sequence, {
            initialStates: new Map([['decoder_l0', state]]),
          });
          assert.deepEqual(together.layers.at(-1), alone.layers[0]);
          for (const arithmetic of ['reference', 'simd'] as const) {
            const other = await run(net, weights, sequence, { arithmetic });
            assertClose(other.output.values, together.output.values);
          }
        }),
        { numRuns: 25 },
      ));
  }
});

describe('merging two directions', () => {
  const merges = {
    sum: (a: number, b: number) => a + b,
    mul: (a: number, b: number) => a * b,
    ave: (a: number, b: number) => (a + b) / 2,
  };
  for (const [merge, combine] of Object.entries(merges)) {
    it(merge, async () => {
      const net = network(gru(2, { directions: BOTH, merge: merge as keyof typeof merges }));
      const { layers, output } = await run(net, randomWeights(net, 1), randomSequence(5, 2, 2));
      const [forward, backward] = layers.map((layer) => valuesOf(layer, 'h'));
      assertClose(
        output.values,
        forward.map((value, k) => combine(value, backward[k])),
      );
    });
  }

  it('passes on the forward state of the last step and the backward state of step 0', async () => {
    const net = network(gru(2, { hiddenSize: 3, directions: BOTH, returnSequences: false }));
    const { layers, output } = await run(net, randomWeights(net, 1), randomSequence(5, 2, 2));
    const [forward, backward] = layers.map((layer) => valuesOf(layer, 'h'));
    assert.equal(output.rows, 1);
    assert.deepEqual([...output.values], [...forward.slice(12), ...backward.slice(0, 3)]);
  });
});

function part({ size, values }: VectorSequence, from: number, to: number): VectorSequence {
  return { kind: 'vector', steps: to - from, size, values: values.slice(from * size, to * size) };
}

function reversed({ steps, size, values }: VectorSequence): VectorSequence {
  return { kind: 'vector', steps, size, values: reversedRows(values, size) };
}

function reversedRows(values: Float32Array, units: number): Float32Array {
  const rows = values.length / units;
  return values.map((_, k) => values[(rows - 1 - Math.floor(k / units)) * units + (k % units)]);
}

function valuesOf(layer: LayerTrace, signal: string): Float32Array {
  return layer.signals.find((one) => one.signal === signal)!.values;
}

function lastState(layer: RecurrentLayer, trace: LayerTrace): InitialStates {
  const last = (signal: string) => {
    const { units, rows, values } = trace.signals.find((one) => one.signal === signal)!;
    return values.slice((rows - 1) * units);
  };
  const state = layer.type === 'lstm' ? { h: last('h'), c: last('c') } : { h: last('h') };
  return new Map([[stateKey(layer.name, 0, 'forward'), state]]);
}

/** cell.…_l0 → lower.…_l0, cell.…_l1 → upper.…_l0. */
function renamed(weights: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map(
    [...weights].map(([key, tensor]) => [
      key.includes('_l1')
        ? key.replace('cell.', 'upper.').replace('_l1', '_l0')
        : key.replace('cell.', 'lower.'),
      tensor,
    ]),
  );
}

function permutedWeights(weights: ReadonlyMap<string, Tensor>, order: number[]): Map<string, Tensor> {
  const units = order.length;
  const rowOf = (row: number) => row - (row % units) + order[row % units];
  return new Map(
    [...weights].map(([key, { shape, data }]) => {
      const width = shape[1] ?? 1;
      const permuted = data.map((_, k) => {
        const column = k % width;
        const from = key.includes('weight_hh') ? order[column] : column;
        return data[rowOf(Math.floor(k / width)) * width + from];
      });
      return [key, { shape, data: permuted }];
    }),
  );
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let k = 0; k < actual.length; k++) {
    assert.ok(Math.abs(actual[k] - expected[k]) <= TOLERANCE * largest, `${actual[k]} is not ${expected[k]}`);
  }
}
