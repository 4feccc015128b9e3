import assert from 'node:assert/strict';
import { memoryOfRun } from '../../../src/host/memoryOfRun';
import { gradient } from '../../../src/engine/gradient';
import { run } from '../../../src/engine/run';
import { summarise } from '../../../src/engine/statistics';
import { readKeys } from '../model/support';

async function ranWith(changes: Readonly<Record<string, unknown>>) {
  const { network, weights, samples, problems, trained } = await readKeys({
    weights: { init: 'pytorch', seed: 7 },
    samples: [{ name: 'ramp', values: [[0], [1], [3], [-2], [1]] }],
    ...changes,
  });
  assert.deepEqual(problems, []);
  const [{ sequence }] = samples;
  const trace = await run(network!, weights!, sequence);
  const { top } = await summarise(network!, trace);
  return { network: network!, weights: weights!, trained, sequence, trace, top: top.unit };
}

const HEAD = { name: 'fc', type: 'linear', out_features: 4 };
const LSTM = { name: 'lstm', type: 'lstm', hidden_size: 3, bidirectional: true };

describe('how far back a run reaches', () => {
  it("is the gradient of the step's largest output at every cell state, both ways", async () => {
    const ran = await ranWith({ layers: [LSTM, HEAD] });
    const { target, rows } = await memoryOfRun(ran, 2, {});
    const row = ran.trace.output.values.slice(8, 12);
    assert.notEqual(row.indexOf(Math.max(...row)), 0);
    assert.deepEqual([target.step, target.unit], [2, row.indexOf(Math.max(...row))]);
    assert.ok(Math.abs(target.value - Math.max(...row)) < 1e-6);
    const { layers } = await gradient(ran.network, ran.weights, ran.sequence, target);
    assert.deepEqual(
      rows.map(({ direction, signal, norms, steps }) => ({ direction, signal, norms, steps: [...steps] })),
      layers.map(({ direction, dc }) => ({ direction, signal: 'c', norms: dc, steps: [0, 1, 2, 3, 4] })),
    );
    assert.equal(rows[0].norms[3], 0);
    assert.equal(rows[1].norms[1], 0);
    assert.match(rows[0].text[0], /^The gradient from step 2 reaches step 0 at /);
  });

  it('is that of the only row where the output has one', async () => {
    const ran = await ranWith({
      layers: [{ name: 'gru', type: 'gru', hidden_size: 2, return_sequences: false }],
    });
    const { target, rows } = await memoryOfRun(ran, 1, {});
    assert.equal(target.step, 4);
    assert.equal(rows[0].signal, 'h');
    assert.ok(rows[0].norms.every((norm) => norm > 0));
  });

  it('can be cancelled', async () => {
    const ran = await ranWith({ layers: [LSTM, HEAD] });
    const cancelled = AbortSignal.abort();
    await assert.rejects(memoryOfRun(ran, 2, { signal: cancelled }), { name: 'AbortError' });
  });
});
