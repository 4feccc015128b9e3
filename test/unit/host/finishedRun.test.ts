import assert from 'node:assert/strict';
import { finishRun } from '../../../src/host/finishedRun';
import { sampleChoice } from '../../../src/host/scene';
import { readKeys } from '../model/support';

describe('a finished run', () => {
  const MODEL = {
    layers: [{ name: 'rnn', type: 'rnn', hidden_size: 64 }],
    weights: { init: 'pytorch', seed: 7 },
    samples: [{ name: 'a', values: Array.from({ length: 20_000 }, (_, step) => [Math.sin(step)]) }],
  };

  it('tells of its figures as of the run, and can be stopped in them', async () => {
    const { network, weights, samples } = await readKeys(MODEL);
    const runs = { network: network!, weights: weights!, trained: true };
    const stop = new AbortController();
    const told: string[] = [];
    const run = finishRun(runs, sampleChoice(samples[0]), {
      signal: stop.signal,
      translate: (sentence) => sentence,
      sliceMilliseconds: 0,
      onProgress: () => told.push('run'),
      onSummary(done, total) {
        told.push('summary');
        assert.ok(done <= total);
        stop.abort();
      },
    });
    await assert.rejects(run, { name: 'AbortError' });
    assert.deepEqual([told[0], told.at(-1), told.indexOf('summary')], ['run', 'summary', told.length - 1]);
  });
});
