import assert from 'node:assert/strict';
import type { ExportedRun } from '../../../src/export/exported';
import { ChosenFiles } from '../../../src/host/chosenFiles';
import { RunTimes } from '../../../src/host/runTimes';
import { Session, type Surroundings, type Wish } from '../../../src/host/session';
import { ownChoice, sampleChoice, type ChosenSequence } from '../../../src/host/scene';
import { DEFAULT_LIMITS, type Reading } from '../../../src/model/dialects/dialect';
import type { ReplyMessage, Requests, RequestMessage, RunSummary, ToWebview } from '../../../src/protocol';
import type { Finding } from '../../../src/host/stuckInRun';
import type { Problem } from '../../../src/model/problem';
import type { VectorSequence } from '../../../src/model/samples';
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

const READY = { type: 'ready', sample: null, origin: null } as const;

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
  recalled: () => Promise<ChosenSequence> = () => Promise.reject(new Error('there is no such file'));
  recallings = 0;
  recall(): Promise<ChosenSequence> {
    this.recallings += 1;
    return this.recalled();
  }
  /** What is kept of the files that were chosen. */
  files: readonly string[] = [];
  readonly chosenFiles = new ChosenFiles({ get: () => this.files, put: (uris) => (this.files = uris) });
  /** What is kept of how long runs took. */
  times: unknown;
  readonly runTimes = new RunTimes({ get: () => this.times, put: (times) => (this.times = times) });
  askHowToRead(): void {
    this.asked += 1;
  }
  place = (findings: readonly Finding[]) => Promise.resolve(findings.map(({ problem }) => problem));
  found: (readonly Problem[])[] = [];
  find(problems: readonly Problem[]): void {
    this.found.push(problems);
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
  session.receive(READY);
  return { session, around, reading };
}

