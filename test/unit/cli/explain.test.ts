import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gatescope } from './gatescope';

const ROOT = join(import.meta.dirname, '../../..');
const TEXT = join(ROOT, 'media/examples/char-lstm.rnn.json');
const LINE = ['--text', 'the gates remember what the forget gate keeps'];
const FIXTURES = join(ROOT, 'test/fixtures');

const json = async (...args: string[]) => {
  const { status, stdout, stderr } = await gatescope('explain', ...args, '--json');
  assert.deepEqual([status, stderr], [0, '']);
  return JSON.parse(stdout);
};

describe('explain on the command line', () => {
  it('prints address, value, activation, sum and every term: bias, input, hidden', async () => {
    const found = await json(TEXT, ...LINE, '--at', 'lstm.f[12]@23');
    assert.deepEqual(Object.keys(found), ['at', 'value', 'activation', 'sum', 'terms']);
    assert.deepEqual([found.at, found.activation], ['lstm.f[12]@23', 'sigmoid']);
    assert.deepEqual(Object.keys(found.terms[0]), ['kind', 'from', 'weight', 'value', 'product']);
    assert.deepEqual(
      found.terms.map(({ kind, from }: { kind: string; from: string }) => `${kind} ${from}`),
      [
        ...['bias bias_ih', 'bias bias_hh', 'input  '],
        ...Array.from({ length: 64 }, (_, unit) => `hidden h[${unit}]`),
      ],
    );
    const sum = found.terms.reduce((all: number, { product }: { product: number }) => all + product, 0);
    assert.ok(Math.abs(sum - found.sum) < 1e-12);
    assert.ok(Math.abs(1 / (1 + Math.exp(-found.sum)) - found.value) < 1e-5);
  });

  it('explains an output by its class, with what softmax shares out', async () => {
    const found = await json(TEXT, ...LINE, '--at', 'head.y[e]@22');
    assert.deepEqual([found.at, found.activation], ['head.y[6]@22', 'softmax']);
    assert.ok(Math.abs(Math.exp(found.sum - found.logSumExp) - found.value) < 1e-5);
    const top = await json(TEXT, ...LINE, '--at', 'head.y');
    assert.equal(top.at, 'head.y[1]@44');
  });

  it('says of what is held what it would have been, and explains the run in which it is', async () => {
    const held = await json(TEXT, ...LINE, '--at', 'lstm.f[12]@3', '--set', 'lstm.f[12]@3=1');
    assert.deepEqual([held.value, held.held], [1, true]);
    assert.ok(held.sum < 2);
    const after = await json(TEXT, ...LINE, '--at', 'lstm.c[12]@3', '--set', 'lstm.f[12]@3=1');
    assert.deepEqual([after.terms[0].from, after.terms[0].weight, after.held], ['c[12]', 1, undefined]);
    const { stdout } = await gatescope(
      'explain',
      TEXT,
      ...LINE,
      '--at',
      'lstm.f[12]@3',
      '--set',
      'lstm.f[12]@3=1',
    );
    assert.match(stdout, /^held at 1: the sum is the one that it would have had$/m);
  });

  it('says that a masked step keeps the state before', async () => {
    const model = join(FIXTURES, 'autograd/masked-tokens.rnn.json');
    const { stdout } = await gatescope('explain', model, '--at', 'lstm.c[1]@1');
    assert.match(stdout, /^step 1 is masked: the state before is kept$/m);
    const found = await json(model, '--at', 'lstm.c[1]@1');
    assert.deepEqual([found.masked, found.terms.length, found.terms[0].product], [true, 1, found.value]);
  });

  it('names level and direction as --set does, and only where there are several', async () => {
    const model = join(FIXTURES, 'pytorch/lstm-stacked-bidirectional.rnn.json');
    const found = await json(model, '--at', 'lstm.1.backward.g[2]@0');
    assert.equal(found.at, 'lstm.1.backward.g[2]@0');
    assert.ok(found.terms.some(({ from }: { from: string }) => from === 'lstm.0.backward.h[0]'));
  });

  it('prints the largest terms first for people, and the others as one', async () => {
    const { status, stdout } = await gatescope('explain', TEXT, ...LINE, '--at', 'lstm.f[12]@23');
    assert.equal(status, 0);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines[0], 'English letters, LSTM: lstm.f[12] at step 23 is 0.2046 = σ(-1.358)');
    assert.match(lines[3], /^-0\.7277 +hidden +h\[53\] +-0\.809 × 0\.8996$/);
    assert.match(lines.at(-2)!, /^ *0\.1444 +51 others$/);
    assert.match(lines.at(-1)!, /^ *-1\.358 +sum$/);
  });

  it('quotes a token', async () => {
    const { stdout } = await gatescope('explain', TEXT, '--text', 'hello', '--at', 'lstm.f[12]@0');
    assert.match(stdout, /^ *1\.371 +input +"h" +1 × 1\.371$/m);
  });

  it('explains a step of a run that is too long to keep, as of one that is not', async () => {
    const long = Array.from({ length: 20_000 }, (_, k) => 'abcdefgh '[(k * k) % 9]).join('');
    const args = [TEXT, '--text', long, '--at', 'lstm.c[5]@15000'];
    assert.deepEqual(await json(...args, '--memory', '28'), await json(...args));
  });

  const wrong: Record<string, RegExp> = {
    'lsmt.f': /expected one of the layers input, embedding, lstm, head, found lsmt; did you mean "lstm"\?/,
    lstm: /after lstm: expected \.SIGNAL, then \[UNIT\] and @STEP where wanted; found none/,
    'lstm.f[1]@x': /after lstm: expected \.SIGNAL, .*; found \.f\[1\]@x/,
    'lstm.q': /lstm\.q: expected one of the signals i, f, g, o, c, h, found q/,
    'lstm.2.f': /lstm\.f: expected level 0 forward, found level 2 forward/,
    'lstm.f[64]': /lstm\.f: unit: expected 0 to 63, found 64/,
    'lstm.f[x]': /expected a unit as a whole number in \[ \], found x/,
    'head.y[é]': /expected a unit as a whole number or the name of a class in \[ \], found é/,
    'lstm.f[1]@45': /lstm\.f: step: expected 0 to 44, found 45/,
    'input@3': /input is given: nothing adds up to it/,
  };
  for (const [at, message] of Object.entries(wrong)) {
    it(`exits with 2 for ${at}, and says what was expected and found`, async () => {
      const { status, stdout, stderr } = await gatescope('explain', TEXT, ...LINE, '--at', at);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, message);
      assert.ok(stderr.startsWith('--at '), stderr);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
    });
  }

  it('asks for --at', async () => {
    const { status, stderr } = await gatescope('explain', TEXT);
    assert.equal(status, 2);
    assert.match(stderr, /explain needs --at LAYER\.SIGNAL\[UNIT\]@STEP/);
  });

  it('gives an example that runs on the model that ships, and says where the options of run are told', async () => {
    const { stdout } = await gatescope('explain', '--help');
    assert.match(stdout, /The options of run: \[--sample NAME .* gatescope run --help explains them\./s);
    for (const [, at] of stdout.matchAll(/'((?:lstm\.f|head)[^']+)'/g)) {
      const { status, stderr } = await gatescope('explain', TEXT, '--at', at);
      assert.equal(status, 0, stderr);
    }
  });

  it('names the gate and what it lets through, where a state is a product of them', async () => {
    const { stdout } = await gatescope('explain', TEXT, '--at', 'lstm.h[12]@3');
    assert.match(stdout, /cell {2}tanh\(c\[12\]\) {2}-?[\d.]+ × [\d.]+ \(o\[12\]\)/);
    const { stdout: kept } = await gatescope('explain', TEXT, '--at', 'lstm.c[12]@3');
    assert.match(kept, /c\[12\] before {2}-?[\d.]+ × [\d.]+ \(f\[12\]\)/);
  });
});
