import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTree, type ParseError } from 'jsonc-parser';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import { readModel } from '../../../src/model/read';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { f32, modelText, read, safetensors } from '../model/support';
import { afterFix, fixed, said } from './fixed';

const zeros = (shape: readonly number[]) =>
  f32(shape, Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0));

/** The tensors of an LSTM. */
function lstm(name: string, inputs: number, units: number) {
  return {
    [`${name}.weight_ih_l0`]: zeros([4 * units, inputs]),
    [`${name}.weight_hh_l0`]: zeros([4 * units, units]),
    [`${name}.bias_ih_l0`]: zeros([4 * units]),
    [`${name}.bias_hh_l0`]: zeros([4 * units]),
  };
}
const linear = (name: string, inputs: number, units: number) => ({
  [`${name}.weight`]: zeros([units, inputs]),
  [`${name}.bias`]: zeros([units]),
});

/** A key each: what is wrong, the code, a part of the text after the fix, and what the fix says if it is not the first. */
const FAULTS: readonly {
  readonly what: string;
  readonly keys: Record<string, unknown>;
  readonly code: string;
  readonly after: string;
  readonly title?: string;
}[] = [
  {
    ...{ what: 'a key that is misspelt', code: 'unknown-key', after: '"bidirectional":true' },
    keys: { layers: [{ type: 'rnn', hidden_size: 1, bidirektional: true }] },
  },
  {
    ...{ what: 'a key that is not known', code: 'unknown-key', after: '{"type":"rnn","hidden_size":1}' },
    keys: { layers: [{ type: 'rnn', hidden_size: 1, colour: 'red' }] },
  },
  {
    ...{ what: 'a type that is misspelt', code: 'wrong-value', after: '"type":"lstm"' },
    keys: { layers: [{ type: 'ltsm', hidden_size: 1 }] },
  },
  {
    ...{ what: 'an activation that is misspelt', code: 'wrong-value', after: '"activation":"softmax"' },
    keys: { layers: [{ type: 'linear', out_features: 1, activation: 'softmx' }] },
  },
  {
    ...{ what: 'a size that is missing', code: 'missing-key', after: '"type":"gru", "hidden_size": 16}' },
    keys: { layers: [{ type: 'gru' }] },
  },
  {
    ...{ what: 'a type that is missing', code: 'missing-key', after: '"out_features":3, "type": "linear"}' },
    keys: { layers: [{ out_features: 3 }] },
  },
  {
    ...{ what: 'a number in quotes', code: 'wrong-value', after: '"hidden_size":8' },
    keys: { layers: [{ type: 'rnn', hidden_size: '8' }] },
  },
  {
    ...{ what: 'true in quotes', code: 'wrong-value', after: '"bias":true' },
    keys: { layers: [{ type: 'rnn', hidden_size: 8, bias: 'True' }] },
  },
  { what: 'another version', code: 'wrong-value', after: '"version":1', keys: { version: 2 } },
  {
    ...{ what: 'no layer', code: 'wrong-value', after: '"layers":[{ "type": "lstm", "hidden_size": 16 }]' },
    keys: { layers: [] },
  },
  {
    ...{ what: 'a layer that does not exist', code: 'unknown-layer', after: '"input":"encoder"' },
    keys: {
      layers: [
        { name: 'encoder', type: 'rnn', hidden_size: 1 },
        { name: 'head', type: 'linear', out_features: 1, input: 'encodr' },
      ],
    },
  },
  {
    ...{ what: 'a layer of another name', code: 'unknown-layer', after: '"input":"rnn"' },
    keys: {
      layers: [
        { name: 'rnn', type: 'rnn', hidden_size: 1 },
        { name: 'head', type: 'linear', out_features: 1, input: 'nothing like it' },
      ],
    },
  },
  {
    ...{ what: 'a state of no layer', code: 'unknown-layer', after: '"initial_state":{"layer":"encoder"}' },
    keys: {
      layers: [
        { name: 'encoder', type: 'rnn', hidden_size: 1 },
        { name: 'decoder', type: 'rnn', hidden_size: 1, initial_state: { layer: 'encoders' } },
      ],
    },
  },
  {
    ...{ what: 'a name given twice', code: 'duplicate-name', after: '"name":"a_2"' },
    keys: {
      layers: [
        { name: 'a', type: 'rnn', hidden_size: 1 },
        { name: 'a', type: 'linear', out_features: 1 },
      ],
    },
  },
  {
    ...{ what: 'sizes that disagree', code: 'size-mismatch', after: '"input_size":1' },
    keys: { layers: [{ type: 'rnn', hidden_size: 1, input_size: 5 }], input: { kind: 'vector', size: 1 } },
    title: 'Set "input_size" to 1',
  },
  {
    ...{ what: 'a layer that needs the sequence', code: 'no-sequence', after: '"return_sequences":true' },
    keys: {
      layers: [
        { type: 'lstm', hidden_size: 2, return_sequences: false },
        { type: 'lstm', hidden_size: 2 },
      ],
    },
  },
  {
    ...{ what: 'ids without an embedding', code: 'wrong-input', after: '"encoding":"one_hot"' },
    keys: {
      input: { kind: 'token', vocabulary: ['a'], split: 'char', encoding: 'index' },
      samples: [{ name: 'a', text: 'a' }],
    },
  },
  {
    ...{ what: 'a sample without a sequence', code: 'missing-key', after: '"values": [[0]]' },
    keys: { samples: [{ name: 'a' }] },
  },
  {
    ...{ what: 'a sample with two', code: 'conflicting-keys', after: '[{"name":"a","values":[[1]]}]' },
    keys: { samples: [{ name: 'a', values: [[1]], ids: [1] }] },
  },
  {
    ...{
      what: 'a key that goes with another',
      code: 'conflicting-keys',
      after: '[{"name":"a","values":[[1]]}]',
    },
    keys: { samples: [{ name: 'a', values: [[1]], rows: [0, 1] }] },
  },
  {
    ...{ what: 'a token given twice', code: 'duplicate-name', after: '"vocabulary":["a","b"]' },
    keys: { input: { kind: 'token', vocabulary: ['a', 'b', 'a'], split: 'char' } },
  },
  {
    ...{ what: 'an input of no kind', code: 'missing-key', after: '"kind": "vector"' },
    keys: { input: { size: 1 } },
  },
  {
    ...{ what: 'tokens of no kind', code: 'missing-key', after: '"split": "word"' },
    keys: { input: { kind: 'token', vocabulary: ['<unk>', 'the'] } },
  },
];

