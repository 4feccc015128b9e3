import assert from 'node:assert/strict';
import { FileError } from '../../../../../src/files/folder';
import type { Layer } from '../../../../../src/model/network';
import { codes, f32, MemoryFolder, modelText, read, readKeys, safetensors } from '../../support';

const RNN = {
  'rnn.weight_ih_l0': f32([1, 1], [0.5]),
  'rnn.weight_hh_l0': f32([1, 1], [0.25]),
  'rnn.bias_ih_l0': f32([1], [1]),
  'rnn.bias_hh_l0': f32([1], [2]),
};
const FROM_FILE = { weights: { file: 'w.safetensors' } };

async function layersOf(
  keys: Record<string, unknown>,
  files?: Record<string, Uint8Array>,
): Promise<readonly Layer[]> {
  const { network, problems } = await readKeys(keys, files);
  assert.ok(network, problems.map(({ message }) => message).join('\n'));
  return network.layers;
}

describe('native structure', () => {
  it('fills in the defaults of the format', async () => {
    const layers = await layersOf({
      layers: [
        { type: 'lstm', hidden_size: 3 },
        { type: 'gru', hidden_size: 2 },
        { type: 'rnn', hidden_size: 2 },
        { type: 'dropout' },
        { type: 'linear', out_features: 4 },
        { type: 'gru', hidden_size: 2 },
      ],
    });
    const recurrent = {
      levels: 1,
      directions: ['forward'],
      merge: 'concat',
      bias: true,
      returnSequences: true,
    };
    assert.deepEqual(layers, [
      {
        name: 'lstm_1',
        inputs: ['input'],
        type: 'lstm',
        inputSize: 1,
        outputSize: 3,
        hiddenSize: 3,
        projSize: 0,
        ...recurrent,
      },
      {
        name: 'gru_1',
        inputs: ['lstm_1'],
        type: 'gru',
        inputSize: 3,
        outputSize: 2,
        hiddenSize: 2,
        resetAfter: true,
        ...recurrent,
      },
      {
        name: 'rnn_1',
        inputs: ['gru_1'],
        type: 'rnn',
        inputSize: 2,
        outputSize: 2,
        hiddenSize: 2,
        nonlinearity: 'tanh',
        ...recurrent,
      },
      { name: 'dropout_1', inputs: ['rnn_1'], type: 'dropout', inputSize: 2, outputSize: 2, p: 0 },
      {
        name: 'linear_1',
        inputs: ['dropout_1'],
        type: 'linear',
        inputSize: 2,
        outputSize: 4,
        bias: true,
        activation: 'none',
      },
      {
        name: 'gru_2',
        inputs: ['linear_1'],
        type: 'gru',
        inputSize: 4,
        outputSize: 2,
        hiddenSize: 2,
        resetAfter: true,
        ...recurrent,
      },
    ]);
  });

  it('passes over names that are taken when it numbers layers', async () => {
    const rnn = { type: 'rnn', hidden_size: 1 };
    const layers = await layersOf({ layers: [rnn, { ...rnn, name: 'rnn_1' }, rnn] });
    assert.deepEqual(
      layers.map(({ name }) => name),
      ['rnn_2', 'rnn_1', 'rnn_3'],
    );
  });

  it('knows the width that directions, merge and projection give', async () => {
    const width = async (lstm: Record<string, unknown>) =>
      (await layersOf({ layers: [{ type: 'lstm', hidden_size: 6, ...lstm }] }))[0].outputSize;
    assert.equal(await width({ bidirectional: true }), 12);
    assert.equal(await width({ bidirectional: true, merge: 'sum' }), 6);
    assert.equal(await width({ bidirectional: true, merge: 'ave', proj_size: 2 }), 2);
    assert.equal(await width({ bidirectional: true, proj_size: 2 }), 4);
    assert.equal(await width({ merge: 'concat' }), 6);
  });

  it('puts layers in order and lets inputs branch; the last layer that none reads is the output', async () => {
    const layers = await layersOf({
      layers: [
        { name: 'head', type: 'linear', out_features: 3, input: 'b' },
        { name: 'side', type: 'linear', out_features: 9, input: 'a' },
        { name: 'b', type: 'gru', hidden_size: 2, input: 'a' },
        { name: 'a', type: 'rnn', hidden_size: 4, input: 'input' },
      ],
    });
    assert.deepEqual(
      layers.map(({ name, inputs }) => `${name} < ${inputs.join()}`),
      ['a < input', 'b < a', 'head < b', 'side < a'],
    );
    const chain = await layersOf({
      layers: [
        { name: 'a', type: 'rnn', hidden_size: 4 },
        { name: 'unused', type: 'linear', out_features: 9, input: 'a' },
        { name: 'b', type: 'gru', hidden_size: 2, input: 'a' },
      ],
    });
    assert.deepEqual(
      chain.map(({ name }) => name),
      ['a', 'unused', 'b'],
    );
  });

  it('follows a chain of thousands of layers written backwards', async () => {
    const count = 3000;
    const layers = Array.from({ length: count }, (_, k) => ({
      name: `l${k}`,
      type: 'dropout',
      input: k + 1 === count ? 'input' : `l${k + 1}`,
    }));
    const found = await layersOf({ layers });
    assert.equal(found[0].name, `l${count - 1}`);
    assert.equal(found[count - 1].name, 'l0');
  });

  it('chooses the encoding by the first layer', async () => {
    const encoding = async (layers: unknown[], more = {}) => {
      const { network, problems } = await readKeys({
        input: { kind: 'token', vocabulary: ['a', 'b', 'c'], split: 'char', ...more },
        layers,
      });
      return network?.input.kind === 'token'
        ? [network.input.encoding, network.layers[0].inputSize]
        : codes({ problems });
    };
    assert.deepEqual(await encoding([{ type: 'embedding', embedding_dim: 2 }]), ['index', 1]);
    assert.deepEqual(await encoding([{ type: 'rnn', hidden_size: 2 }]), ['one_hot', 3]);
    assert.deepEqual(await encoding([{ type: 'rnn', hidden_size: 2 }], { encoding: 'index' }), [
      'error wrong-input',
    ]);
    assert.deepEqual(await encoding([{ type: 'embedding', embedding_dim: 2 }], { encoding: 'one_hot' }), [
      'error wrong-input',
    ]);
  });

  it('names the model by its file where it has no name, and tells its conventions', async () => {
    const { network } = await readKeys({
      layers: [
        { type: 'lstm', hidden_size: 1 },
        { type: 'gru', hidden_size: 1, reset_after: false },
      ],
    });
    assert.equal(network?.name, 'model');
    assert.deepEqual(network?.conventions, ['PyTorch', 'i, f, g, o', 'r, z, n · reset before']);
  });

  it('names output units by labels, by a vocabulary, or by the input’s', async () => {
    const keys = {
      input: { kind: 'token', vocabulary: ['a', 'b'], split: 'char' },
      layers: [{ type: 'rnn', hidden_size: 2 }],
    };
    const labels = async (output: unknown) => (await readKeys({ ...keys, output })).network?.outputLabels;
    assert.deepEqual(await labels({ labels: ['x', 'y'] }), ['x', 'y']);
    assert.deepEqual(await labels({ vocabulary: ['x', 'y'] }), ['x', 'y']);
    assert.deepEqual(await labels('vocabulary'), ['a', 'b']);
    assert.deepEqual(await labels({ labels: ['x'] }), undefined);
  });
});

