/** A model's run with what the host knows of it beside. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/engine/run';
import { summarise } from '../../../src/engine/statistics';
import type { Facts } from '../../../src/host/memoryOfRun';
import { inEnglish } from '../../../src/words/translate';
import { readKeys } from '../model/support';

const FIXTURES = join(import.meta.dirname, '../../fixtures/memory');

/** What PyTorch's autograd gave: test/fixtures/memory. */
interface Expected {
  /** The largest output of each step. */
  readonly units: readonly number[];
  /** Of each target at every state up to it. */
  readonly norms: readonly (readonly number[])[];
  /** Of each target at the states before the first step: h, and c where there is one. */
  readonly initial: readonly (readonly number[])[];
  /** Of the last target: steps × units. */
  readonly last: readonly (readonly number[])[];
}

const json = (name: string) => JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));

export async function autograd(kind: string) {
  return { expected: json(`${kind}.expected`) as Expected, ran: await ranOf(json(`${kind}.rnn`)) };
}

/** Of random weights and a short sample, unless the keys say otherwise. */
export async function ranOf(keys: Readonly<Record<string, unknown>>) {
  const { network, weights, samples, problems, trained } = await readKeys({
    weights: { init: 'pytorch', seed: 7 },
    samples: [{ name: 'ramp', values: [[0], [1], [3], [-2], [1]] }],
    ...keys,
  });
  assert.deepEqual(problems, []);
  const [{ sequence }] = samples;
  const trace = await run(network!, weights!, sequence);
  const facts: Facts = {
    ...{ network: network!, weights: weights!, trained, sequence, clamps: [] },
    ...{ summary: await summarise(network!, trace), output: trace.output, translate: inEnglish },
  };
  return { facts, trace };
}
