/** Models as TensorFlow keeps them: folders of Keras, other SavedModels, checkpoints. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../../../../src/model/dialects/dialect';
import { codes, MemoryFolder } from '../support';
import { openFile } from './support';
import { assertRuns, damagedWays, expectedIn, messages } from './toldModels';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/savedmodel');
const EXPECTED = expectedIn(FIXTURES);
const bytes = (...path: string[]) => new Uint8Array(readFileSync(join(FIXTURES, ...path)));

type Files = Record<string, Uint8Array | string>;

/** A fixture's folder, and what is in its variables. */
function folder(name: string): Files {
  const below = existsSync(join(FIXTURES, name, 'variables'))
    ? readdirSync(join(FIXTURES, name, 'variables'))
    : [];
  const own = readdirSync(join(FIXTURES, name)).filter((file) => file !== 'variables');
  const files = [...own, ...below.map((file) => `variables/${file}`)];
  return Object.fromEntries(files.map((file) => [file, bytes(name, file)]));
}

function open(
  name: string,
  file = 'saved_model.pb',
  change: (files: Files) => void = () => {},
  more: Partial<Source> = {},
) {
  const files = folder(name);
  change(files);
  return openFile(file, files[file], files, more);
}

const INDEX = 'variables/variables.index';
const VALUES = 'variables/variables.data-00000-of-00001';

describe('SavedModels of Keras', () => {
  it("opened by the graph or by the metadata give PyTorch's numbers, gates and all", async () => {
    for (const file of ['saved_model.pb', 'keras_metadata.pb']) {
      const reading = await open('keras-2.12', file);
      assert.deepEqual(reading.problems, []);
      assert.deepEqual(
        [reading.trained, reading.weightsFile, reading.network?.name],
        [true, INDEX, 'reader'],
      );
      assert.deepEqual(reading.network?.conventions, [
        ...['Keras 2.12.0', 'i, f, c, o', 'z, r, h', 'reset after'],
      ]);
      assert.ok(
        [INDEX, VALUES].every((name) => reading.files.includes(name)),
        'watched',
      );
      await assertRuns(reading, EXPECTED['keras-2.12']);
    }
  });

  it('whose config is in the graph, with several files of values, give them too', async () => {
    const reading = await open('tf-2.3');
    assert.deepEqual(reading.problems, []);
    assert.equal(reading.network?.conventions[0], 'tf.keras 2.3.0-tf');
    await assertRuns(reading, EXPECTED['tf-2.3']);
  });

  it('without variables are shown, and the missing file is named', async () => {
    const gone = async (name: string, missing: string) => {
      const reading = await open(name, 'saved_model.pb', (files) => delete files[missing]);
      assert.deepEqual(new Set(codes(reading)), new Set(['error weights-missing']));
      assert.ok(messages(reading).includes(JSON.stringify(missing)), messages(reading));
      assert.ok(reading.network && !reading.weights && reading.files.includes(missing));
    };
    await gone('keras-2.12', INDEX);
    await gone('keras-2.12', VALUES);
    await gone('tf-2.3', 'variables/variables.data-00001-of-00002');
  });

  it('take other weights that were chosen', async () => {
    const weights = { folder: new MemoryFolder(), path: 'gone.h5' };
    assert.deepEqual(codes(await open('keras-2.12', 'saved_model.pb', () => {}, { weights })), [
      'error weights-missing',
    ]);
  });

  it('read nothing outside their folder', async () => {
    const files = folder('keras-2.12');
    const memory = new MemoryFolder(files);
    await openFile('saved_model.pb', bytes('keras-2.12', 'saved_model.pb'), files, { folder: memory });
    const read = new Set(memory.reads.map(({ path }) => path));
    assert.deepEqual([...read].sort(), ['keras_metadata.pb', VALUES, INDEX].sort());
  });
});

describe('other SavedModels', () => {
  it("of Keras 3's export run by the names and shapes of their variables, and what is missing is said", async () => {
    const reading = await open('exported');
    assert.deepEqual(new Set(codes(reading)), new Set(['warning weights-only', 'warning assumed']));
    assert.match(
      messages(reading),
      /without the config of a Keras model.*model\.save\("model\.keras"\).*tf2onnx\.convert/,
    );
    await assertRuns(reading, EXPECTED.exported);
  });

  it('without variables that tell a layer say what they are, and what helps', async () => {
    const reading = await open('exported', 'saved_model.pb', (files) => delete files[INDEX]);
    assert.deepEqual(codes(reading), ['error no-config', 'error weights-missing']);
    assert.match(messages(reading), /model\.save\("model\.keras"\)/);
  });

  it("of a class of the user's own say which", async () => {
    const reading = await open('keras-2.12', 'saved_model.pb', (files) => {
      const text = new TextDecoder('latin1').decode(files['keras_metadata.pb'] as Uint8Array);
      const renamed = text
        .replace('"layers": [', '"lavers": [')
        .replaceAll('"model_config"', '"model_c0nfig"');
      files['keras_metadata.pb'] = Uint8Array.from(renamed, (character) => character.charCodeAt(0));
    });
    assert.match(messages(reading), /of a Keras model of its own class "Functional", which wrote no config/);
    await assertRuns(reading, EXPECTED['keras-2.12']);
  });
});

