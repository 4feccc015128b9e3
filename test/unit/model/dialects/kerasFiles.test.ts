import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync, type Unzipped } from 'fflate';
import type { Reading, Source } from '../../../../src/model/dialects/dialect';
import { codes, MemoryFolder } from '../support';
import { assertOutput, openFile, runReading, vectors } from './support';
import { damagedWays } from './toldModels';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/kerasfiles');
const bytes = (...path: string[]) => new Uint8Array(readFileSync(join(FIXTURES, ...path)));
const text = (...path: string[]) => readFileSync(join(FIXTURES, ...path), 'utf8');
const EXPECTED = JSON.parse(text('expected.json'));

/** A fixture's folder as it is. */
function folder(name: string): Record<string, Uint8Array> {
  return Object.fromEntries(readdirSync(join(FIXTURES, name)).map((file) => [file, bytes(name, file)]));
}

async function assertRuns(reading: Reading, expected = EXPECTED.output): Promise<void> {
  assertOutput(await runReading(reading, vectors(EXPECTED.input)), expected);
}

describe('files of whole Keras models', () => {
  for (const name of [
    'whole.h5',
    'split.h5',
    'gzip.h5',
    'newest.h5',
    'nested.h5',
    'stored.keras',
    'deflated.keras',
  ]) {
    it(`${name} gives PyTorch's numbers`, async () => {
      const reading = await openFile(name, bytes(name));
      assert.deepEqual(reading.problems, []);
      assert.deepEqual([reading.trained, reading.weightsFile, reading.files], [true, name, []]);
      await assertRuns(reading);
    });
  }

  it('keras1.h5, an array per gate, gives them too', async () => {
    const reading = await openFile('keras1.h5', bytes('keras1.h5'));
    assert.deepEqual(reading.problems, []);
    await assertRuns(reading, EXPECTED.second);
  });

  it('say with which loss they were compiled, which is compared with how they end', async () => {
    const bytes = readFileSync(join(FIXTURES, 'whole.h5'));
    const own = '{"loss": "mse", "optimizer_config": {}}';
    const at = bytes.indexOf(own);
    bytes.write('{"loss": "binary_crossentropy"}'.padEnd(own.length), at);
    const { problems } = await openFile('whole.h5', new Uint8Array(bytes));
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message.split(':')[0]]),
      [['loss-mismatch', 'loss']],
    );
    bytes.write('no JSON'.padEnd(own.length), at);
    assert.deepEqual((await openFile('whole.h5', new Uint8Array(bytes))).problems, []);
  });

  it('tell the version that wrote them, by the attribute or the metadata', async () => {
    const conventions = async (name: string) =>
      (await openFile(name, bytes(name))).network?.conventions.join(' · ');
    assert.equal(await conventions('whole.h5'), 'Keras 2.15.0 · i, f, c, o · z, r, h · reset after');
    assert.equal(await conventions('keras1.h5'), 'Keras 1.2.2 · i, f, c, o');
    assert.equal(await conventions('stored.keras'), 'Keras 3.4.1 · i, f, c, o · z, r, h · reset after');
  });

  it('take other weights that were chosen, wherever they lie', async () => {
    const weights = { folder: new MemoryFolder({ 'w.h5': bytes('legacy/model.h5') }), path: 'w.h5' };
    const reading = await openFile('stored.keras', bytes('stored.keras'), {}, { weights });
    assert.deepEqual([reading.problems, reading.weightsFile], [[], 'w.h5']);
    await assertRuns(reading);
  });
});

