import assert from 'node:assert/strict';
import { memoryOfTrace } from '../../../src/host/memoryOfRun';
import { gradient } from '../../../src/engine/gradient';
import { memoryFigures } from '../../../src/engine/memory';
import { NOT_FINITE } from '../../../src/words/memory';
import { autograd, ranOf } from './ran';

async function ranWith(changes: Readonly<Record<string, unknown>>) {
  const { facts, trace } = await ranOf(changes);
  return { ...facts, trace, memory: memoryOfTrace(facts, trace) };
}

const HEAD = { name: 'fc', type: 'linear', out_features: 4 };
const LSTM = { name: 'lstm', type: 'lstm', hidden_size: 3, bidirectional: true };

describe('how far back a run reaches', () => {
  it("is the gradient of the step's largest output at every cell state, both ways", async () => {
    const ran = await ranWith({ layers: [LSTM, HEAD] });
    const { target, rows } = await ran.memory({ step: 2, part: 0, unit: null });
    const row = ran.trace.output.values.slice(8, 12);
    assert.notEqual(row.indexOf(Math.max(...row)), 0);
    assert.deepEqual([target.step, target.unit], [2, row.indexOf(Math.max(...row))]);
    assert.ok(Math.abs(target.value - Math.max(...row)) < 1e-6);
    const { layers } = await gradient(ran.network, ran.weights, ran.sequence, target);
    assert.deepEqual(
      rows.map(({ direction, signal, norms, steps }) => ({ direction, signal, norms, steps: [...steps] })),
      layers.map(({ direction, dc }) => ({ direction, signal: 'c', norms: dc, steps: [0, 1, 2, 3, 4] })),
    );
    rows.forEach(({ hidden }, k) => assert.deepEqual(hidden, layers[k].dh));
    assert.equal(rows[0].norms[3], 0);
    assert.equal(rows[1].norms[1], 0);
    assert.match(rows[0].text[0], /^The gradient from t = 2 reaches t = 0 at /);
  });

  for (const kind of ['lstm', 'gru']) {
    it(`is that of one unit, too, as PyTorch has it: ${kind}`, async () => {
      const { expected, ran } = await autograd(kind);
      const memory = memoryOfTrace(ran.facts, ran.trace);
      const last = ran.facts.sequence.steps - 1;
      for (let unit = 0; unit < expected.last[0].length; unit++) {
        const { rows, target } = await memory({ step: last, part: 0, unit });
        assert.equal(target.unit, expected.units[last]);
        const [{ ofUnit, steps }] = rows;
        assert.equal(steps[0], 0);
        ofUnit!.forEach((value, row) => {
          const wanted = Math.abs(expected.last[row][unit]);
          assert.ok(Math.abs(value - wanted) <= 1e-5 * expected.norms[last][row], `${unit} at ${row}`);
        });
      }
      const { rows } = await memory({ step: last, part: 0, unit: 99 });
      assert.equal(rows[0].ofUnit, null, 'there is no such unit');
    });
  }

  for (const kind of ['lstm', 'gru']) {
    it(`is that of the states before the first step, as PyTorch has it: ${kind}`, async () => {
      const { expected, ran } = await autograd(kind);
      for (const step of [0, 3, 40, 79]) {
        const { rows, reached } = await memoryOfTrace(ran.facts, ran.trace)({ step, part: 9, unit: null });
        assert.equal(reached, 0);
        const [h, c = 0] = expected.initial[step];
        const [{ initial }] = rows;
        for (const [found, wanted] of [
          [initial!.h, h],
          [initial!.c, c],
        ]) {
          assert.ok(Math.abs(found - wanted) <= 1e-5 * wanted + 1e-300, `${step}: ${found}, not ${wanted}`);
        }
      }
    });
  }

  it('is that of one unit where all of the run is followed back at once', async () => {
    const ran = await ranWith({ layers: [LSTM, HEAD] });
    const { target, rows } = await ran.memory({ step: 2, part: 0, unit: 1 });
    const { layers } = await gradient(ran.network, ran.weights, ran.sequence, target);
    layers.forEach(({ c }, k) => {
      assert.deepEqual(
        [...rows[k].ofUnit!],
        [0, 1, 2, 3, 4].map((row) => Math.abs(c![row * 3 + 1])),
      );
    });
  });

  it("is told in the host's language", async () => {
    const ran = await ranWith({ layers: [LSTM, HEAD] });
    const translate = (sentence: string) => `«${sentence}»`;
    const { rows } = await memoryOfTrace({ ...ran, translate }, ran.trace)({ step: 2, part: 0, unit: null });
    for (const { text } of rows) for (const sentence of text) assert.match(sentence, /^«.*»$/);
    assert.match(rows[0].text[0], /\{0\}/);
  });

  it('is that of the only row where the output has one', async () => {
    const ran = await ranWith({
      layers: [{ name: 'gru', type: 'gru', hidden_size: 2, return_sequences: false }],
    });
    const { target, rows } = await ran.memory({ step: 1, part: 0, unit: null });
    assert.equal(target.step, 4);
    assert.equal(rows[0].signal, 'h');
    assert.ok(rows[0].norms.every((norm) => norm > 0));
  });

  it('is not told of an output that is not a finite number', async () => {
    const rnn = { 'rnn.weight_ih_l0': [[1]], 'rnn.weight_hh_l0': [[1e20]] };
    const ran = await ranWith({
      layers: [{ name: 'rnn', type: 'rnn', hidden_size: 1, nonlinearity: 'relu' }],
      weights: { values: { ...rnn, 'rnn.bias_ih_l0': [0], 'rnn.bias_hh_l0': [0] } },
    });
    assert.equal((await ran.memory({ step: 1, part: 0, unit: null })).target.value, 1);
    await assert.rejects(ran.memory({ step: 4, part: 0, unit: null }), { message: NOT_FINITE });
    const found = await gradient(ran.network, ran.weights, ran.sequence, { step: 4 });
    assert.deepEqual(memoryFigures(ran.network, found)[0].findings, [{ code: 'no-target' }]);
  });

  it('can be cancelled', async () => {
    const ran = await ranWith({ layers: [LSTM, HEAD] });
    const cancelled = AbortSignal.abort();
    await assert.rejects(ran.memory({ step: 2, part: 0, unit: null }, { signal: cancelled }), {
      name: 'AbortError',
    });
  });

  it('comes in parts where it takes long, each reaching farther back', async () => {
    const values = Array.from({ length: 10_000 }, (_, step) => [Math.sin(step)]);
    const ran = await ranWith({
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 3, forget_bias: 8 }, HEAD],
      samples: [{ name: 'long', values }],
    });
    const whole = await ran.memory({ step: 9_999, part: 0, unit: null });
    assert.equal(whole.reached, 0);
    const hasty = memoryOfTrace(ran, ran.trace, 0);
    let before = 10_000;
    for (let part = 0; before > 0; part++) {
      const {
        step,
        part: answered,
        reached,
        rows,
        target,
      } = await hasty({ step: 9_999, part: part, unit: null });
      assert.deepEqual([step, answered, target], [9_999, part, whole.target]);
      assert.ok(reached < before, `${reached} after ${before}`);
      const [{ norms, steps }] = rows;
      assert.deepEqual([steps[0], norms.length], [reached, 10_000 - reached]);
      assert.deepEqual(norms, whole.rows[0].norms.slice(reached));
      before = reached;
    }
    assert.deepEqual(
      (await hasty({ step: 9_999, part: 0, unit: null })).rows,
      whole.rows,
      'what has been followed is kept',
    );
    assert.ok(
      (await hasty({ step: 5_000, part: 0, unit: null })).rows[0].norms.length < 5_001,
      'another step begins anew',
    );
  });

  it('has no rows for the steps that nothing reaches', async () => {
    const values = Array.from({ length: 10_000 }, (_, step) => [Math.sin(step)]);
    const layers = [{ name: 'gru', type: 'gru', hidden_size: 3 }, HEAD];
    const ran = await ranWith({ layers, samples: [{ name: 'long', values }] });
    const { reached, rows } = await ran.memory({ step: 9_999, part: 0, unit: null });
    const [{ norms, steps, zerosFrom, text }] = rows;
    assert.deepEqual([reached, zerosFrom], [0, 0]);
    assert.ok(steps[0] > 1000 && norms[0] > 0, `${steps[0]}: ${norms[0]}`);
    assert.deepEqual([steps.at(-1), norms.length], [9_999, 10_000 - steps[0]]);
    assert.match(text[0], /^The gradient from t = 9999 does not reach t = 0: /);
  });
});
