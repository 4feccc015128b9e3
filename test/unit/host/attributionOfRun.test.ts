import assert from 'node:assert/strict';
import { attribute } from '../../../src/engine/attribution/attribute';
import { finishRun } from '../../../src/host/finishedRun';
import type { AttributionChoice, AttributionFound } from '../../../src/protocol';
import { inEnglish } from '../../../src/words/translate';
import { linear, lstm, network, randomSequence, randomWeights } from '../engine/networks';

const MODEL = network(lstm(3, { hiddenSize: 8 }), linear(8, 2, { name: 'head', activation: 'softmax' }));
const WEIGHTS = randomWeights(MODEL, 4);
const STEPS = 300;
const SEQUENCE = randomSequence(STEPS, 3, 5);
const CHOICE: AttributionChoice = {
  ...{ step: 200, unit: 1, method: 'integrated', baseline: 'mean', logit: true },
};

async function finished(
  { most, memory, model = MODEL, weights = WEIGHTS, sequence = SEQUENCE } = {} as {
    most?: number;
    memory?: number;
    model?: typeof MODEL;
    weights?: typeof WEIGHTS;
    sequence?: typeof SEQUENCE;
  },
) {
  const choice = { title: 'a', sample: 'a', sequence };
  const runs = { network: model, weights, trained: true };
  return finishRun(runs, choice, { most, memory, translate: inEnglish });
}

/** All parts of an answer. */
async function answerOf(run: Awaited<ReturnType<typeof finished>>, choice: AttributionChoice) {
  const { signal } = new AbortController();
  for (let part = 0; ; part++) {
    const { found, done, total } = await run.attribution(choice, part, signal);
    assert.ok(done <= total);
    if (found) return { found, parts: part + 1 };
  }
}

/** Weights of a size at which a network of many units is not chaotic. */
function calm(weights: typeof WEIGHTS): typeof WEIGHTS {
  return new Map(
    [...weights].map(([name, { shape, data }]) => [name, { shape, data: data.map((w) => w / 8) }]),
  );
}

const LONG = randomSequence(400, 16, 1);

function assertClose({ inputs }: AttributionFound, expected: Float64Array, within: number): void {
  const [{ values }] = inputs;
  assert.equal(values.length, expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, k) => assert.ok(Math.abs(values[k] - value) <= within * largest, `${k}`));
}

describe('what the input brings to a run, for the panel', () => {
  it('is what the engine says, of a run that is held and of one that is recorded', async () => {
    const expected = await attribute(MODEL, WEIGHTS, SEQUENCE, { ...CHOICE, unit: 1 });
    for (const most of [undefined, 1]) {
      const run = await finished({ most });
      assert.equal(run.recorded, most === 1);
      const { found } = await answerOf(run, CHOICE);
      assert.deepEqual(found.target, expected.target);
      assert.deepEqual(found.completeness, expected.completeness);
      assert.deepEqual(found.inputs, expected.inputs);
      assert.deepEqual(found.text, []);
      assert.equal(found.points, 64);
    }
  });

  it('is of the largest unit where none is chosen', async () => {
    const run = await finished();
    const { found } = await answerOf(run, { ...CHOICE, unit: null });
    const { values } = await run.output(200);
    assert.equal(found.target.unit, values.indexOf(Math.max(...values)));
  });

  it('comes in parts where it takes long, each with how far it is', async () => {
    const model = network(lstm(16, { hiddenSize: 128 }));
    const run = await finished({ model, weights: calm(randomWeights(model, 1)), sequence: LONG });
    const choice = { ...CHOICE, step: 399, logit: false };
    const { signal } = new AbortController();
    const first = await run.attribution(choice, 0, signal);
    assert.equal(first.found, null);
    assert.ok(first.done > 0 && first.done < first.total, `${first.done} of ${first.total}`);
    const { found, parts } = await answerOf(run, choice);
    assert.ok(parts > 1, `${parts} parts`);
    assert.ok(found.completeness.error < 1e-3, `${found.completeness.error}`);
  });

  it('can be cancelled, and is begun anew then', async () => {
    const model = network(lstm(16, { hiddenSize: 128 }));
    const run = await finished({ model, weights: calm(randomWeights(model, 1)), sequence: LONG });
    const choice = { ...CHOICE, step: 399, logit: false };
    const work = new AbortController();
    const asked = run.attribution(choice, 0, work.signal);
    work.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    assert.ok((await answerOf(run, { ...choice, method: 'gradient' })).found);
  });

  it('is of the steps before the target where all would take too much, which is said', async () => {
    const steps = 9000;
    const sequence = randomSequence(steps, 3, 6);
    const run = await finished({ most: 1, memory: 100_000, sequence });
    const choice: AttributionChoice = { ...CHOICE, step: steps - 1, method: 'gradient', baseline: 'zero' };
    const { found } = await answerOf(run, choice);
    const [{ from, rows }] = found.inputs;
    assert.ok(from > 0 && from + rows === steps, `${from}`);
    assert.deepEqual(found.text.slice(0, 1), [
      `Only the ${steps - 1 - from} steps before it were looked at; what came before t = ${from} is held as it was.`,
    ]);
    // The gradient at those steps is that of the whole run.
    const whole = await attribute(MODEL, WEIGHTS, sequence, { ...choice, unit: 1 });
    assertClose(found, whole.inputs[0].values.subarray(3 * from), 1e-6);
    const integrated = await answerOf(run, { ...choice, method: 'integrated' });
    assert.ok(integrated.found.completeness.error < 1e-5);
  });

  it('is refused, with what to do, where a network needs all steps at once and the limit is too low', async () => {
    const model = network(lstm(3, { hiddenSize: 8, directions: ['forward', 'backward'] }));
    const run = await finished({ model, weights: randomWeights(model, 1), memory: 100_000 });
    const { signal } = new AbortController();
    await assert.rejects(
      run.attribution({ ...CHOICE, logit: false }, 0, signal),
      /What mattered would take 1 MB to find for 300 steps; the limit is 1 MB \(setting gatescope\.memoryLimit\)/,
    );
  });

  it('is refused for a number that is not finite', async () => {
    const weights = new Map(WEIGHTS);
    weights.set('head.bias', { shape: [2], data: Float32Array.of(NaN, NaN) });
    const run = await finished({ weights });
    await assert.rejects(run.attribution(CHOICE, 0, new AbortController().signal), /not a finite number/);
  });
});
