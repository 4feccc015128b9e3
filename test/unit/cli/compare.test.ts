/** `compare`, against the differences between PyTorch's runs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatescope } from './gatescope';

const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test/fixtures/compare');
const BASE = join(FIXTURES, 'base.rnn.json');
const TUNED = join(FIXTURES, 'tuned.rnn.json');
const TEXT = join(ROOT, 'media/examples/char-lstm.rnn.json');
const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8'));

interface Figures {
  readonly max: number;
  readonly rms: number;
  readonly firstStep: number | null;
}

interface Compared {
  readonly steps: number;
  readonly firstStep: number | null;
  readonly output: Figures;
  readonly signals: readonly (Figures & { readonly layer: string; readonly signal: string })[];
  readonly unpaired: readonly unknown[];
}

async function compare(...args: string[]): Promise<Compared & { readonly status: number }> {
  const { status, stdout, stderr } = await gatescope('compare', ...args, '--json');
  assert.ok(stdout, stderr);
  return { status, ...JSON.parse(stdout) };
}

function assertAgree(found: Compared, expected: { steps: number; signals: Record<string, Figures> }) {
  assert.equal(found.steps, expected.steps);
  assert.equal(found.signals.length, Object.keys(expected.signals).length);
  for (const { layer, signal, max, rms, firstStep } of found.signals) {
    const wanted = expected.signals[`${layer}.${signal}`];
    assert.ok(Math.abs(max - wanted.max) < 2e-6, `${signal}: ${max} and ${wanted.max}`);
    assert.ok(Math.abs(rms - wanted.rms) < 1e-6, `${signal}: ${rms} and ${wanted.rms}`);
    assert.equal(firstStep, wanted.firstStep, signal);
  }
  const largest = found.signals.map(({ max }) => max);
  assert.deepEqual(
    largest,
    largest.toSorted((a, b) => b - a),
  );
}

describe('compare', () => {
  it('tells how far two models are apart, from which step on, and fails', async () => {
    const found = await compare(BASE, TUNED);
    assertAgree(found, EXPECTED.models);
    assert.deepEqual([found.status, found.firstStep, found.output.firstStep], [1, 0, 0]);
    assert.deepEqual(found.unpaired, []);
  });

  it('tells how far the runs of one model on two inputs are apart', async () => {
    assertAgree(await compare(BASE, '--sample', '24 steps', '--against', '17 steps'), EXPECTED.inputs);
    const { stdout } = await gatescope('compare', BASE, '--against', '17 steps');
    assert.match(stdout, /^A has 24 steps, B 17: the first 17 are compared$/m);
  });

  it('finds no difference between a model and itself', async () => {
    const found = await compare(BASE, BASE);
    assert.deepEqual([found.status, found.firstStep], [0, null]);
    for (const { max, rms, firstStep } of [found.output, ...found.signals]) {
      assert.deepEqual([max, rms, firstStep], [0, 0, null]);
    }
  });

  it('passes where the difference is within the tolerance', async () => {
    assert.equal((await compare(BASE, TUNED, '--tolerance', '1')).status, 0);
    assert.equal((await compare(BASE, TUNED, '--tolerance', '0.4')).status, 1);
  });

  it('compares a run with one in which something is held', async () => {
    const found = await compare(BASE, '--set', 'lstm.f[2]@4..9=1');
    assert.deepEqual(
      [found.firstStep, found.signals.find(({ signal }) => signal === 'i')!.firstStep],
      [4, 5],
    );
    assert.equal((await compare(BASE, '--set', 'lstm.h0=0')).status, 0);
  });

  it('pairs recurrent layers of other types, and lists what has no counterpart', async () => {
    const examples = join(ROOT, 'media/examples');
    const found = await compare(
      join(examples, 'recall-rnn.rnn.json'),
      join(examples, 'recall-lstm.rnn.json'),
    );
    assert.deepEqual(found.signals.map(({ signal }) => signal).toSorted(), ['h', 'y']);
    const place = { layer: 'lstm', level: 0, direction: 'forward' };
    assert.deepEqual(
      found.unpaired,
      ['i', 'f', 'g', 'o', 'c'].map((signal) => ({ ...place, in: 'b', signal })),
    );
  });

  it('reads two texts, and says from which letter on the runs part', async () => {
    const found = await compare(TEXT, '--text', 'the same, then this', '--against', 'the same, then that');
    assert.equal(found.firstStep, 17);
    const texts = ['--text', 'the same, then this', '--against', 'the same, then that'];
    const { stdout } = await gatescope('compare', TEXT, ...texts);
    assert.match(stdout, /^A .*\n {3}the same, then this\nB .*\n {3}the same, then that\n/);
  });

  it('says that there is nothing to compare where no signal has a counterpart', async () => {
    const { status, stdout } = await gatescope(
      'compare',
      TEXT,
      join(ROOT, 'media/examples/korean-gru.rnn.json'),
    );
    assert.equal(status, 1);
    assert.match(stdout, /^no signal of A has a counterpart in B: there is nothing to compare$/m);
  });

  it('says what cannot be compared', async () => {
    const said = async (...args: string[]) => {
      const { status, stdout, stderr } = await gatescope('compare', ...args);
      return [status, stdout, stderr.trim().split('\n').at(-1)];
    };
    assert.deepEqual(await said(BASE), [
      2,
      '',
      'compare takes a second model, --against, or --set: expected two runs, found one',
    ]);
    const [status, , message] = await said(TEXT, BASE);
    assert.equal(status, 1);
    assert.match(
      String(message),
      /cannot read what .* reads: input: expected 3 numbers per step, found char/,
    );
    assert.match(String((await said(BASE, TUNED, BASE))[2]), /one model file or two, found 3/);
  });
});
