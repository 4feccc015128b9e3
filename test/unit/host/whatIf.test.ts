/** What-ifs in a session, against PyTorch's runs with the same things held. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MACHINE } from '../../../src/cli/machine';
import { read } from '../../../src/cli/read';
import { changedSequence, refusedChanges } from '../../../src/host/whatIf';
import { sampleChoice } from '../../../src/host/scene';
import { wholeRun } from '../../../src/host/wholeRun';
import { inEnglish } from '../../../src/words/translate';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const EXPECTED: Record<string, Record<string, number[][]>> = JSON.parse(
  readFileSync(join(FIXTURES, 'whatif/expected.json'), 'utf8'),
);

async function lstm() {
  const { network, weights, samples } = await read(MACHINE, join(FIXTURES, 'pytorch/lstm.rnn.json'));
  return { network: network!, weights: weights!, trained: true, choice: sampleChoice(samples[0]) };
}

describe('what if', () => {
  for (const [set, expected] of Object.entries(EXPECTED)) {
    it(`gives what PyTorch gives: ${set}`, async () => {
      const { choice, ...model } = await lstm();
      const { choice: changed, clamps, refused } = changedSequence(model.network, choice, [set]);
      assert.deepEqual(refused, []);
      const { numbers } = await wholeRun({ ...model, clamps }, changed, { translate: inEnglish });
      for (const [signal, rows] of Object.entries(expected)) {
        for (const [step, row] of rows.entries()) {
          const at = { layer: 'lstm', level: 0, direction: 'forward', signal, step } as const;
          const { values } = await numbers.values(at);
          row.forEach((value, unit) => {
            const where = `${signal}[${unit}]@${step}: ${values[unit]} and ${value}`;
            assert.ok(Math.abs(values[unit] - value) < 1e-5, where);
          });
        }
      }
    });
  }

  it('changes nothing, bit for bit, where a signal is held at the value that it has', async () => {
    const { choice, ...model } = await lstm();
    const base = (await wholeRun(model, choice, { translate: inEnglish })).numbers;
    const at = { layer: 'lstm', level: 0, direction: 'forward' } as const;
    const { values } = await base.values({ ...at, signal: 'f', step: 4 });
    const sets = [`lstm.f@4=[${Array.from(values).join(',')}]`];
    const { clamps } = changedSequence(model.network, choice, sets);
    const again = (await wholeRun({ ...model, clamps }, choice, { translate: inEnglish })).numbers;
    for (const signal of ['i', 'f', 'g', 'o', 'c', 'h']) {
      const bits = async (numbers: typeof base) =>
        new Uint32Array((await numbers.values({ ...at, signal, step: 8 })).values.slice().buffer);
      assert.deepEqual(await bits(again), await bits(base), signal);
    }
  });

  it('does what it can, and says of the rest why not', async () => {
    const { network, choice } = await lstm();
    const { clamps, refused } = changedSequence(network, choice, ['lstm.q=0', 'lstm.f=1', 'gone.h=0']);
    assert.deepEqual(clamps.map(({ signal }) => signal), ['f']); // prettier-ignore
    assert.deepEqual(refused.map(({ set }) => set), ['lstm.q=0', 'gone.h=0']); // prettier-ignore
    assert.match(refused[1].reason, /expected one of the layers input, lstm, found gone/);
    assert.deepEqual(refusedChanges(network, choice.sequence, ['lstm.f@99=1'])[0].set, 'lstm.f@99=1');
  });
});
