import assert from 'node:assert/strict';
import { Session, type Surroundings, type Wish } from '../../../src/host/session';
import { sampleChoice } from '../../../src/host/scene';
import { DEFAULT_LIMITS, type Reading } from '../../../src/model/dialects/dialect';
import type { ReplyMessage, Requests, RequestMessage, RunSummary, ToWebview } from '../../../src/protocol';
import { readKeys } from '../model/support';

const MODEL = {
  layers: [
    { name: 'lstm', type: 'lstm', hidden_size: 3 },
    { name: 'fc', type: 'linear', out_features: 2 },
  ],
  weights: { init: 'pytorch', seed: 7 },
  samples: [
    { name: 'up', values: [[0], [1], [2], [3]] },
    { name: 'down', values: [[3], [2]] },
  ],
};
const GATE = { layer: 'lstm', level: 0, direction: 'forward', signal: 'f' } as const;

class Around implements Surroundings {
  readonly fileName = 'model.rnn.json';
  readonly posted: ToWebview[] = [];
  readonly wishes: Wish[] = [];
  asked = 0;
  runOnOpen = true;
  memory = DEFAULT_LIMITS.memory;
  private waiting: (() => void)[] = [];

  post(message: ToWebview): void {
    this.posted.push(structuredClone(message));
    for (const wake of this.waiting.splice(0)) wake();
  }
  fulfil(wish: Wish): void {
    this.wishes.push(wish);
  }
  limits = () => ({ memory: this.memory });
  runsOnOpen = () => this.runOnOpen;
  askHowToRead(): void {
    this.asked += 1;
  }
  translate = (sentence: string, ...values: readonly (string | number)[]) =>
    sentence.replace(/\{(\d)\}/g, (_, k) => String(values[Number(k)]));

