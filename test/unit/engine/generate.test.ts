import assert from 'node:assert/strict';
import { type GenerateOptions, generate } from '../../../src/engine/generate';
import { run } from '../../../src/engine/run';
import { drawClass } from '../../../src/engine/sampling';
import { finalStates } from '../../../src/engine/states';
import type { Trace } from '../../../src/engine/trace';
import type { Layer, Network, TokenInput } from '../../../src/model/network';
import { random } from '../../../src/model/random';
import { gru, handedBy, linear, lstm, network, randomWeights, rnn, tokenSequence } from './networks';

const VOCABULARY = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const SIZE = VOCABULARY.length;

function tokens(...layers: Layer[]): Network {
  const input: TokenInput = {
    ...{ kind: 'token', vocabulary: VOCABULARY, split: 'char', lowercase: false },
    encoding: layers[0].type === 'embedding' ? 'index' : 'one_hot',
  };
  return { ...network(...layers), input };
}

const embedding: Layer = {
  ...{ name: 'embedding', type: 'embedding', inputs: ['input'] },
  ...{ inputSize: 1, outputSize: 5, numEmbeddings: SIZE },
};

const NETWORKS: Record<string, Network> = {
  'embedding, two levels of LSTM, softmax': tokens(
    embedding,
    lstm(5, { levels: 2, hiddenSize: 6 }),
    linear(6, SIZE, { activation: 'softmax' }),
  ),
  'one-hot, projected LSTM, logits': tokens(lstm(SIZE, { hiddenSize: 6, projSize: 4 }), linear(4, SIZE), {
    ...{ name: 'drop', type: 'dropout', inputs: [''], p: 0.5 },
    inputSize: SIZE,
    outputSize: SIZE,
  }),
  'GRU, then RNN, softmax': tokens(
    gru(SIZE, { hiddenSize: 6 }),
    rnn(6, { hiddenSize: 5 }),
    linear(5, SIZE, { activation: 'softmax' }),
  ),
  'GRU that passes its last output on': tokens(
    gru(SIZE, { hiddenSize: 6, returnSequences: false }),
    linear(6, SIZE, { activation: 'softmax' }),
  ),
};

const PROMPT = tokenSequence([0, 3, 1]);

function lastRow({ output: { rows, units, values } }: Trace): Float32Array {
  return values.subarray((rows - 1) * units, rows * units);
}