/** Its first layer, and how many steps it has. */
function firstOf({ kept }: ExportedRun): [string, number] {
  if (!('trace' in kept)) throw new Error('expected a run that is held whole');
  return [kept.trace.layers[0].layer, kept.trace.steps];
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
    session.receive(READY);
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

  it('answers for all signals at the steps that are shown as for each of them', async () => {
    const open = await opened();
    const { run } = await open.around.next('ran');
    const { trace } = run;
    const found = await ask(open, 'window', { trace, from: 1, to: 3 });
    assert.ok('ok' in found);
    const all = found.ok as Requests['window']['answer'];
    assert.equal(all.length, 2 * run.signals.filter(({ rows }) => rows > 1).length);
    for (const { address, values } of all) {
      assert.deepEqual(await ask(open, 'values', { trace, address }), { ok: values });
    }
    for (const [from, to] of [[2, 2], [0, 2 ** 16]]) {
      assert.ok('err' in (await ask(open, 'window', { trace, from, to })));
    } // prettier-ignore
  });

  it("answers with the shades of a signal's scale, and with both ends of its numbers", async () => {
    const open = await opened();
    const { trace, signals } = (await open.around.next('ran')).run;
    for (const signal of [GATE, { ...GATE, signal: 'c' }]) {
      for (const columns of [4, 2]) {
        const question = { trace, signal, from: 0, to: 4, columns };
        const rows = await ask(open, 'rows', question);
        const shades = await ask(open, 'shades', question);
        assert.ok('ok' in rows && 'ok' in shades);
        const { min, max = min } = rows.ok as Requests['rows']['answer'];
        const found = shades.ok as Requests['shades']['answer'];
        const { scale } = signals.find((one) => one.layer === signal.layer && one.signal === signal.signal)!;
        assert.deepEqual([found.least, found.largest], [Math.min(...min), Math.max(...max)]);
        for (let k = 0; k < min.length; k++) {
          const extreme = -min[k] > max[k] ? min[k] : max[k];
          assert.equal(found.shades[k], Math.round(64 * Math.max(-1, Math.min(extreme / scale, 1))) + 0);
        }
      }
    }
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

  it('answers what mattered, and refuses a question about it that it does not know', async () => {
    const open = await opened();
    const { run } = await open.around.next('ran');
    const asked = {
      ...{ trace: run.trace, part: 0, step: 1, unit: null },
      ...({ method: 'integrated', baseline: 'zero', logit: false } as const),
    };
    const result = await ask(open, 'attribution', asked);
    assert.ok('ok' in result, JSON.stringify(result));
    const { found, trace, choice } = result.ok as Requests['attribution']['answer'];
    assert.deepEqual([trace, choice.step, found!.target.step], [run.trace, 1, 1]);
    for (const wrong of [
      { method: 'lime' },
      { baseline: 'one' },
      { logit: 1 },
      { unit: -1 },
      { step: '1' },
    ]) {
      const refused = await ask(open, 'attribution', { ...asked, ...wrong } as typeof asked);
      assert.ok('err' in refused && /does not understand/.test(refused.err), JSON.stringify(wrong));
    }
  });

  it('ends a long question where a newer one follows', async () => {
    const values = Array.from({ length: 20_000 }, (_, step) => [Math.sin(step)]);
    const layers = [{ name: 'gru', type: 'gru', hidden_size: 3, bidirectional: true }];
    const open = await opened({ layers, samples: [{ name: 'long', values }] });
    const { run } = await open.around.next('ran');
    const since = open.around.posted.length;
    open.session.receive({
      type: 'request',
      id: 901,
      kind: 'memory',
      ask: { trace: run.trace, step: 3, part: 0 },
    });
    open.session.receive({
      type: 'request',
      id: 902,
      kind: 'memory',
      ask: { trace: run.trace, step: 1, part: 0 },
    });
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

  it('runs a what-if beside the base, and says that one is over that is taken back under way', async () => {
    const { session, around } = await opened();
    const base = (await around.next('ran')).run;
    const layer = (await around.next('scene')).scene.network.layers[0].name;
    const whatIf = (sets: string[]) => session.receive({ type: 'whatIf', of: base.trace, sets });
    let since = around.posted.length;
    whatIf([`${layer}.h=0`, 'gone.h=0']);
    const { run } = await around.next('ran', since);
    assert.deepEqual([run.role, run.changes?.of, run.changes?.refused.length], ['what-if', base.trace, 1]);
    since = around.posted.length;
    whatIf([`${layer}.h=1`]);
    whatIf([]);
    await around.next('cancelled', since);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(!around.posted.slice(since).some(({ type }) => type === 'ran'));
  });

  it('has the run that is shown to be exported, whole or recorded, with what is changed in it', async () => {
    const { session, around } = await opened();
    const base = (await around.next('ran')).run;
    const set = 'lstm.h=0';
    const whole = session.exported;
    assert.deepEqual([whole.origin.sample, whole.beside, whole.ran.sequence.steps], ['up', {}, 4]);
    assert.deepEqual(firstOf(whole), ['input', 4]);
    const since = around.posted.length;
    session.receive({ type: 'whatIf', of: base.trace, sets: [set, 'gone.h=0'] });
    await around.next('ran', since);
    assert.deepEqual(session.exported.beside, { set: [set] });
    assert.equal(session.exported.ran.clamps.length, 1);
    const values = Array.from({ length: 40_000 }, (_, k) => [k % 7]);
    const layers = [{ name: 'lstm', type: 'lstm', hidden_size: 32 }];
    const long = new Around();
    long.runOnOpen = false;
    long.memory = 28 * 2 ** 20;
    const beside = new Session(long);
    beside.take(await readKeys({ ...MODEL, layers, samples: [{ name: 'long', values }] }));
    beside.receive(READY);
    beside.receive({ type: 'run', sample: 'long' });
    await long.next('ran');
    const { kept } = beside.exported;
    assert.ok('recording' in kept && kept.recording.steps === 40_000);
  });

  it('has nothing to be exported before there is a run, and knows what the window shows', async () => {
    const around = new Around();
    around.runOnOpen = false;
    const session = new Session(around);
    session.take(await readKeys(MODEL));
    session.receive(READY);
    assert.throws(() => session.exported, /The model has not run yet: run it first/);
    const view = { start: 2, steps: 5, detail: 'cells', signal: GATE, range: { from: 1, to: 3 } } as const;
    session.receive({ type: 'view', ...view });
    assert.deepEqual(session.shown, { type: 'view', ...view });
  });

  it('warns of units that stay where they are, after a run, until another model is there', async () => {
    const still = {
      layers: [{ name: 'rnn', type: 'rnn', hidden_size: 2, nonlinearity: 'relu' }],
      weights: { init: 'zeros' },
      samples: [{ name: 'long', values: Array.from({ length: 16 }, () => [1]) }],
    };
    const { session, around } = await opened(still);
    await around.next('ran');
    const isWarned = ({ problems }: { readonly problems: readonly Problem[] }) =>
      problems.some(({ code }) => code === 'dead-units');
    for (;;) {
      const since = around.posted.length;
      if (around.posted.some((message) => message.type === 'problems' && isWarned(message))) break;
      await around.next('problems', since);
    }
    assert.equal(around.found.at(-1)![0].severity, 'warning');
    session.take(await readKeys(MODEL));
    assert.deepEqual(around.found.at(-1), []);
  });

  it('marks the layer that the cursor is in, also once the page is loaded again', async () => {
    const { session, around } = await opened();
    session.mark('fc');
    session.mark('fc');
    assert.equal(
      around.posted.filter(({ type }) => type === 'mark').length,
      2,
      'the first says that there is none',
    );
    const since = around.posted.length;
    session.receive(READY);
    assert.deepEqual(await around.next('mark', since), { type: 'mark', layer: 'fc' });
    session.receive({ type: 'revealLayer', layer: 'fc', focus: false });
    assert.deepEqual(around.wishes.at(-1), { type: 'revealLayer', layer: 'fc', focus: false });
  });

  it('refuses to compare with what goes beyond the memory limit', async () => {
    const { session, around, reading } = await opened();
    await around.next('ran');
    around.memory = 10;
    await session.compare({ name: 'another', choice: sampleChoice(reading.samples[1]) });
    const { message } = await around.next('failed');
    assert.match(
      message,
      /^It cannot be compared with another: The run would take 1 MB .* the limit is 0 MB/,
    );
  });

  it('refuses a run beyond the memory limit, with what to do', async () => {
    const { session, around, reading } = await opened();
    await around.next('ran');
    around.memory = 10;
    await session.run(sampleChoice(reading.samples[0]));
    const { message } = await around.next('failed');
    assert.match(
      message,
      /^The run would take 1 MB for 4 steps; the limit is 0 MB .*, in which 0 fit\. .*offers to run a part\.$/,
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

  it('says how long a run would take that it does not begin by itself, and runs it when it is asked to', async () => {
    const values = Array.from({ length: 60_000 }, (_, step) => [Math.sin(step)]);
    const layers = [{ name: 'lstm', type: 'lstm', hidden_size: 64 }];
    const { session, around } = await opened({ layers, samples: [{ name: 'long', values }] });
    const { sequence } = await around.next('scene');
    assert.ok(sequence!.estimate! > 100, String(sequence!.estimate));
    assert.ok(!around.posted.some(({ type }) => type === 'running'));
    session.receive({ type: 'run', sample: 'long' });
    await around.next('running');
    session.receive({ type: 'cancel' });
    await around.next('cancelled');
  });

  it('takes for the time of a run what one like it was seen to take', async () => {
    const { session, around } = await opened();
    const { milliseconds } = (await around.next('ran')).run;
    const since = around.posted.length;
    session.take(await readKeys({ ...MODEL, weights: { init: 'pytorch', seed: 8 } }));
    assert.equal((await around.next('scene', since)).sequence!.estimate, milliseconds);
  });

  it('still knows in the next window what a run was seen to take, and says it of one that waits', async () => {
    const { around } = await opened();
    const { milliseconds } = (await around.next('ran')).run;
    const later = new Around();
    later.runOnOpen = false;
    later.times = structuredClone(around.times);
    const session = new Session(later);
    session.take(await readKeys(MODEL));
    session.receive(READY);
    assert.equal((await later.next('scene')).sequence!.estimate, milliseconds);
  });

  it('says that it reads a sequence, which the user may stop, and gives the panel back', async () => {
    const { session, around } = await opened();
    await around.next('ran');
    const since = around.posted.length;
    let stopped: unknown;
    const read = session.read('long.csv', async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      stopped = signal.aborted;
      signal.throwIfAborted();
    });
    const { title, steps } = await around.next('running', since);
    assert.deepEqual([title, steps], ['long.csv', 0]);
    session.receive({ type: 'cancel' });
    assert.equal(await read, undefined);
    assert.equal(stopped, true);
    await around.next('cancelled', since);
    assert.equal(await session.read('short.csv', async () => 3), 3);
    const ended = around.posted.at(-1)!.type;
    assert.equal(ended, 'cancelled', 'nothing is under way any more');
    await assert.rejects(
      session.read('broken.csv', async () => {
        throw new Error('line 3');
      }),
      /line 3/,
    );
    assert.equal(around.posted.at(-1)!.type, 'cancelled');
  });

  it('gives no time for a model that has no weights', async () => {
    const { around } = await opened({ weights: { file: 'none.safetensors' } });
    assert.equal((await around.next('scene')).sequence?.estimate, undefined);
  });

  it('still says that the weights were not read where a later version is broken', async () => {
    const { session, around } = await opened();
    assert.equal((await around.next('scene')).scene.lacksWeights, false);
    session.take(await readKeys({ ...MODEL, weights: { file: 'none.safetensors' } }));
    session.take(await readKeys({ layers: [{ type: 'lstm' }] }));
    const since = around.posted.length;
    session.receive(READY);
    assert.equal((await around.next('scene', since)).scene.lacksWeights, true);
  });

  it('stops a run that began by itself and takes too long, and offers it with the time that it takes', async () => {
    const values = Array.from({ length: 60_000 }, (_, step) => [Math.sin(step)]);
    // Cells with options take longer than those of kernels, which is not counted.
    const layers = [{ name: 'lstm', type: 'lstm', hidden_size: 2, num_layers: 8, layer_norm: {} }];
    const { around } = await opened({ layers, samples: [{ name: 'long', values }] });
    const { sequence } = await around.next('offered');
    assert.ok(!around.posted.some(({ type }) => type === 'ran'));
    assert.ok((await around.next('scene')).sequence!.estimate! < 100);
    assert.ok(sequence.estimate! > 100, String(sequence.estimate));
    assert.equal(sequence.sample, 'long');
  });
});

describe('a session after a reload of the window', () => {
  const shown = (sample: string | null, origin: object | null) => ({
    ...{ type: 'ready', sample },
    origin: origin && JSON.stringify(origin),
  });
  const typed = { kind: 'typed', text: '5, 6, 7' } as const;

  async function reloaded(ready: object, recalled?: Around['recalled']) {
    const around = new Around();
    if (recalled) around.recalled = recalled;
    const session = new Session(around);
    const reading = await readKeys(MODEL);
    return {
      around,
      session,
      reading,
      load: () => session.take(reading),
      welcome: () => session.receive(ready),
    };
  }
  const typedChoice = ({ samples }: Reading): ChosenSequence => {
    const sequence = samples[0].sequence as VectorSequence;
    const three = { ...sequence, steps: 3, values: Float32Array.of(5, 6, 7) };
    return ownChoice('5, 6, 7', three, [], typed);
  };

  it('shows the sample that was shown, whether the model or the page is there first', async () => {
    for (const order of [
      ['load', 'welcome'],
      ['welcome', 'load'],
    ] as const) {
      const open = await reloaded(shown('down', null));
      for (const what of order) open[what]();
      assert.equal((await open.around.next('scene')).sequence?.title, 'down');
      assert.equal((await open.around.next('ran')).run.sequence.sample, 'down');
    }
  });

  it('runs what was typed again, and gives the page what brings it back', async () => {
    const open = await reloaded(shown(null, typed), async () => typedChoice(open.reading));
    open.load();
    open.welcome();
    assert.equal((await open.around.next('scene')).sequence, null);
    assert.equal((await open.around.next('running')).title, '5, 6, 7');
    const { run } = await open.around.next('ran');
    assert.deepEqual(
      [run.sequence.sample, run.sequence.title, run.sequence.origin],
      [null, '5, 6, 7', JSON.stringify(typed)],
    );
  });

  it('offers it where nothing runs by itself', async () => {
    const open = await reloaded(shown(null, typed), async () => typedChoice(open.reading));
    open.around.runOnOpen = false;
    open.welcome();
    open.load();
    const { sequence } = await open.around.next('offered');
    assert.equal(sequence.title, '5, 6, 7');
    assert.ok(sequence.estimate !== undefined);
    open.session.receive({ type: 'run', sample: null });
    assert.equal((await open.around.next('ran')).run.sequence.title, '5, 6, 7');
  });

  it('says of a file that is gone that it is, and offers the first sample', async () => {
    const open = await reloaded(shown(null, { kind: 'file', uri: 'file:///a/b%20c.csv' }));
    open.around.files = ['file:///a/b%20c.csv'];
    open.load();
    open.welcome();
    const { message } = await open.around.next('failed');
    assert.match(message, /^“b c.csv”, which was shown here before, .*: there is no such file$/);
    assert.equal((await open.around.next('offered')).sequence.title, 'up');
  });

  it('reads the files that were chosen for the model again, and no other that the page names', async () => {
    const chosen = { kind: 'file', uri: 'file:///a/chosen.csv' } as const;
    const before = await reloaded(shown(null, null));
    before.load();
    before.welcome();
    await before.session.run({ ...typedChoice(before.reading), title: 'chosen.csv', origin: chosen });
    assert.deepEqual(before.around.files, [chosen.uri]);
    for (const [uri, read] of [
      ['file:///etc/passwd', 0],
      ['file:///a/../a/chosen.csv', 0],
      [chosen.uri, 1],
    ] as const) {
      const open = await reloaded(shown(null, { kind: 'file', uri }), async () => typedChoice(open.reading));
      open.around.files = before.around.files;
      open.load();
      open.welcome();
      if (read) await open.around.next('ran');
      else assert.match((await open.around.next('failed')).message, /: it was not chosen for this model/);
      assert.equal(open.around.recallings, read, uri);
    }
  });

  it('brings back a text that was generated, by what it was generated from', async () => {
    const origin = { kind: 'generated', prompt: 'ab', temperature: 0.5, seed: 3 } as const;
    const open = await reloaded(shown(null, origin), async () => ({
      ...{ ...typedChoice(open.reading), origin, generatedFrom: 2 },
    }));
    open.load();
    open.welcome();
    assert.equal((await open.around.next('running')).title, 'ab');
    const { sequence } = (await open.around.next('ran')).run;
    assert.deepEqual([sequence.generatedFrom, sequence.origin], [2, JSON.stringify(origin)]);
  });

  it('leaves the first sample where reading the sequence again is cancelled', async () => {
    const open = await reloaded(shown(null, typed), () => new Promise(() => {}));
    open.load();
    open.welcome();
    open.session.receive({ type: 'cancel' });
    assert.equal((await open.around.next('offered')).sequence.title, 'up');
  });

  it('believes nothing of an origin that is none', async () => {
    for (const origin of [
      { kind: 'file' },
      { kind: 'part', sample: 'up', window: { from: -1, steps: 2 } },
      { kind: 'generated', prompt: 'a', temperature: -1, seed: 1 },
      { kind: 'generated', prompt: 'a', temperature: 1, seed: 0.5 },
      [],
    ]) {
      const open = await reloaded(shown(null, origin));
      open.load();
      open.welcome();
      assert.equal((await open.around.next('ran')).run.sequence.sample, 'up');
    }
  });

  it('tells a page that was reloaded in the middle of a run what is under way, and what came of it', async () => {
    const values = Array.from({ length: 60_000 }, (_, step) => [Math.sin(step)]);
    const { session, around } = await opened({
      ...{ layers: [{ name: 'lstm', type: 'lstm', hidden_size: 32 }] },
      samples: [
        { name: 'short', values: [[1]] },
        { name: 'long', values },
      ],
    });
    const before = await around.next('ran');
    let since = around.posted.length;
    session.receive({ type: 'run', sample: 'long' });
    session.receive(READY);
    const { scene } = await around.next('scene', since);
    assert.equal(scene.id, before.run.scene);
    assert.equal((await around.next('ran', since)).run.trace, before.run.trace, 'the run that stands');
    since = around.posted.findLastIndex(({ type }) => type === 'scene');
    assert.equal((await around.next('running', since)).title, 'long');
    const ran = await around.next('ran', around.posted.length);
    assert.equal(ran.run.sequence.sample, 'long');
    session.receive(READY);
    assert.equal((await around.next('ran', around.posted.indexOf(ran) + 1)).run.trace, ran.run.trace);
  });
});

describe('a message of the wrong shape', () => {
  const VIEW = { type: 'view', start: 0, steps: 8, detail: 'gates', signal: GATE, range: { from: 0, to: 3 } };
  const WRONG: readonly unknown[] = [
    ...[undefined, null, 7, 'run', [], {}, { type: 'no' }, { type: 'constructor' }, { type: '__proto__' }],
    ...[{ type: 'ready' }, { type: 'run', sample: 7 }, { type: 'copy' }, { type: 'reveal', problem: {} }],
    ...[
      { ...VIEW, steps: -1 },
      { ...VIEW, detail: 'all' },
      { ...VIEW, signal: { layer: 'lstm' } },
      { ...VIEW, range: { from: 3 } },
      { type: 'revealLayer', layer: 'fc' },
      { type: 'revealLayer', layer: 1, focus: true },
    ],
    ...[
      { type: 'view', steps: -1, detail: 'gates' },
      { type: 'view', steps: 8, detail: 'all' },
    ],
    ...[{ type: 'request' }, { type: 'request', id: 'a', kind: 'unit', ask: {} }],
  ];
  const ASKS: readonly (readonly [string, unknown])[] = [
    ...([
      ['unit', null],
      ['unit', { trace: 1 }],
      ['unit', { trace: 1, unit: -1 }],
    ] as const),
    ...([
      ['values', { trace: 1, address: GATE }],
      ['rows', { trace: 1, signal: GATE, from: 0, to: 1.5 }],
      ['shades', { trace: 1, signal: GATE, from: 0, to: 1 }],
      ['window', { trace: 1, from: -1, to: 1 }],
    ] as const),
    ...([
      ['order', { trace: 1, signal: GATE, by: 'colour' }],
      ['memory', { trace: 'x', step: 1, part: 0 }],
    ] as const),
    ...([['toString', { trace: 1 }]] as const),
  ];

  it('is said to be one', async () => {
    const { session, around } = await opened();
    await around.next('ran');
    for (const message of WRONG) {
      const since = around.posted.length;
      session.receive(message);
      assert.match((await around.next('failed', since)).message, /does not understand/);
    }
    assert.deepEqual(around.wishes, []);
  });

  it('is answered where a reply is waited for, so that nothing waits for ever', async () => {
    const { session, around } = await opened();
    await around.next('ran');
    for (const [kind, ask] of ASKS) {
      const since = around.posted.length;
      session.receive({ type: 'request', id: 77, kind, ask });
      const { id, result } = await around.next('reply', since);
      assert.equal(id, 77);
      assert.ok('err' in result && /does not understand/.test(result.err), JSON.stringify([kind, result]));
    }
  });
});
