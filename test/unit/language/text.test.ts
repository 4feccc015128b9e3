import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completionsAt } from '../../../src/language/text/completion';
import { layerHover } from '../../../src/language/text/hover';
import { lensesOf } from '../../../src/language/text/lenses';
import { layerAround, modelText, type ModelText } from '../../../src/language/text/modelText';
import { parameterSum } from '../../../src/language/text/parameterSum';
import { renamable, renameEdits } from '../../../src/language/text/rename';
import { definitionAt, referencesAt, symbolsOf } from '../../../src/language/text/symbols';
import { DEFAULT_LIMITS } from '../../../src/model/dialects/dialect';
import { applyEdits } from '../../../src/model/json/edit';
import type { Network } from '../../../src/model/network';
import { countParameters } from '../../../src/model/parameters';
import { readModel } from '../../../src/model/read';
import { NodeFolder } from '../../../src/platform/nodeFolder';
import { inEnglish } from '../../../src/words/translate';
import { f32, MemoryFolder, read, safetensors } from '../model/support';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** An encoder and a decoder, with layers that have no name, samples of further inputs, tensors and a state handed on. */
const TEXT = `{
  "format": "rnn-model", "version": 1,
  "input": { "kind": "vector", "size": 2 },
  // the layers
  "layers": [
    { "name": "encoder", "type": "lstm", "hidden_size": 3 },
    { "type": "dropout" },
    { "type": "dropout" },
    { "name": "words", "type": "input", "clock": "own", "sequence": { "kind": "vector", "size": 1 } },
    { "name": "decoder", "type": "lstm", "hidden_size": 3, "input": "words",
      "initial_state": { "layer": "encoder" } },
    { "name": "both", "type": "merge", "mode": "add", "input": ["decoder", "decoder"] },
  ],
  "weights": { "values": { "encoder.bias_ih_l0": [0], "decoder.bias_ih_l0": [0] } },
  "samples": [{ "name": "one", "values": [[1, 2]], "inputs": { "words": { "values": [[1]] } } }],
}
`;
const model = modelText(TEXT)!;

function at(text: string, what: string, more = 1): number {
  const found = text.indexOf(what);
  assert.ok(found >= 0, what);
  return found + more;
}

const textOf = ({ text }: ModelText, { offset, length }: { offset: number; length: number }) =>
  text.slice(offset, offset + length);

function renamed(text: string, place: number, name: string, network?: Network): string {
  const edits = renameEdits(modelText(text)!, place, name, { network, translate: inEnglish });
  return applyEdits(text, edits);
}

describe('the symbols of a model’s text', () => {
  it('are its input, its layers and its samples', () => {
    assert.deepEqual(
      symbolsOf(model).map(({ kind, name, detail }) => `${kind} ${name} ${detail}`.trim()),
      [
        ...['input input vector', 'layer encoder lstm', 'layer dropout_1 dropout', 'layer dropout_2 dropout'],
        ...['layer words input', 'layer decoder lstm', 'layer both merge', 'sample one'],
      ],
    );
    for (const { whole, named } of symbolsOf(model))
      assert.ok(whole.offset <= named.offset && named.offset + named.length <= whole.offset + whole.length);
  });

  it('are there in a text that is not finished', () => {
    const half = TEXT.slice(0, at(TEXT, '"initial_state"', 12));
    assert.equal(symbolsOf(modelText(half)!).filter(({ kind }) => kind === 'layer').length, 5);
    assert.equal(modelText(''), undefined);
    assert.equal(modelText('[1]'), undefined);
    assert.equal(modelText('{"layers":'.repeat(100_000)), undefined, 'too deep');
  });
});

describe('a layer in the text', () => {
  it('is found from whatever refers to it', () => {
    for (const [what, name] of [
      ['"words",\n', 'words'],
      ['"encoder" } }', 'encoder'],
      ['"decoder", "decoder"', 'decoder'],
      ['"decoder.bias', 'decoder'],
      ['"words": {', 'words'],
    ]) {
      const found = definitionAt(model, at(TEXT, what));
      assert.equal(textOf(model, found!.named), `"${name}"`, what);
    }
    assert.equal(textOf(model, definitionAt(model, at(TEXT, '"dropout"'))!.named), '"dropout"');
    assert.equal(definitionAt(model, at(TEXT, '"vector"')), undefined);
  });

  it('has its references', () => {
    assert.deepEqual(
      referencesAt(model, at(TEXT, '"decoder"')).map((one) => textOf(model, one)),
      ['"decoder"', '"decoder"', '"decoder"', '"decoder.bias_ih_l0"'],
    );
    assert.equal(referencesAt(model, at(TEXT, '"encoder"')).length, 3);
  });

  it('is told around a place', () => {
    assert.equal(layerAround(model, at(TEXT, '"hidden_size": 3, "input"'))?.name, 'decoder');
    assert.equal(layerAround(model, at(TEXT, '// the')), undefined);
  });
});