describe('TensorFlow checkpoints', () => {
  const openIndex = (name: string, more: Partial<Source> = {}) =>
    openFile(`${name}.index`, bytes('checkpoints', `${name}.index`), folder('checkpoints'), more);

  for (const name of ['layers.ckpt', 'own.ckpt', 'saver.ckpt']) {
    it(`${name}: layers told by names and shapes, with PyTorch's numbers`, async () => {
      const reading = await openIndex(name);
      assert.deepEqual(new Set(codes(reading)), new Set(['warning weights-only', 'warning assumed']));
      await assertRuns(reading, EXPECTED[name]);
    });
  }

  it('of half precision are read', async () => {
    const [whole, half] = [await openIndex('saver.ckpt'), await openIndex('halves.ckpt')];
    const kernel = (reading: typeof half) => reading.weights?.get('lstm.weight_ih_l0')?.data ?? [];
    assert.equal(kernel(half).length, kernel(whole).length);
    kernel(half).forEach((value, k) => assert.ok(Math.abs(value - kernel(whole)[k]) < 1e-3));
  });

  it('opened by another of their files name the one to open', async () => {
    const values = await openFile(
      'a.ckpt.data-00000-of-00001',
      bytes('checkpoints/own.ckpt.data-00000-of-00001'),
    );
    assert.match(
      messages(values),
      /is the values of a TensorFlow checkpoint.*open the file beside it that ends in "\.index"/,
    );
    const list = await openFile(
      'checkpoint',
      'model_checkpoint_path: "a.ckpt"\nall_model_checkpoint_paths: "a.ckpt"\n',
    );
    assert.match(messages(list), /is the list of the checkpoints in its folder; open one of those/);
  });

  it('inside a SavedModel name the file to open', async () => {
    const reading = await openFile('variables.index', bytes('keras-2.12', INDEX), {
      'variables.data-00000-of-00001': bytes('keras-2.12', VALUES),
    });
    assert.match(messages(reading), /open "saved_model\.pb" in the folder above/);
  });

  it('under another name say that the values are found by it', async () => {
    const reading = await openFile('checkpoint.bin', bytes('checkpoints/layers.ckpt.index'));
    assert.match(
      messages(reading),
      /is the index of a TensorFlow checkpoint: expected a name that ends in "\.index"/,
    );
  });

  const FAULTS: Record<string, RegExp> = {
    packed: /is packed \(Snappy\); TensorFlow writes plain blocks/,
    'big-endian': /big-endian/,
    partitioned: /tensor "lstm\/kernel": it is partitioned, kept in 2 parts/,
    'no-such-file': /tensor "lstm\/kernel": expected it in one of 1 files of values, found file 4/,
    'beyond-the-end':
      /"lstm\/kernel": expected 64 bytes at offset 1099511627776 of ".*", which has 160: it is truncated/,
    'wrong-size': /"lstm\/kernel": its shape \[2, 8\] takes 64 bytes, found 60/,
    'whole-numbers': /"lstm\/kernel": expected floating-point numbers, found int64/,
    'wrong-checksum': /"lstm\/kernel": its values do not have their checksum/,
    huge: /the weights would take 64 GB of memory/,
  };

  for (const [name, message] of Object.entries(FAULTS)) {
    it(`with a fault are refused, and it is named: ${name}`, async () => {
      const reading = await openFile(`${name}.index`, bytes(`faulty/${name}.index`), folder('faulty'));
      assert.ok(codes(reading).some((code) => code.startsWith('error')));
      assert.match(messages(reading), message);
      assert.ok(!reading.weights);
    });
  }

  for (const file of [INDEX, VALUES, 'keras_metadata.pb']) {
    it(`${file}, truncated or with flipped bits, gives a reading in little time`, async () => {
      for (const damaged of damagedWays(bytes('keras-2.12', file), 300)) {
        const started = performance.now();
        const reading = await open('keras-2.12', 'saved_model.pb', (files) => (files[file] = damaged));
        assert.ok(reading.problems.length > 0 || reading.weights);
        assert.ok(performance.now() - started < 5000);
      }
    });
  }

  it('no bit of the values changes in silence', async () => {
    const whole = bytes('keras-2.12', VALUES);
    for (let at = 2000; at < whole.byteLength; at += 97) {
      const damaged = whole.slice();
      damaged[at] ^= 4;
      const reading = await open('keras-2.12', 'saved_model.pb', (files) => (files[VALUES] = damaged));
      assert.ok(
        codes(reading).some((code) => code.startsWith('error')),
        String(at),
      );
    }
  });
});
