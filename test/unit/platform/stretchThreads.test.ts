import assert from 'node:assert/strict';
import { Activities } from '../../../src/engine/activity';
import type { StretchThreads } from '../../../src/engine/recording/ahead';
import { type Recording, record } from '../../../src/engine/recording/record';
import { atOnce } from '../../../src/engine/slices';
import { memoryOfStretches, type Facts } from '../../../src/host/memoryOfRun';
import type { Network } from '../../../src/model/network';
import { nodeStretchThreads } from '../../../src/platform/stretchThreads';
import { inEnglish } from '../../../src/words/translate';
import { gru, linear, lstm, network, randomSequence, randomWeights, tokenSequence } from '../engine/networks';
import { buildWorker } from '../../worker';

const STEPS = 60_000;

const NETWORKS: Record<string, Network> = {
  'an LSTM and a head': network(lstm(2, { hiddenSize: 24 }), linear(24, 3)),
  'a GRU on another': network(
    gru(2, { hiddenSize: 16 }),
    gru(16, { name: 'second', hiddenSize: 12, resetAfter: false }),
  ),
};

/** A run whose gradient reaches its first step. */
async function recorded(net: Network) {
  const weights = randomWeights(net, 9);
  for (const { type, name } of net.layers) {
    if (type !== 'lstm' && type !== 'gru') continue;
    const { data } = weights.get(`${name}.bias_ih_l0`)!;
    data.fill(8, data.length / (type === 'lstm' ? 4 : 3), (2 * data.length) / (type === 'lstm' ? 4 : 3));
  }
  const activities = new Activities(net);
  const sequence = randomSequence(STEPS, 2, 3);
  const recording = await record(net, weights, sequence, { onStretch: (trace) => activities.add(trace) });
  return { recording, activities };
}

async function memoryOf(
  { recording, activities }: { recording: Recording; activities: Activities },
  threads?: StretchThreads,
) {
  const { summary, stretches } = recording;
  const last = stretches.ran.network.layers.at(-1)!;
  const output = { rows: STEPS, units: last.outputSize };
  const facts: Facts = { ...stretches.ran, trained: true, summary, output, translate: inEnglish };
  const memory = memoryOfStretches(facts, stretches, activities, { first: Infinity, threads });
  return memory({ step: STEPS - 1, part: 0, unit: null });
}

/** Those of Node, and how many stretches they have given. */
function counted(threads: StretchThreads) {
  const count = { given: 0 };
  const counting: StretchThreads = (ran) => {
    const thread = threads(ran);
    return (
      thread && {
        async ask(question) {
          const trace = await thread.ask(question);
          if (trace) count.given++;
          return trace;
        },
      }
    );
  };
  return { count, threads: counting };
}

describe('stretches from another thread', function () {
  // Threads start slowly on a busy machine.
  this.timeout(60_000);
  const file = buildWorker();
  before(function () {
    if (!nodeStretchThreads(file)) this.skip();
  });

  for (const [what, net] of Object.entries(NETWORKS)) {
    it(`give the very memory that one thread gives: ${what}`, async () => {
      const ran = await recorded(net);
      const alone = await memoryOf(ran);
      assert.deepEqual([alone.reached, alone.rows[0].zerosFrom], [0, null]);
      const { count, threads } = counted(nodeStretchThreads(file)!);
      // The thread may come up when all has been done: what has been asked for is asked for again.
      for (let tries = 0; tries < 20 && count.given === 0; tries++) {
        assert.deepEqual((await memoryOf(ran, threads)).rows, alone.rows);
      }
      assert.ok(count.given > 0, 'the thread gave none');
    });
  }

  it('are of texts too, whose tokens need not be copied', async () => {
    const vocabulary = ['a', 'b', 'c'];
    const net: Network = {
      ...network(gru(3, { hiddenSize: 4 })),
      input: { kind: 'token', vocabulary, split: 'char', lowercase: false, encoding: 'one_hot' },
    };
    const ids = Array.from({ length: 20_000 }, (_, step) => (step * step) % 3);
    const sequence = tokenSequence(ids);
    const { stretches } = await record(net, randomWeights(net, 9), sequence);
    const [from, to] = stretches.bounds(1);
    const states = stretches.statesBefore(1);
    const found = (await nodeStretchThreads(file)!(stretches.ran)!.ask({ from, to, states }))!;
    const expected = atOnce(stretches.trace(1));
    assert.deepEqual(found.output, expected.output);
    assert.deepEqual(found.layers, expected.layers.slice(1));
  });

  it('are computed here where the thread cannot come up', async () => {
    const ran = await recorded(NETWORKS['an LSTM and a head']);
    const { count, threads } = counted(nodeStretchThreads(`${file}.none`)!);
    assert.deepEqual((await memoryOf(ran, threads)).rows, (await memoryOf(ran)).rows);
    assert.equal(count.given, 0);
  });

  it('end when they have had nothing to do, and are started again', async () => {
    const { recording } = await recorded(NETWORKS['an LSTM and a head']);
    const { stretches } = recording;
    const threads = nodeStretchThreads(file, 20)!;
    const question = { from: 0, to: 100, states: undefined };
    const first = threads(stretches.ran)!;
    assert.equal((await first.ask(question))!.steps, 100);
    while (threads(stretches.ran) === first) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await first.ask(question), undefined);
    assert.equal((await threads(stretches.ran)!.ask(question))!.steps, 100);
  });
});