describe('a layer that is renamed', () => {
  it('is so everywhere', async () => {
    const network = (await read(TEXT)).network;
    const after = renamed(TEXT, at(TEXT, '"encoder" } }'), 'en "1"', network);
    const name = JSON.stringify('en "1"');
    const wanted = TEXT.replaceAll('"encoder"', name).replace('"encoder.bias', '"en \\"1\\".bias');
    assert.equal(after, wanted);
    const words = renamed(TEXT, at(TEXT, '"words", "type"'), 'text');
    assert.equal(words, TEXT.replaceAll('"words"', '"text"'));
  });

  it('leaves the names of others that have none', () => {
    const named = renamed(TEXT, at(TEXT, '"dropout"'), 'drop');
    assert.deepEqual(
      modelText(named)!.layers.map(({ name }) => name),
      ['encoder', 'drop', 'dropout_2', 'words', 'decoder', 'both'],
    );
    assert.ok(named.includes('{ "type": "dropout", "name": "dropout_2" }'), named);
  });

  it('keeps its tensors in the file', async () => {
    const zeros = (shape: number[]) => f32(shape, Array<number>(shape.reduce((a, b) => a * b)).fill(0));
    const tensors = { 'fc.weight': zeros([1, 1]), 'fc.bias': zeros([1]) };
    const files = { 'w.safetensors': safetensors(tensors) };
    const text = `{ "format": "rnn-model", "version": 1, "input": { "kind": "vector", "size": 1 },
  "layers": [{ "name": "fc", "type": "linear", "out_features": 1 }], "weights": { "file": "w.safetensors" } }`;
    const before = await read(text, files);
    const once = renamed(text, at(text, '"fc"'), 'head', before.network);
    assert.ok(once.includes('"names": { "head": "fc" }'), once);
    const after = await read(once, files);
    assert.deepEqual(after.problems, []);
    assert.deepEqual([...after.weights!.keys()], ['head.weight', 'head.bias']);
    const twice = renamed(once, at(once, '"head"'), 'top', after.network);
    assert.ok(twice.includes('"names": { "top": "fc" }'), twice);
    assert.deepEqual((await read(twice, files)).problems, []);
  });

  it('is refused another’s name, the input’s, and none', () => {
    const rename = (name: string) => () => renamed(TEXT, at(TEXT, '"encoder"'), name);
    assert.throws(rename('decoder'), /another layer is called "decoder"/);
    assert.throws(rename('dropout_1'), /another layer is called "dropout_1"/);
    assert.throws(rename('input'), /the network’s input/);
    assert.throws(rename(''), /empty/);
    assert.throws(() => renamable(model, at(TEXT, '"vector"'), inEnglish), /no name of a layer/);
    assert.equal(renamable(model, at(TEXT, '"encoder"'), inEnglish).name, 'encoder');
  });

  it('means the same model, whichever it is of those with any', async function () {
    this.timeout(60_000);
    let tried = 0;
    for (const kind of ['pytorch', 'autograd']) {
      const folder = join(FIXTURES, kind);
      const names = readdirSync(folder).filter((name) => name.endsWith('.rnn.json'));
      for (const fileName of names.slice(0, 12)) {
        const text = readFileSync(join(folder, fileName), 'utf8');
        const source = { fileName, folder: new NodeFolder(folder), limits: DEFAULT_LIMITS };
        const { network, problems } = await readModel({ ...source, text });
        for (const { nameNode, name } of modelText(text)!.layers) {
          if (!nameNode) continue;
          tried += 1;
          const after = await readModel({
            ...source,
            text: renamed(text, nameNode.offset + 1, 'another', network),
          });
          assert.deepEqual(after.problems, problems, `${fileName}: ${name}`);
          const again = JSON.stringify(after.network).replaceAll('"another"', JSON.stringify(name));
          assert.equal(again, JSON.stringify(network), `${fileName}: ${name}`);
        }
      }
    }
    assert.ok(tried > 20, `${tried} layers`);
  });
});

