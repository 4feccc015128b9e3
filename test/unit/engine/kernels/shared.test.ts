import assert from 'node:assert/strict';
import { type ArithmeticChoice } from '../../../../src/engine/kernels/choose';
import { available } from '../../../../src/engine/kernels/instance';
import { Control, READY, STARTING } from '../../../../src/engine/kernels/shared/control';
import type { HelperJob, ThreadHelper } from '../../../../src/engine/kernels/shared/helper';
import { Pace } from '../../../../src/engine/kernels/shared/pace';
import { run } from '../../../../src/engine/run';
import type { Trace } from '../../../../src/engine/trace';
import type { Direction, JoinedRows, Network } from '../../../../src/model/network';
import type { Sequence } from '../../../../src/model/samples';
import type { Weights } from '../../../../src/model/weights';
import { nodeThreads } from '../../../../src/platform/nodeThreads';
import { buildWorker } from '../../../worker';
import { gru, lstm, network, randomSequence, randomWeights, rnn, tokenSequence } from '../networks';

const worker = buildWorker();
const BOTH: readonly Direction[] = ['forward', 'backward'];

const bothOf = (layer: string, signal: string): JoinedRows => ({
  merge: 'concat',
  of: BOTH.map((direction) => ({ layer, level: 0, direction, signal })),
});

