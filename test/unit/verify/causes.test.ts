import assert from 'node:assert/strict';
import { run } from '../../../src/engine/run';
import type { Activation, Layer, Network } from '../../../src/model/network';
import type { Sequence } from '../../../src/model/samples';
import type { Weights } from '../../../src/model/weights';
import { movedWithinEightBits, roundedWeights, unroundedWeights } from '../../../src/verify/precision';
import type { Doubt, Verdict } from '../../../src/verify/verdict';
import { verify } from '../../../src/verify/verify';
import { gru, linear, network, randomSequence, randomWeights } from '../engine/networks';
import { causeIn, causeSentence, checkLine, textOf } from './said';

const gruLayer = gru(3, { hiddenSize: 4 });

const networkOf = (layers: readonly Layer[]) => network(...layers);

const activated =
  (names: readonly string[], activation: Activation): Change =>
  ({ network, weights }) => ({
    network: {
      ...network,
      layers: network.layers.map((layer) =>
        names.includes(layer.name) ? ({ ...layer, activation } as Layer) : layer,
      ),
    },
    weights,
  });

/** A layer put behind another one. */
const followed =
  (after: string, own: object): Change =>
  ({ network, weights }) => ({
    network: {
      ...network,
      layers: network.layers.flatMap((layer) => {
        const { outputSize } = layer;
        const inputs = layer.inputs.map((name) => (name === after ? 'added' : name));
        const added = {
          name: 'added',
          inputs: [after],
          inputSize: outputSize,
          outputSize,
          ...own,
        } as unknown as Layer;
        return [{ ...layer, inputs }, ...(layer.name === after ? [added] : [])];
      }),
    },
    weights,
  });

type Change = (model: { readonly network: Network; readonly weights: Weights }) => typeof model;

/** A network of a few layers, checked against what a changed one gives for a changed input. */
async function against(
  layers: readonly Layer[],
  {
    meant = (model) => model,
    sequence,
    read = sequence,
  }: { meant?: Change; sequence: Sequence; read?: Sequence },
  { weights = randomWeights(networkOf(layers), 3), doubt }: { weights?: Weights; doubt?: Doubt } = {},
): Promise<Verdict> {
  const model = { network: networkOf(layers), weights };
  const other = meant(model);
  const { output } = await run(other.network, other.weights, sequence);
  return verify(model, [{ name: 'x', sequence: read, expected: output }], { doubt });
}

