import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/engine/run';
import { atOnce } from '../../../src/engine/slices';
import { stuckUnits } from '../../../src/engine/stuckUnits';
import { stuckInRun } from '../../../src/host/stuckInRun';
import type { FinishedRun } from '../../../src/host/finishedRun';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import type { Network, Weights } from '../../../src/model/network';
import { readModel } from '../../../src/model/read';
import type { Sample } from '../../../src/model/samples';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { inEnglish } from '../../../src/words/translate';
import { readKeys } from '../model/support';

const MEDIA = join(import.meta.dirname, '../../../media');

async function said(network: Network, weights: Weights, { name, sequence }: Sample): Promise<string[]> {
  const trace = await run(network, weights, sequence);
  const finished = { trace, sequence: { title: name } } as FinishedRun;
  const options = { translate: inEnglish, signal: new AbortController().signal };
  const found = await stuckInRun(network, finished, options);
  return found.map(
    ({ layer, problem }) => `${layer}: ${problem.severity} ${problem.code} ${problem.message}`,
  );
}

/** An RNN of three units, each with a bias of its own, on steps of 1. */
async function rnn(nonlinearity: string, bias: readonly number[], steps = 16) {
  const zeros = bias.map(() => 0);
  const { network, weights, samples } = await readKeys({
    layers: [{ name: 'rnn', type: 'rnn', hidden_size: 3, nonlinearity }],
    weights: {
      values: {
        ...{ 'rnn.weight_ih_l0': [[0.1], [0.1], [0.1]], 'rnn.weight_hh_l0': bias.map(() => zeros) },
        ...{ 'rnn.bias_ih_l0': bias, 'rnn.bias_hh_l0': zeros },
      },
    },
    samples: [{ name: 'ones', values: Array.from({ length: steps }, () => [1]) }],
  });
  return said(network!, weights!, samples[0]);
}

describe('units that stay where they are over a run', () => {
  it('are warned of where they are dead', async () => {
    assert.deepEqual(await rnn('relu', [-1, 1, -1]), [
      'rnn: warning dead-units rnn.h: 2 of 3 units are 0 at every step of "ones" (0, 2): behind relu nothing brings them back',
    ]);
    assert.deepEqual(await rnn('relu', [1, 1, 1]), []);
  });

  it('are warned of where half of them are saturated', async () => {
    const [found, ...others] = await rnn('tanh', [5, 0, -5]);
    assert.match(
      found,
      /saturated-units rnn\.h: 2 of 3 units are saturated at every step of "ones" \(0, 2\)/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(await rnn('tanh', [5, 0, 0]), [], 'one of three');
    assert.deepEqual(await rnn('tanh', [5, 5, 5], 15), [], 'in few steps');
  });

  it('are those of every row', async () => {
    const { network, weights, samples } = await readKeys({
      layers: [{ name: 'lstm', type: 'lstm', hidden_size: 2 }],
      weights: { init: 'zeros' },
      samples: [{ name: 'a', values: [[1], [2]] }],
    });
    const trace = await run(network!, weights!, samples[0].sequence);
    const [gate] = trace.layers[0].signals.filter(({ signal }) => signal === 'o');
    gate.values.set([0.95, 0.95, 0.05, 0.5]);
    const [found, ...others] = atOnce(stuckUnits(network!, trace, 1));
    assert.deepEqual([found.signal, found.saturation, found.stuck, found.units], ['o', 'sigmoid', [0], 2]);
    assert.deepEqual(others, []);
  });

  it('are none in the examples and templates', async function () {
    this.timeout(60_000);
    for (const kind of ['examples', 'templates']) {
      const folder = join(MEDIA, kind);
      for (const fileName of readdirSync(folder).filter((name) => name.endsWith('.rnn.json'))) {
        const text = readFileSync(join(folder, fileName), 'utf8');
        const source = { text, fileName, folder: new NodeFolder(folder), limits: DEFAULT_LIMITS };
        const { network, weights, samples } = await readModel(source);
        for (const sample of samples)
          assert.deepEqual(await said(network!, weights!, sample), [], `${fileName}: ${sample.name}`);
      }
    }
  });
});