describe('two threads', function () {
  // Threads start slowly on a busy machine.
  this.timeout(60_000);
  before(function () {
    if (!nodeThreads(worker)) this.skip();
  });

  const cases = {
    LSTM: network(lstm(5, { hiddenSize: 256 })),
    'LSTM, both directions, two levels, odd sizes': network(
      lstm(7, { hiddenSize: 301, directions: BOTH, levels: 2 }),
    ),
    'GRU, both directions, odd sizes': network(gru(3, { hiddenSize: 259, directions: BOTH })),
    'decoder after both directions of an encoder': network(
      lstm(4, { name: 'encoder', hiddenSize: 150, directions: BOTH }),
      lstm(300, {
        ...{ name: 'decoder', hiddenSize: 300 },
        initialState: {
          kind: 'handed',
          states: [{ h: bothOf('encoder', 'h'), c: bothOf('encoder', 'c') }],
        },
      }),
    ),
    'GRU between others': network(
      rnn(4, { hiddenSize: 20 }),
      gru(20, { hiddenSize: 258 }),
      lstm(258, { hiddenSize: 9, projSize: 3 }),
    ),
  };
  for (const arithmetic of available()) {
    for (const [name, net] of Object.entries(cases)) {
      it(`${name}, ${arithmetic}: the numbers of one thread, bit for bit`, async () => {
        const size = (net.input as { size: number }).size;
        const { shared, weights } = await warm(net, randomSequence(16, size, 1), arithmetic);
        for (const steps of [16, 150, 17, 65, 15]) {
          await assertSame(net, weights, randomSequence(steps, size, steps), shared.helper, arithmetic);
        }
        assert.ok(shared.metSteps() > 0, 'the second thread did nothing');
      });
    }

    it(`one-hot tokens, ${arithmetic}`, async () => {
      const vocabulary = Array.from('abcdefghijk');
      const net: Network = {
        ...network(gru(11, { hiddenSize: 260, directions: BOTH })),
        input: { kind: 'token', vocabulary, split: 'char', lowercase: false, encoding: 'one_hot' },
      };
      const tokens = tokenSequence(Array.from({ length: 100 }, (_, k) => (k * 7) % 11));
      const { shared, weights } = await warm(net, tokens, arithmetic);
      await assertSame(net, weights, tokens, shared.helper, arithmetic);
      assert.ok(shared.metSteps() > 0, 'the second thread did nothing');
    });
  }

  it('have the numbers of one also where they first meet, and must wait', async () => {
    for (const cell of [lstm, gru]) {
      for (let start = 0; start < 10; start++) {
        const { shared } = await warm(network(cell(5, { hiddenSize: 256 })), randomSequence(150, 5, start));
        shared.stop();
      }
    }
  });

  it('runs side by side on the same weights', async () => {
    const net = network(lstm(6, { hiddenSize: 270, directions: BOTH }));
    const sequences = [1, 2, 3].map((seed) => randomSequence(200, 6, seed));
    const { shared, weights } = await warm(net, sequences[0]);
    const alone = [];
    for (const sequence of sequences) alone.push(await run(net, weights, sequence));
    const together = sequences.map((sequence) =>
      run(net, weights, sequence, { helper: shared.helper, sliceMilliseconds: 0 }),
    );
    assert.deepEqual(await Promise.all(together), alone);
  });

  it('can be cancelled between blocks, and runs again', async () => {
    const net = network(lstm(6, { hiddenSize: 256 }));
    const sequence = randomSequence(2000, 6, 1);
    const { shared, weights } = await warm(net, sequence);
    const cancel = new AbortController();
    const cancelled = run(net, weights, sequence, {
      helper: shared.helper,
      signal: cancel.signal,
      sliceMilliseconds: 0,
      onProgress: (done) => done > 500 && cancel.abort(),
    });
    await assert.rejects(cancelled, { name: 'AbortError' });
    await assertSame(net, weights, sequence, shared.helper);
  });

  it('go on with one where the second dies in the middle', async () => {
    const net = network(lstm(6, { hiddenSize: 256 }));
    const sequence = randomSequence(2000, 6, 1);
    const { shared, weights } = await warm(net, sequence);
    const alone = await run(net, weights, sequence);
    const found = await run(net, weights, sequence, {
      helper: shared.helper,
      sliceMilliseconds: 0,
      onProgress: (done) => done > 300 && shared.running() > 0 && shared.stop(),
    });
    assert.deepEqual(found, alone);
    await assertSame(net, weights, sequence, shared.helper);
  });

  it('go on with one where the second says that it is ready and does not come', async () => {
    const net = network(gru(6, { hiddenSize: 256 }));
    const sequence = randomSequence(400, 6, 1);
    let [started, stopped] = [0, 0];
    const absent: ThreadHelper = {
      start(job) {
        started++;
        assert.ok(new Control(job.memory, job.control).change(STARTING, READY));
        return { stop: () => stopped++ };
      },
    };
    const weights = randomWeights(net, 1);
    await assertSame(net, weights, sequence, absent);
    assert.deepEqual([started, stopped], [1, 1]);
    await assertSame(net, weights, sequence, absent);
    assert.equal(started, 1, 'it is waited for once');
  });

  it('are taken from one model for another, and back', async () => {
    const sequence = randomSequence(200, 6, 1);
    const threads = nodeThreads(worker)!;
    const models = [lstm, gru].map((cell) => network(cell(6, { hiddenSize: 256 })));
    const first = await warm(models[0], sequence, undefined, threads);
    const second = await warm(models[1], sequence, undefined, threads);
    const met = first.shared.metSteps();
    await until(async () => {
      await assertSame(models[0], first.weights, sequence, first.shared.helper);
      return first.shared.metSteps() > met;
    });
    await assertSame(models[1], second.weights, sequence, second.shared.helper);
  });

  it('are one where a second cannot be had, or never gets ready', async () => {
    const net = network(gru(6, { hiddenSize: 256 }));
    const sequence = randomSequence(400, 6, 1);
    for (const thread of [undefined, { stop: () => undefined }]) {
      await assertSame(net, randomWeights(net, 1), sequence, { start: () => thread });
    }
  });

  it('do not start a second again that ended before it was ready', async () => {
    const net = network(gru(6, { hiddenSize: 256 }));
    let starts = 0;
    const failing: ThreadHelper = {
      start(_, ended) {
        starts++;
        setImmediate(() => ended('gone'));
        return { stop: () => undefined };
      },
    };
    const weights = randomWeights(net, 1);
    for (const seed of [1, 2, 3]) {
      await assertSame(net, weights, randomSequence(400, 6, seed), failing);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(starts, 1);
  });

  it('end the second when it is idle, and start another for the next run', async () => {
    const net = network(lstm(6, { hiddenSize: 256 }));
    const sequence = randomSequence(400, 6, 1);
    const { shared, weights } = await warm(net, sequence, undefined, nodeThreads(worker, 20)!);
    await until(() => shared.running() === 0);
    const { starts } = shared;
    await assertSame(net, weights, sequence, shared.helper);
    assert.equal(shared.starts, starts + 1);
  });

  it('leave small cells and short sequences to one', async () => {
    const none: ThreadHelper = { start: () => assert.fail('a thread was started') };
    for (const [hiddenSize, steps] of [
      [255, 100],
      [256, 15],
    ]) {
      const net = network(lstm(2, { hiddenSize }));
      await assertSame(net, randomWeights(net, 1), randomSequence(steps, 2, 1), none);
    }
    const clipped = network(lstm(2, { hiddenSize: 256, clip: 1 }));
    await assertSame(clipped, randomWeights(clipped, 1), randomSequence(20, 2, 1), none);
  });
});

describe('the pace of two threads', () => {
  const trial = (pace: Pace, times: readonly number[]) =>
    times.forEach((time) => pace.note('together', time));
  const blocksAlone = (pace: Pace) => {
    let count = 0;
    for (; !pace.together; count++) pace.note('alone', 10);
    return count;
  };

  it('tries two after one, and leaves them for longer each time that they are hardly faster', () => {
    const pace = new Pace();
    assert.equal(blocksAlone(pace), 4);
    trial(pace, [30, 9, 6, 12]);
    assert.equal(blocksAlone(pace), 0);
    const rests = Array.from({ length: 8 }, () => {
      trial(pace, [9, 9, 40, 9]);
      return blocksAlone(pace);
    });
    assert.deepEqual(rests, [8, 16, 32, 64, 128, 128, 128, 128]);
    trial(pace, [6, 6, 6, 6]);
    trial(pace, [11, 11, 11, 11]);
    assert.equal(blocksAlone(pace), 8);
  });

  it('gives two up at once where they are much slower twice in a row', () => {
    const pace = new Pace();
    blocksAlone(pace);
    trial(pace, [30, 6, 30, 6]);
    assert.ok(pace.together);
    trial(pace, [30, 30]);
    assert.equal(blocksAlone(pace), 8);
    assert.ok(pace.together);
  });

  it('does not hold it against two that the second was not there', () => {
    const pace = new Pace();
    blocksAlone(pace);
    for (let block = 0; block < 100; block++) pace.note('alone', 10);
    assert.ok(pace.together);
  });
});

/** A helper that can be watched, and killed. */
class Watched {
  starts = 0;
  private readonly jobs: HelperJob[] = [];
  private readonly threads = new Set<{ stop(): void }>();

  constructor(private readonly threadsOf: ThreadHelper) {}

  readonly helper: ThreadHelper = {
    start: (job, ended) => {
      const thread = this.threadsOf.start(job, (how) => {
        this.threads.delete(thread!);
        ended(how);
      });
      if (thread) {
        this.starts++;
        this.jobs.push(job);
        this.threads.add(thread);
      }
      return thread;
    },
  };

  running(): number {
    return this.threads.size;
  }

  stop(): void {
    for (const thread of this.threads) thread.stop();
  }

  metSteps(): number {
    return this.jobs.reduce((sum, { memory, control }) => sum + new Control(memory, control).steps, 0);
  }
}

/** Runs until both threads have worked together. */
async function warm(
  net: Network,
  sequence: Sequence,
  arithmetic?: ArithmeticChoice,
  threads: ThreadHelper = nodeThreads(worker)!,
): Promise<{ shared: Watched; weights: Weights }> {
  const shared = new Watched(threads);
  const weights = randomWeights(net, 1);
  await until(async () => {
    await assertSame(net, weights, sequence, shared.helper, arithmetic);
    return shared.metSteps() > 0;
  });
  return { shared, weights };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await condition())) {
    assert.ok(performance.now() < end, 'it did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function assertSame(
  net: Network,
  weights: Weights,
  sequence: Sequence,
  helper: ThreadHelper,
  arithmetic?: ArithmeticChoice,
): Promise<void> {
  const expected = await run(net, weights, sequence, { arithmetic });
  const found = await run(net, weights, sequence, { arithmetic, helper });
  assert.deepEqual(bits(found), bits(expected));
}

function bits({ layers, output }: Trace): Buffer[] {
  const signals = [...layers.flatMap((layer) => layer.signals), output];
  return signals.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
}