describe('sizes that are left out', () => {
  it('come from features, from the layers after, or from tensors', async () => {
    const embedding = { name: 'emb', type: 'embedding' };
    const token = { kind: 'token', vocabulary: ['a', 'b', 'c'], split: 'char' };
    const size = async (keys: Record<string, unknown>) => {
      const [{ inputSize, outputSize }] = await layersOf(keys);
      return [inputSize, outputSize];
    };
    const rnn = { name: 'rnn', type: 'rnn', hidden_size: 1 };
    assert.deepEqual(await size({ input: { kind: 'vector', features: ['a', 'b'] } }), [2, 1]);
    assert.deepEqual(await size({ input: { kind: 'vector' }, layers: [{ ...rnn, input_size: 7 }] }), [7, 1]);
    assert.deepEqual(
      await size({ input: { kind: 'vector' }, layers: [{ type: 'dropout' }, { ...rnn, input_size: 7 }] }),
      [7, 7],
    );
    assert.deepEqual(await size({ input: token, layers: [embedding, { ...rnn, input_size: 5 }] }), [1, 5]);
    const values = {
      'emb.weight': [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    };
    assert.deepEqual(await size({ input: token, layers: [embedding], weights: { values } }), [1, 2]);
  });

  it('come from the header of the weights file', async () => {
    const [layer] = await layersOf(
      { input: { kind: 'vector' }, ...FROM_FILE },
      { 'w.safetensors': safetensors({ ...RNN, 'rnn.weight_ih_l0': f32([1, 3], [1, 2, 3]) }) },
    );
    assert.equal(layer.inputSize, 3);
    const [linear] = await layersOf(
      {
        input: { kind: 'vector' },
        layers: [{ name: 'fc', type: 'linear', out_features: 1, bias: false }],
        ...FROM_FILE,
      },
      { 'w.safetensors': safetensors({ 'fc.weight': f32([1, 2], [1, 2]) }) },
    );
    assert.equal(linear.inputSize, 2);
  });

  it('are an error at both places where two disagree', async () => {
    const text = `{ "format": "rnn-model", "version": 1, "input": { "kind": "vector",\n"size": 3 },\n"layers": [{ "type": "gru",\n"input_size": 4,\n"hidden_size": 2 }, { "type": "rnn",\n"input_size": 5,\n"hidden_size": 1 }] }`;
    const { problems, network } = await read(text);
    assert.equal(network, undefined);
    assert.deepEqual(
      problems.map(({ code, place }) => [code, place.line]),
      [
        ['size-mismatch', 2],
        ['size-mismatch', 4],
        ['size-mismatch', 5],
        ['size-mismatch', 6],
      ],
    );
  });
});

describe('native weights', () => {
  it('come from a file, from values, or from a seed, which alone counts as untrained', async () => {
    const file = await readKeys(FROM_FILE, { 'w.safetensors': safetensors(RNN) });
    assert.deepEqual([...(file.weights?.keys() ?? [])], Object.keys(RNN));
    assert.deepEqual([...(file.weights?.get('rnn.bias_hh_l0')?.data ?? [])], [2]);
    assert.deepEqual(
      [file.trained, file.weightsFile, file.files],
      [true, 'w.safetensors', ['w.safetensors']],
    );

    const kept = { weights: { ...FROM_FILE.weights, trained: false } };
    const untrained = await readKeys({ ...FROM_FILE, ...kept }, { 'w.safetensors': safetensors(RNN) });
    assert.deepEqual([untrained.weights, untrained.trained], [file.weights, false]);

    const values = {
      'rnn.weight_ih_l0': [[0.5]],
      'rnn.weight_hh_l0': [[0.25]],
      'rnn.bias_ih_l0': [1],
      'rnn.bias_hh_l0': [2],
    };
    const inline = await readKeys({ weights: { values } });
    assert.deepEqual(inline.weights, file.weights);
    assert.deepEqual([inline.trained, inline.weightsFile, inline.files], [true, undefined, []]);

    const seeded = await readKeys({ weights: { init: 'orthogonal', seed: 3 } });
    assert.deepEqual([seeded.weights?.size, seeded.trained], [4, false]);
    const absent = await readKeys({});
    assert.deepEqual(absent.weights, (await readKeys({ weights: { init: 'pytorch', seed: 0 } })).weights);
    assert.equal(absent.trained, false);
  });

  it('reads only the tensors that the network has', async () => {
    const file = safetensors({
      'a.big': f32([100], Array(100).fill(0)),
      ...RNN,
      'z.big': f32([100], Array(100).fill(0)),
    });
    const folder = new MemoryFolder({ 'w.safetensors': file });
    const { weights, problems } = await readKeys(FROM_FILE, folder);
    assert.equal(weights?.size, 4);
    assert.deepEqual(codes({ problems }), ['warning unused-tensor', 'warning unused-tensor']);
    const dataStart = file.byteLength - 4 * (100 + 4 + 100);
    const data = folder.reads.filter(({ start }) => start >= dataStart);
    assert.equal(
      data.reduce((sum, { start, end }) => sum + end - start, 0),
      16,
    );
  });

  it('leaves the structure drawable when the weights are faulty, and names the file in every message', async () => {
    for (const bytes of [new Uint8Array(0), safetensors({}), safetensors(RNN).subarray(0, 100)]) {
      const { network, weights, problems } = await readKeys(FROM_FILE, { 'w.safetensors': bytes });
      assert.ok(network && !weights);
      assert.ok(problems.length > 0);
      for (const { about, message, place } of problems) {
        assert.equal(about, 'weights');
        assert.match(message, /w\.safetensors/);
        assert.equal(place.offset, modelText(FROM_FILE).indexOf('"w.safetensors"'));
      }
    }
  });

  it('counts values that are not finite in a warning and loads them', async () => {
    const file = safetensors({ ...RNN, 'rnn.weight_hh_l0': f32([1, 1], [Infinity]) });
    const { weights, problems } = await readKeys(FROM_FILE, { 'w.safetensors': file });
    assert.equal(weights?.get('rnn.weight_hh_l0')?.data[0], Infinity);
    assert.deepEqual(codes({ problems }), ['warning non-finite-weights']);
  });

  it('does not take more memory than the limit', async () => {
    const huge = [{ type: 'lstm', hidden_size: 1_000_000 }];
    const raisedBy = 'setting gatescope.memoryLimit';
    const seeded = await readKeys({ layers: huge }, {}, { limits: { memory: 2 ** 30, raisedBy } });
    assert.ok(seeded.network && !seeded.weights);
    assert.match(
      seeded.problems[0].message,
      /would take 15 TB of memory; the limit is 1\.0 GB \(setting gatescope\.memoryLimit\)/,
    );
    assert.equal(seeded.problems[0].code, 'memory-limit');
    const beyond = await readKeys({
      layers: [{ type: 'gru', hidden_size: Number.MAX_SAFE_INTEGER, num_layers: 1000 }],
    });
    assert.deepEqual(codes(beyond), ['error memory-limit']);
    const file = await readKeys(FROM_FILE, { 'w.safetensors': safetensors(RNN) }, { limits: { memory: 15 } });
    assert.ok(!file.weights && codes(file).every((code) => code.startsWith('error')));
  });

  it('stops when cancelled, and lets faults of the machine through', async () => {
    await assert.rejects(readKeys({}, {}, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    const broken = {
      size: () => Promise.reject(new Error('disk on fire')),
      read: () => Promise.reject(new Error()),
      list: () => Promise.resolve([]),
    };
    await assert.rejects(readKeys(FROM_FILE, broken), /disk on fire/);
    const unreadable = {
      ...broken,
      size: () => Promise.reject(new FileError('unreadable', 'w', 'no permission')),
    };
    assert.deepEqual(codes(await readKeys(FROM_FILE, unreadable)), ['error weights-unreadable']);
  });
});

describe('native samples', () => {
  it('are read in the order of the file, the faulty ones left out', async () => {
    const reading = await readKeys(
      {
        samples: [
          { name: 'one step', values: [[1]] },
          { name: 'bad', values: [['x']] },
          {
            name: 'table',
            file: 'data/x.csv',
            columns: ['b'],
            where: { a: 1 },
            rows: [1, 3],
            normalize: 'minmax',
          },
          { name: 'missing', file: 'none.csv' },
        ],
      },
      { 'data/x.csv': 'a,b\n1,9\n1,2\n2,0\n1,4\n1,7\n' },
    );
    assert.deepEqual(
      reading.samples.map(({ name, sequence }) => [name, sequence.kind === 'vector' && [...sequence.values]]),
      [
        ['one step', [1]],
        ['table', [0, 1]],
      ],
    );
    assert.deepEqual(reading.declaredSamples, ['one step', 'bad', 'table', 'missing']);
    assert.deepEqual(reading.files, ['data/x.csv', 'none.csv']);
    assert.deepEqual(codes(reading), ['error wrong-value', 'error sample-missing']);
  });

  it('are read even where the layers have errors', async () => {
    const { network, samples } = await readKeys({
      layers: [{ type: 'lstm' }],
      samples: [{ name: 'a', values: [[1]] }],
    });
    assert.equal(network, undefined);
    assert.equal(samples.length, 1);
  });

  it('do not take more memory than the limit: of long tables only the rows that are asked for are parsed', async () => {
    const limits = { memory: 50_000 };
    const rows = Array.from({ length: 5000 }, (_, k) => String(k % 10));
    const text = `v\n${rows.join('\n')}\nnot a number\n`;
    const readSample = (more: object, table = text) =>
      readKeys({ samples: [{ name: 'a', file: 'x.csv', ...more }] }, { 'x.csv': table }, { limits });
    const whole = await readSample({});
    assert.deepEqual(codes(whole), ['error memory-limit']);
    assert.match(
      whole.problems[0].message,
      /x\.csv would take 117 kB of memory for 5001 rows, of which about 2080 fit; the limit is 49 kB: take a part of them, such as "rows": \[0, 2080\]/,
    );
    const part = await readSample({ rows: [3000, 3003] });
    assert.deepEqual(part.problems, []);
    const { sequence } = part.samples[0];
    assert.deepEqual(sequence.kind === 'vector' && [...sequence.values], [0, 1, 2]);
    const most = await readSample({ rows: [0, 2080] });
    assert.equal(most.samples[0].sequence.steps, 2080);
    const bad = await readSample({ rows: [4999, 5001] });
    assert.match(bad.problems[0].message, /x\.csv, line 5002, column "v": expected a number/);
    const wide = await readSample({ rows: [0, 4000] });
    assert.match(wide.problems[0].message, /these rows would take 94 kB of memory; the limit is 49 kB/);
    for (const more of [{ rows: [0, 6000] }, { rows: [0, 1], where: { v: 1 } }]) {
      assert.deepEqual(codes(await readSample(more)), ['error memory-limit']);
    }
    // One line is all that there is, and too long to parse.
    const line = await readSample({ rows: [0, 1] }, '1'.repeat(5000));
    assert.match(line.problems[0].message, /line 1: these rows would take 59 kB of memory/);
  });
});

describe('readModel', () => {
  it('knows a native model by its content or by its name', async () => {
    assert.ok((await read(modelText(), {}, { fileName: 'anything.json' })).network);
    assert.deepEqual(
      codes(await read('{}', {}, { fileName: 'MODEL.RNN.JSON' })),
      Array(4).fill('error missing-key'),
    );
  });

  it('says what any other JSON is, and which kinds are known', async () => {
    const message = async (text: string) =>
      (await read(text, {}, { fileName: 'm.json' })).problems[0].message;
    assert.match(
      await message('{ "a": 1, "__proto__": {} }'),
      /but an object with "a", "__proto__"; known models are Gatescope’s own format, .*Keras, .*PyTorch state dict, ONNX, TensorFlow Lite$/,
    );
    assert.match(
      await message('{ "name": "x", "scripts": {} }'),
      /but a package\.json of npm; known models are/,
    );
    assert.match(await message('[1, 2]'), /but a list; known models are/);
    assert.match(await message('12'), /but a single number; known models are/);
    assert.ok((await message('{ "a": 1 }')).length < 280);
    assert.deepEqual(codes(await read('{ "a": }', {}, { fileName: 'package.json' })), ['error syntax']);
    const empty = await read(' \n', {}, { fileName: 'm.h5' });
    assert.deepEqual(codes(empty), ['error empty-file']);
    assert.equal(empty.problems[0].message, '"m.h5" is empty');
  });

  it('never lets keys of a file into the prototypes of objects', async () => {
    await read('{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }');
    assert.equal('polluted' in {}, false);
  });

  it('reads names with markup, quotes, line breaks, emoji and Hangul as they are', async () => {
    const names = ['<script>alert(1)</script>', '"]--;', 'a\nb', '🙂', '한글', '__proto__'];
    const layers = names.map((name) => ({ name, type: 'rnn', hidden_size: 1 }));
    const { network, weights, problems } = await readKeys({ layers });
    assert.deepEqual(
      network?.layers.map(({ name }) => name),
      names,
    );
    assert.equal(weights?.size, 4 * names.length);
    assert.deepEqual(problems, []);
  });
});
