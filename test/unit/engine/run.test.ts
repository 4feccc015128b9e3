import assert from 'node:assert/strict';
import { forward } from '../../../src/engine/forward';
import { estimateMilliseconds, traceBytes } from '../../../src/engine/plan';
import { run } from '../../../src/engine/run';
import { PIECE } from '../../../src/engine/slices';
import type { Layer, Network } from '../../../src/model/network';
import {
  gru,
  linear,
  lstm,
  network,
  randomSequence,
  randomWeights,
  rnn,
  tensor,
  tokenSequence,
  vectorSequence,
} from './networks';

const zeros = (length: number) => Array<number>(length).fill(0);

describe('run', () => {
  it('adds what it remembers, by hand: a relu cell that sums its input', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [1])],
      ['rnn.weight_hh_l0', tensor([1, 1], [1])],
    ]);
    const trace = await run(net, weights, vectorSequence([[1], [2], [-9], [4]]));
    assert.deepEqual([...trace.layers[0].signals[0].values], [1, 3, 0, 4]);
    assert.deepEqual([...trace.output.values], [1, 3, 0, 4]);
  });

  it('opens every LSTM gate halfway on zero weights', async () => {
    const net = network(lstm(2, { hiddenSize: 1, bias: false }));
    const weights = new Map([
      ['lstm.weight_ih_l0', tensor([4, 2], zeros(8))],
      ['lstm.weight_hh_l0', tensor([4, 1], zeros(4))],
    ]);
    const { layers } = await run(net, weights, vectorSequence([[1, 2]]));
    const values = Object.fromEntries(
      layers[0].signals.map(({ signal, values: [value] }) => [signal, value]),
    );
    assert.deepEqual(values, { i: 0.5, f: 0.5, g: 0, o: 0.5, c: 0, h: 0 });
  });

  it('shows NaN and infinities instead of hiding them', async () => {
    const net = network(rnn(1, { hiddenSize: 1, nonlinearity: 'relu', bias: false }));
    const weights = new Map([
      ['rnn.weight_ih_l0', tensor([1, 1], [1])],
      ['rnn.weight_hh_l0', tensor([1, 1], [NaN])],
    ]);
    const { output } = await run(net, weights, vectorSequence([[1], [1]]));
    assert.deepEqual([...output.values], [NaN, NaN]);
  });

  it('refuses what does not fit, naming it', async () => {
    const net = network(gru(2, { hiddenSize: 3 }));
    const weights = randomWeights(net, 1);
    const sequence = randomSequence(4, 2, 1);
    await assert.rejects(run(net, weights, randomSequence(0, 2, 1)), /RangeError: the sequence is empty/);
    await assert.rejects(
      run(net, weights, randomSequence(4, 3, 1)),
      /RangeError: expected 2 features .* found 3/,
    );
    await assert.rejects(run(net, weights, tokenSequence([0])), /TypeError: expected a sequence of vectors/);
    await assert.rejects(
      run(net, new Map([...weights, ['gru.weight_hh_l0', tensor([9, 2], zeros(18))]]), sequence),
      /RangeError: the tensor gru.weight_hh_l0: expected 9 × 3, found 9 × 2/,
    );
    weights.delete('gru.bias_hh_l0');
    await assert.rejects(
      run(net, weights, sequence),
      /RangeError: the tensor gru.bias_hh_l0 \(9\) is missing/,
    );
  });

  it('refuses ids outside the embedding, naming the step', async () => {
    const net: Network = {
      ...network({
        name: 'emb',
        type: 'embedding',
        inputs: ['input'],
        inputSize: 1,
        numEmbeddings: 3,
        outputSize: 2,
      }),
      input: {
        kind: 'token',
        vocabulary: ['a', 'b', 'c'],
        split: 'char',
        lowercase: false,
        encoding: 'index',
      },
    };
    const weights = randomWeights(net, 1);
    await assert.rejects(
      run(net, weights, tokenSequence([0, 3])),
      /RangeError: step 1: expected an id from 0 to 2, found 3/,
    );
    await assert.rejects(run(net, weights, tokenSequence([-1])), RangeError);
  });

  it('cuts even one large step into pieces of about a millisecond', () => {
    const net = network(lstm(16, { hiddenSize: 1500 }), linear(1500, 900));
    const work = forward(net, randomWeights(net, 1), randomSequence(2, 16, 1));
    let largest = 0;
    for (const cost of work) largest = Math.max(largest, cost);
    assert.ok(largest > PIECE / 2 && largest < 2 * PIECE, `a piece of ${largest} multiply-adds`);
  });

  it('lets the event loop have its turn, and tells how far it is', async () => {
    const net = network(lstm(16, { hiddenSize: 256 }));
    const told: number[] = [];
    let turns = 0;
    const watch = setInterval(() => turns++, 1);
    await run(net, randomWeights(net, 1), randomSequence(200, 16, 1), {
      onProgress: (done) => told.push(done),
      sliceMilliseconds: 5,
      arithmetic: 'reference',
    });
    clearInterval(watch);
    assert.ok(turns > 2, `${turns} turns`);
    assert.ok(told.length > 2 && told.every((done, k) => k === 0 || done >= told[k - 1]));
    assert.equal(told[told.length - 1], 200);
  });

  it('stops when cancelled', async () => {
    const net = network(lstm(64, { hiddenSize: 256 }));
    const weights = randomWeights(net, 1);
    const sequence = randomSequence(4000, 64, 1);
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 20);
    await assert.rejects(run(net, weights, sequence, { signal: cancel.signal }), { name: 'AbortError' });
    await assert.rejects(run(net, weights, sequence, { signal: cancel.signal }), { name: 'AbortError' });
  });

  it('knows beforehand how much memory it takes and about how long', async () => {
    const net = network(lstm(2, { hiddenSize: 3, levels: 2, directions: ['forward', 'backward'] }));
    // Two levels and directions of six signals, what level 1 reads, and the output.
    assert.equal(traceBytes(net, { steps: 10 }), 4 * 10 * (4 * 6 * 3 + 6 + 6));
    assert.ok(estimateMilliseconds(net, { steps: 10 }) < 5);
    assert.ok(estimateMilliseconds(network(lstm(256, { hiddenSize: 1024 })), { steps: 1000 }) > 1000);
  });

  it('knows that layers without kernels take long for each number', () => {
    const places = { name: 'only', inputs: ['input'], inputSize: 64, outputSize: 64 };
    const perNumber = (layer: Layer) =>
      (estimateMilliseconds(network(layer), { steps: 10_000 }) * 1e6) / (64 * 10_000);
    const tanh = perNumber({ ...places, type: 'activation', activation: 'tanh' });
    assert.ok(tanh > 10 && tanh < 100, `${tanh} ns`);
    const clip = perNumber({ ...places, type: 'clip', min: 0 });
    assert.ok(clip > 5 && clip < tanh, `${clip} ns`);
  });

  it('takes four times as long, of layers that attend to every step, for twice the steps', () => {
    const alone = network(lstm(2, { hiddenSize: 3 }));
    const [{ name }] = alone.layers;
    const attention: Layer = {
      ...{ name: 'look', type: 'attention', inputs: [name, name], inputSize: 3, outputSize: 3 },
    };
    const net = { ...alone, layers: [...alone.layers, attention] };
    const [once, twice] = [2000, 4000].map(
      (steps) => estimateMilliseconds(net, { steps }) - estimateMilliseconds(alone, { steps }),
    );
    assert.ok(once > 10 && Math.abs(twice / once - 4) < 1e-9, `${once} ms, ${twice} ms`);
  });
});
