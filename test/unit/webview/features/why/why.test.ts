import assert from 'node:assert/strict';
import fc from 'fast-check';
import { explainingTrace } from '../../../../../src/engine/explain/ofRun';
import type { Clamp } from '../../../../../src/engine/clamps';
import { rowsOf } from '../../../../../src/engine/rows';
import { run } from '../../../../../src/engine/run';
import { summarise } from '../../../../../src/engine/statistics';
import { whyOfRun } from '../../../../../src/host/whyOfRun';
import type { Network, SignalAddress } from '../../../../../src/model/network';
import { plainText, sumEquation } from '../../../../../src/unroll/equations';
import { barsOf, extentOf, factorsInWords } from '../../../../../src/picture/why/bars';
import { sentencesOf } from '../../../../../webview/shared/whySentences';
import { slice } from '../../../../../webview/features/why/state';
import { FRESH, initialState } from '../../../../../webview/shared/state';
import { gru, linear, lstm, network, randomSequence, randomWeights, rnn } from '../../../engine/networks';

async function asking(net: Network, clamps: readonly Clamp[] = [], most?: number) {
  const sequence = randomSequence(12, net.layers[0].inputSize, 3);
  const ran = { network: net, weights: randomWeights(net, 4), sequence, clamps };
  const trace = await run(net, ran.weights, sequence, { clamps });
  const { signals } = await summarise(net, trace);
  const facts = {
    ...{ network: net, signals, explain: explainingTrace(ran, trace), most },
    rows: async (question: Parameters<typeof rowsOf>[1]) => rowsOf(trace, question),
  };
  return {
    trace,
    why: (signal: string, unit: number | null, step: number, more: Partial<SignalAddress> = {}) =>
      whyOfRun(facts, {
        ...{ signal: { layer: net.layers[0].name, level: 0, direction: 'forward', signal, ...more } },
        ...{ unit, step },
      }),
  };
}

const text = (sentences: ReturnType<typeof sentencesOf>) =>
  sentences.map(({ lead = '', text: rest }) => lead + rest);

describe('the bars of a sum', () => {
  it('add up to it, however many there is room for, each beginning where the one above it ends', async () => {
    const net = network(lstm(6, { hiddenSize: 40 }));
    const { why } = await asking(net);
    const found = await why('f', 7, 5);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 60 }), async (room) => {
        const bars = barsOf(net, found, room);
        assert.ok(bars.length <= room);
        assert.equal(bars[0].start, 0);
        bars.slice(1).forEach((bar, k) => assert.equal(bar.start, bars[k].end));
        assert.ok(Math.abs(bars.at(-1)!.end - found.sum) < 1e-9);
        const [least, most] = extentOf(bars);
        for (const { end } of bars) assert.ok(end >= least && end <= most);
        const order = ['bias', 'input', 'hidden', 'cell', 'rest'];
        const kinds = bars.map(({ kind }) => order.indexOf(kind));
        assert.deepEqual(
          kinds,
          [...kinds].sort((a, b) => a - b),
        );
        const largest = Math.max(...found.terms.filter(({ kind }) => kind !== 'bias').map(size));
        if (room > 3) assert.ok(bars.some((bar) => size(bar) === largest));
      }),
    );
    assert.deepEqual(
      barsOf(net, found, 48)
        .map(({ kind }) => kind)
        .filter((kind) => kind === 'rest'),
      [],
    );
    assert.equal(barsOf(net, found, 8).at(-1)!.name, `${46 - 6} others`);
  });

  it('say what they are: units, features, and the factors of their products', async () => {
    const net = network(gru(2, { hiddenSize: 3 }), linear(3, 2));
    const { why } = await asking(net);
    const bars = barsOf(net, await why('z', 1, 4), 20);
    assert.deepEqual(bars.map(({ name }) => name).sort(), ['bias', 'h₀', 'h₁', 'h₂', 'x₀', 'x₁']);
    const [hidden] = bars.filter(({ kind }) => kind === 'hidden');
    assert.equal(hidden.factors!.value * hidden.factors!.weight, hidden.product);
    assert.equal(hidden.at!.step, 3);
    const state = barsOf(net, await why('h', 1, 4), 20);
    assert.deepEqual(state.map(({ name }) => name).sort(), ['h₁ before', 'n₁']);
    const factors = state.map(factorsInWords).join('; ');
    assert.match(
      factors,
      /^[−.\d]+ × \(1 − z₁\) [.\d]+; [−.\d]+ × z₁ [.\d]+$|^[−.\d]+ × z₁ [.\d]+; [−.\d]+ × \(1 − z₁\) [.\d]+$/,
    );
    const head = barsOf(net, await why('y', 1, 4, { layer: 'fc' }), 20);
    assert.deepEqual(head.map(({ name }) => name).sort(), ['bias', 'gru h₀', 'gru h₁', 'gru h₂']);
  });
});

const size = ({ product }: { product: number }) => Math.abs(product);

