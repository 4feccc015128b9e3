import Ajv from 'ajv';
import { parse } from 'jsonc-parser';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYER_KEYS } from '../../../../../src/model/dialects/native/layers';
import { read } from '../../support';

const ROOT = join(import.meta.dirname, '../../../../..');
const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'media/rnn-model.schema.json'), 'utf8'));
const isValid = new Ajv({ allErrors: true }).compile(SCHEMA);

/** Faults of the text itself, which editors mark without any schema. */
const OF_THE_TEXT = ['syntax', 'duplicate-key'];

async function isMarked(text: string): Promise<boolean> {
  const { problems } = await read(text);
  return problems.some(({ code, markedBySchema }) => markedBySchema && !OF_THE_TEXT.includes(code));
}

function models(folder: string): [string, string][] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.rnn.json'))
    .map((file) => [file, readFileSync(join(ROOT, folder, file), 'utf8')]);
}

const HARD_SIGMOID = { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 };

/** A model that uses every key of a layer type, of an input, … each on its own. */
const WHOLE = {
  $schema: 'x',
  format: 'rnn-model',
  version: 1,
  name: 'a',
  description: 'b',
  input: {
    kind: 'token',
    vocabulary: ['a', 'b'],
    split: 'char',
    lowercase: false,
    unknown: 'a',
    prefix: ['b'],
    suffix: ['a'],
    encoding: 'index',
  },
  layers: [
    { name: 'e', type: 'embedding', input: 'input', num_embeddings: 2, embedding_dim: 3, mask_zero: true },
    {
      ...{
        name: 'l',
        type: 'lstm',
        input: 'e',
        input_size: 3,
        hidden_size: 4,
        num_layers: 2,
        bidirectional: true,
      },
      ...{ merge: 'sum', bias: true, proj_size: 2, return_sequences: true, reverse_output: true },
      ...{
        layer_norm: { cell: 'state', epsilon: 0.1 },
        activation: 'softsign',
        recurrent_activation: HARD_SIGMOID,
        output_activation: { kind: 'elu', alpha: 2 },
      },
      ...{
        peepholes: true,
        coupled: 'input',
        forget_bias: 1,
        keeps: 'cell',
        clip: 3,
        initial_state: 'learned',
      },
    },
    { name: 'g', type: 'gru', input: 'l', hidden_size: 4, reset_after: false, recurrent_activation: 'none' },
    {
      ...{ name: 's', type: 'gru', input: 'g', hidden_size: 4, initial_state: { layer: 'g' } },
      ...{ activation: { kind: 'leaky_relu', alpha: 0.1 }, layer_norm: { epsilon: 0.01 } },
    },
    {
      layer_norm: {},
      name: 'r',
      type: 'rnn',
      input: 's',
      hidden_size: 4,
      nonlinearity: 'relu',
      go_backwards: true,
      masked: 'zeros',
      sequence_length: 2,
      fixed: ['bias_hh', 'bias_ih'],
    },
    { name: 'd', type: 'dropout', input: 'r', p: 0.5 },
    {
      name: 'f',
      type: 'linear',
      input: 'd',
      out_features: 1,
      bias: true,
      activation: 'softmax',
      fixed: ['weight'],
    },
  ],
  output: { labels: ['x'] },
  weights: { init: 'zeros', seed: 1 },
  samples: [
    { name: 't', text: 'ab' },
    { name: 'k', tokens: ['a'] },
    { name: 'i', ids: [0] },
  ],
};

const VECTORS = {
  ...WHOLE,
  input: { kind: 'vector', size: 1, features: ['a'] },
  layers: [{ type: 'rnn', hidden_size: 1 }],
  weights: { values: { 'rnn_1.bias_ih_l0': [0] } },
  samples: [
    { name: 'v', values: [[1]], expected: [[1]] },
    { name: 'e', values: [[1]], expected: { file: 'y.csv' } },
    { name: 'f', file: 'x.csv', columns: ['a'], where: { b: 'c', d: 1 }, rows: [0, 1], normalize: 'none' },
  ],
};

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1,
  2,
  1e300,
  '',
  'a',
  'input',
  [],
  ['a'],
  [1],
  [[1]],
  {},
  { a: [1] },
];

type Path = readonly (string | number)[];