  /** The first message of a kind from `since` on. */
  async next<T extends ToWebview['type']>(type: T, since = 0): Promise<Extract<ToWebview, { type: T }>> {
    for (;;) {
      const found = this.posted.slice(since).find((message) => message.type === type);
      if (found) return found as Extract<ToWebview, { type: T }>;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}

async function opened(changes: object = {}): Promise<{ session: Session; around: Around; reading: Reading }> {
  const around = new Around();
  const session = new Session(around);
  const reading = await readKeys({ ...MODEL, ...changes });
  session.take(reading);
  session.receive({ type: 'ready', sample: null });
  return { session, around, reading };
}

let asked = 0;

async function ask<K extends keyof Requests>(
  { session, around }: { session: Session; around: Around },
  kind: K,
  what: Requests[K]['ask'],
): Promise<ReplyMessage['result']> {
  const since = around.posted.length;
  session.receive({ type: 'request', id: ++asked, kind, ask: what } as RequestMessage);
  return (await around.next('reply', since)).result;
}

describe('a session', () => {
  it('gives the panel all that its first picture needs, and runs what is quick', async () => {
    const { around } = await opened();
    const { scene, sequence } = await around.next('scene');
    assert.deepEqual([scene.fileName, scene.samples.length, sequence?.title], ['model.rnn.json', 2, 'up']);
    const { run } = await around.next('ran');
    assert.deepEqual([run.role, run.scene, run.sequence.sample], ['base', scene.id, 'up']);
  });

  it('does not run by itself what the user does not want run', async () => {
    const around = new Around();
    around.runOnOpen = false;
    const session = new Session(around);
    session.take(await readKeys(MODEL));
    session.receive({ type: 'ready', sample: null });
    assert.ok(!around.posted.some(({ type }) => type === 'running'));
    session.receive({ type: 'run', sample: 'down' });
    assert.equal((await around.next('ran')).run.sequence.steps, 2);
  });

  it('answers questions about the run that they name', async () => {
    const open = await opened();
    const { run } = await open.around.next('ran');
    const values = await ask(open, 'values', { trace: run.trace, address: { ...GATE, step: 2 } });
    assert.ok('ok' in values);
    const rows = await ask(open, 'rows', { trace: run.trace, signal: GATE, from: 0, to: 4, columns: 10 });
    assert.ok('ok' in rows);
    const all = (rows.ok as Requests['rows']['answer']).min;
    assert.deepEqual(all.subarray(6, 9), (values.ok as Requests['values']['answer']).values);
    const missing = await ask(open, 'rows', { trace: run.trace, signal: GATE, from: 0, to: 99, columns: 10 });
    assert.deepEqual(missing, {
      err: 'expected rows within 0 to 4 in one column or more, found 0 to 99 in 10',
    });
  });

  it('orders the units of a signal by what they do', async () => {
    const open = await opened();
    const { run } = await open.around.next('ran');
    const rows = await ask(open, 'rows', { trace: run.trace, signal: GATE, from: 0, to: 4, columns: 10 });
    assert.ok('ok' in rows);
    const { min } = rows.ok as Requests['rows']['answer'];
    const variance = (unit: number) => {
      const values = [0, 1, 2, 3].map((row) => min[row * 3 + unit]);
      const mean = values.reduce((sum, value) => sum + value) / 4;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    const ordered = await ask(open, 'order', { trace: run.trace, signal: GATE, by: 'variance' });
    assert.ok('ok' in ordered);
    const { units } = ordered.ok as Requests['order']['answer'];
    assert.deepEqual(
      [...units],
      [0, 1, 2].sort((a, b) => variance(b) - variance(a)),
    );
    const alike = await ask(open, 'order', { trace: run.trace, signal: GATE, by: 'similarity' });
    assert.ok('ok' in alike);
    const { clusters } = alike.ok as Requests['order']['answer'];
    assert.equal(clusters!.merges.height.length, 2);
    const gone = { ...GATE, signal: 'q' };
    assert.deepEqual(await ask(open, 'order', { trace: run.trace, signal: gone, by: 'first' }), {
      err: 'the run has no signal q of lstm',
    });
  });

  it('says so of a run that is gone', async () => {
    const open = await opened();
    const first = (await open.around.next('ran')).run;
    const since = open.around.posted.length;
    open.session.receive({ type: 'run', sample: 'down' });
    const second = (await open.around.next('ran', since)).run;
    assert.notEqual(first.trace, second.trace);
    const gone = await ask(open, 'unit', { trace: first.trace, unit: 0 });
    assert.deepEqual(gone, { err: 'the run is no longer there' });
    assert.ok('ok' in (await ask(open, 'unit', { trace: second.trace, unit: 0 })));
  });

  it('ends a long question where a newer one follows', async () => {
    const values = Array.from({ length: 20_000 }, (_, step) => [Math.sin(step)]);
    const open = await opened({ samples: [{ name: 'long', values }] });
    const { run } = await open.around.next('ran');
    const since = open.around.posted.length;
    open.session.receive({ type: 'request', id: 901, kind: 'memory', ask: { trace: run.trace, step: 3 } });
    open.session.receive({ type: 'request', id: 902, kind: 'memory', ask: { trace: run.trace, step: 1 } });
    const replies: ReplyMessage[] = [];
    while (replies.length < 2) {
      await open.around.next('reply', since + replies.length);
      replies.splice(
        0,
        2,
        ...(open.around.posted.slice(since).filter(({ type }) => type === 'reply') as ReplyMessage[]),
      );
    }
    const of = (id: number) => replies.find((reply) => reply.id === id)!.result;
    assert.ok('err' in of(901));
    assert.ok('ok' in of(902));
  });

  it('keeps a run while the numbers stay, and runs the same sample again where they change', async () => {
    const { session, around } = await opened();
    const first = await around.next('ran');
    session.receive({ type: 'run', sample: 'down' });
    const second = (await around.next('ran', around.posted.indexOf(first) + 1)).run;
    let since = around.posted.length;
    session.take(await readKeys({ ...MODEL, name: 'another name' }));
    assert.equal((await around.next('scene', since)).scene.id, second.scene);
    assert.ok(!around.posted.slice(since).some(({ type }) => type === 'running'));
    since = around.posted.length;
    session.take(await readKeys({ ...MODEL, weights: { init: 'pytorch', seed: 8 } }));
    const third: RunSummary = (await around.next('ran', since)).run;
    assert.equal(third.sequence.sample, 'down');
  });

  it('shows the problems of a broken version, and asks how to read one that can be read in several ways', async () => {
    const { session, around } = await opened();
    await around.next('ran');
    const since = around.posted.length;
    session.take(await readKeys({ layers: [{ type: 'lstm' }] }));
    const { drawable, problems } = await around.next('problems', since);
    assert.ok(!drawable && problems.length > 0);
    assert.equal(around.asked, 0);
    const choices = [{ kind: 'order', value: 'a', label: 'a' }] as const;
    session.take({ ...(await readKeys({ layers: [] })), choices });
    assert.equal(around.asked, 1);
    assert.ok(session.readable, 'the last good version stays');
  });

  it('refuses a run beyond the memory limit, with what to do', async () => {
    const { session, around, reading } = await opened();
    await around.next('ran');
    around.memory = 10;
    await session.run(sampleChoice(reading.samples[0]));
    const { message } = await around.next('failed');
    assert.match(
      message,
      /^The run would take 1 MB for 4 steps; the limit is 0 MB .*offers to run a part\.$/,
    );
  });

  it('is asked for nothing once it is closed', async () => {
    const { session, around, reading } = await opened();
    await around.next('ran');
    session.close();
    const count = around.posted.length;
    await session.run(sampleChoice(reading.samples[0]));
    assert.equal(around.posted.length, count);
  });

  it('leaves to the program around it what is not of runs', async () => {
    const { session, around } = await opened();
    session.receive({ type: 'copy', text: 'x' });
    assert.deepEqual(around.wishes, [{ type: 'copy', text: 'x' }]);
    assert.match(session.diagram(), /^flowchart LR/);
  });
});