describe('weights beside a Keras JSON', () => {
  const models = {
    legacy: ['model.json', 'model.h5'],
    checkpoint: ['stack.json', 'stack.weights.h5'],
    'checkpoint-2.12': ['stack.json', 'stack.weights.h5'],
    'checkpoint-windows': ['stack.json', 'stack.weights.h5'],
    nested: ['model.json', 'model.weights.h5'],
    stacked: ['model.json', 'model.weights.h5'],
  };
  for (const [name, [model, file]] of Object.entries(models)) {
    it(`${name}: found by name, and gives PyTorch's numbers`, async () => {
      const reading = await openFile(model, text(name, model), folder(name));
      assert.deepEqual(reading.problems, []);
      assert.deepEqual([reading.trained, reading.weightsFile, reading.files], [true, file, [file]]);
      await assertRuns(reading);
    });
  }

  it('are taken in order where the names differ, and it is said', async () => {
    const reading = await openFile('model.json', text('renamed', 'model.json'), folder('renamed'));
    assert.deepEqual(codes(reading), ['warning layers-in-order']);
    assert.match(reading.problems[0].message, /model_weights\.h5: .*taken in order.*"both_1", "first_1"/);
    await assertRuns(reading);
  });

  it('are the best of several, and it is said', async () => {
    const beside = {
      'model.h5': bytes('legacy/model.h5'),
      'model.weights.h5': bytes('checkpoint/stack.weights.h5'),
      'model.keras': bytes('stored.keras'),
    };
    const reading = await openFile('model.json', text('legacy', 'model.json'), beside);
    assert.deepEqual(codes(reading), ['warning several-weights']);
    assert.match(
      reading.problems[0].message,
      /"model\.weights\.h5", "model\.h5", "model\.keras"; "model\.weights\.h5" is taken/,
    );
    await assertRuns(reading);
  });

  for (const name of ['model_weights.h5', 'model-weights.h5', 'weights.h5', 'model.hdf5']) {
    it(`may be called ${name}`, async () => {
      const reading = await openFile('model.json', text('legacy/model.json'), {
        [name]: bytes('legacy/model.h5'),
      });
      assert.equal(reading.weightsFile, name);
    });
  }

  it('of a .keras archive and of a whole model fit too', async () => {
    for (const name of ['stored.keras', 'whole.h5']) {
      const weights = { folder: new MemoryFolder({ [name]: bytes(name) }), path: name };
      const reading = await openFile('any.json', text('legacy/model.json'), {}, { weights });
      assert.deepEqual([reading.problems, reading.weightsFile, reading.files], [[], name, []]);
      await assertRuns(reading);
    }
  });

  /** A model's JSON and its weights, as people call them. */
  const pairs = {
    'model.json': ['model_weights.weights.h5', 'model_weight.h5', 'weights.weights.h5'],
    'lstm_model.json': ['lstm_model_weights.weights.h5', 'lstm_weights.h5', 'lstm.weights.h5'],
    'model_structure.json': ['model_weights.weights.h5', 'model_structure_weights.h5', 'weights.h5'],
    'model_architecture.json': ['model_weights.h5', 'model-weights.hdf5', 'model.weights.h5'],
    'model_config.json': ['model_weights.h5'],
    'my_model_architecture.json': ['my_model_weights.h5', 'my_weights.h5'],
    'architecture.json': ['weights.h5', 'model_weights.h5'],
  };
  for (const [model, weights] of Object.entries(pairs)) {
    it(`of ${model} may be called ${weights.join(', ')}`, async () => {
      for (const name of weights) {
        const beside = { [name]: bytes('legacy/model.h5'), 'notes.h5': bytes('keras1.h5') };
        const reading = await openFile(model, text('legacy/model.json'), beside);
        assert.deepEqual([codes(reading), reading.weightsFile], [[], name]);
        await assertRuns(reading);
      }
    });
  }

  it('of any other name are taken where they alone have the layers, and it is said', async () => {
    const beside = { 'epoch-40.h5': bytes('legacy/model.h5'), 'old.h5': bytes('keras1.h5') };
    const reading = await openFile('net-a.json', text('legacy/model.json'), beside);
    assert.deepEqual([codes(reading), reading.weightsFile], [['warning assumed'], 'epoch-40.h5']);
    assert.match(
      reading.problems[0].message,
      /no file is named like the model; "epoch-40\.h5" has its layers/,
    );
    await assertRuns(reading);
  });

  it('of other names are named, and none is taken, where several have the layers, or none has', async () => {
    const several = { 'a.h5': bytes('legacy/model.h5'), 'b.h5': bytes('whole.h5') };
    const cases: [Record<string, Uint8Array>, RegExp][] = [
      [several, /found "a\.h5", "b\.h5": each has its layers.*--weights FILE/],
      [{ 'a.h5': bytes('keras1.h5') }, /found "a\.h5": none has its layers.*--weights FILE/],
    ];
    for (const [beside, message] of cases) {
      const reading = await openFile('net.json', text('legacy/model.json'), beside);
      assert.deepEqual([codes(reading), reading.trained], [['warning candidate-weights'], false]);
      assert.match(reading.problems[0].message, message);
      assert.ok(reading.weights, 'seeded');
      assert.ok(reading.files.includes('a.h5') && reading.files.includes('net.weights.h5'));
    }
  });

  it('that are named like another model are that one’s', async () => {
    const beside = { 'second.weights.h5': bytes('checkpoint/stack.weights.h5'), 'second.json': '{}' };
    const reading = await openFile('first.json', text('legacy/model.json'), beside);
    assert.deepEqual([codes(reading), reading.trained], [[], false]);
  });

  it('are none: seeded, and untrained', async () => {
    const reading = await openFile('model.json', text('legacy/model.json'));
    assert.deepEqual([reading.trained, reading.weightsFile, codes(reading)], [false, undefined, []]);
    assert.ok(reading.files.includes('model.h5'), 'looked for again when it comes');
    assert.ok(reading.weights);
  });

  const broken = (content: Uint8Array | string, more: Partial<Source> = {}) =>
    openFile('model.json', text('legacy/model.json'), { 'model.h5': content }, more);

  it('of another model are an error that names both sides', async () => {
    const reading = await broken(bytes('keras1.h5'));
    assert.deepEqual(codes(reading), ['error bad-weights-file']);
    assert.match(
      reading.problems[0].message,
      /weights for "bidirectional_1", "lstm_1", "lstm_2", the model has the layers "both", "first"/,
    );
    assert.equal(reading.problems[0].about, 'weights');
    assert.ok(reading.network && !reading.weights);
  });

  it('that cannot be read are an error, and nothing is seeded in their place', async () => {
    const cases: [Uint8Array | string, RegExp][] = [
      ['', /expected Keras weights.*another kind/],
      ['no HDF5', /expected Keras weights.*another kind/],
      [bytes('whole.h5').subarray(0, 3000), /truncated or damaged/],
      [bytes('../hdf5/old.h5'), /not of Keras: expected the attribute "layer_names", or a group "layers"/],
      [zipSync({ 'config.json': strToU8('{}') }), /no "model\.weights\.h5"/],
    ];
    for (const [content, message] of cases) {
      const reading = await broken(content);
      assert.deepEqual(codes(reading), ['error bad-weights-file']);
      assert.match(reading.problems[0].message, message);
      assert.ok(reading.network && !reading.weights);
      assert.deepEqual(reading.files, ['model.h5']);
    }
  });

  it('that were chosen and are missing are an error', async () => {
    const weights = { folder: new MemoryFolder(), path: 'gone.h5' };
    const reading = await openFile('model.json', text('legacy/model.json'), {}, { weights });
    assert.deepEqual(codes(reading), ['error weights-missing']);
  });
});

