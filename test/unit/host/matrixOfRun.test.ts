/** Every output against every state before it, as PyTorch's autograd has it: test/fixtures/memory. */
import assert from 'node:assert/strict';
import { gradient } from '../../../src/engine/gradient';
import { arithmeticFor } from '../../../src/engine/kernels/choose';
import { HeldStretches } from '../../../src/engine/recording/stretches';
import { matrixOfRun } from '../../../src/host/matrixOfRun';
import { autograd, ranOf } from './ran';

const held = ({ facts, trace }: Awaited<ReturnType<typeof ranOf>>) =>
  new HeldStretches(facts, arithmeticFor(facts.weights), trace);

describe('every output against every state', () => {
  for (const kind of ['lstm', 'gru']) {
    it(`is what PyTorch's autograd gives: ${kind}`, async () => {
      const { expected, ran } = await autograd(kind);
      const { facts, trace } = ran;
      for (const [name, from] of Object.entries({ stretches: held(ran), trace })) {
        const matrix = matrixOfRun(facts, from, Infinity);
        const found = await matrix({ from: 0, row: 0, part: 0 });
        const { steps, targets, total, norms, places, initial } = found;
        assert.deepEqual([steps, total, targets.length], [80, 80, 80]);
        assert.deepEqual(places, [
          { layer: kind, level: 0, direction: 'forward', signal: kind === 'lstm' ? 'c' : 'h' },
        ]);
        for (const [target, row] of expected.norms.entries()) {
          const largest = Math.max(...row);
          const before = expected.initial[target].at(-1)!;
          const off = Math.abs(initial![target] - before);
          assert.ok(off <= 1e-5 * before + 1e-12 * largest, `${name}: initial → ${target}`);
          for (let step = 0; step < 80; step++) {
            const [norm, wanted] = [norms[target * 80 + step], row[step] ?? 0];
            const near = Math.abs(norm - wanted) <= 1e-5 * wanted + 1e-12 * largest;
            assert.ok(near, `${name}: ${step} → ${target}: ${norm} for ${wanted}`);
          }
        }
      }
    });
  }

  it('is of the states that come after a target, too, where a layer reads backwards', async () => {
    const { facts, trace } = await ranOf({
      layers: [{ name: 'gru', type: 'gru', hidden_size: 3, bidirectional: true }],
    });
    const matrix = matrixOfRun(facts, trace, Infinity);
    const { top } = facts.summary;
    for (const row of [0, 1]) {
      const { norms } = await matrix({ from: 0, row, part: 0 });
      for (let step = 0; step < 5; step++) {
        const { layers } = await gradient(facts.network, facts.weights, facts.sequence, {
          ...{ step, unit: top.unit[step] },
        });
        assert.deepEqual(norms.subarray(step * 5, step * 5 + 5), layers[row].dh);
      }
    }
  });

  it('comes in parts, each with more targets, and can be cancelled; another window begins anew', async () => {
    const values = Array.from({ length: 700 }, (_, step) => [Math.sin(step)]);
    const ran = await ranOf({
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 3, forget_bias: 3 }],
      samples: [{ name: 'long', values }],
    });
    const { facts } = ran;
    const stretches = held(ran);
    const hasty = matrixOfRun(facts, stretches, 0);
    for (let part = 0; part < 3; part++) {
      const { targets, total, steps } = await hasty({ from: 188, row: 0, part });
      assert.deepEqual([[...targets], total, steps], [[188, 189, 190].slice(0, part + 1), 512, 512]);
    }
    const aborted = { signal: AbortSignal.abort() };
    await assert.rejects(hasty({ from: 188, row: 0, part: 3 }, aborted), { name: 'AbortError' });
    assert.equal((await hasty({ from: 188, row: 0, part: 3 })).targets.length, 4);
    assert.equal((await hasty({ from: 0, row: 0, part: 0 })).targets.length, 1);
    const { norms, initial } = await matrixOfRun(facts, stretches, Infinity)({ from: 188, row: 0, part: 0 });
    assert.equal(initial, null, 'it lies before the window');
    const { unit } = facts.summary.top;
    const { layers } = await gradient(facts.network, facts.weights, facts.sequence, {
      ...{ step: 400, unit: unit[400] },
    });
    const found = norms.subarray((400 - 188) * 512, (400 - 188 + 1) * 512);
    const wanted = layers[0].dc!;
    const largest = Math.max(...wanted);
    for (let step = 188; step <= 400; step++) {
      const near = Math.abs(found[step - 188] - wanted[step]) <= 1e-5 * wanted[step] + 1e-12 * largest;
      assert.ok(near, `${step}: ${found[step - 188]} for ${wanted[step]}`);
    }
    await assert.rejects(hasty({ from: 700, row: 0, part: 0 }), /expected a step below 700/);
    await assert.rejects(hasty({ from: 0, row: 5, part: 0 }), /expected a row below 1/);
  });

  it('is of a single target where the output has a single row', async () => {
    const ran = await ranOf({
      layers: [
        { name: 'gru', type: 'gru', hidden_size: 2, return_sequences: false },
        { name: 'fc', type: 'linear', out_features: 2 },
      ],
    });
    const { facts } = ran;
    const { targets, norms } = await matrixOfRun(facts, held(ran))({ from: 0, row: 0, part: 0 });
    assert.deepEqual([...targets], [4]);
    const { layers } = await gradient(facts.network, facts.weights, facts.sequence, {
      unit: facts.summary.top.unit[0],
    });
    norms.forEach((norm, step) => assert.ok(Math.abs(norm / layers[0].dh[step] - 1) < 1e-5));
  });
});
