import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/engine/run';
import { nativeName, toNative, toPython } from '../../../src/model/convert';
import type { Reading } from '../../../src/model/dialects/dialect';
import { fixture, namesOf, type Maker } from '../engine/fixtures';
import { openFile } from './dialects/support';

const MAKERS: readonly Maker[] = ['pytorch', 'autograd', 'onnx', 'tfjs', 'layers'];
const FIXTURES = join(import.meta.dirname, '../../fixtures');

async function convert(reading: Reading, file: string, original?: Uint8Array) {
  const { network, weights } = reading;
  assert.ok(network && weights);
  const bytes = original && {
    size: original.length,
    read: async (start: number, end: number) => original.subarray(start, end),
  };
  const native = await toNative({ ...reading, network, weights }, nativeName(file), bytes);
  const beside = native.weights ? { [native.weights.fileName]: native.weights.bytes } : { [file]: original! };
  return { native, again: await openFile(nativeName(file), native.text, beside) };
}

describe('a model in the native format', () => {
  const all = MAKERS.flatMap((maker) => namesOf(maker).map((name) => ({ maker, name })));
  for (const { maker, name } of all) {
    it(`${maker} ${name} is what it was`, async () => {
      const { network, weights, sequence } = await fixture(name, maker);
      const reading = { network, weights, trained: true, samples: [{ name: 'x', sequence }] };
      const { again } = await convert({ ...reading, declaredSamples: [], problems: [], files: [] }, 'm.json');
      assert.deepEqual(
        again.problems.filter(({ severity }) => severity === 'error'),
        [],
      );
      assert.deepEqual(again.network, network);
      assert.deepEqual(again.samples[0].sequence, sequence);
      const [before, after] = [
        await run(network, weights, sequence),
        await run(again.network!, again.weights!, sequence),
      ];
      assert.deepEqual(after, before);
    });
  }

  it('stays untrained', async () => {
    const { network, weights, sequence } = await fixture(namesOf('layers')[0], 'layers');
    const reading = { network, weights, trained: false, samples: [{ name: 'x', sequence }] };
    const untrained = { ...reading, declaredSamples: [], problems: [], files: [] };
    const { again } = await convert(untrained, 'm.json');
    assert.deepEqual([again.problems, again.trained, again.weights], [[], false, weights]);
    const { text } = await toPython('pytorch', untrained, 'm.py');
    assert.match(text, /^# Written by .*\n# The weights are seeded, not trained/);
    assert.doesNotMatch((await toPython('pytorch', { ...untrained, trained: true }, 'm.py')).text, /seeded/);
  });

  it('points at the safetensors file where that has the names, and brings its own where it has not', async () => {
    const file = (name: string) => readFileSync(join(FIXTURES, 'statedict', name));
    const twins = await convert(
      await openFile('t.safetensors', file('twins.safetensors')),
      't.safetensors',
      file('twins.safetensors'),
    );
    assert.equal(twins.native.weights, undefined);
    assert.ok(twins.again.weights);
    const cells = await convert(
      await openFile('c.safetensors', file('cells.safetensors')),
      'c.safetensors',
      file('cells.safetensors'),
    );
    assert.equal(cells.native.weights?.fileName, 'c.rnn.safetensors');
    assert.deepEqual(cells.again.problems, []);
  });
});
