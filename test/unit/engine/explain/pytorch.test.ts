/** Against numbers that PyTorch's tensors give: see test/fixtures/explain/generate.py. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAt } from '../../../../src/cli/at';
import { explainingTrace } from '../../../../src/engine/explain/ofRun';
import { run } from '../../../../src/engine/run';
import { type Maker, fixture } from '../fixtures';

interface ExpectedSum {
  readonly at: string;
  readonly activation: unknown;
  readonly value: number;
  readonly sum: number;
  readonly terms: readonly (readonly [kind: string, product: number])[];
}

const file = path.join(import.meta.dirname, '../../../fixtures/explain/expected.json');
const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly ExpectedSum[]>;
const TOLERANCE = 1e-5;

describe("sums and their terms against PyTorch's tensors", () => {
  for (const [model, sums] of Object.entries(all)) {
    it(`${model}: ${sums.length} sums`, async () => {
      const [maker, name] = model.split('/');
      const { network, weights, sequence } = await fixture(name, maker as Maker);
      const ran = { network, weights, sequence, clamps: [] };
      const explain = explainingTrace(ran, await run(network, weights, sequence));
      for (const { at, activation, value, sum, terms } of sums) {
        const found = await explain(parseAt(network, at));
        assert.deepEqual(found.activation, activation, at);
        assertClose(found.value, value, `the value of ${at}`);
        assertClose(found.sum, sum, `the sum of ${at}`);
        assert.deepEqual(
          found.terms.map(({ kind }) => kind),
          terms.map(([kind]) => kind),
          at,
        );
        terms.forEach(([, product], k) => assertClose(found.terms[k].product, product, `term ${k} of ${at}`));
      }
    });
  }
});

function assertClose(actual: number, expected: number, where: string): void {
  const close = Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
  assert.ok(close, `${where} is ${actual}, not ${expected}`);
}
