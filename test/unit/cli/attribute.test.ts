/** `attribute`, against what PyTorch's autograd says: test/fixtures/attribution/generate.py. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatescope } from './gatescope';

const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test/fixtures/attribution');
const modelOf = (name: string) => join(FIXTURES, `${name}.rnn.json`);

async function attribute(...args: string[]) {
  const { status, stdout, stderr } = await gatescope('attribute', ...args, '--json');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

async function refused(message: RegExp, ...args: string[]) {
  const { status, stderr } = await gatescope('attribute', ...args);
  assert.deepEqual([status, message.test(stderr)], [2, true], stderr);
}

describe('attribute', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatescope-attribute-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function model(keys: object): string {
    const file = join(folder, 'model.rnn.json');
    writeFileSync(file, JSON.stringify({ format: 'rnn-model', version: 1, ...keys }));
    return file;
  }

  it('says which unit it is of where none of several classes is chosen', async () => {
    const tagger = join(ROOT, 'media/examples/tagger-bilstm.rnn.json');
    const { stdout } = await gatescope('attribute', tagger);
    assert.match(stdout, /^no --unit is given, so it is unit 0 of \d+$/m);
    assert.doesNotMatch((await gatescope('attribute', tagger, '--unit', '1')).stdout, /no --unit/);
    const series = join(ROOT, 'media/examples/co2-rnn.rnn.json');
    assert.doesNotMatch((await gatescope('attribute', series)).stdout, /no --unit/);
  });

  for (const name of ['lstm', 'tokens-lstm-softmax', 'bidirectional-gru', 'masked-tokens', 'two-inputs']) {
    it(`prints what PyTorch says of ${name}, in JSON`, async () => {
      const all = JSON.parse(readFileSync(join(FIXTURES, `${name}.expected.json`), 'utf8'));
      for (const expected of all) {
        const { target, method, baseline, logit } = expected;
        const found = await attribute(
          ...[modelOf(name), '--step', `${target.step}`, '--unit', `${target.unit}`],
          ...['--method', method, '--baseline', baseline, ...(logit ? ['--logit'] : [])],
        );
        assert.deepEqual(
          [found.target.step, found.target.unit, found.target.of, found.method, found.baseline],
          [target.step, target.unit, logit ? 'logit' : 'output', method, baseline],
        );
        assert.equal(found.points, method === 'integrated' ? 64 : undefined);
        assert.ok(Math.abs(found.target.value - target.value) < 1e-5);
        // A number a step for tokens, one per feature for vectors.
        assert.equal(JSON.stringify(shapeOf(found.input)), JSON.stringify(shapeOf(expected.input)));
        assertClose(found.input.flat(), expected.input.flat());
        if (expected.side) assertClose(found.inputs[0].input.flat(), expected.side.flat());
        const { sum, difference, error } = found.completeness;
        assert.ok(Math.abs(difference - expected.difference) < 1e-5);
        assert.ok(Math.abs(error - Math.abs(sum - difference)) < 1e-12);
      }
    });
  }

  it('is of the last step and unit 0, from zeros, with 64 points, where nothing else is said', async () => {
    const plain = await attribute(modelOf('lstm'));
    assert.deepEqual([plain.target.step, plain.target.unit], [6, 0]);
    assert.deepEqual([plain.method, plain.baseline, plain.points], ['integrated', 'zero', 64]);
    const { output } = JSON.parse((await gatescope('run', modelOf('lstm'), '--json')).stdout);
    assert.ok(Math.abs(plain.target.value - output[6][0]) < 1e-7);
    assert.equal(plain.input.length, 7);
    const earlier = await attribute(modelOf('lstm'), '--step', '2');
    assert.deepEqual(earlier.input.slice(3), Array(4).fill([0, 0, 0]));
  });

  it('prints a table for people, that says whether it adds up', async () => {
    const { stdout } = await gatescope('attribute', modelOf('tokens-lstm-softmax'), '--unit', '4');
    assert.match(
      stdout,
      /^tokens-lstm-softmax: y\[6\]\[4\] \("e"\) of head is 0\.\d+; integrated gradients, 64 points, baseline zero\n/,
    );
    assert.match(stdout, /\nstep +input +brings\n +0 +"b" +-?0\.\d+\n/);
    assert.match(
      stdout,
      /\ntogether -?[\d.e-]+; the output less that of the baseline is -?[\d.]+: error [\d.e-]+\n$/,
    );
    const vectors = await gatescope('attribute', modelOf('two-inputs'), '--method', 'gradient');
    assert.match(vectors.stdout, /; gradient × input, baseline zero\nstep +x0 +x1\n/);
    assert.match(vectors.stdout, /\nside:\nstep +x0 +x1 +x2\n/);
    const logit = await gatescope('attribute', modelOf('tokens-lstm-softmax'), '--logit');
    assert.match(logit.stdout, /y\[6\]\[0\] \("a"\) of head, before its activation, is /);
  });

  it('says which steps are masked, and goes on with the others', async () => {
    const { masked, remarks, input } = await attribute(modelOf('masked-vectors'));
    assert.deepEqual(masked, [2, 5, 6]);
    assert.deepEqual(remarks, ['step 2, step 5, step 6 are masked and bring nothing.']);
    assert.ok(input[4].some((value: number) => value !== 0));
    const text = await gatescope('attribute', modelOf('masked-vectors'));
    assert.match(text.stdout, /\nstep 2, step 5, step 6 are masked and bring nothing\.\n$/);
  });

  it('attributes a run with changes, part of a sequence, and a sequence of the user’s own', async () => {
    const changed = await attribute(modelOf('lstm'), '--set', 'lstm.h@3=0.5', '--set', 'lstm.c@3=0');
    assert.deepEqual(changed.set, ['lstm.h@3=0.5', 'lstm.c@3=0']);
    assert.deepEqual(changed.input.slice(0, 4), Array(4).fill([0, 0, 0]));
    assert.ok(changed.completeness.error < 1e-6);
    const part = await attribute(modelOf('lstm'), '--from', '2', '--steps', '3');
    assert.deepEqual([part.from, part.input.length], [2, 3]);
    const own = await attribute(modelOf('tokens-lstm-softmax'), '--text', 'fade');
    assert.equal(own.input.length, 4);
  });

  it('says what is no number, and what nothing reaches', async () => {
    const dense = (weight: number[][]) => ({
      input: { kind: 'vector', size: 2 },
      layers: [{ name: 'dense', type: 'linear', out_features: 1, activation: 'relu' }],
      weights: { values: { 'dense.weight': weight, 'dense.bias': [-1] } },
      samples: [{ name: 'a', values: [[0.5, 0.5]] }],
    });
    const dead = await attribute(model(dense([[1, 0]])), '--method', 'gradient');
    assert.deepEqual(dead.remarks, [
      'Nothing in the input changes this output: its gradient is 0 everywhere.',
    ]);
    const huge = await attribute(model(dense([[1e38, 1e38]])), '--set', 'input=30');
    assert.deepEqual(huge.remarks, [
      'The chosen output is not a finite number: nothing can be said to bring it.',
    ]);
    assert.equal(huge.target.value, 'Infinity');
  });

  it('refuses what is not there, naming it', async () => {
    const lstm = modelOf('lstm');
    await refused(/expected a target step from 0 to 6, found 99/, lstm, '--step', '99');
    await refused(/expected a target unit from 0 to 3, found 4/, lstm, '--unit', '4');
    await refused(/--method takes gradient or integrated, found lime/, lstm, '--method', 'lime');
    await refused(/--baseline takes zero or mean, found one/, lstm, '--baseline', 'one');
    await refused(/--points takes a whole number from 1, found 0/, lstm, '--points', '0');
    await refused(/expected a whole number of points from 1 to 4096, found 5000/, lstm, '--points', '5000');
    await refused(/the output is made by no activation: it has no logits/, lstm, '--logit');
    const tight = await gatescope('attribute', lstm, '--memory', '1');
    assert.equal(tight.status, 0, tight.stderr);
    const many = model({
      input: { kind: 'vector', size: 1 },
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 64 }],
      weights: { init: 'pytorch', seed: 1 },
      samples: [{ name: 'a', values: Array.from({ length: 900 }, () => [1]) }],
    });
    const refusedForSize = await gatescope('attribute', many, '--memory', '1');
    assert.equal(refusedForSize.status, 1);
    assert.match(refusedForSize.stderr, /the attribution would take .* run a part: --from STEP --steps N/);
  });

  it('takes the name of a class for its unit, as gradient does', async () => {
    const text = join(import.meta.dirname, '../../../media/examples/char-lstm.rnn.json');
    for (const command of ['attribute', 'gradient']) {
      const named = await gatescope(command, text, '--step', '3', '--unit', 'o', '--json');
      assert.equal(named.status, 0, named.stderr);
      assert.equal(JSON.parse(named.stdout).target.unit, 16);
      const wrong = await gatescope(command, text, '--unit', 'ß');
      assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
      assert.match(wrong.stderr, /--unit takes a whole number from 0, or the name of a class, found ß/);
    }
  });
});

function shapeOf(rows: readonly unknown[]): unknown[] {
  return [rows.length, Array.isArray(rows[0]) ? rows[0].length : 'number'];
}

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, k) => {
    const tolerance = 1e-4 * Math.max(Math.abs(value), 1e-2 * largest);
    assert.ok(Math.abs(actual[k] - value) <= tolerance, `[${k}] is ${actual[k]}, not ${value}`);
  });
}