describe('generate', () => {
  for (const [name, net] of Object.entries(NETWORKS)) {
    const weights = randomWeights(net, 11);
    const go = (options: Partial<GenerateOptions>) =>
      generate(net, weights, PROMPT, { length: 12, ...options });

    describe(name, () => {
      it('takes what is likeliest after the steps so far', async () => {
        const { sequence, from } = await go({ temperature: 0 });
        assert.deepEqual([sequence.steps, from], [15, 3]);
        assert.deepEqual([...sequence.ids.subarray(0, 3)], [0, 3, 1]);
        for (let step = from; step < sequence.steps; step++) {
          const row = lastRow(await run(net, weights, tokenSequence([...sequence.ids.subarray(0, step)])));
          assert.equal(sequence.ids[step], row.indexOf(Math.max(...row)), `step ${step}`);
          assert.equal(sequence.tokens[step], VOCABULARY[sequence.ids[step]]);
        }
      });

      it('traces every step as a run does', async () => {
        for (const arithmetic of ['reference', undefined] as const) {
          const { sequence, trace } = await go({ seed: 5, arithmetic });
          const whole = await run(net, weights, sequence, { arithmetic });
          assert.deepEqual(shape(trace), shape(whole));
          trace.layers.forEach(({ signals }, k) =>
            signals.forEach(({ values }, s) => {
              const expected = whole.layers[k].signals[s].values;
              values.forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-6));
            }),
          );
          assert.deepEqual(trace.output.values, trace.layers[trace.layers.length - 1].signals[0].values);
        }
      });

      it('repeats itself from the same seed, and does not from another', async () => {
        const ids = async (seed: number) => [...(await go({ seed, length: 40 })).sequence.ids];
        assert.deepEqual(await ids(1), await ids(1));
        assert.notDeepEqual(await ids(1), await ids(2));
      });

      it('comes to the likeliest as the temperature falls, or as only one may be drawn', async () => {
        const { ids } = (await go({ temperature: 0 })).sequence;
        assert.deepEqual((await go({ temperature: 1e-9, seed: 4 })).sequence.ids, ids);
        assert.deepEqual((await go({ topK: 1, seed: 4 })).sequence.ids, ids);
      });
    });
  }

  it('ends with a token that ends every text, and with its trace', async () => {
    const plain = NETWORKS['GRU, then RNN, softmax'];
    const weights = randomWeights(plain, 2);
    const options = { length: 12, temperature: 1, seed: 3 };
    const whole = await generate(plain, weights, PROMPT, options);
    const end = whole.sequence.tokens[whole.from + 4];
    const first = whole.sequence.tokens.indexOf(end, whole.from);
    const marked: Network = { ...plain, input: { ...(plain.input as TokenInput), suffix: [end] } };
    for (const [net, stop] of [[marked], [plain, new Set([end])]] as const) {
      const { sequence, trace } = await generate(net, weights, PROMPT, { ...options, stop });
      assert.deepEqual(sequence.tokens, whole.sequence.tokens.slice(0, first + 1));
      assert.deepEqual([sequence.steps, sequence.ids.length], [first + 1, first + 1]);
      assert.deepEqual(shape(trace), shape(await run(net, weights, sequence)));
      assert.deepEqual(trace.output.values, whole.trace.output.values.subarray(0, (first + 1) * SIZE));
    }
    const on = await generate(marked, weights, PROMPT, { ...options, stop: new Set() });
    assert.deepEqual(on.sequence.tokens, whole.sequence.tokens);
    const spaced: Network = {
      ...plain,
      input: { ...(plain.input as TokenInput), vocabulary: [...'abcdefg '], prefix: [' '] },
    };
    const { sequence } = await generate(spaced, weights, PROMPT, { ...options, length: 60 });
    assert.equal(sequence.steps, 63);
    assert.ok(sequence.tokens.includes(' '));
  });

  it('goes on from given states', async () => {
    const net = NETWORKS['GRU, then RNN, softmax'];
    const weights = randomWeights(net, 2);
    const whole = await generate(net, weights, tokenSequence([1, 2, 3, 4]), { length: 9, temperature: 0 });
    const initialStates = finalStates(net, await run(net, weights, tokenSequence([1, 2])));
    const rest = await generate(net, weights, tokenSequence([3, 4]), {
      ...{ length: 9, temperature: 0, initialStates },
    });
    assert.deepEqual(rest.sequence.ids, whole.sequence.ids.subarray(2));
  });

  it('refuses what cannot go on from a prompt', async () => {
    const refused = async (net: Network, message: RegExp) =>
      assert.rejects(generate(net, randomWeights(net, 1), PROMPT, { length: 2 }), {
        name: 'TypeError',
        message,
      });
    await refused(network(rnn(1), linear(3, 1)), /only a network that reads tokens/);
    await refused(
      tokens(rnn(SIZE, { directions: ['forward', 'backward'] }), linear(6, SIZE)),
      /rnn reads backward/,
    );
    await refused(
      tokens(rnn(SIZE, { sequenceLength: 2 }), linear(3, SIZE)),
      /rnn reads a fixed number of steps/,
    );
    const decoder = rnn(3, { name: 'decoder', initialState: handedBy('rnn', 'rnn') });
    await refused(tokens(rnn(SIZE), decoder, linear(3, SIZE)), /decoder begins where another layer ends/);
    await refused(
      tokens(rnn(SIZE, { hiddenSize: SIZE })),
      /expected a last layer that is linear.*, found rnn\w*: rnn/,
    );
    await refused(
      tokens(linear(SIZE, SIZE, { activation: 'sigmoid' })),
      /expected a last layer that is linear.*, found fc: linear with sigmoid/,
    );
    await refused(
      tokens(rnn(SIZE), linear(3, SIZE, { activation: 'tanh' })),
      /with softmax, its logarithm or no activation/,
    );
    await refused(tokens(rnn(SIZE), linear(3, 5)), /as the vocabulary has tokens, 8, found 5/);
    const swapped = { ...NETWORKS['GRU, then RNN, softmax'], outputLabels: VOCABULARY.toReversed() };
    await refused(swapped, /unit 0 of the output: expected the vocabulary's token "a", found "h"/);
  });

  it('refuses options out of their range, and an empty prompt', async () => {
    const net = NETWORKS['GRU, then RNN, softmax'];
    const weights = randomWeights(net, 1);
    for (const [options, message] of [
      [{ length: 0 }, /length: .* found 0/],
      [{ temperature: -1 }, /temperature: .* found -1/],
      [{ temperature: NaN }, /temperature/],
      [{ temperature: Infinity }, /temperature/],
      [{ topK: 0 }, /top-k: .* found 0/],
      [{ seed: -1 }, /seed: .* found -1/],
      [{ seed: 0.5 }, /seed/],
    ] as const) {
      const refused = generate(net, weights, PROMPT, { ...{ length: 3 }, ...options });
      await assert.rejects(refused, { name: 'RangeError', message });
    }
    await assert.rejects(generate(net, weights, tokenSequence([]), { length: 3 }), /the sequence is empty/);
  });

  it('says at which step an output is not a number', async () => {
    const net = NETWORKS['one-hot, projected LSTM, logits'];
    const weights = randomWeights(net, 1);
    weights.get('fc.bias')!.data[2] = NaN;
    await assert.rejects(generate(net, weights, PROMPT, { length: 3 }), /step 2: the output is not finite/);
  });

  it('can be cancelled', async () => {
    const net = NETWORKS['GRU, then RNN, softmax'];
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 20);
    const options = { length: 1_000_000, signal: cancel.signal };
    await assert.rejects(generate(net, randomWeights(net, 1), PROMPT, options), { name: 'AbortError' });
  });
});

describe('drawClass', () => {
  const scores = Float64Array.of(Math.log(0.1), Math.log(0.6), Math.log(0.3), -Infinity);

  it('draws as often as the odds say', () => {
    for (const [options, expected] of [
      [{}, [0.1, 0.6, 0.3, 0]],
      [{ topK: 2 }, [0, 2 / 3, 1 / 3, 0]],
      [{ temperature: 0.5 }, [0.01 / 0.46, 0.36 / 0.46, 0.09 / 0.46, 0]],
    ] as const) {
      const { uniform } = random(9);
      const counts = [0, 0, 0, 0];
      for (let draw = 0; draw < 20_000; draw++) counts[drawClass(scores, options, uniform)]++;
      counts.forEach((count, unit) =>
        assert.ok(Math.abs(count / 20_000 - expected[unit]) < 0.015, `${counts}`),
      );
    }
  });

  it('takes the first of equals', () => {
    assert.equal(
      drawClass(Float64Array.of(1, 3, 3), { temperature: 0 }, () => 0.99),
      1,
    );
  });
});

function shape({ steps, layers }: Trace) {
  return {
    steps,
    layers: layers.map(({ signals, ...layer }) => ({
      ...layer,
      signals: signals.map(({ signal, units, rows }) => ({ signal, units, rows })),
    })),
  };
}
