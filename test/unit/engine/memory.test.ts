import assert from 'node:assert/strict';
import { gradient } from '../../../src/engine/gradient';
import { type LayerMemory, layerMemory, memoryFigures } from '../../../src/engine/memory';
import { memoryInWords } from '../../../src/words/memory';
import type { Network } from '../../../src/model/network';
import type { Tensor } from '../../../src/model/weights';
import { gru, lstm, network, randomSequence, randomWeights, rnn, tensor, vectorSequence } from './networks';

async function figuresOf(
  net: Network,
  weights: ReadonlyMap<string, Tensor>,
  steps: number,
  options?: { trained: boolean },
) {
  const sequence = vectorSequence(Array.from({ length: steps }, () => [1]));
  return inWords(memoryFigures(net, await gradient(net, weights, sequence), options));
}

const zeros = (length: number) => Array<number>(length).fill(0);

const inWords = (all: readonly LayerMemory[]) =>
  all.map((one) => ({ ...one, text: memoryInWords(one.findings) }));

/** Of norms by distance from the target. */
const halfLife = (norms: readonly number[]) => {
  const place = { layer: 'l', level: 0, direction: 'backward', rows: norms.length } as const;
  const nothing = { kept: null, saturated: [], dead: [] };
  return layerMemory({ ...place, dh: Float64Array.from(norms) }, nothing, { target: 0, from: 0 }).gradient
    .halfLife;
};

