import assert from 'node:assert/strict';
import { forecastOf, nextTokens, outputRow, type Ran } from '../../../src/engine/outputOfRun';
import { run } from '../../../src/engine/run';
import { readKeys } from '../model/support';

async function ran(
  changes: Readonly<Record<string, unknown>>,
  files: Record<string, string> = {},
): Promise<Ran> {
  const reading = await readKeys(
    {
      input: { kind: 'vector', size: 1, features: ['price'] },
      layers: [
        { name: 'lstm', type: 'lstm', hidden_size: 3 },
        { name: 'head', type: 'linear', out_features: 1 },
      ],
      weights: { init: 'pytorch', seed: 7 },
      samples: [{ name: 'ramp', values: [[0], [1], [3], [-2], [1]] }],
      ...changes,
    },
    files,
  );
  const { network, weights, samples, problems } = reading;
  assert.deepEqual(problems, []);
  const [{ sequence, expected }] = samples;
  return { network: network!, sequence, expected, trace: await run(network!, weights!, sequence) };
}

const TABLE = 'date,price\n2020-01-01,10\n2020-02-01,20\n2020-03-01,60\n2020-04-01,50\n';

describe('what a run’s output is compared with', () => {
  it('is the next value where the output is named so, in the units of the table', async () => {
    const one = await ran(
      {
        output: { labels: ['next price'] },
        samples: [{ name: 'shares', file: 'a.csv', columns: ['price'], normalize: 'zscore' }],
      },
      { 'a.csv': TABLE },
    );
    const { against, byFile, truth, before, error, column, prediction } = forecastOf(one, 0, null);
    assert.deepEqual(against, { kind: 'input', feature: 0, ahead: 1 });
    assert.ok(byFile);
    assert.equal(column?.name, 'price');
    const back = (values: Float32Array) =>
      [...values].map((v) => Math.round(v * column!.deviation + column!.mean));
    assert.deepEqual(back(truth!), [20, 60, 50, NaN]);
    assert.deepEqual(back(before!), [10, 20, 60, 50]);
    const same = Math.sqrt((10 ** 2 + 40 ** 2 + 10 ** 2) / 3);
    assert.ok(Math.abs(error!.before * column!.deviation - same) < 1e-4);
    const own = Math.hypot(...[0, 1, 2].map((row) => prediction[row] - truth![row])) / Math.sqrt(3);
    assert.ok(Math.abs(error!.model - own) < 1e-6);
    assert.equal(error!.rows, 3);
    assert.deepEqual(one.sequence.kind === 'vector' && one.sequence.table?.dates?.slice(0, 2), [
      '2020-01-01',
      '2020-02-01',
    ]);
  });

  it('is nothing where the file does not say, and what the user chooses', async () => {
    const one = await ran({});
    assert.deepEqual(forecastOf(one, 0, null).against, { kind: 'nothing' });
    assert.equal(forecastOf(one, 0, null).error, undefined);
    const { truth, before } = forecastOf(one, 0, { kind: 'input', feature: 0, ahead: 0 });
    assert.deepEqual([...truth!], [0, 1, 3, -2, 1]);
    assert.deepEqual([...before!], [NaN, 0, 1, 3, -2]);
    assert.throws(() => forecastOf(one, 0, { kind: 'input', feature: 1, ahead: 1 }), RangeError);
    assert.throws(() => forecastOf(one, 1, null), RangeError);
  });

  it('is the known output where the sample brings it, all rows or the last', async () => {
    const values = [[0], [1], [2]];
    const all = await ran({ samples: [{ name: 'a', values, expected: [5, 6, 7] }] });
    assert.deepEqual([...forecastOf(all, 0, null).truth!], [5, 6, 7]);
    const last = await ran({ samples: [{ name: 'a', values, expected: [[7]] }] });
    assert.deepEqual([...forecastOf(last, 0, null).truth!], [NaN, NaN, 7]);
  });

  it('is the token that came next, after a softmax or of scores', async () => {
    const letters = { kind: 'token', vocabulary: ['a', 'b', 'c'], split: 'char', encoding: 'one_hot' };
    const layers = (activation: string) => [
      { name: 'gru', type: 'gru', hidden_size: 3 },
      { name: 'head', type: 'linear', out_features: 3, activation },
    ];
    const samples = [{ name: 'a', text: 'abca' }];
    const shares = await ran({ input: letters, layers: layers('softmax'), samples });
    const { values } = shares.trace.output;
    const next = nextTokens(shares);
    assert.deepEqual([...next], [values[1], values[5], values[6], NaN]);
    for (const activation of ['none', 'log_softmax']) {
      const scores = nextTokens(await ran({ input: letters, layers: layers(activation), samples }));
      next.forEach((share, row) => assert.ok(Number.isNaN(share) || Math.abs(share - scores[row]) < 1e-6));
    }
    assert.equal(nextTokens(await ran({})).length, 0);
  });

  it('has one row for every step where the network gives a single one', async () => {
    const layers = [{ name: 'gru', type: 'gru', hidden_size: 2, return_sequences: false }];
    const one = await ran({ layers });
    assert.equal(outputRow(one.trace, 1).step, 4);
    assert.deepEqual(outputRow(one.trace, 1).values, one.trace.output.values);
  });
});