describe('what a value means', () => {
  it('is said of the gates of an LSTM by what they do to c and h', async () => {
    const net = network(lstm(2, { hiddenSize: 3 }));
    const { why } = await asking(net);
    for (const [signal, words] of [
      ['f', /^(Closed|Closes|Opens|Open): (forgets|keeps) .+ c₁ \(.+ → .+; g₁ then adds .+, so c₁ = .+\)$/],
      ['i', /^(Closed|Closes|Opens|Open): lets .+% of g₁ = .+ into c₁, which adds .+, so c₁ = .+$/],
      ['g', /^Proposes .+ for c₁: .+ of it comes in beside .+ that is kept, so c₁ = .+$/],
      ['o', /^(Closed|Closes|Opens|Open): shows .+% of what c₁ holds, so h₁ = .+$/],
      ['c', /^Adds up: .+ of .+ is kept, .+ is added$/],
    ] as const) {
      const [first] = text(sentencesOf(net, await why(signal, 1, 5)));
      assert.match(first, words);
    }
  });

  it('is said of the gates of a GRU, and not of a plain RNN', async () => {
    const net = network(gru(2, { hiddenSize: 3 }));
    const { why } = await asking(net);
    const said = async (signal: string) => text(sentencesOf(net, await why(signal, 2, 5)))[0];
    assert.match(await said('z'), /(forgets|keeps) .+ h₂ \(.+; n₂ then adds .+, so h₂ = .+\)$/);
    assert.match(await said('r'), /: n₂ sees .+% of what the state before says$/);
    assert.match(await said('n'), /^Proposes .+ for h₂/);
    const plain = network(rnn(2));
    const { why: ofPlain } = await asking(plain);
    assert.deepEqual(text(sentencesOf(plain, await ofPlain('h', 0, 3))), []);
  });

  it('is a half-life by the mean of the logarithms of the gate that keeps', async () => {
    const net = network(lstm(2, { hiddenSize: 3 }));
    const { why, trace } = await asking(net);
    const { values } = trace.layers[0].signals.find(({ signal }) => signal === 'f')!;
    const own = Array.from({ length: 12 }, (_, row) => values[row * 3 + 1]);
    const mean = own.reduce((sum, value) => sum + Math.log(value), 0) / 12;
    const { halfLife } = await why('c', 1, 5);
    assert.ok(Math.abs(halfLife!.steps - Math.log(0.5) / mean) < 1e-6);
    assert.equal(halfLife!.within, undefined);
    assert.equal((await why('i', 1, 5)).halfLife, null);
    const { why: ofSome } = await asking(net, [], 4);
    const some = await ofSome('c', 1, 11);
    assert.deepEqual(some.halfLife!.within, { from: 8, to: 12 });
    assert.match(text(sentencesOf(net, some)).at(-1)!, /on average over steps 9 to 12$/);
  });

  it('is that a value is held, with the sum that it would have had', async () => {
    const net = network(lstm(2, { hiddenSize: 3 }));
    const clamp = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f', value: 1 } as const;
    const { why } = await asking(net, [clamp]);
    const found = await why('f', 1, 5);
    assert.deepEqual([found.value, found.held], [1, true]);
    assert.deepEqual(text(sentencesOf(net, found)), [
      'Held at 1.00: the sum is the one that it would have had.',
      'All of c₁ is kept, at every step',
    ]);
  });

  it('is a share of all of a softmax, and a bound that is reached', async () => {
    const net = network(lstm(2), linear(3, 5, { activation: 'softmax' }));
    const { why } = await asking(net);
    const [share] = text(sentencesOf(net, await why('y', null, 5, { layer: 'fc' })));
    assert.match(share, /^Of all 5 outputs it has [\d.]+%: exp\(.+\) of exp\(.+\)$/);
    const clipped = network(lstm(2, { clip: 0.01 }));
    const { why: ofClipped } = await asking(clipped);
    const all = text(sentencesOf(clipped, await ofClipped('g', 1, 5)));
    assert.ok(
      all.some((one) => one === 'The sum is kept within −0.010 … 0.010.'),
      all.join('\n'),
    );
  });
});

describe('the equation over the bars', () => {
  it('has the products in short, or is the signal’s own', async () => {
    const net = network(gru(2, { hiddenSize: 3, directions: ['backward'] }));
    const at = { layer: 'gru', level: 0, direction: 'backward', unit: 12 } as const;
    const terms = new Set(['bias', 'input', 'hidden']);
    const shown = (signal: string, activation: 'sigmoid' | 'tanh' | 'none', kinds = terms) =>
      plainText(sumEquation(net, { ...at, signal }, kinds, activation, '−1.36'));
    assert.equal(shown('z', 'sigmoid'), 'z_12 = σ(b + W x + U h_{t+1}) = σ(−1.36)');
    assert.match(shown('n', 'tanh'), /^n_12 = tanh\(W_in x_t \+ .+ r_t ⊙ \(.+\)\) = tanh\(−1\.36\)$/);
    assert.equal(shown('h', 'none', new Set(['cell'])), 'h_12 = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t+1}');
  });
});

describe('the way back', () => {
  it('leads to the places that were left, the last first, and ends with a new run', () => {
    const state = initialState(FRESH);
    const place = (unit: number) => ({
      ...({ layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const),
      ...{ unit, step: 3 },
    });
    let own = slice.restore(undefined);
    for (const unit of [1, 2]) own = slice.reduce(own, { type: 'followTerm', from: place(unit) }, state);
    assert.deepEqual(own.trail, [place(1), place(2)]);
    own = slice.reduce(own, { type: 'goBack' }, state);
    assert.deepEqual(own.trail, [place(1)]);
    own = slice.reduce(own, { type: 'scene', scene: null as never, sequence: null }, state);
    assert.deepEqual(own.trail, []);
  });
});