/** Every place in a JSON value, from the outside in. */
function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    yield* pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** A copy in which the value at `path` is what `change` makes of its owner. */
function changed(
  root: object,
  path: Path,
  change: (owner: Record<string | number, unknown>, key: string | number) => void,
): string {
  const copy = structuredClone({ root });
  let owner = copy as Record<string | number, unknown>;
  const keys = ['root', ...path];
  for (const key of keys.slice(0, -1)) owner = owner[key] as Record<string | number, unknown>;
  change(owner, keys[keys.length - 1]);
  return JSON.stringify(copy.root);
}

/** The whole models with one value replaced, one key removed or one key added. */
const FROM_FILE = {
  loss: 'mse',
  ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 } },
  layers: [{ name: 'r', type: 'rnn', hidden_size: 1 }],
  weights: { file: 'a.safetensors', trained: true, names: { r: 'rnn' }, unused: ['a'] },
};

function* mutations(): Generator<string> {
  for (const root of [WHOLE, VECTORS, FROM_FILE, OPERATIONS, SEVERAL_INPUTS, HANDED]) {
    for (const path of pathsOf(root)) {
      if (path.length === 0) continue;
      for (const value of VALUES) yield changed(root, path, (owner, key) => (owner[key] = value));
      yield changed(root, path, (owner, key) =>
        Array.isArray(owner) ? owner.splice(Number(key), 1) : delete owner[key],
      );
      yield changed(root, path, (owner) => {
        if (!Array.isArray(owner)) owner.surplus = 1;
      });
    }
  }
}

const SEVERAL_INPUTS = {
  ...VECTORS,
  layers: [
    { name: 'a', type: 'rnn', hidden_size: 2, return_sequences: false },
    { name: 'w', type: 'input', clock: 'own', sequence: { kind: 'token', vocabulary: ['a'], split: 'char' } },
    { name: 'b', type: 'rnn', hidden_size: 2, return_sequences: false },
    { name: 'k', type: 'input', clock: 'row', sequence: { kind: 'vector', size: 2, features: ['a', 'b'] } },
    { name: 's', type: 'merge', mode: 'add', input: ['a', 'b', 'k'] },
  ],
  output: { labels: ['x', 'y'] },
  weights: { init: 'zeros' },
  samples: [{ name: 'v', values: [[1], [2]], inputs: { w: { text: 'aaa' }, k: { values: [[1, 2]] } } }],
};

const HANDED = {
  ...VECTORS,
  layers: [
    { name: 'e', type: 'lstm', hidden_size: 2, bidirectional: true },
    { name: 'q', type: 'not_run', input: ['e'], kind: 'Lambda', reason: 'code', out_features: 2 },
    { name: 'f', type: 'final_state', input: 'e', signal: 'c', level: 0, direction: 'backward' },
    { name: 'b', type: 'linear', input: 'f', out_features: 2 },
    {
      ...{ name: 'd', type: 'lstm', input: 'input', hidden_size: 4 },
      initial_state: {
        merge: 'concat',
        of: [{ layer: 'e' }, { layer: 'e', level: 0, direction: 'backward' }],
      },
    },
    {
      ...{ name: 's', type: 'lstm', input: 'd', hidden_size: 2, num_layers: 3 },
      initial_state: [
        'zeros',
        { layer: 'e', direction: 'backward' },
        { h: { layer: 'b', signal: 'y' }, c: { merge: 'sum', of: [{ layer: 'e' }, { layer: 'e' }] } },
      ],
    },
  ],
  weights: { init: 'zeros' },
};