describe('what the text offers', () => {
  it('is to run each sample, and to open the picture', () => {
    assert.deepEqual(
      lensesOf(model).map(({ does, sample }) => [does, sample].join(' ').trim()),
      ['run one', 'open', 'run one'],
    );
  });
});

describe('completion', () => {
  const zeros = (shape: number[]) => f32(shape, Array<number>(shape.reduce((a, b) => a * b)).fill(0));
  const folder = new MemoryFolder({
    'w.safetensors': safetensors({ 'rnn.weight': zeros([2, 3]), 'rnn.bias': zeros([2]), steps: zeros([1]) }),
    'prices.csv': 'date,open,"last, close"\n1,2,3\n4,5,6\n',
    'notes.txt': '',
  });

  /** At the sign ▮, as `name (detail)`. */
  async function offered(text: string, network?: Network): Promise<string[]> {
    const place = text.indexOf('▮');
    const found = await completionsAt(modelText(text.replace('▮', ''))!, place, {
      ...{ network, folder, limits: DEFAULT_LIMITS },
    });
    return found.map(({ name, detail }) => `${name} ${detail}`.trim());
  }

  it('has the layers that another may read', async () => {
    const layers =
      '"layers": [{ "name": "a", "type": "gru", "hidden_size": 4 }, { "type": "linear", "out_features": 1, "input": "▮" }]';
    const whole = `{ "format": "rnn-model", "version": 1, "input": { "kind": "vector", "size": 1 }, ${layers} }`;
    const { network } = await read(whole.replace('"▮"', '"a"'));
    assert.deepEqual(await offered(whole, network), ['input input', 'a gru (4)']);
    assert.deepEqual(await offered(`{ ${layers.replace('"▮"', '["input", ▮]')} }`), ['input input', 'a gru']);
    const states =
      '{ "layers": [{ "name": "a", "type": "gru" }, { "type": "dropout" }, { "type": "gru", "initial_state": { "layer": "▮" } }] }';
    assert.deepEqual(await offered(states), ['a gru']);
    const open = '{ "layers": [{ "name": "a", "type": "gru" }, { "type": "linear", "input": "▮';
    assert.deepEqual(await offered(open), ['input input', 'a gru'], 'while the string is open');
  });

  it('has tensors with their shapes', async () => {
    const head =
      '{ "format": "rnn-model", "version": 1, "input": { "kind": "vector", "size": 3 }, "layers": [{ "name": "fc", "type": "linear", "out_features": 2 }]';
    const { network } = await read(`${head} }`);
    const file = `${head}, "weights": { "file": "w.safetensors"`;
    assert.deepEqual(
      await offered(`${head}, "weights": { "values": { "fc.bias": [0, 0], "▮" } } }`, network),
      ['fc.weight [2, 3]'],
    );
    assert.deepEqual(await offered(`${file}, "names": { "▮" } } }`, network), ['fc linear (2)']);
    assert.deepEqual(await offered(`${file}, "names": { "fc": "▮" } } }`, network), [
      'rnn weight [2, 3], bias [2]',
    ]);
    assert.deepEqual(await offered(`${file}, "unused": ["rnn.bias", "▮"] } }`, network), [
      'rnn.weight [2, 3]',
      'steps [1]',
    ]);
  });

  it('has files and columns', async () => {
    assert.deepEqual(await offered('{ "weights": { "file": "▮" } }'), ['w.safetensors']);
    assert.deepEqual(await offered('{ "samples": [{ "file": "▮" }] }'), ['prices.csv']);
    assert.deepEqual(await offered('{ "samples": [{ "expected": { "file": "▮" } }] }'), ['prices.csv']);
    const columns = ['date "prices.csv"', 'open "prices.csv"', 'last, close "prices.csv"'];
    assert.deepEqual(await offered('{ "samples": [{ "file": "prices.csv", "columns": ["▮"] }] }'), columns);
    assert.deepEqual(await offered('{ "samples": [{ "file": "prices.csv", "where": { "▮" } }] }'), columns);
    assert.deepEqual(await offered('{ "samples": [{ "file": "../secret.csv", "columns": ["▮"] }] }'), []);
    assert.deepEqual(await offered('{ "samples": [{ "file": "nowhere.csv", "columns": ["▮"] }] }'), []);
  });

  it('puts a whole string in place of the one that is there', async () => {
    const text = '{ "weights": { "file": "mod.saf" } }';
    const [one] = await completionsAt(modelText(text)!, at(text, 'mod', 2), {
      ...{ network: undefined, folder, limits: DEFAULT_LIMITS },
    });
    assert.equal(applyEdits(text, [one]), '{ "weights": { "file": "w.safetensors" } }');
  });

  it('has nothing to say where the schema knows it', async () => {
    for (const text of [
      '{ "layers": [{ "type": "▮" }] }',
      '{ "▮" }',
      '{ "format": ▮ }',
      '{ "layers": [{ "hidden_size": 1▮ }] }',
    ])
      assert.deepEqual(await offered(text), [], text);
  });
});

