/** `match`, against the places that PyTorch's cell state has. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatescope } from './gatescope';

const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test/fixtures/compare');
const BASE = join(FIXTURES, 'base.rnn.json');
const TEXT = join(ROOT, 'media/examples/char-lstm.rnn.json');
const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')).match;

interface Match {
  readonly sample: string | null;
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

async function match(...args: string[]): Promise<{ units: number[]; matches: Match[] }> {
  const { status, stdout, stderr } = await gatescope('match', ...args, '--json');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const [FROM, TO]: [number, number] = EXPECTED.range;
const ASKED = [BASE, '--signal', 'lstm.c', '--range', `${FROM}:${TO}`, '--threshold', '0.2'];

describe('match', () => {
  it('finds the units that are on through a range, and every other place where all of them are', async () => {
    const { units, matches } = await match(...ASKED);
    assert.deepEqual(units, EXPECTED.units);
    const steps = new Map<string, number[]>();
    for (const { sample, from, to } of matches) {
      for (let step = from; step <= to; step++) {
        steps.set(sample!, [...(steps.get(sample!) ?? []), step]);
      }
    }
    for (const [sample, on] of Object.entries<number[]>(EXPECTED.steps)) {
      // Beside the range itself they are its edges.
      const elsewhere = sample === '24 steps' ? on.filter((step) => step < 1 || step > 8) : on;
      const found = steps.get(sample)!.toSorted((a, b) => a - b);
      assert.deepEqual(
        elsewhere.filter((step) => !found.includes(step)),
        [],
        sample,
      );
    }
    assert.ok(matches.every(({ score }, k) => k === 0 || score <= matches[k - 1].score));
  });

  it('asks that the units are off beside, where that is wanted', async () => {
    const longer = [BASE, '--signal', 'lstm.c', '--range', `${FROM}:${TO + 1}`, '--threshold', '0.2'];
    const all = (await match(...longer)).units;
    const { units } = await match(...longer, '--off-after', '1');
    assert.ok(units.length > 0 && units.length < all.length && units.every((unit) => all.includes(unit)));
    const none = await gatescope('match', ...ASKED, '--off-after', '1');
    assert.deepEqual([none.status, none.stdout], [1, '']);
    assert.match(
      none.stderr,
      /no unit is above 0.2 through the whole range and off beside it: take a shorter/,
    );
  });

  it('searches a file of text, and shows its words', async () => {
    const file = join(tmpdir(), `gatescope-match-${process.pid}.txt`);
    writeFileSync(file, 'hello again hello');
    try {
      const asked = [TEXT, '--signal', 'lstm.c', '--range', '2:4'];
      const { matches } = await match(...asked, '--in', file);
      const inFile = matches.find(({ sample }) => sample?.startsWith('gatescope-match'))!;
      assert.deepEqual([inFile.from, inFile.to, inFile.score], [2, 4, 1]);
      const { stdout } = await gatescope('match', ...asked, '--in', file);
      assert.match(stdout, /1 {2}2:4 .*he\[llo\] again hello$/m);
    } finally {
      rmSync(file);
    }
  });

  it('shows a series as bars, the place between brackets', async () => {
    const { stdout } = await gatescope('match', ...ASKED);
    const [head, ...rows] = stdout.trim().split('\n').slice(1);
    assert.match(head, /there$/);
    assert.ok(
      rows.length > 0 && rows.every((row) => /[▁▂▃▄▅▆▇█]*\[[▁▂▃▄▅▆▇█]+…?\][▁▂▃▄▅▆▇█]*$/.test(row)),
      stdout,
    );
  });

  it('takes a range of one step', async () => {
    const { matches } = await match(BASE, '--signal', 'lstm.h', '--range', '5', '--threshold', '0.1');
    assert.ok(matches.length > 0);
  });

  it('says what it expected of signal, range and threshold', async () => {
    const said = async (...args: string[]) => {
      const { status, stderr } = await gatescope('match', BASE, ...args);
      assert.equal(status, 2, stderr);
      return stderr.trim();
    };
    assert.match(await said('--range', '1:2'), /match needs --signal, such as --signal lstm\.c/);
    assert.match(await said('--signal', 'lstm.c', '--range', '1-2'), /--range takes the first and the last/);
    assert.match(await said('--signal', 'lstm.c', '--range', '9:2'), /expected steps .* steps 0 to 23/);
    assert.match(await said('--signal', 'lst.c', '--range', '1:2'), /layers input, lstm, head, found lst/);
    assert.match(
      await said('--signal', 'lstm.q', '--range', '1:2'),
      /--signal lstm\.q: expected one of the signals i, f, g, o, c, h, found q/,
    );
    assert.match(
      await said('--signal', 'lstm.c', '--range', '1:2', '--threshold', '0', '--in', 'x.md'),
      /--in takes a \.json, \.csv, \.txt or \.wav file, found x\.md/,
    );
    assert.match(
      await said('--signal', 'lstm.c', '--range', '1:2', '--threshold', 'x'),
      /takes a number, found x/,
    );
  });
});
