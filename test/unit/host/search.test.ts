/** The search for matches, against the places that PyTorch's cell state has. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finishRun } from '../../../src/host/finishedRun';
import { Questions } from '../../../src/host/questions';
import { Runs } from '../../../src/host/runs';
import { ownChoice, sampleChoice, type ChosenSequence } from '../../../src/host/scene';
import { Search } from '../../../src/host/search';
import { Searches } from '../../../src/host/searches';
import { sequenceFromText } from '../../../src/model/sequences';
import type { Matches, MatchesQuestion } from '../../../src/protocol';
import { inEnglish } from '../../../src/words/translate';
import { MACHINE } from '../../../src/cli/machine';
import { read } from '../../../src/cli/read';

const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test/fixtures/compare');
const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')).match;
const SIGNAL = { layer: 'lstm', level: 0, direction: 'forward', signal: 'c' } as const;
const [FROM, TO]: [number, number] = EXPECTED.range;

const USUAL = { signal: SIGNAL, from: FROM, to: TO, threshold: 0.2, offBefore: 0, offAfter: 0, sources: 0 };

/** A session's runs of a model, its first sample run, and its searches. */
async function opened(file: string, { memory = 2 ** 30, most = 2 ** 27 } = {}) {
  const { network, weights, samples } = await read(MACHINE, file);
  const runs = new Runs();
  const choices = samples.map(sampleChoice);
  const ground = { network: network!, weights: weights!, samples: choices, limits: { memory } };
  const searches = new Searches(runs, inEnglish, () => ground);
  let id = 0;
  const run = async (choice: ChosenSequence) => {
    const model = { network: network!, weights: weights!, trained: true };
    const finished = await finishRun(model, choice, { translate: inEnglish, most });
    runs.put({ id: ++id, role: 'base', scene: 0, choice, finished });
    return id;
  };
  const ask = async (question: Partial<MatchesQuestion> = {}, cancel = new AbortController().signal) => {
    const whole = { ...USUAL, trace: id, ...question };
    let answer: Matches | undefined;
    for (let part = 0; !answer?.done; part++) answer = await searches.answer({ ...whole, part }, cancel);
    return answer;
  };
  await run(choices[0]);
  return { network: network!, weights: weights!, choices, runs, run, searches, ask };
}

/** Steps of each sample that are in a match. */
function stepsOf({ matches, places }: Matches): Map<string, number[]> {
  const steps = new Map<string, number[]>();
  for (const { place, from, to } of matches) {
    const name = places[place].title;
    for (let step = from; step <= to; step++) steps.set(name, [...(steps.get(name) ?? []), step]);
  }
  return steps;
}

function agrees(answer: Matches): void {
  assert.deepEqual(answer.units, EXPECTED.units);
  const found = stepsOf(answer);
  for (const [sample, on] of Object.entries<number[]>(EXPECTED.steps)) {
    // Beside the range itself they are its edges.
    const elsewhere = sample === '24 steps' ? on.filter((step) => step < 1 || step > 8) : on;
    const missed = elsewhere.filter((step) => !found.get(sample)!.includes(step));
    assert.deepEqual(missed, [], sample);
  }
}

