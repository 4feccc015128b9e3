import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {
  type Attribution,
  type AttributionOptions,
  attribute,
} from '../../../../src/engine/attribution/attribute';
import { run } from '../../../../src/engine/run';
import { DEFAULT_LIMITS } from '../../../../src/model/dialects/dialect';
import { readModel } from '../../../../src/model/read';
import type { VectorSequence } from '../../../../src/model/samples';
import { NodeFolder } from '../../../../src/platform/nodeFolder';
import { readKeys } from '../../model/support';
import { linear, lstm, network, randomSequence, randomWeights, rnn, vectorSequence } from '../networks';

const FOLDER = path.join(import.meta.dirname, '../../../fixtures/attribution');
const RELATIVE = 1e-4;

/** By test/fixtures/attribution/generate.py; with a key for each input. */
interface Expected {
  readonly target: { readonly step: number; readonly unit: number; readonly value: number };
  readonly logit: boolean;
  readonly method: 'gradient' | 'integrated';
  readonly baseline: 'zero' | 'mean';
  readonly difference: number;
  readonly input: readonly (number | readonly number[])[];
  readonly side?: readonly (readonly number[])[];
}

/** Where gradients jump between the baseline and the input, no number of points comes as near. */
const JUMPS = ['rnn-relu'];

const NAMES = readdirSync(FOLDER).flatMap((file) => /^(.*)\.rnn\.json$/.exec(file)?.[1] ?? []);

const EXAMPLES = path.join(import.meta.dirname, '../../../../media/examples');

async function fixture(name: string, at = FOLDER) {
  const fileName = `${name}.rnn.json`;
  const text = readFileSync(path.join(at, fileName), 'utf8');
  const folder = new NodeFolder(at);
  const { network, weights, samples } = await readModel({ text, fileName, folder, limits: DEFAULT_LIMITS });
  return { network: network!, weights: weights!, sequence: samples[0].sequence };
}

function expectedOf(name: string): Expected[] {
  return JSON.parse(readFileSync(path.join(FOLDER, `${name}.expected.json`), 'utf8')) as Expected[];
}

describe('attributions against PyTorch autograd', () => {
  assert.ok(NAMES.length >= 14);
  for (const name of NAMES) {
    for (const { target, logit, method, baseline, difference, input, side } of expectedOf(name)) {
      const of = `${logit ? 'logit' : 'y'}[${target.step}][${target.unit}]`;
      it(`${name}: ${method}, ${baseline}, ${of}`, async () => {
        const { network: model, weights, sequence } = await fixture(name);
        const { step, unit } = target;
        const asked = {
          step,
          unit,
          logit,
          method,
          baseline,
          points: JUMPS.includes(name) ? 1024 : undefined,
        };
        const relative = method === 'integrated' && JUMPS.includes(name) ? 2e-3 : RELATIVE;
        const found = await attribute(model, weights, sequence, asked);
        assert.equal(found.inputs.length, side ? 2 : 1);
        assertClose([found.target.value], [target.value], 'target');
        assertClose(everyStep(found, sequence.steps), input.flat() as number[], 'input', relative);
        if (side)
          assertClose([...found.inputs[1].values], padded(side.flat(), found.inputs[1].values), 'side');
        assert.ok(Math.abs(found.completeness.difference - difference) <= 1e-5, 'difference');
        if (method === 'integrated') {
          const limit = (relative > RELATIVE ? relative : 1e-5) * Math.max(1, Math.abs(difference));
          assert.ok(found.completeness.error <= limit, `error ${found.completeness.error}`);
        }
      });
    }
  }
});

/** Steps after the target's, which are not looked at, bring nothing. */
function everyStep({ inputs: [{ values, features }] }: Attribution, steps: number): number[] {
  const all = new Float64Array(steps * features);
  all.set(values);
  return [...all];
}

function padded(expected: readonly number[], { length }: Float64Array): number[] {
  assert.ok(expected.slice(length).every((value) => value === 0));
  return expected.slice(0, length);
}

/** Relative to each number itself, or to a hundredth of the largest where that is more. */
function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  where: string,
  relative = RELATIVE,
): void {
  assert.equal(actual.length, expected.length, where);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, k) => {
    const tolerance = relative * Math.max(Math.abs(value), 1e-2 * largest);
    assert.ok(Math.abs(actual[k] - value) <= tolerance, `${where}[${k}] is ${actual[k]}, not ${value}`);
  });
}

const SMALL = network(
  lstm(3, { hiddenSize: 4, levels: 2, directions: ['forward', 'backward'] }),
  linear(8, 2),
);