describe('hover on a layer', () => {
  it('has its shapes, its parameters as a sum, and its options', async () => {
    const { network } = await read(
      JSON.stringify({
        ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 36 } },
        layers: [
          { name: 'lstm', type: 'lstm', hidden_size: 64, num_layers: 2, return_sequences: false },
          { name: 'fc', type: 'linear', out_features: 3, activation: 'tanh' },
        ],
      }),
    );
    const [lstm, fc] = network!.layers.map((layer) => layerHover(network!, layer, { translate: inEnglish }));
    assert.match(lstm, /\*\*lstm\*\* · LSTM/);
    assert.match(lstm, /in: 36 a step from input/);
    assert.match(lstm, /out: 64, one row/);
    const sum = '4 × (64 × 36 + 64 × 64 + 64 + 64) + 4 × (64 × 64 + 64 × 64 + 64 + 64)';
    assert.ok(lstm.includes(`59,392 parameters = ${sum}`), lstm);
    assert.ok(fc.includes('in: 64, one row from lstm') && fc.includes('195 parameters = 3 × 64 + 3'), fc);
    assert.match(fc, /also: activation tanh/);
  });

  it('has its last values after a run', async () => {
    const { network } = await read(TEXT);
    const values = {
      ...{ title: 'a | b', steps: 12 },
      signals: [{ signal: 'h', direction: 'forward' as const, mean: 0.12345, min: -1, max: 1 }],
    };
    const text = layerHover(network!, network!.layers[0], { translate: inEnglish, values });
    assert.ok(text.includes('| h | 0.123 | -1 … 1 |'), text);
    assert.ok(text.includes('a &#124; b') && text.includes('step 12'), text);
  });

  it('takes nothing that stands in the file for Markdown or HTML', async () => {
    const name = '](command:x) **b** <img src=x> `c` $(alert) https://x.org\n\n# d';
    const text = JSON.stringify({
      ...{ format: 'rnn-model', version: 1, input: { kind: 'vector', size: 1 } },
      layers: [{ name, type: 'linear', out_features: 1 }],
    });
    const { network } = await read(text);
    const hover = layerHover(network!, network!.layers[0], { translate: inEnglish });
    const [first] = hover.split('  \n');
    assert.doesNotMatch(first.replace('**', '').replace('** ·', ' ·'), /[*<>[\]()`$:]|\/\/|^#/);
  });
});

describe('the sum of parameters', () => {
  it('comes to their number, for every layer of the fixtures', async () => {
    let tried = 0;
    for (const kind of ['pytorch', 'autograd']) {
      const folder = join(FIXTURES, kind);
      for (const fileName of readdirSync(folder).filter((name) => name.endsWith('.rnn.json'))) {
        const text = readFileSync(join(folder, fileName), 'utf8');
        const source = { fileName, folder: new NodeFolder(folder), limits: DEFAULT_LIMITS };
        const { network } = await readModel({ ...source, text });
        for (const layer of network!.layers) {
          const sum = parameterSum(layer);
          assert.match(sum, /^[\d ×+()]*$/);
          tried += sum === '' ? 0 : 1;
          assert.equal(
            sum === '' ? 0 : valueOf(sum),
            countParameters({ layers: [layer] }),
            `${fileName}: ${sum}`,
          );
        }
      }
    }
    assert.ok(tried > 40, `${tried} sums`);
  });
});

/** Of a sum of products, brackets and all. */
function valueOf(sum: string): number {
  const tokens = sum.match(/\d+|[×+()]/g)!;
  let next = 0;
  const factor = (): number => {
    const token = tokens[next++];
    if (token !== '(') return Number(token);
    const inner = total();
    next++;
    return inner;
  };
  const product = (): number => {
    let value = factor();
    while (tokens[next] === '×') {
      next++;
      value *= factor();
    }
    return value;
  };
  const total = (): number => {
    let value = product();
    while (tokens[next] === '+') {
      next++;
      value += product();
    }
    return value;
  };
  return total();
}