describe('the search for matches', () => {
  const base = join(FIXTURES, 'base.rnn.json');

  it('has the units and the places that PyTorch has, in the run and in the other samples', async () => {
    const { ask } = await opened(base);
    const answer = await ask();
    agrees(answer);
    assert.deepEqual(
      answer.places.map(({ kind, sample, state, share }) => ({ kind, sample, state, share })),
      [
        { kind: 'run', sample: '24 steps', state: 'searched', share: 1 },
        { kind: 'sample', sample: '17 steps', state: 'searched', share: 1 },
      ],
    );
    assert.equal(answer.found, answer.matches.length);
    assert.ok(answer.matches.every(({ score }, k) => k === 0 || score <= answer.matches[k - 1].score));
  });

  it('has the same of a run that is recorded, stretch by stretch', async () => {
    const whole = await (await opened(base)).ask();
    const { ask, runs } = await opened(base, { most: 1 });
    assert.equal(runs.in('base')!.finished.recorded, true);
    const recorded = await ask();
    agrees(recorded);
    assert.deepEqual({ ...recorded, places: [] }, { ...whole, places: [] });
  });

  it('tells the places in a long run that are known so far, and at the end those of all of it', async () => {
    const long = {
      ...{ format: 'rnn-model', version: 1, name: 'long', input: { kind: 'vector', size: 1 } },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 4 }],
      weights: { init: 'pytorch', seed: 4 },
      samples: [{ name: 'sine', values: Array.from({ length: 20_000 }, (_, t) => [3 * Math.sin(t / 7)]) }],
    };
    const file = join(tmpdir(), `gatescope-search-${process.pid}.rnn.json`);
    writeFileSync(file, JSON.stringify(long));
    const { ask, runs, network, weights, choices } = await opened(file, { most: 1 });
    rmSync(file);
    const { min } = await runs.in('base')!.finished.rows({ signal: SIGNAL, from: 10, to: 13, columns: 1 });
    const question = { from: 10, to: 12, threshold: Math.max(...min) - 0.01 };
    const whole = await ask(question);
    assert.ok(whole.found > 100);
    const ground = { network, weights, samples: choices, limits: { memory: 2 ** 30 }, translate: inEnglish };
    const search = new Search({ ...USUAL, trace: 1, ...question }, ground, runs.in('base')!);
    const seen: Matches[] = [];
    for (let part = 0; !seen.at(-1)?.done; part++) {
      seen.push(await search.part(part, new AbortController().signal, 0));
    }
    const partial = seen.filter(({ units, done }) => units !== null && !done);
    assert.ok(partial.length > 2, `${seen.length} parts`);
    const counts = partial.map(({ found }) => found);
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
    );
    assert.ok(counts[0] > 0 && counts[0] < whole.found);
    assert.ok(partial[0].matches.every(({ to }) => to < 20_000 * partial[0].places[0].share + 4096));
    assert.deepEqual({ ...seen.at(-1), part: 0, places: [] }, { ...whole, part: 0, places: [] });
  });

  it('goes on, and finds the same, when another sequence has been run', async () => {
    const { ask, run, choices } = await opened(base);
    const before = await ask();
    const trace = before.question.trace;
    await run(choices[1]);
    const after = await ask({ trace, threshold: 0.2000001 });
    assert.deepEqual(
      after.matches.map(({ place, from, to, score }) => [place, from, to, score]),
      before.matches.map(({ place, from, to, score }) => [place, from, to, score]),
    );
    await assert.rejects(ask({ trace: 77 }), /the run is no longer there/);
  });

  it('is not ended by a run that takes the place of another; by a newer search, and with the panel', async () => {
    const { runs, searches } = await opened(base);
    const questions = new Questions(runs, inEnglish, searches);
    const ask = (id: number, threshold: number) => {
      const question = { ...USUAL, trace: 1, threshold, part: 0 };
      return questions.answer({ type: 'request', id, kind: 'matches', ask: question });
    };
    const first = ask(1, 0.2);
    questions.cancel();
    const { result } = await first;
    assert.ok('ok' in result);
    agrees(result.ok as Matches);
    const [older, newer] = await Promise.all([ask(2, 0.1), ask(3, 0.15)]);
    assert.deepEqual(['err' in older.result, 'ok' in newer.result], [true, true]);
    const last = ask(4, 0.3);
    questions.close();
    assert.ok('err' in (await last).result);
  });

  it('asks that units are off beside; says of none what threshold would have one', async () => {
    const { ask, runs } = await opened(base);
    assert.equal((await ask({ offAfter: 1 })).units!.length, 0);
    const none = await ask({ threshold: 5 });
    assert.deepEqual([none.units, none.matches, none.found], [[], [], 0]);
    const { min } = await runs
      .in('base')!
      .finished.rows({ signal: SIGNAL, from: FROM, to: TO + 1, columns: TO - FROM + 1 });
    const least = (unit: number) => Math.min(...[0, 1, 2].map((row) => min[row * 8 + unit]));
    assert.equal(none.highest, Math.max(...Array.from({ length: 8 }, (_, unit) => least(unit))));
    assert.equal((await ask({ threshold: none.highest! - 1e-6 })).units!.length, 1);
  });

  it('takes one step, and says where a signal has no row at the chosen ones', async () => {
    const { ask } = await opened(base);
    assert.ok((await ask({ from: 5, to: 5 })).found > 0);
    await assert.rejects(
      ask({ from: 90, to: 99 }),
      /c of lstm has no number at these steps: choose some up to step 24/,
    );
    await assert.rejects(ask({ signal: { ...SIGNAL, layer: 'gone' } }), /no signal c of gone/);
  });

  it('searches a file, shows its text around the match and the labels of its steps', async () => {
    const { ask, searches, network } = await opened(join(ROOT, 'media/examples/char-lstm.rnn.json'));
    const text = 'hello again hello';
    const { sequence } = sequenceFromText(network, text);
    searches.searchIn(ownChoice('greeting.txt', sequence!, []));
    const values = [...text].map((_, at) => (at < 5 ? 'a' : 'b'));
    searches.label({ file: 'l.csv', column: 'word', values, lines: values.map((_, at) => at + 1) });
    const { version } = searches.sources;
    const { matches, places } = await ask({ from: 2, to: 4, threshold: 0.3, sources: version });
    const file = places.findIndex(({ kind }) => kind === 'file');
    assert.deepEqual(
      places.map(({ labelled }) => labelled),
      places.map((_, place) => place === file),
    );
    const match = matches.find(({ place }) => place === file)!;
    assert.deepEqual([match.from, match.to, match.score], [2, 4, 1]);
    assert.ok(match.around.kind === 'token');
    assert.deepEqual([match.around.first, match.around.tokens.join('')], [0, text]);
    assert.equal(match.around.labels!.join(''), 'aaaaabbbbbbbbbbbb');
  });

  it('leaves out, and says so, what does not fit the limit; can be cancelled, and goes on', async () => {
    const { ask } = await opened(base, { memory: 200 });
    const { places, done } = await ask();
    assert.equal(done, true);
    assert.equal(places[1].state, 'left');
    assert.match(places[1].reason!, /it would take 1 MB; the limit is 0 MB/);
    const other = await opened(base);
    await assert.rejects(other.ask({}, AbortSignal.abort()), { name: 'AbortError' });
    agrees(await other.ask());
  });
});