describe('faulty files of Keras models', () => {
  it('with weights alone say which file says the rest', async () => {
    const beside = await openFile('stack.weights.h5', bytes('checkpoint/stack.weights.h5'), {
      'stack.json': text('checkpoint/stack.json'),
    });
    assert.equal(codes(beside)[0], 'warning weights-only');
    assert.match(beside.problems[0].message, /"stack\.json" beside it.*open that, which takes these weights/);
  });

  it('that are HDF5 of something else say what was looked for', async () => {
    const reading = await openFile('data.h5', bytes('../hdf5/old.h5'));
    assert.deepEqual(codes(reading), ['error unknown-dialect']);
    assert.match(reading.problems[0].message, /"data\.h5" is an HDF5 file, but not of Keras/);
  });

  const repacked = (change: (members: Unzipped) => void) => {
    const members = unzipSync(bytes('stored.keras'));
    change(members);
    return openFile('model.keras', zipSync(members));
  };

  it('lack a member, or have one that is not what it says', async () => {
    const cases: [(members: Unzipped) => void, string, RegExp][] = [
      [
        (members) => delete members['config.json'],
        'error bad-weights-file',
        /expected the member "config\.json"/,
      ],
      [(members) => delete members['model.weights.h5'], 'error bad-weights-file', /"model\.weights\.h5"/],
      [
        (members) => (members['config.json'] = strToU8('{"class_name": ')),
        'error syntax',
        /expected a value/,
      ],
      [(members) => (members['config.json'] = strToU8('{}')), 'error unknown-dialect', /Keras model/],
      [(members) => (members['config.json'] = strToU8('['.repeat(1e5))), 'error nested-too-deep', /nested/],
      [
        (members) => (members['model.weights.h5'] = strToU8('x')),
        'error bad-weights-file',
        /superblock|truncated/,
      ],
    ];
    for (const [change, code, message] of cases) {
      const reading = await repacked(change);
      assert.deepEqual(codes(reading).slice(0, 1), [code]);
      assert.match(reading.problems[0].message, message);
      assert.deepEqual(reading.problems[0].place, { line: 1, column: 1, offset: 0, length: 0 });
    }
  });

  it('may have no metadata', async () => {
    const reading = await repacked((members) => {
      delete members['metadata.json'];
    });
    assert.deepEqual(codes(reading), []);
    await assertRuns(reading);
  });

  it('are refused beyond the limit for memory', async () => {
    const reading = await openFile(
      'deflated.keras',
      bytes('deflated.keras'),
      {},
      { limits: { memory: 10_000 } },
    );
    assert.deepEqual(codes(reading), ['error bad-weights-file']);
    assert.match(reading.problems[0].message, /beyond the limit of 9\.8 kB/);
  });

  it('stop when they are cancelled', async () => {
    const cancelled = AbortSignal.abort();
    await assert.rejects(openFile('whole.h5', bytes('whole.h5'), {}, { signal: cancelled }), {
      name: 'AbortError',
    });
  });

  for (const name of ['whole.h5', 'newest.h5', 'gzip.h5', 'stored.keras', 'deflated.keras']) {
    it(`${name}, truncated or with flipped bits, gives a reading in little time`, async () => {
      for (const damaged of damagedWays(bytes(name), 150)) {
        const started = performance.now();
        const reading = await openFile(name, damaged);
        assert.ok(reading.problems.length > 0 || reading.weights);
        assert.ok(performance.now() - started < 5000);
      }
    });
  }
});

describe('weights for a model that takes none', () => {
  it('are not used, and it is said', async () => {
    const weights = { folder: new MemoryFolder(), path: 'w.h5' };
    const model = readFileSync(join(FIXTURES, '../guitar/guitarml-lstm.json'), 'utf8');
    const reading = await openFile('amp.json', model, {}, { weights });
    assert.deepEqual(codes(reading), ['warning weights-not-used']);
  });
});
