import assert from 'node:assert/strict';
import { run } from '../../../../src/engine/run';
import { toNative } from '../../../../src/model/convert';
import { MemoryFolder, codes } from '../support';
import { FIXTURES_OF_TFJS, besideIn, expectedIn, sequenceFor, textOf } from './kerasFixtures';
import { assertOutput, openFile, runReading } from './support';

const open = (name: string) => openFile('model.json', textOf(name, 'model.json'), besideIn(name));

/** `lstm`'s model with one value changed or, where that is undefined, left out. */
function changed(path: readonly (string | number)[], value: unknown, name = 'lstm'): string {
  const model = JSON.parse(textOf(name, 'model.json'));
  const parent = path.slice(0, -1).reduce((at, key) => at[key], model);
  parent[path[path.length - 1]] = value;
  return JSON.stringify(model);
}

describe('layers models of TensorFlow.js', () => {
  for (const name of FIXTURES_OF_TFJS) {
    it(`${name}: the output is that of TensorFlow.js, and the same as a native model`, async () => {
      const reading = await open(name);
      assert.deepEqual(reading.problems, []);
      assert.equal(reading.network?.dialect, 'tfjs');
      assert.equal(reading.trained, true);
      const { inputs, output } = expectedIn(name);
      const sequence = sequenceFor(reading, inputs);
      const trace = await runReading(reading, sequence);
      assertOutput(trace, output);
      const { network, weights } = reading;
      assert.ok(network && weights);
      const native = await toNative({ ...reading, network, weights }, 'm.rnn.json');
      const again = await openFile('m.rnn.json', native.text, {
        [native.weights!.fileName]: native.weights!.bytes,
      });
      assert.deepEqual(again.problems, []);
      assert.deepEqual(await runReading(again, sequence), trace);
    });

    it(`${name}: a sequence is made up that it runs on`, async () => {
      const { network, weights, samples } = await open(name);
      assert.ok(network && weights && samples.length > 0);
      for (const { sequence } of samples) await run(network, weights, sequence);
    });
  }

  it('tell their conventions', async () => {
    const { network, weightsFile, files } = await open('quantized-uint8');
    assert.deepEqual(network?.conventions, ['TensorFlow.js layers', 'i, f, c, o', 'hard_sigmoid 0.2x + 0.5']);
    assert.equal((await open('converted')).network?.conventions[0], 'TensorFlow.js layers from Keras 2.4.0');
    assert.equal(weightsFile, 'group1-shard1of2.bin');
    assert.deepEqual(files, ['group1-shard1of2.bin', 'group1-shard2of2.bin']);
  });

  it('are untrained without weights', async () => {
    const text = changed(['weightsManifest'], undefined);
    const reading = await openFile('model.json', text);
    assert.deepEqual(reading.problems, []);
    assert.equal(reading.trained, false);
    await runReading(reading, sequenceFor(reading, expectedIn('lstm').inputs));
  });

  it('read nothing but the weights of their layers', async () => {
    const shards = besideIn('lstm');
    const [[path, bytes]] = Object.entries(shards);
    const weights = JSON.parse(textOf('lstm', 'model.json')).weightsManifest[0].weights;
    const text = changed(
      ['weightsManifest', 0, 'weights'],
      [{ name: 'unused/kernel', shape: [1000], dtype: 'float32' }, ...weights],
    );
    const padded = new Uint8Array(4000 + bytes.length);
    padded.set(bytes, 4000);
    const folder = new MemoryFolder({ [path]: padded });
    const reading = await openFile('model.json', text, {}, { folder });
    assert.deepEqual(codes(reading), ['warning unused-tensor']);
    assert.ok(folder.reads.length > 0 && folder.reads.every(({ start }) => start >= 4000));
    assertOutput(
      await runReading(reading, sequenceFor(reading, expectedIn('lstm').inputs)),
      expectedIn('lstm').output,
    );
  });
});

describe('faulty layers models of TensorFlow.js', () => {
  const weight = (key: string) => ['weightsManifest', 0, 'weights', 0, key];
  const cases: [string, string, string[], RegExp][] = [
    [
      'a frozen graph',
      JSON.stringify({ format: 'graph-model', modelTopology: { node: [], versions: {} } }),
      ['error graph-model'],
      /frozen graph/,
    ],
    [
      'no recurrent layer',
      changed(['modelTopology', 'config', 'layers', 0, 'class_name'], 'Dense'),
      ['error no-recurrent-layer'],
      /"Dense", "Dropout"/,
    ],
    [
      'a missing shard',
      changed(['weightsManifest', 0, 'paths', 0], 'lost.bin'),
      ['error weights-missing'],
      /"lost.bin" does not exist/,
    ],
    [
      'several missing shards, in several groups',
      changed(
        ['weightsManifest'],
        [
          { paths: ['a.bin', 'b.bin'], weights: [] },
          { paths: ['group1-shard1of1.bin', 'c.bin'], weights: [] },
        ],
      ),
      ['error weights-missing'],
      /: "a.bin", "b.bin", "c.bin" do not exist$/,
    ],
    [
      'a shard outside',
      changed(['weightsManifest', 0, 'paths', 0], '../lost.bin'),
      ['error weights-outside'],
      /"\.\."/,
    ],
    [
      'another shape',
      changed(weight('shape'), [4, 12]),
      ['error wrong-shape'],
      /memory.*kernel \[3, 16\], found.*\[4, 12\]/,
    ],
    [
      'too few bytes',
      changed(weight('shape'), [300, 16]),
      ['error bad-weights-file'],
      /expected \d+ bytes.*found \d+/,
    ],
    ['a negative size', changed(weight('shape'), [-3, 16]), ['error wrong-value'], /whole number/],
    ['a huge size', changed(weight('shape'), [2 ** 40, 2 ** 40]), ['error too-large'], /more elements/],
    ['an unknown type', changed(weight('dtype'), 'string'), ['error wrong-value'], /"float32"/],
    [
      'weights of no layer',
      changed(weight('name'), 'other/kernel'),
      ['error wrong-arrays', 'warning unused-tensor'],
      /expected the arrays kernel \[3, 16\]/,
    ],
    [
      'a manifest that is no list',
      changed(['weightsManifest'], {}),
      ['error wrong-value'],
      /expected a list/,
    ],
    [
      'a topology that is no model',
      changed(['modelTopology'], { a: 1 }),
      ['error unknown-dialect'],
      /expected a Keras model/,
    ],
  ];
  for (const [what, text, expected, message] of cases) {
    it(`with ${what} say so`, async () => {
      const reading = await openFile('model.json', text, besideIn('lstm'));
      assert.deepEqual(codes(reading), expected);
      assert.match(reading.problems[0].message, message);
      assert.equal(reading.weights, undefined);
    });
  }
});
