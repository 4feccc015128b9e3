import assert from 'node:assert/strict';
import { run } from '../../../../../src/engine/run';
import { withFurtherInputs } from '../../../../../src/model/furtherInputs';
import { madeUpSamples } from '../../../../../src/model/madeUp';
import { readKeys } from '../../support';

const LAYERS = [
  { name: 'encoder', type: 'gru', hidden_size: 2 },
  {
    name: 'words',
    type: 'input',
    clock: 'own',
    sequence: { kind: 'token', vocabulary: ['a', 'b'], split: 'char' },
  },
  { name: 'table', type: 'embedding', embedding_dim: 1 },
  { name: 'decoder', type: 'gru', hidden_size: 2, initial_state: { layer: 'encoder' } },
];
const BESIDE = [
  { name: 'beside', type: 'input', sequence: { kind: 'vector', size: 1 } },
  { name: 'both', type: 'merge', mode: 'add', input: ['input', 'beside'] },
];
const sample = (inputs?: object) => ({ name: 's', values: [[1], [2]], ...(inputs && { inputs }) });

async function problemsOf(layers: object[], samples: object[]): Promise<string[]> {
  const { problems } = await readKeys({ layers, samples });
  return problems.map(({ code, message }) => `${code}: ${message}`);
}

describe('further inputs', () => {
  it('read what a sample gives them, token by token', async () => {
    const { network, weights, samples, problems } = await readKeys({
      layers: LAYERS,
      samples: [sample({ words: { text: 'aba' } })],
    });
    assert.deepEqual(problems, []);
    const { layers, output, steps } = await run(network!, weights!, samples[0].sequence);
    assert.equal(steps, 2);
    assert.equal(output.rows, 3);
    const words = layers.find(({ layer }) => layer === 'words')!.signals[0];
    assert.deepEqual([...words.values], [0, 1, 0]);
    assert.equal(words.time, 'own');
  });

  it('must be given, be known, and have the length that they say', async () => {
    assert.deepEqual(await problemsOf(LAYERS, [sample()]), [
      'missing-input: samples[0]: expected a sequence for the input "words"',
    ]);
    assert.deepEqual(await problemsOf(LAYERS, [sample({ words: { text: 'a' }, word: { text: 'b' } })]), [
      'unknown-input: samples[0].inputs.word: expected the name of a layer of type "input" ("words"), found "word"',
    ]);
    assert.deepEqual(await problemsOf(BESIDE, [sample({ beside: { values: [[1]] } })]), [
      'wrong-length: samples[0].inputs.beside: expected 2 steps, found 1',
    ]);
    assert.deepEqual(
      await problemsOf(
        [{ ...BESIDE[0], clock: 'row' }, BESIDE[1]],
        [sample({ beside: { values: [[1], [2]] } })],
      ),
      ['wrong-length: samples[0].inputs.beside: expected 1 step, found 2'],
    );
  });

  it('feed no layer that expects something else', async () => {
    const [problem] = await problemsOf(
      [LAYERS[1], { type: 'rnn', hidden_size: 1, input: 'words' }, LAYERS[2]],
      [],
    );
    assert.match(problem, /^unused|^wrong-input|^size/);
  });

  it('of a sequence that a user gives are taken from the first sample', async () => {
    const { network, samples } = await readKeys({
      layers: BESIDE,
      samples: [sample({ beside: { values: [[3], [4]] } })],
    });
    const own = (steps: number) =>
      ({ kind: 'vector', steps, size: 1, values: new Float32Array(steps) }) as const;
    const whole = withFurtherInputs(network!, own(2), samples);
    assert.deepEqual(whole.more, samples[0].sequence.more);
    const given = { ...own(3), more: new Map([['beside', own(3)]]) };
    assert.deepEqual(withFurtherInputs(network!, given, samples), given);
    assert.throws(
      () => withFurtherInputs(network!, { ...own(3), more: new Map([['beside', own(2)]]) }, samples),
      /"beside", step by step: found 2 steps of it, expected 3/,
    );
    assert.throws(
      () => withFurtherInputs(network!, own(3), samples),
      /"beside".*"s" has 2 steps of it, expected 3/,
    );
    assert.throws(() => withFurtherInputs(network!, own(2), []), /also reads "beside", and has no sample/);
  });

  it('are made up for models without samples', async () => {
    for (const layers of [LAYERS, BESIDE, [{ ...BESIDE[0], clock: 'row' }]]) {
      const { network, weights } = await readKeys({ layers, samples: [] });
      for (const { sequence } of madeUpSamples(network!)) {
        const { output } = await run(network!, weights!, sequence);
        assert.ok(output.rows > 0);
      }
    }
  });

  it('that the sequence lacks, or that do not exist, are refused up front', async () => {
    const { network, weights } = await readKeys({ layers: BESIDE, samples: [] });
    const plain = { kind: 'vector', steps: 1, size: 1, values: Float32Array.of(1) } as const;
    await assert.rejects(
      run(network!, weights!, plain),
      /beside: the sequence brings nothing for this input/,
    );
    const more = new Map([
      ['beside', plain],
      ['other', plain],
    ]);
    await assert.rejects(run(network!, weights!, { ...plain, more }), /there is no input other/);
    const longer = { ...plain, steps: 2, values: new Float32Array(2) };
    await assert.rejects(
      run(network!, weights!, { ...plain, more: new Map([['beside', longer]]) }),
      /beside: expected 1 steps, found 2/,
    );
  });
});
