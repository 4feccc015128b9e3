import assert from 'node:assert/strict';
import { layerRuns } from '../../../../src/engine/edges';
import { type Explanation, explain } from '../../../../src/engine/explain/explain';
import type { Ran } from '../../../../src/engine/gradient';
import { run } from '../../../../src/engine/run';
import { atOnce } from '../../../../src/engine/slices';
import type { Trace } from '../../../../src/engine/trace';
import { stepOfRow } from '../../../../src/model/time';
import { valueOf } from './valueOf';

const TOLERANCE = 1e-5;

/** Every unit of every signal of every step of a run, or of a share of the steps. */
export async function explanations(ran: Ran, every = 1): Promise<Explanation[]> {
  const { network, weights, sequence, clamps } = ran;
  const trace: Trace = await run(network, weights, sequence, { clamps });
  const explained = { ...ran, trace, runs: atOnce(layerRuns(network, sequence, trace, clamps)) };
  const found: Explanation[] = [];
  for (const { layer, level, direction, type, signals } of trace.layers) {
    if (type === 'input') continue;
    for (const signal of signals) {
      for (let row = 0; row < signal.rows; row += every) {
        const step = stepOfRow(trace, signal, row);
        for (let unit = 0; unit < signal.units; unit++) {
          found.push(explain(explained, { layer, level, direction, signal: signal.signal, unit, step }));
        }
      }
    }
  }
  return found;
}

/** Products are weight × value, they add up to the sum, and what is made of the sum is the value of the run. */
export function assertAddsUp(found: Explanation): void {
  const where = JSON.stringify(found.at);
  for (const { weight, value, product } of found.terms) {
    assert.ok(Object.is(weight * value, product) || Math.abs(weight * value - product) < 1e-12, where);
  }
  const sum = found.terms.reduce((total, { product }) => total + product, 0);
  const size = Math.max(1, ...found.terms.map(({ product }) => Math.abs(product)));
  assert.ok(Math.abs(sum - found.sum) <= TOLERANCE * Math.max(Math.abs(found.sum), 1e-6), where);
  if (found.held) return;
  const value = valueOf(found);
  if (value === undefined || (Number.isNaN(value) && Number.isNaN(found.value))) return;
  const close = Math.abs(value - found.value) <= TOLERANCE * Math.max(1, Math.abs(value), size);
  assert.ok(close, `${where}: the sum ${found.sum} makes ${value}, the run has ${found.value}`);
}