const OPERATIONS = {
  ...VECTORS,
  layers: [
    { name: 'm', type: 'masking', mask_value: -1, input: 'input' },
    {
      ...{ name: 'c', type: 'conv1d', out_channels: 2, kernel_size: 3, stride: 1, padding: 'causal' },
      ...{ dilation: 2, bias: true, activation: 'relu' },
    },
    { name: 'l', type: 'layer_norm', epsilon: 0.1, bias: false },
    { name: 'o', type: 'rms_norm', epsilon: 0.1 },
    { name: 'group', type: 'group_norm', groups: 1, epsilon: 0.1, bias: false },
    { name: 'b', type: 'batch_norm', epsilon: 0.1 },
    { name: 'a', type: 'activation', activation: 'tanh' },
    { name: 's', type: 'merge', mode: 'add', input: ['c', 'a'] },
    { name: 'p', type: 'pool1d', mode: 'max', size: 2, stride: 1, padding: 'same' },
    {
      ...{ name: 'q', type: 'conv1d', out_channels: 2, kernel_size: 3, padding: [1, 0] },
      ...{ padding_mode: 'edge', bias: false },
    },
    { name: 'd', type: 'pool1d', mode: 'average', size: 2, stride: 1, padding: [0, 1] },
    { name: 't', type: 'attention', scale: 0.5, heads: 2, causal: true, input: ['s', 'p'] },
    { name: 'x', type: 'elementwise', function: 'erf' },
    { name: 'w', type: 'power', exponent: 0.5 },
    { name: 'k', type: 'clip', min: -1, max: 2 },
    {
      ...{ name: 'i', type: 'conv2d', channels: 1, out_channels: 2, kernel_height: 1, kernel_steps: 2 },
      ...{ stride_height: 1, stride_steps: 1, dilation_height: 1, dilation_steps: 1, groups: 1, bias: true },
      ...{ padding_top: 0, padding_bottom: 0, padding_before: 1, padding_after: 0, activation: 'relu' },
    },
    { name: 'j', type: 'pool2d', channels: 2, mode: 'max', height: 1, steps: 2, padding_before: 1 },
    { name: 'z', type: 'slice', from: -2, to: -1, stride: 1 },
    { name: 'r', type: 'reshape', out_features: 2 },
    { name: 'g', type: 'global_pool', mode: 'average' },
    { name: 'v', type: 'repeat_vector', count: 3 },
    { name: 'e', type: 'select', step: -1 },
    { name: 'f', type: 'flatten', steps: 3 },
  ],
  weights: { file: 'w.safetensors', trained: false },
};

describe('the JSON schema', () => {
  it('finds nothing in the examples, the templates and the fixtures', () => {
    for (const folder of [
      'media/examples',
      'media/templates',
      'test/fixtures/pytorch',
      'test/fixtures/onnx',
      'test/fixtures/autograd',
    ]) {
      for (const [file, text] of models(folder)) {
        assert.ok(isValid(parse(text)), `${file}: ${JSON.stringify(isValid.errors)}`);
      }
    }
  });

  it('marks what the reader says it marks, file by file of the gallery', async () => {
    for (const [file, text] of models('test/fixtures/native')) {
      const errors: unknown[] = [];
      const value: unknown = parse(text, errors as [], { allowTrailingComma: true });
      if (errors.length > 0 || text.includes('"__proto__"')) continue;
      assert.equal(!isValid(value), await isMarked(text), `${file}: ${JSON.stringify(isValid.errors)}`);
    }
  });

  it('agrees with the reader on every change of a value or a key', async function () {
    this.timeout(180_000);
    let valid = 0;
    let invalid = 0;
    for (const text of mutations()) {
      const accepts = isValid(JSON.parse(text)) as boolean;
      if (accepts) valid++;
      else invalid++;
      if (accepts === (await isMarked(text))) {
        const { problems } = await read(text);
        assert.fail(
          `${text}\nschema: ${JSON.stringify(isValid.errors)}\nreader: ${JSON.stringify(problems)}`,
        );
      }
    }
    assert.ok(valid > 100 && invalid > 1000, `${valid} valid, ${invalid} invalid`);
  });

  it('has the types of layers that the reader takes, and the keys of each', () => {
    const { properties, allOf } = SCHEMA.definitions.layer;
    const { enum: types, enumDescriptions } = properties.type;
    const inSchema = allOf.map(({ if: { properties }, then: { $ref } }: any) => {
      const definition = SCHEMA.definitions[$ref.replace('#/definitions/', '')];
      return [properties.type.const, Object.keys(definition.properties).sort()];
    });
    const read = Object.entries(LAYER_KEYS).map(([type, keys]) => [type, [...keys].sort()]);
    assert.deepEqual(Object.fromEntries(inSchema), Object.fromEntries(read));
    assert.equal(inSchema.length, read.length);
    assert.deepEqual([...types].sort(), Object.keys(LAYER_KEYS).sort());
    assert.equal(enumDescriptions.length, types.length);
    assert.match(enumDescriptions[types.indexOf('input')], /further input/);
  });

  it('describes every key', () => {
    const bare: string[] = [];
    for (const path of pathsOf(SCHEMA)) {
      if (path.at(-2) !== 'properties' || path.includes('if')) continue;
      const property = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], SCHEMA);
      if (property !== true && !Object.hasOwn(property as object, 'description')) bare.push(path.join('.'));
    }
    assert.deepEqual(bare, []);
  });
});