describe('the cause of a difference', () => {
  it('undoes what a reader has to suppose between layers', async () => {
    const chain = [
      gruLayer,
      linear(4, 5, { name: 'a', inputs: ['gru'] }),
      linear(5, 3, { name: 'b', inputs: ['a'] }),
      linear(3, 2, { name: 'c', inputs: ['b'] }),
    ];
    const sequence = randomSequence(9, 3, 1);
    const cases: [Change, string, RegExp][] = [
      [activated(['a', 'b'], 'relu'), 'hidden-activation', /^with relu after "a", "b"$/],
      [activated(['b'], 'sigmoid'), 'hidden-activation', /^with sigmoid after "b"$/],
      [
        followed('gru', { type: 'activation', activation: 'relu' }),
        'hidden-activation',
        /^with relu after "gru"$/,
      ],
      [activated(['c'], 'relu'), 'output-activation', /^with relu after the last layer$/],
      [
        followed('gru', { type: 'global_pool', mode: 'average' }),
        'steps',
        /^with the mean of all steps before "a"$/,
      ],
      [
        followed('gru', { type: 'global_pool', mode: 'max' }),
        'steps',
        /^with the maximum of all steps before "a"$/,
      ],
      [
        followed('c', { type: 'global_pool', mode: 'max' }),
        'steps',
        /^with the maximum of all steps at the end$/,
      ],
    ];
    for (const [meant, cause, text] of cases) {
      const { finding } = await against(chain, { meant, sequence });
      assert.deepEqual([causeIn(finding), finding?.matches], [cause, true], String(text));
      assert.match(textOf(finding)!, text);
    }
  });

  it('tells another pooling', async () => {
    const pooled = (mode: 'max' | 'average') => [
      gruLayer,
      { type: 'global_pool', name: 'pool', inputs: ['gru'], inputSize: 4, outputSize: 4, mode } as const,
    ];
    const sequence = randomSequence(9, 3, 1);
    const meant =
      (layers: readonly Layer[]): Change =>
      ({ network, weights }) => ({
        network: { ...network, layers },
        weights,
      });
    const { finding } = await against(pooled('average'), { meant: meant(pooled('max')), sequence });
    assert.equal(textOf(finding), 'with the maximum of all steps in "pool"');
    const both = gru(3, { hiddenSize: 2, directions: ['forward', 'backward'] });
    const pool = pooled('average')[1];
    const select = { name: 'pool', inputs: ['gru'], inputSize: 4, outputSize: 4, step: -1 };
    const last = meant([both, { ...select, type: 'select' }]);
    const { finding: other } = await against([both, pool], { meant: last, sequence });
    assert.equal(textOf(other), 'with the last step in "pool"');
  });

  it('tells an input that is turned round in time', async () => {
    const read = randomSequence(9, 3, 1);
    const rows = Array.from({ length: 9 }, (_, step) => [...read.values.subarray(3 * step, 3 * step + 3)]);
    const sequence = { ...read, values: Float32Array.from(rows.reverse().flat()) };
    const { finding } = await against([gruLayer], { sequence, read });
    assert.deepEqual([causeIn(finding), finding?.matches], ['reversed', true]);
    assert.equal(textOf(finding), 'with the input turned round in time');
  });

  it('tells weights of two levels or of two layers that were exchanged', async () => {
    const exchange =
      (one: RegExp, put: string): Change =>
      ({ network, weights }) => {
        const changed = new Map(weights);
        for (const [name, { shape }] of weights) {
          const there = name.replace(one, put);
          if (there === name || weights.get(there)?.shape.join() !== shape.join()) continue;
          changed.set(name, weights.get(there)!);
          changed.set(there, weights.get(name)!);
        }
        return { network, weights: changed };
      };
    const sequence = randomSequence(9, 3, 1);
    const levels = await against([{ ...gruLayer, levels: 3 }], { meant: exchange(/_l0$/, '_l2'), sequence });
    assert.deepEqual([causeIn(levels.finding), levels.finding?.matches], ['exchanged', true]);
    assert.equal(textOf(levels.finding), 'with the weights of levels 0 and 2 of "gru" exchanged');
    const second = { ...gruLayer, name: 'next', inputs: ['gru'], inputSize: 4 };
    const third = { ...second, name: 'last', inputs: ['next'] };
    const layers = await against([gruLayer, second, third], {
      meant: exchange(/^next\./, 'last.'),
      sequence,
    });
    assert.equal(textOf(layers.finding), 'with the weights of "next" and "last" exchanged');
  });

  it('tells differences of rounding, in the model or in what is expected', async () => {
    const sequence = randomSequence(20, 3, 1);
    const weights = randomWeights(networkOf([gruLayer]), 5);
    for (const precision of ['float16', 'bfloat16'] as const) {
      const rounded = roundedWeights(weights, precision);
      const meant: Change = ({ network }) => ({ network, weights: rounded });
      const there = await against([gruLayer], { meant, sequence }, { weights });
      assert.deepEqual([causeIn(there.finding), there.finding?.matches], ['precision', true]);
      assert.equal(textOf(there.finding), `with the weights rounded to ${precision}`);
      const whole: Change = ({ network }) => ({ network, weights });
      const here = await against([gruLayer], { meant: whole, sequence }, { weights: rounded });
      assert.deepEqual([here.finding, here.rounding], [undefined, { precision, own: true }]);
      assert.equal(
        causeSentence(here),
        `The weights are rounded to ${precision}, and the difference is as large as that makes it.`,
      );
    }
    const noisy: Change = ({ network }) => ({ network, weights: unroundedWeights(weights, 'float16') });
    const noise = await against([gruLayer], { meant: noisy, sequence }, { weights });
    assert.deepEqual(noise.rounding, { precision: 'float16', own: false });
    assert.match(
      causeSentence(noise)!,
      /^The difference is as large as weights rounded to float16 make it\.$/,
    );
  });

  it('puts down to 8 bits only what is of their size', async () => {
    const sequence = randomSequence(20, 3, 1);
    const weights = randomWeights(networkOf([gruLayer]), 5);
    for (const [other, found] of [
      [movedWithinEightBits(weights), { precision: 'int8', own: true }],
      [randomWeights(networkOf([gruLayer]), 8), undefined],
    ] as const) {
      const { output } = await run(networkOf([gruLayer]), other, sequence);
      const model = { network: networkOf([gruLayer]), weights };
      const check = { name: 'x', sequence, expected: output };
      assert.deepEqual((await verify(model, [check], { eightBits: true })).rounding, found);
    }
  });

  it('ends with what is known against the model where no mistake explains it', async () => {
    const sequence = randomSequence(9, 3, 1);
    const meant: Change = ({ network }) => ({ network, weights: randomWeights(network, 8) });
    const doubt = { code: 'seeded' } as const;
    const verdict = await against([gruLayer], { meant, sequence }, { doubt });
    assert.equal(causeSentence(verdict), 'The reason may be this: the weights are seeded, not trained.');
  });

  it('says where an output stops to be a number, and looks for no mistake where the weights are none', async () => {
    const sequence = randomSequence(9, 3, 1);
    const weights = randomWeights(networkOf([gruLayer]), 5);
    const { shape, data } = weights.get('gru.bias_ih_l0')!;
    const spoilt = new Map(weights).set('gru.bias_ih_l0', { shape, data: data.map((v, k) => (k ? v : NaN)) });
    const meant: Change = ({ network }) => ({ network, weights });
    const verdict = await against([gruLayer], { meant, sequence }, { weights: spoilt });
    assert.deepEqual([verdict.tried, verdict.checks[0].nonFinite], [0, 0]);
    assert.match(checkLine(verdict.checks[0]), /the output is no finite number, the first time at step 0$/);
  });
});