describe('quick fixes', () => {
  for (const { what, keys, code, after, title } of FAULTS) {
    it(`mend ${what}`, async () => {
      const text = await afterFix(modelText(keys), code, {}, title);
      assert.ok(text.includes(after), text);
    });
  }

  it('give a layer the size that the weights have', async () => {
    const layers = [
      { name: 'lstm', type: 'lstm', hidden_size: 3 },
      { name: 'fc', type: 'linear', out_features: 1 },
    ];
    const files = { 'w.safetensors': safetensors({ ...lstm('lstm', 1, 5), ...linear('fc', 5, 2) }) };
    const text = modelText({ layers, weights: { file: 'w.safetensors' } });
    const sized = await afterFix(text, 'wrong-shape', files);
    assert.ok(sized.includes('"hidden_size":5'), sized);
    const whole = await afterFix(sized, 'wrong-shape', files);
    assert.ok(whole.includes('"out_features":2'), whole);
    assert.deepEqual((await read(whole, files)).problems, []);
    const bare = modelText({
      layers: [
        { name: 'lstm', type: 'lstm' },
        { ...layers[1], out_features: 2 },
      ],
      weights: { file: 'w.safetensors' },
    });
    const added = await afterFix(bare, 'missing-key', files);
    assert.ok(added.includes('"hidden_size": 5'), 'a size that is missing is taken from them too');
  });

  it('say where the weights of a layer are', async () => {
    const tensors = { ...lstm('rnn', 1, 2), ...linear('decoder', 2, 1) };
    const layers = [
      { name: 'lstm', type: 'lstm', hidden_size: 2 },
      { name: 'fc', type: 'linear', out_features: 1 },
    ];
    const files = { 'w.safetensors': safetensors(tensors) };
    const first = await afterFix(
      modelText({ layers, weights: { file: 'w.safetensors' } }),
      'missing-tensor',
      files,
    );
    assert.ok(first.includes('"names": { "lstm": "rnn" }'), first);
    const second = await afterFix(first, 'missing-tensor', files);
    assert.ok(second.includes('"names": { "lstm": "rnn", "fc": "decoder" }'), second);
    const { problems, weights } = await read(second, files);
    assert.deepEqual(problems, []);
    assert.deepEqual([...weights!.keys()], [...Object.keys(lstm('lstm', 1, 2)), 'fc.weight', 'fc.bias']);
  });

  it('declare tensors unused', async () => {
    const files = {
      'w.safetensors': safetensors({ ...lstm('l', 1, 1), steps: zeros([1]), 'bn.count': zeros([1]) }),
    };
    const layers = [{ name: 'l', type: 'lstm', hidden_size: 1 }];
    const text = modelText({ layers, weights: { file: 'w.safetensors' } });
    const one = await afterFix(text, 'unused-tensor', files);
    assert.ok(one.includes('"unused": ["steps"]'), one);
    const both = await afterFix(one, 'unused-tensor', files);
    assert.ok(both.includes('"unused": ["steps", "bn.count"]'), both);
    const title = 'Say that all 2 such tensors are unused on purpose';
    const all = await afterFix(text, 'unused-tensor', files, title);
    assert.deepEqual((await read(all, files)).problems, []);
    const wrong = modelText({
      layers,
      weights: { file: 'w.safetensors', unused: ['l.bias_ih_l0', 'steps', 'bn.count'] },
    });
    const mended = await afterFix(wrong, 'wrong-value', files);
    assert.ok(mended.includes('"unused":["steps","bn.count"]'), mended);
  });

  it('name a file that is there', async () => {
    const files = { 'my-lstm.safetensors': safetensors(lstm('l', 1, 1)), 'notes.txt': '' };
    const layers = [{ name: 'l', type: 'lstm', hidden_size: 1 }];
    for (const file of ['my_lstm.safetensor', 'another.pt']) {
      const text = await afterFix(modelText({ layers, weights: { file } }), 'weights-missing', files);
      assert.ok(text.includes('"file":"my-lstm.safetensors"'), text);
    }
  });

  it('name a column that the table has, and say which are wanted', async () => {
    const files = { 'prices.csv': 'date,open,close\n1,2,3\n4,5,6\n' };
    const input = { kind: 'vector', size: 1 };
    const sample = { name: 'a', file: 'prices.csv', columns: ['opens'] };
    const text = await afterFix(modelText({ input, samples: [sample] }), 'missing-column', files);
    assert.ok(text.includes('"columns":["open"]'), text);
    const kept = { ...sample, columns: ['open'], where: { dat: 4 } };
    const where = await afterFix(modelText({ input, samples: [kept] }), 'missing-column', files);
    assert.ok(where.includes('"where":{"date":4}'), where);
    const all = { name: 'a', file: 'price.csv' };
    const named = await afterFix(modelText({ input, samples: [all] }), 'sample-missing', files).catch(
      (e: Error) => e.message,
    );
    assert.ok(named.includes('"file":"prices.csv"'), named);
    const unused = await afterFix(
      modelText({ input, samples: [{ ...all, file: 'prices.csv' }] }),
      'unused-column',
      files,
    );
    assert.ok(unused.includes('"columns": ["date"]'), unused);
  });

  it('keep comments, trailing commas and the layout', async () => {
    const text = `{
  "format": "rnn-model", // ours
  "version": 1,
  "input": { "kind": "vector", "size": 1, },
  "layers": [
    {
      /* the first */
      "type": "gru", // three gates
    },
  ],
}
`;
    const after = await afterFix(text, 'missing-key');
    assert.equal(after, text.replace('"type": "gru",', '"type": "gru",\n      "hidden_size": 16,'));
  });

  it('leave well-formed text behind, and not the problem, wherever the gallery of faults has one', async function () {
    this.timeout(120_000);
    const gallery = join(import.meta.dirname, '../../fixtures/native');
    let tried = 0;
    for (const name of readdirSync(gallery)) {
      const folder = new NodeFolder(join(gallery, name));
      const source = { fileName: 'model.rnn.json', folder, limits: DEFAULT_LIMITS };
      const text = readFileSync(join(gallery, name, 'model.rnn.json'), 'utf8').replace(/^\uFEFF/, '');
      const { problems } = await readModel({ ...source, text });
      for (const problem of problems) {
        for (const fix of problem.fixes ?? []) {
          tried += 1;
          const after = fixed(text, fix);
          const faults: ParseError[] = [];
          parseTree(after, faults, { allowTrailingComma: true });
          assert.deepEqual(faults, [], `${name}: ${said(problem)}\n${after}`);
          const left = (await readModel({ ...source, text: after })).problems;
          const still = left.filter((one) => said(one) === said(problem)).length;
          const had = problems.filter((one) => said(one) === said(problem)).length;
          assert.ok(still < had, `${name}: ${JSON.stringify(fix)} leaves ${said(problem)}\n${after}`);
        }
      }
    }
    assert.ok(tried > 40, `${tried} fixes`);
  });
});
