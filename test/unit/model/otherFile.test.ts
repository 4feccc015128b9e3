/** Files that are no models, each called by what it is. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import { openSource } from '../../../src/model/open';
import { readModel } from '../../../src/model/read';
import { textOf } from './dialects/kerasFixtures';
import { MemoryFolder } from './support';

const FOLDER = join(import.meta.dirname, '../../fixtures/otherfiles');

async function read(fileName: string, beside: Record<string, string | Uint8Array> = {}) {
  const folder = new MemoryFolder({ [fileName]: contentOf(fileName), ...beside });
  const bytes = await folder.read(fileName);
  const file = {
    size: bytes.byteLength,
    read: (from: number, to: number) => Promise.resolve(bytes.slice(from, to)),
  };
  return readModel(await openSource(file, { fileName, folder, limits: DEFAULT_LIMITS }));
}

function contentOf(fileName: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FOLDER, fileName)));
}

/** The message's beginning, and the line that helps. */
const NAMED: Readonly<Record<string, readonly [RegExp, RegExp]>> = {
  'kernel.npy': [
    /^"kernel\.npy" is a single NumPy array/,
    /numpy\.savetxt\("sequence\.csv", array, delimiter=","\)$/,
  ],
  'weights.npz': [
    /^"weights\.npz" is NumPy arrays \(\.npz\) without a network/,
    /save_file\(dict\(numpy\.load\(/,
  ],
  'model.joblib': [/ is a joblib pickle;/, /a program that is not run here/],
  'compressed.joblib': [/ is a compressed joblib pickle;/, /model\.save\("model\.keras"\)/],
  'version5.mat': [/ is a MATLAB file \(\.mat\);/, /exportONNXNetwork/],
  'version73.mat': [/ is a MATLAB file \(\.mat\);/, /exportONNXNetwork/],
  'lstm.mlmodel': [/ is a Core ML model;/, /model\.save\("model\.keras"\), PyTorch by torch\.onnx\.export/],
  'Manifest.json': [/^this JSON is the manifest of a Core ML package \(\.mlpackage\);/, /model\.save/],
  'compiled-metadata.json': [/^this JSON is the description of a compiled Core ML model/, /model\.save/],
  'model.mil': [/ is a compiled Core ML program/, /model\.save/],
  'coremldata.bin': [/ is a part of a compiled Core ML model/, /model\.save/],
  'frozen.pb': [/ is a frozen TensorFlow graph \(GraphDef\);/, /tf2onnx\.convert --graphdef/],
  'graph.pbtxt': [/ is a TensorFlow graph as text/, /model\.save/],
  'model.pdmodel': [/ is a Paddle program;/, /paddle2onnx/],
  'model.pdiparams': [/ is Paddle's weights/, /paddle2onnx/],
  'net.caffemodel': [/ is a Caffe model;/, /ONNX/],
  'net.prototxt': [/ is a Caffe network as text/, /ONNX/],
  'model-symbol.json': [/^this JSON is an MXNet network/, /mxnet\.onnx\.export_model/],
  'model-0000.params': [/ is MXNet's weights/, /mxnet\.onnx\.export_model/],
  'words.gguf': [/ is a GGUF file/, /safetensors/],
  'page.h5': [/ is a web page, saved in place of the file/, /Download raw file/],
  'model.tar': [/ is a tar archive;/, /unpack it first$/],
  'model.h5.gz': [/ is a gzip archive;/, /unpack it first$/],
};
const POINTER = /a Git LFS pointer.* \(12 MB, sha256 4d7a2146…\); run "git lfs pull"/;

describe('a file of another kind', () => {
  for (const [fileName, patterns] of Object.entries(NAMED)) {
    it(`is named, with what helps: ${fileName}`, async () => {
      const { problems, network } = await read(fileName);
      assert.equal(network, undefined);
      assert.equal(problems.length, 1);
      for (const pattern of patterns) assert.match(problems[0].message, pattern);
      assert.doesNotMatch(problems[0].message, /known models are/);
    });
  }

  it('is a Git LFS pointer whatever its name is', async () => {
    const pointers = readdirSync(FOLDER).filter((name) => name.startsWith('pointer.'));
    assert.equal(pointers.length, 4);
    for (const fileName of pointers) {
      const { problems } = await read(fileName);
      assert.equal(problems.length, 1);
      assert.match(problems[0].message, POINTER);
    }
  });

  it('that is text under the name of one that is none says what was expected', async () => {
    const said = async (fileName: string, text: string) => {
      const folder = new MemoryFolder();
      const { problems } = await readModel({ fileName, folder, limits: DEFAULT_LIMITS, text });
      return problems.map(({ message }) => message);
    };
    assert.deepEqual(await said('model.onnx', '# convert.py\nimport torch\n'), [
      'expected a file of the kind ONNX, as the name "model.onnx" says, found a program in Python ("# convert.py"), which is not run here: open the file that it writes',
    ]);
    assert.deepEqual(await said('model.tflite', 'not found\n'), [
      'expected a file of the kind TensorFlow Lite, as the name "model.tflite" says, found text that begins with "not found"',
    ]);
    assert.match((await said('model.json', 'not found'))[0], /^this is not JSON/);
    assert.match((await said('model.onnx', '{"a": 1}'))[0], /^this JSON is no recurrent network/);
  });

  it('is told however short it is cut', async () => {
    for (const fileName of readdirSync(FOLDER)) {
      const whole = contentOf(fileName);
      for (const length of [0, 1, 5, 9, 20, 40]) {
        const bytes = whole.slice(0, length);
        const file = {
          size: bytes.byteLength,
          read: (from: number, to: number) => Promise.resolve(bytes.slice(from, to)),
        };
        const source = { fileName, folder: new MemoryFolder(), limits: DEFAULT_LIMITS };
        const { problems } = await readModel(await openSource(file, source));
        assert.ok(problems.length > 0, `${fileName} cut to ${length}`);
      }
    }
  });
});

describe('in place of a weights file', () => {
  const native = (file: string) =>
    JSON.stringify({
      format: 'gatescope-rnn',
      version: 1,
      input: { kind: 'vector', size: 2 },
      layers: [{ type: 'lstm', name: 'lstm', hiddenSize: 3 }],
      weights: { file },
    });

  async function weightsMessages(
    fileName: string,
    text: string | Uint8Array,
    beside: Record<string, Uint8Array>,
  ) {
    const folder = new MemoryFolder({ ...beside });
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    const file = {
      size: bytes.byteLength,
      read: (from: number, to: number) => Promise.resolve(bytes.slice(from, to)),
    };
    const reading = await readModel(await openSource(file, { fileName, folder, limits: DEFAULT_LIMITS }));
    return reading.problems.map(({ message }) => message).join('\n');
  }

  it('another kind is named where the native format names it', async () => {
    const message = (name: string) =>
      weightsMessages('m.rnn.json', native(name), { [name]: contentOf(name) });
    assert.match(await message('pointer.safetensors'), POINTER);
    assert.match(await message('weights.npz'), /expected a safetensors file, found NumPy arrays \(\.npz\)/);
    assert.match(await message('model.joblib'), /expected a safetensors file, found a joblib pickle/);
    assert.match(await message('page.h5'), /"page\.h5" is a web page/);
  });

  it('another kind is named beside a Keras JSON', async () => {
    const config = readFileSync(join(FOLDER, '../kerasfiles/legacy/model.json'));
    for (const [name, pattern] of [
      ['pointer.h5', POINTER],
      ['weights.npz', /expected a \.keras file, found NumPy arrays/],
      ['page.h5', /is a web page/],
      ['model.h5.gz', /expected Keras weights.*found a gzip archive/],
    ] as const) {
      assert.match(await weightsMessages('model.json', config, { 'model.h5': contentOf(name) }), pattern);
    }
  });

  it('a Git LFS pointer is named in place of a shard of TensorFlow.js, and of the tensors of an ONNX model', async () => {
    const shards = {
      'group1-shard1of2.bin': contentOf('pointer.h5'),
      'group1-shard2of2.bin': contentOf('pointer.h5'),
    };
    assert.match(
      await weightsMessages('model.json', textOf('quantized-uint8', 'model.json'), shards),
      POINTER,
    );
    const onnx = readFileSync(join(FOLDER, '../onnxmodels/external-and-other-types.onnx'));
    const tensors = { 'external-and-other-types.bin': contentOf('pointer.onnx') };
    assert.match(await weightsMessages('m.onnx', onnx, tensors), POINTER);
  });
});
