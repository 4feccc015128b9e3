import assert from 'node:assert/strict';
import { INPUT, type Layer, type Network } from '../../../src/model/network';
import { writeKeras } from '../../../src/model/python/keras';
import { writePytorch } from '../../../src/model/python/pytorch';
import { CannotExpress, identifiersOf } from '../../../src/model/python/text';
import { type Maker, fixture, namesOf } from '../engine/fixtures';
import { gru, lstm, network } from '../engine/networks';

const MAKERS: readonly Maker[] = ['pytorch', 'onnx', 'tfjs', 'layers'];

const HOSTILE = [
  '"); import os; os.system("echo owned") #',
  "'; import os #",
  '"""\nimport os',
  '\\',
  '\\"',
  'a\r\nimport os\n',
  '\u2028import os\u0000',
  '\u202eimport os',
  '{__import__("os")}',
  'forward',
  'class',
  'x',
  'x_input',
  'attention',
  '__init__',
  '1st',
  '한글',
  '🙂',
  'a b',
  'a-b',
];

/** Every layer under one of the names, in a chain. */
function hostile(): Network {
  const chain = HOSTILE.map((name, k): Layer => {
    const options = { name };
    return k % 2 ? lstm(3, { ...options, peepholes: k % 4 === 1 }) : gru(3, options);
  });
  return { ...network(...chain), name: HOSTILE[0], description: HOSTILE[2] };
}

/** What is left of Python text without its strings and comments. */
function withoutStrings(text: string): string {
  return text.replace(/"""[^]*?"""|"(?:[^"\\\n]|\\.)*"|#.*$/gm, '""');
}

describe('Python files', () => {
  it('hold hostile names in nothing but strings', () => {
    const plain = { ...hostile() };
    for (const write of [
      writePytorch,
      (...[net, ...rest]: Parameters<typeof writeKeras>) =>
        writeKeras(
          { ...net, layers: net.layers.map((layer) => ({ ...layer, peepholes: undefined }) as Layer) },
          ...rest,
        ),
    ]) {
      const text = write(plain, `${HOSTILE[0]}.safetensors`, undefined);
      const code = withoutStrings(text);
      assert.doesNotMatch(code, /import os|os\.system|__import__|\bowned\b/);
      assert.equal(code.split('"').length % 2, 1);
      assert.match(text, /^[\n\x20-\x7e가-힣🙂]*$/u);
    }
  });

  it('call layers by identifiers of their own', () => {
    const identifiers = [...identifiersOf(hostile().layers).values()];
    assert.equal(new Set(identifiers).size, HOSTILE.length);
    for (const identifier of identifiers) assert.match(identifier, /^[A-Za-z][A-Za-z0-9_]*$/);
    const of = (name: string) => identifiersOf([{ ...lstm(1), name }]).get(name);
    assert.deepEqual(['lstm', 'forward', 'class', 'x', 'a_layer', 'a_state_2', '1st', '한글'].map(of), [
      'lstm',
      'forward_',
      'class_',
      'x_',
      'a_layer_',
      'a_state_2_',
      'layer_1st',
      'lstm',
    ]);
  });

  for (const maker of MAKERS) {
    it(`write every network of ${maker} for PyTorch, and for Keras what that has`, async () => {
      let kerasHas = 0;
      for (const name of namesOf(maker)) {
        const { network: net, sequence } = await fixture(name, maker);
        const text = writePytorch(net, 'w.safetensors', { name: 'x', sequence });
        assert.match(text, /^class Model\(nn\.Module\):$/m);
        for (const { name: layer } of net.layers)
          assert.ok(text.includes(identifiersOf(net.layers).get(layer)!), layer);
        try {
          assert.match(writeKeras(net, 'w.safetensors', undefined), /^# .* It was not run/);
          kerasHas += 1;
        } catch (error) {
          assert.ok(error instanceof CannotExpress, `${name}: ${String(error)}`);
        }
      }
      assert.ok(kerasHas > 0);
    });
  }

  it('say which layer has what Keras lacks', () => {
    const refused = (options: Parameters<typeof lstm>[1], message: RegExp) =>
      assert.throws(
        () => writeKeras(network(lstm(2, { name: 'cell', ...options })), 'w', undefined),
        message,
      );
    refused({ peepholes: true }, /^CannotExpress|"cell": peepholes cannot be expressed in Keras/);
    refused({ clip: 1 }, /"cell": clip/);
    refused({ coupled: 'input' }, /"cell": coupled/);
    refused({ keeps: 'output' }, /"cell": keeps "output"/);
    refused({ initialState: { kind: 'learned' } }, /"cell": a learned initial_state/);
    refused({ layerNorm: { cell: 'state', epsilon: 1e-5 } }, /"cell": layer_norm/);
  });

  it('merge masked steps for Keras where the network masks them as Keras 3 does', () => {
    const merging = (masked: 'every' | undefined) => {
      const width = { inputSize: 3, outputSize: 3 };
      const mask: Layer = { ...width, name: 'mask', type: 'masking', maskValue: 0, inputs: [INPUT] };
      const inputs = ['mask', INPUT];
      const sum: Layer = {
        ...width,
        name: 'sum',
        type: 'merge',
        mode: 'add',
        inputs,
        ...(masked && { masked }),
      };
      return { ...network(mask), layers: [mask, sum] };
    };
    assert.match(writeKeras(merging('every'), 'w', undefined), /layers\.Add\(\)\(\[mask_, x\]\)/);
    assert.throws(() => writeKeras(merging(undefined), 'w', undefined), /"sum": a merge that masks steps/);
  });

  it('build standard layers of PyTorch’s own modules, and step by step what those lack', () => {
    const own = writePytorch(
      network(lstm(2, { levels: 2, directions: ['forward', 'backward'] })),
      'w',
      undefined,
    );
    assert.match(own, /self\.lstm = nn\.LSTM\(2, 3, num_layers=2, batch_first=True, bidirectional=True\)/);
    assert.doesNotMatch(own, /class Recurrent/);
    const steps = writePytorch(network(gru(2, { resetAfter: false })), 'w', undefined);
    assert.match(steps, /class GruLayer\(Recurrent\):/);
    assert.match(steps, /F\.linear\(r \* h, p\["weight_hh"\]\[6:\], p\["bias_hh"\]\[6:\]\)/);
  });
});