describe('attributions', () => {
  const sizes = fc.record({ seed: fc.nat(1000), steps: fc.integer({ min: 1, max: 9 }) });
  const baselines = fc.constantFrom('zero', 'mean') as fc.Arbitrary<'zero' | 'mean'>;

  it('are the terms of a linear network, by either method', () =>
    fc.assert(
      fc.asyncProperty(sizes, baselines, async ({ seed, steps }, baseline) => {
        const head = network(linear(3, 2, { name: 'head' }));
        const weights = randomWeights(head, seed);
        const sequence = randomSequence(steps, 3, seed + 1);
        const { data } = weights.get('head.weight')!;
        for (const method of ['gradient', 'integrated'] as const) {
          const { inputs, completeness } = await attribute(head, weights, sequence, {
            ...{ unit: 1, method, baseline, points: 3 },
          });
          const from = (feature: number) => (baseline === 'zero' ? 0 : meanOf(sequence, feature));
          for (let feature = 0; feature < 3; feature++) {
            const x = sequence.values[(steps - 1) * 3 + feature];
            const term = data[3 + feature] * (x - from(feature));
            assert.ok(Math.abs(inputs[0].values[(steps - 1) * 3 + feature] - term) < 1e-6);
          }
          assert.ok(completeness.error < 1e-6, `${completeness.error}`);
        }
      }),
      { numRuns: 20 },
    ));

  it('become complete as points grow', () =>
    fc.assert(
      fc.asyncProperty(sizes, baselines, async ({ seed, steps }, baseline) => {
        const weights = randomWeights(SMALL, seed);
        const sequence = louder(randomSequence(steps, 3, seed + 1), 4);
        const errors: number[] = [];
        for (const points of [1, 4, 16, 64]) {
          const { completeness } = await attribute(SMALL, weights, sequence, { points, baseline });
          errors.push(completeness.error);
        }
        const [one, , , most] = errors;
        assert.ok(most < 1e-5, errors.join(' '));
        assert.ok(most <= Math.max(one, 1e-6), errors.join(' '));
      }),
      { numRuns: 15 },
    ));

  it('are not complete with too few points, which is said', async () => {
    const sequence = louder(randomSequence(6, 3, 5), 6);
    const { completeness } = await attribute(SMALL, randomWeights(SMALL, 2), sequence, { points: 1 });
    assert.ok(completeness.error > 1e-4, `${completeness.error}`);
    assert.equal(completeness.error, Math.abs(completeness.sum - completeness.difference));
  });

  it('are nearly complete where the output changes at one place of the way, all at once', async () => {
    for (const name of ['recall-lstm', 'recall-gru']) {
      const { network: model, weights, sequence } = await fixture(name, EXAMPLES);
      const { inputs, completeness } = await attribute(model, weights, sequence);
      assert.ok(completeness.error < 0.01 * completeness.difference, `${name}: ${completeness.error}`);
      const [first, ...others] = inputs[0].values;
      assert.ok(first > 3 * Math.max(...others.map(Math.abs)), `${name}: ${first}`);
    }
  });

  it('are of the output as the run has it, and nothing comes from later steps', async () => {
    const model = network(rnn(2), linear(3, 2));
    const weights = randomWeights(model, 3);
    const sequence = randomSequence(6, 2, 4);
    const { output } = await run(model, weights, sequence);
    const { target, inputs } = await attribute(model, weights, sequence, { step: 3, unit: 1 });
    assert.deepEqual(target, { step: 3, unit: 1, value: output.values[7] });
    assert.equal(inputs[0].rows, 4);
    const whole = await attribute(model, weights, cut(sequence, 4), { unit: 1 });
    assert.deepEqual(inputs[0].values, whole.inputs[0].values);
  });

  it('take what a clamp holds of the input as that input, and let nothing through what it holds inside', async () => {
    const model = network(lstm(2, { hiddenSize: 3 }), linear(3, 1));
    const weights = randomWeights(model, 3);
    const sequence = vectorSequence([
      [0.5, -1],
      [2, 0.25],
      [-0.75, 1],
    ]);
    const at = { level: 0, direction: 'forward' as const };
    const input = { ...at, layer: 'input', signal: 'x', units: [0, 0] as const, steps: [1, 1] as const };
    const held = await attribute(model, weights, sequence, { clamps: [{ ...input, value: -3 }] });
    const changed = { ...sequence, values: Float32Array.of(0.5, -1, -3, 0.25, -0.75, 1) };
    assert.deepEqual(held, await attribute(model, weights, changed));
    const shut = { ...at, layer: 'lstm', signal: 'f', value: 0, steps: [2, 2] as const };
    const { inputs, completeness } = await attribute(model, weights, sequence, {
      clamps: [shut, { ...shut, signal: 'h', steps: [1, 1] as const, value: 0.25 }],
    });
    assert.deepEqual([...inputs[0].values.subarray(0, 4)], [0, 0, 0, 0]);
    assert.ok(inputs[0].values[4] !== 0);
    assert.ok(completeness.error < 1e-6);
  });

  it('of masked steps are nothing, and those steps are named', async () => {
    const { network: model, weights, sequence } = await fixture('masked-vectors');
    const { inputs, targetMasked } = await attribute(model, weights, sequence, { baseline: 'mean' });
    assert.deepEqual(inputs[0].masked, [2, 5, 6]);
    assert.deepEqual([...inputs[0].values.subarray(6, 9)], [0, 0, 0]);
    assert.equal(targetMasked, false);
  });

  it('say when the step of the target is masked', async () => {
    const model = await readKeys({
      input: { kind: 'vector', size: 1 },
      layers: [
        { name: 'masking', type: 'masking' },
        { name: 'gru', type: 'gru', hidden_size: 2 },
      ],
      weights: { init: 'pytorch', seed: 1 },
      samples: [{ name: 'a', values: [[1], [2], [0]] }],
    });
    const [{ sequence }] = model.samples;
    const last = await attribute(model.network!, model.weights!, sequence);
    assert.equal(last.targetMasked, true);
    assert.deepEqual(last.inputs[0].masked, [2]);
    const before = await attribute(model.network!, model.weights!, sequence, { step: 1 });
    assert.equal(before.targetMasked, false);
    assert.deepEqual([...last.inputs[0].values.subarray(0, 2)], [...before.inputs[0].values]);
  });

  it('say what they are that are no numbers, and go on with the others', async () => {
    const model = network(linear(2, 2, { activation: 'relu', name: 'one' }), linear(2, 1, { name: 'two' }));
    const weights = randomWeights(model, 1);
    weights.get('two.weight')!.data[0] = NaN;
    const { inputs, completeness } = await attribute(model, weights, vectorSequence([[0, 1]]));
    assert.equal(inputs[0].values[0], 0);
    assert.ok(Number.isNaN(inputs[0].values[1]));
    assert.ok(Number.isNaN(completeness.error));
  });

  it('refuse what is not there', async () => {
    const model = network(rnn(2));
    const weights = randomWeights(model, 1);
    const sequence = randomSequence(3, 2, 1);
    const refused = async (options: AttributionOptions, message: RegExp) =>
      assert.rejects(attribute(model, weights, sequence, options), { name: 'RangeError', message });
    await refused({ step: 3 }, /expected a target step from 0 to 2, found 3/);
    await refused({ unit: 3 }, /expected a target unit from 0 to 2, found 3/);
    await refused({ points: 0 }, /expected a whole number of points from 1 to 4096, found 0/);
    await refused({ logit: true }, /the output is made by no activation/);
  });

  it('tell how far they are, in points, and can be cancelled', async () => {
    const model = network(lstm(4, { hiddenSize: 64 }));
    const weights = randomWeights(model, 1);
    const sequence = randomSequence(64, 4, 1);
    const told: [number, number][] = [];
    const work = new AbortController();
    await attribute(model, weights, sequence, {
      ...{ sliceMilliseconds: 1, points: 8 },
      onProgress: (done, total) => told.push([done, total]),
    });
    assert.ok(told.length > 2);
    assert.ok(
      told.every(([done, total], k) => total % 8 === 0 && done <= total && done >= (told[k - 1]?.[0] ?? 0)),
    );
    const cancelled = attribute(model, weights, sequence, {
      ...{ sliceMilliseconds: 1, signal: work.signal },
      onProgress: () => work.abort(),
    });
    await assert.rejects(cancelled, { name: 'AbortError' });
  });
});

function meanOf({ values, steps, size }: VectorSequence, feature: number): number {
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += values[step * size + feature];
  return sum / steps;
}

function louder(sequence: VectorSequence, times: number): VectorSequence {
  return { ...sequence, values: sequence.values.map((value) => times * value) };
}

function cut(sequence: VectorSequence, steps: number): VectorSequence {
  return { ...sequence, steps, values: sequence.values.slice(0, steps * sequence.size) };
}