describe('memory figures', () => {
  it('fits the half-life of a gradient that halves every step', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [1])],
      ['rnn.weight_hh_l0', tensor([1, 1], [0.5])],
    ]);
    const [{ gradient: found, keepGate, dead, text }] = await figuresOf(net, weights, 41);
    assert.ok(Math.abs(found.halfLife! - 1) < 1e-9);
    assert.ok(Math.abs(found.unitHalfLives[0]! - 1) < 1e-9);
    assert.deepEqual(
      [found.near, found.far],
      [
        { step: 40, norm: 1 },
        { step: 0, norm: 0.5 ** 40 },
      ],
    );
    assert.deepEqual([keepGate, dead], [null, []]);
    assert.deepEqual(text, [
      'The gradient from step 40 reaches step 0 at 9.1e-13 of its size: this network cannot learn from it.',
      'It halves about every 1 step.',
    ]);
    const [untrained] = await figuresOf(net, weights, 41, { trained: false });
    assert.equal(
      untrained.text[0],
      'The gradient from step 40 reaches step 0 at 9.1e-13 of its size: with these untrained weights, at the start of training, the network would not learn from it.',
    );
  });

  it('gives the forget gate a half-life of its own: a gate of one half, one step', async () => {
    const net = network(lstm(1, { hiddenSize: 2, bias: false }));
    const weights = new Map([
      ['lstm.weight_ih_l0', tensor([8, 1], zeros(8))],
      ['lstm.weight_hh_l0', tensor([8, 2], zeros(16))],
    ]);
    const [{ keepGate, gradient: found, saturated }] = await figuresOf(net, weights, 6);
    assert.deepEqual(keepGate, { signal: 'f', mean: 0.5, halfLife: 1, unitHalfLives: [1, 1] });
    assert.ok(Math.abs(found.halfLife! - 1) < 1e-9);
    assert.deepEqual(
      saturated.map(({ signal, share }) => [signal, share]),
      [
        ['i', 0],
        ['f', 0],
        ['g', 0],
        ['o', 0],
        ['h', 0],
      ],
    );
  });

  it('finds dead relu units', async () => {
    const net = network(rnn(1, { hiddenSize: 2, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([2, 1], [1, -1])],
      ['rnn.weight_hh_l0', tensor([2, 2], [0.5, 0, 0, 0])],
    ]);
    const [{ dead, saturated, text }] = await figuresOf(net, weights, 4);
    assert.deepEqual([dead, saturated], [[1], [{ signal: 'h', share: 0.5 }]]);
    assert.equal(text[text.length - 1], 'One unit is 0 at every step: dead on this sequence.');
  });

  it('follows the backward direction to the other end', async () => {
    const net = network(gru(2, { directions: ['forward', 'backward'], returnSequences: false }));
    const found = inWords(
      memoryFigures(net, await gradient(net, randomWeights(net, 1), randomSequence(5, 2, 1), { unit: 4 })),
    );
    assert.deepEqual([found[1].gradient.near.step, found[1].gradient.far.step], [0, 4]);
    assert.match(found[0].text[0], /^No gradient reaches/);
  });

  it('begins where the target is, not where another direction has carried its gradient', async () => {
    const net = network(lstm(2, { levels: 2, directions: ['forward', 'backward'] }));
    const weights = randomWeights(net, 1);
    const found = inWords(
      memoryFigures(net, await gradient(net, weights, randomSequence(12, 2, 1), { step: 0, unit: 3 })),
    );
    const reach = found.map(({ gradient: { near, far } }) => [near.step, far.step]);
    // Level 1 backward is the target's; it brings gradient to every step of level 0.
    assert.deepEqual(
      [reach[0], reach[1], reach[3]],
      [
        [0, 0],
        [0, 11],
        [0, 11],
      ],
    );
    assert.equal(found[0].text[0], 'The gradient has no other step to reach.');
  });

  it('has no half-life in words for what does not fall evenly', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [1])],
      ['rnn.weight_hh_l0', tensor([1, 1], [0.5])],
    ]);
    const taken = await gradient(net, weights, vectorSequence(Array.from({ length: 20 }, () => [1])));
    // Falls once, and is level from there on.
    taken.layers[0].dh.fill(1e-4, 0, 19);
    const [{ gradient: found, text }] = inWords(memoryFigures(net, taken));
    assert.ok(!found.even && Number.isFinite(found.halfLife));
    assert.equal(text[1], 'It does not fall evenly: no half-life describes it.');
  });

  it('takes no number from what has lost its digits', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [1])],
      ['rnn.weight_hh_l0', tensor([1, 1], [0.5])],
    ]);
    const taken = await gradient(net, weights, vectorSequence(Array.from({ length: 1060 }, () => [1])), {
      arithmetic: 'reference',
    });
    const [{ gradient: found, text }] = inWords(memoryFigures(net, taken));
    assert.ok(found.far.norm > 0 && found.far.norm < 1e-300, String(found.far.norm));
    assert.ok(Math.abs(found.halfLife! - 1) < 1e-9, String(found.halfLife));
    assert.match(text[0], /reaches step 0 at less than 1e-300 of its size: /);
  });

  it('says of what has become 0 that it does not reach, and of gates what saturation means for them', async () => {
    const net = network(lstm(1, { hiddenSize: 2, bias: true }));
    const weights = new Map([
      ['lstm.weight_ih_l0', tensor([8, 1], zeros(8))],
      ['lstm.weight_hh_l0', tensor([8, 2], zeros(16))],
      // One unit keeps nearly all, the other nothing; i is open.
      ['lstm.bias_ih_l0', tensor([8], [9, 9, 9, -200, 0, 0, 0, 0])],
      ['lstm.bias_hh_l0', tensor([8], zeros(8))],
    ]);
    const taken = await gradient(net, weights, vectorSequence([[1], [1], [1], [1], [1], [1]]), {
      ...{ unit: 1, arithmetic: 'reference' },
    });
    const [{ text }] = inWords(memoryFigures(net, taken));
    assert.deepEqual(text, [
      'The gradient from step 5 does not reach step 0: this network cannot learn from it.',
      'The forget gate is open to 0.5 on average: by itself it keeps half of a memory for 1 step; in the unit that keeps longest for 5600 steps.',
      '100% of i is saturated: there its slope is small, and little gradient passes through it.',
      '100% of f is saturated: there it hardly answers to what it reads; what it keeps is not touched by that.',
    ]);
  });

  it('fits lines through logarithms, leaving out zeros', () => {
    assert.ok(Math.abs(halfLife([1, 0, 0.25])! - 1) < 1e-12);
    assert.equal(halfLife([1, 2, 4]), Infinity);
    assert.equal(halfLife([1]), null);
    assert.equal(halfLife([0, 0]), null);
  });
});
