import assert from 'node:assert/strict';
import { run } from '../../../../src/engine/run';
import { kerasLayerIds } from '../../../../src/model/dialects/keras/model';
import { readKeras } from '../../../../src/model/dialects/keras/read';
import { DEFAULT_LIMITS, type Reading } from '../../../../src/model/dialects/dialect';
import type { KerasArrays } from '../../../../src/model/dialects/keras/arrays';
import { parseJson } from '../../../../src/model/json/parse';
import { isRecurrent } from '../../../../src/model/network';
import { outputLayer } from '../../../../src/model/partial';
import { Report } from '../../../../src/model/report';
import { signalsHandedTo } from '../../../../src/model/states';
import { dialectsOf } from '../../../fixtures/keras/dialects';
import { MemoryFolder, codes } from '../support';
import {
  FIXTURES_OF_TFJS,
  array,
  arraysIn,
  arraysOf,
  expectedIn,
  ofPytorch,
  sequenceFor,
  textOf,
} from './kerasFixtures';
import { assertOutput, assertSignal, openFile, runReading, tokens, vectors } from './support';

/** A model's JSON with weights as a file beside it would give them. */
async function withArrays(json: unknown, arrays?: KerasArrays, version?: string): Promise<Reading> {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const report = Report.of(text, { schema: false, about: 'structure' });
  const root = parseJson(text, report, 'json')!;
  const source = { fileName: 'model.json', folder: new MemoryFolder(), limits: DEFAULT_LIMITS };
  return readKeras({ root, ...(arrays && { arrays }), ...(version && { version }) }, source, report);
}

/** In HDF5 files of Keras 2 the arrays of a model inside a model are in one list. */
const NESTED = new Map([
  ['hidden', 'block'],
  ['norm', 'block'],
]);

const topology = (name: string) => JSON.parse(textOf(name, 'model.json')).modelTopology;

/** Ways to store weights, the mask inside Bidirectional, of which tf.keras makes zeros, and a mean that counts masked steps. */
const OF_TFJS_ALONE = /shards|quantized|converted|masked-both-ways|masked-mean/;

describe('the loss that a Keras model was compiled with', () => {
  const layer = (class_name: string, config: object) => ({ class_name, config });
  const compiled = (activation: string, loss: unknown, key = 'compile_config') => ({
    class_name: 'Sequential',
    config: {
      name: 'net',
      layers: [
        layer('LSTM', { name: 'lstm', units: 2, batch_input_shape: [null, 3, 1] }),
        layer('Dense', { name: 'head', units: 2, activation }),
        layer('Dropout', { name: 'drop', rate: 0.1 }),
      ],
    },
    [key]: { optimizer: 'adam', loss, metrics: ['accuracy'] },
  });
  const ofClass = (class_name: string, from_logits?: boolean) => ({
    ...{ module: 'keras.losses', class_name, registered_name: null },
    config: {
      name: 'loss',
      reduction: 'sum_over_batch_size',
      ...(from_logits !== undefined && { from_logits }),
    },
  });
  const ofFunction = { module: 'builtins', class_name: 'function', config: 'binary_crossentropy' };

  it('is compared with how the last layer ends', async () => {
    const cases: [activation: string, loss: unknown, said?: RegExp][] = [
      [
        'softmax',
        ofClass('SparseCategoricalCrossentropy', true),
        /^compile_config\.loss: sparse_categorical_crossentropy with from_logits expects logits, but the last layer, "head", ends in softmax: /,
      ],
      ['sigmoid', ofClass('BinaryCrossentropy', true), /binary_crossentropy with from_logits expects logits/],
      ['linear', ofClass('SparseCategoricalCrossentropy', true)],
      ['softmax', ofClass('CategoricalCrossentropy', false)],
      [
        'linear',
        ofClass('CategoricalCrossentropy', false),
        /: categorical_crossentropy expects probabilities, but the last layer, "head", ends in no activation/,
      ],
      ['sigmoid', 'binary_crossentropy'],
      ['hard_sigmoid', 'binary_crossentropy'],
      ['tanh', 'binary_crossentropy', /^compile_config\.loss: binary_crossentropy .* ends in tanh/],
      ['linear', ofFunction, /^compile_config\.loss\.config: binary_crossentropy expects probabilities/],
      ['linear', { head: 'binary_crossentropy' }, /^compile_config\.loss\.head: binary_crossentropy/],
      ['linear', [ofClass('BinaryCrossentropy', false)], /^compile_config\.loss\[0\]: binary_crossentropy/],
      ['linear', ['binary_crossentropy', 'mse']],
      ['linear', { a: 'binary_crossentropy', b: 'mse' }],
      ['softmax', 'mse'],
      ['softmax', ofClass('MyLoss', true)],
      ['softmax', null],
      ['softmax', [[[]]]],
      ['softmax', { class_name: 'BinaryCrossentropy', config: null }],
    ];
    for (const [activation, loss, said] of cases) {
      const { problems } = await withArrays(compiled(activation, loss));
      const found = problems.filter(({ code }) => code === 'loss-mismatch');
      assert.equal(found.length, said ? 1 : 0, JSON.stringify([activation, loss, found]));
      if (said) assert.match(found[0].message, said);
    }
  });

  it('is read in the form of Keras 2 and TensorFlow.js, too, and mended by a fix', async () => {
    const { compile_config, ...model } = compiled('softmax', ofClass('CategoricalCrossentropy', true));
    const json = { model_config: model, training_config: compile_config };
    const text = JSON.stringify(json);
    const { problems } = await withArrays(text);
    const [{ place, fixes }] = problems.filter(({ code }) => code === 'loss-mismatch');
    assert.ok(
      text.slice(place.offset).startsWith('{"module":"keras.losses","class_name":"CategoricalCrossentropy"'),
    );
    const [{ changes, values }] = fixes!;
    assert.deepEqual(values, ['"from_logits"', 'false']);
    const [change] = changes;
    assert.ok(
      change.kind === 'replace' && text.slice(change.offset, change.offset + change.length) === 'true',
    );
  });
});

describe("Keras's JSON", () => {
  for (const name of FIXTURES_OF_TFJS.filter((one) => !OF_TFJS_ALONE.test(one))) {
    for (const [version, json] of Object.entries(dialectsOf(topology(name)))) {
      it(`${name} of version ${version}: the output is that of TensorFlow.js`, async () => {
        const reading = await withArrays(json, arraysIn(name, name === 'nested' ? NESTED : undefined));
        assert.deepEqual(reading.problems, []);
        assert.equal(reading.network?.dialect, 'keras');
        assert.ok(reading.network.conventions[0].includes(version), version);
        const { inputs, output } = expectedIn(name);
        assertOutput(await runReading(reading, sequenceFor(reading, inputs)), output);
      });
    }
  }

  for (const { name, root, arrays, input, output, signals } of ofPytorch()) {
    it(`${name}: output and gates are PyTorch's`, async () => {
      const reading = await withArrays(root, arrays);
      assert.deepEqual(reading.problems, []);
      const sequence = Array.isArray(input[0]) ? vectors(input as number[][]) : tokens(input as number[]);
      const trace = await runReading(reading, sequence);
      assertOutput(trace, output);
      const { name: layer } = reading.network!.layers.findLast(isRecurrent)!;
      for (const [signal, rows] of Object.entries(signals)) assertSignal(trace, layer, signal, rows);
    });
  }
});

const layer = (class_name: string, config: object = {}) => ({ class_name, config });
const LSTM = { name: 'lstm', units: 3, recurrent_activation: 'sigmoid', batch_input_shape: [null, 8, 2] };
const sequential = (...layers: object[]) => ({
  ...{ class_name: 'Sequential', keras_version: '2.4.0', backend: 'tensorflow' },
  config: { name: 'sequential_3', layers },
});
/** Layers after an LSTM that gives a sequence of 8 steps and 3 units. */
const after = (...layers: object[]) =>
  sequential(layer('LSTM', { ...LSTM, return_sequences: true }), ...layers);
const open = (json: unknown) =>
  openFile('house.json', typeof json === 'string' ? json : JSON.stringify(json));

/** A functional model of Keras 2: each layer with the outputs that it reads, [name, call, output]. */
function functional(
  layers: readonly (readonly [string, string, object, ...(readonly (readonly (string | number)[])[])])[],
  outputs: readonly (readonly (string | number)[])[],
) {
  const nodes = layers.map(([name, class_name, config, ...reads]) => ({
    ...{ name, class_name, config: { name, ...config } },
    inbound_nodes: reads.length > 0 ? [reads.map((ref) => [...ref, {}])] : [],
  }));
  const inputs = layers.filter(([, class_name]) => class_name === 'InputLayer').map(([name]) => [name, 0, 0]);
  const config = { name: 'wired', layers: nodes, input_layers: inputs, output_layers: outputs };
  return { class_name: 'Functional', keras_version: '2.4.0', config };
}
const input = (name: string, ...shape: (number | null)[]) =>
  [name, 'InputLayer', { batch_input_shape: [null, ...shape] }] as const;

describe("what Keras's JSON says", () => {
  it('is told by its content, in every form', async () => {
    const model = sequential(layer('LSTM', LSTM));
    const forms = [model, model.config, [layer('LSTM', LSTM)], JSON.stringify(model)];
    for (const form of forms) {
      const reading = await open(JSON.stringify(form));
      assert.equal(reading.network?.dialect, 'keras');
      assert.equal(reading.network.name, 'house');
      assert.equal(reading.trained, false);
      assert.equal(reading.samples[0].sequence.steps, 8);
      await runReading(reading, reading.samples[0].sequence);
    }
  });

  it('keeps the names of the layers', async () => {
    const names = async (name: string) =>
      (await open(topology(name))).network?.layers.map((one) => one.name).join(' ');
    assert.equal(await names('lstm'), 'memory drop head');
    assert.equal(await names('encoder-decoder'), 'target encoder decoder head');
    assert.equal(await names('stacked-cells'), 'mask stack_1 stack_2 stack_3');
    assert.equal(await names('nested'), 'hidden norm hidden_2 norm_2 mean head');
  });

  it('becomes conventions', async () => {
    const conventions = async (version: string | undefined, ...layers: object[]) =>
      (await open({ ...sequential(...layers), keras_version: version })).network?.conventions.join(' · ');
    const { recurrent_activation: _, ...plain } = LSTM;
    const gru = layer('GRU', { ...plain, stateful: true });
    assert.equal(
      await conventions('2.1.4', gru),
      'Keras 2.1.4 · z, r, h · reset before · hard_sigmoid 0.2x + 0.5 · stateful',
    );
    assert.equal(await conventions('2.3.1', gru), 'Keras 2.3.1 · z, r, h · reset before · stateful');
    assert.equal(await conventions('2.2.4-tf', gru), 'tf.keras 2.2.4-tf · z, r, h · reset after · stateful');
    assert.equal(
      await conventions('2.1.6-tf', gru),
      'tf.keras 2.1.6-tf · z, r, h · reset before · hard_sigmoid 0.2x + 0.5 · stateful',
    );
    const hard = layer('LSTM', { ...LSTM, recurrent_activation: 'hard_sigmoid' });
    assert.equal(await conventions('3.4.1', hard), 'Keras 3.4.1 · i, f, c, o · hard_sigmoid x/6 + 0.5');
    assert.equal(
      await conventions('tfjs-layers 4.22.0', hard),
      'TensorFlow.js layers · i, f, c, o · hard_sigmoid 0.2x + 0.5',
    );
  });

  it('is assumed where the version decides and is not there', async () => {
    const reading = await open({
      ...sequential(layer('LSTM', { ...LSTM, recurrent_activation: 'hard_sigmoid' })),
      keras_version: undefined,
    });
    assert.deepEqual(codes(reading), ['warning assumed']);
    assert.match(reading.problems[0].message, /hard_sigmoid is taken for 0.2x \+ 0.5.*Keras 2/);
  });

  it('seeds from the declared initialisers', async () => {
    const { weights, trained } = await open(
      sequential(
        layer('LSTM', {
          ...LSTM,
          kernel_initializer: { class_name: 'RandomUniform', config: { minval: 0.5, maxval: 1 } },
          recurrent_initializer: { class_name: 'Orthogonal', config: { gain: 2 } },
          unit_forget_bias: true,
        }),
        layer('Dense', { name: 'head', units: 2, kernel_initializer: 'he_normal', bias_initializer: 'ones' }),
      ),
    );
    const values = (name: string) => [...weights!.get(name)!.data];
    assert.equal(trained, false);
    assert.ok(values('lstm.weight_ih_l0').every((value) => value >= 0.5 && value <= 1));
    const first = values('lstm.weight_hh_l0').filter((_, k) => k % 3 === 0);
    assert.ok(Math.abs(first.reduce((sum, value) => sum + value * value, 0) - 4) < 1e-5);
    assert.deepEqual(values('lstm.bias_ih_l0'), [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(values('lstm.bias_hh_l0'), Array(12).fill(0));
    assert.deepEqual(values('head.bias'), [1, 1]);
    const bound = (2 * Math.sqrt(2 / 3)) / 0.87962566103423978;
    assert.ok(values('head.weight').every((value) => value !== 0 && Math.abs(value) <= bound));
  });

  it('seeds from initialisers by every name that a version gives them', async () => {
    const families = ['glorot', 'he', 'lecun'].flatMap((family) => [`${family}_uniform`, `${family}_normal`]);
    const names = [
      ...['zeros', 'ones', 'constant', 'random_uniform', 'random_normal', 'truncated_normal', 'orthogonal'],
      ...['identity', 'variance_scaling', ...families],
    ];
    const inClasses = names.map((name) =>
      name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    );
    const aliases = ['zero', 'one', 'uniform', 'normal', 'OrthogonalInitializer', 'IdentityInitializer'];
    const ofTensorFlow = ['GlorotUniformV2', 'RandomNormalV2', 'zeros_initializer', 'orthogonal_initializer'];
    for (const name of [...names, ...inClasses, ...aliases, ...ofTensorFlow]) {
      const asObject = { module: 'keras.initializers', class_name: name, config: {}, registered_name: null };
      for (const recurrent_initializer of [name, asObject]) {
        const reading = await open(sequential(layer('LSTM', { ...LSTM, recurrent_initializer })));
        assert.deepEqual(codes(reading), [], name);
      }
    }
  });

  it('seeds orthogonally where Keras 3 says so by its own name', async () => {
    const config = { gain: 2, seed: { class_name: 'SeedGenerator', config: {} } };
    const recurrent_initializer = { class_name: 'OrthogonalInitializer', config, registered_name: null };
    const { weights } = await open(sequential(layer('LSTM', { ...LSTM, recurrent_initializer })));
    const columns = [0, 1, 2].map((column) =>
      [...weights!.get('lstm.weight_hh_l0')!.data].filter((_, k) => k % 3 === column),
    );
    const product = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
    for (const [k, a] of columns.entries()) {
      for (const [j, b] of columns.entries()) {
        assert.ok(Math.abs(product(a, b) - (k === j ? 4 : 0)) < 1e-5, `${k}, ${j}`);
      }
    }
  });

  it('names an initialiser that is not known, a function too', async () => {
    for (const given of [
      'Own',
      { class_name: 'Own', config: {} },
      { class_name: 'function', config: 'Own' },
    ]) {
      const reading = await open(sequential(layer('LSTM', { ...LSTM, recurrent_initializer: given })));
      assert.deepEqual(codes(reading), ['warning unknown-initialiser']);
      assert.match(reading.problems[0].message, /^the initialiser "Own" of "lstm" is not known/);
    }
  });

  it('has several outputs, of which one is shown', async () => {
    const reading = await open(
      functional(
        [
          input('x', null, 2),
          ['lstm', 'LSTM', { ...LSTM, return_state: true }, ['x', 0, 0]],
          ['a', 'Dense', { units: 1 }, ['lstm', 0, 0]],
          ['b', 'Dense', { units: 2 }, ['lstm', 0, 1]],
        ],
        [
          ['a', 0, 0],
          ['b', 0, 0],
          ['lstm', 0, 2],
        ],
      ),
    );
    assert.deepEqual(codes(reading), ['warning several-outputs']);
    assert.equal(reading.network?.layers.at(-1)?.name, 'a');
    assert.deepEqual(reading.network.layers.find(({ name }) => name === 'b')?.inputs, ['lstm']);
  });

  it('takes states that are inputs for zeros', async () => {
    const reading = await open(
      functional(
        [
          input('x', null, 2),
          input('h', 3),
          input('c', 3),
          ['lstm', 'LSTM', LSTM, ['x', 0, 0], ['h', 0, 0], ['c', 0, 0]],
        ],
        [['lstm', 0, 0]],
      ),
    );
    assert.deepEqual(codes(reading), ['warning zero-state']);
    assert.deepEqual(
      reading.network?.layers.map(({ name }) => name),
      ['lstm'],
    );
  });

  it('warns of masked steps before any other after an initial state', async () => {
    const reading = await open(
      functional(
        [
          input('x', null, 2),
          input('ids', null),
          ['a', 'GRU', { units: 3, return_state: true }, ['x', 0, 0]],
          ['e', 'Embedding', { input_dim: 4, output_dim: 2, mask_zero: true }, ['ids', 0, 0]],
          ['b', 'GRU', { units: 3, return_sequences: true }, ['e', 0, 0], ['a', 0, 1]],
        ],
        [['b', 0, 0]],
      ),
    );
    assert.deepEqual(codes(reading), ['warning masked-initial-state']);
    assert.ok(reading.weights);
  });

  it('has inputs of one length, of their own, and of a single row', async () => {
    const { network } = await open(
      functional(
        [
          input('words', 5),
          input('numbers', 5, 2),
          input('other', null, 2),
          input('side', 3),
          ['table', 'Embedding', { input_dim: 4, output_dim: 2 }, ['words', 0, 0]],
          ['both', 'Concatenate', {}, ['table', 0, 0], ['numbers', 0, 0]],
          ['a', 'LSTM', { units: 3 }, ['both', 0, 0]],
          ['b', 'GRU', { units: 3 }, ['other', 0, 0]],
          ['sum', 'Add', {}, ['a', 0, 0], ['b', 0, 0], ['side', 0, 0]],
        ],
        [['sum', 0, 0]],
      ),
    );
    assert.equal(network?.input.kind, 'token');
    assert.deepEqual(
      network.layers.filter((one) => one.type === 'input').map(({ name, clock }) => [name, clock]),
      [
        ['numbers', 'shared'],
        ['other', 'own'],
        ['side', 'row'],
      ],
    );
  });

  it('does not run a masked layer whose only output would be zeros', async () => {
    const tagger = (mask_zero: boolean, return_sequences: boolean) => ({
      ...{ class_name: 'Sequential', keras_version: '2.13.1' },
      config: [
        layer('Embedding', {
          ...{ name: 'words', input_dim: 5, output_dim: 2, mask_zero, batch_input_shape: [null, 6] },
        }),
        layer('GRU', { name: 'g', units: 2, return_sequences, zero_output_for_mask: true }),
      ],
    });
    assert.deepEqual(codes(await open(tagger(true, false))), ['warning not-run']);
    assert.deepEqual(codes(await open(tagger(true, true))), []);
    assert.deepEqual(codes(await open(tagger(false, false))), []);
  });

  it('knows the masks that Keras 3 writes out as layers, and no others', async () => {
    const tensor = (name: string) => ({
      class_name: '__keras_tensor__',
      config: { keras_history: [name, 0, 0] },
    });
    const node = (name: string, class_name: string, config: object, args: unknown[], kwargs = {}) => ({
      ...{ name, class_name, config: { name, ...config } },
      inbound_nodes: args.length > 0 ? [{ args, kwargs }] : [],
    });
    const masked = (mask_zero: boolean, kwargs: object = {}, ...more: object[]) => ({
      class_name: 'Functional',
      config: {
        name: 'masked',
        layers: [
          node('x', 'InputLayer', { batch_shape: [null, 6] }, []),
          node('e', 'Embedding', { input_dim: 5, output_dim: 2, mask_zero }, [tensor('x')]),
          node('not_equal', 'NotEqual', {}, [tensor('x'), 0]),
          node('g', 'GRU', { units: 2, return_sequences: true }, [tensor('e')], {
            mask: tensor('not_equal'),
            ...kwargs,
          }),
          ...more,
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [[more.length > 0 ? 'a' : 'g', 0, 0]],
      },
    });
    assert.deepEqual(codes(await open(masked(true))), []);
    assert.deepEqual(codes(await open(masked(false))), ['warning not-run']);
    assert.deepEqual(codes(await open(masked(true, { training: true }))), ['warning training']);
    const attention = node('a', 'Attention', {}, [[tensor('g'), tensor('g')]]);
    assert.deepEqual(codes(await open(masked(true, {}, attention))), ['warning not-run']);
    const causal = node('a', 'Attention', {}, [[tensor('e'), tensor('e')]], { use_causal_mask: true });
    assert.deepEqual(codes(await open(masked(false, { mask: null }, causal))), []);
    const other = node('a', 'Flatten', {}, [tensor('e')], { use_causal_mask: true });
    assert.deepEqual(codes(await open(masked(false, { mask: null }, other))), ['warning not-run']);
  });

  it('is two branches in Keras 1', async () => {
    const branch = (name: string) => ({
      class_name: 'Sequential',
      config: [
        layer('GRU', { name, output_dim: 2, inner_activation: 'sigmoid', batch_input_shape: [null, 4, 3] }),
      ],
    });
    const config = {
      name: 'merged',
      mode: 'concat',
      concat_axis: -1,
      layers: [branch('left'), branch('right')],
    };
    const { network, problems } = await open({
      ...{ class_name: 'Sequential', keras_version: '1.0.8' },
      config: [layer('Merge', config), layer('Dense', { name: 'head', output_dim: 1, init: 'uniform' })],
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      network?.layers.map(({ name, type, inputs }) => [name, type, ...inputs]),
      [
        ['right_input', 'input'],
        ['left', 'gru', 'input'],
        ['right', 'gru', 'right_input'],
        ['merged', 'merge', 'left', 'right'],
        ['head', 'linear', 'merged'],
      ],
    );
  });
});

describe('states in Keras’s JSON', () => {
  const gru = { units: 3, return_state: true };
  const model = (added: number) => {
    const sums = Array.from({ length: added }, (_, k) => {
      const before = k === 0 ? (['a', 0, 1] as const) : ([`sum${k - 1}`, 0, 0] as const);
      return [`sum${k}`, 'Add', {}, before, before] as const;
    });
    const layers = [input('x', null, 2), ['a', 'GRU', gru, ['x', 0, 0]] as const, ...sums];
    const begun = ['b', 'GRU', { units: 3 }, ['x', 0, 0], [`sum${added - 1}`, 0, 0]] as const;
    return functional([...layers, begun], [['b', 0, 0]]);
  };

  it('are put together without layers, unless there are a great many', async () => {
    const few = await open(model(2));
    assert.deepEqual(few.problems, []);
    assert.deepEqual(
      few.network!.layers.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.equal(signalsHandedTo(few.network!.layers[1]).length, 4);
    const doubled = await open(model(60));
    assert.deepEqual(doubled.problems, []);
    assert.deepEqual(
      signalsHandedTo(doubled.network!.layers.at(-1)!).map(({ layer: from, signal }) => [from, signal]),
      [['sum59', 'y']],
    );
  });

  it('that are no states of earlier layers are said to be so', async () => {
    const reading = await open(
      functional(
        [
          input('x', null, 2),
          ['a', 'GRU', { units: 3, return_sequences: true }, ['x', 0, 0]],
          ['b', 'GRU', { units: 3 }, ['x', 0, 0], ['a', 0, 0]],
        ],
        [['b', 0, 0]],
      ),
    );
    assert.deepEqual(codes(reading), ['warning not-run']);
    assert.match(
      reading.problems[0].message,
      /^"b" \(GRU\) is not run: expected as initial states final states of earlier layers, or single rows, found something else/,
    );
    assert.equal(outputLayer(reading.network!).name, 'a');
  });

  it('may be the row that a layer gives, of both directions too', async () => {
    const { network, problems } = await open(
      functional(
        [
          input('x', null, 2),
          ['both', 'Bidirectional', { layer: layer('GRU', { units: 2 }) }, ['x', 0, 0]],
          ['decoder', 'GRU', { units: 4 }, ['x', 0, 0], ['both', 0, 0]],
        ],
        [['decoder', 0, 0]],
      ),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      signalsHandedTo(network!.layers[1]).map(({ direction, signal }) => `${direction} ${signal}`),
      ['forward h', 'backward h'],
    );
  });
});

describe("faulty JSON of Keras's", () => {
  const sequence = layer('LSTM', { ...LSTM, return_sequences: true });
  /** The layer is not run; every recurrent layer that something feeds is. */
  const shown: [string, object, number, RegExp][] = [
    [
      'an unknown layer',
      after(layer('Lambda', { name: 'l' })),
      1,
      /^"l" \(Lambda\) is not run: its function is Python code$/,
    ],
    [
      'a layer in TimeDistributed',
      after(layer('TimeDistributed', { name: 't', layer: layer('Flatten') })),
      1,
      /Dense.*found "Flatten"/,
    ],
    [
      'an activation',
      after(layer('Dense', { name: 'd', units: 2, activation: 'gelu' })),
      1,
      /activation: expected one of.*found "gelu"/,
    ],
    [
      'softmax inside a cell',
      after(layer('GRU', { name: 'g', units: 2, activation: 'softmax' })),
      1,
      /"softmax" inside a cell/,
    ],
    ['a ReLU with a largest value', after(layer('ReLU', { name: 'r', max_value: 6 })), 1, /largest value/],
    [
      'another axis',
      after(layer('BatchNormalization', { name: 'n', axis: [1] })),
      1,
      /expected the last axis, 2 or -1, found 1/,
    ],
    [
      'groups',
      after(layer('Conv1D', { name: 'c', filters: 3, kernel_size: [2], groups: 3 })),
      1,
      /expected 1 group, found 3/,
    ],
    [
      'channels first',
      after(layer('MaxPooling1D', { name: 'p', data_format: 'channels_first' })),
      1,
      /channels_last/,
    ],
    [
      "Keras 1's normalisation of the batch",
      after(layer('BatchNormalization', { name: 'n', mode: 2 })),
      1,
      /expected "mode" 0.*found 2/,
    ],
    [
      'channels first to flatten',
      after(layer('Flatten', { name: 'f', data_format: 'channels_first' })),
      1,
      /channels_last/,
    ],
    [
      'pictures',
      sequential(
        layer('TimeDistributed', {
          name: 't',
          layer: layer('Conv2D'),
          batch_input_shape: [null, 8, 4, 4, 1],
        }),
        layer('LSTM', { name: 'l', units: 2 }),
      ),
      1,
      /Conv2D/,
    ],
    [
      'pictures that are read line by line',
      functional(
        [
          input('picture', 32, 100, 1),
          ['conv', 'Conv2D', { filters: 8 }, ['picture', 0, 0]],
          ['norm', 'BatchNormalization', {}, ['conv', 0, 0]],
          ['lines', 'Reshape', { target_shape: [-1, 64] }, ['norm', 0, 0]],
          [
            'both',
            'Bidirectional',
            { layer: layer('LSTM', { units: 4, return_sequences: true }) },
            ['lines', 0, 0],
          ],
          ['other', 'Conv1D', { filters: 4, kernel_size: 1 }, ['picture', 0, 0]],
          ['sum', 'Add', {}, ['both', 0, 0], ['other', 0, 0]],
        ],
        [['sum', 0, 0]],
      ),
      2,
      /^"lines" \(Reshape\) is not run: the shape of what it reads is not known; sequences .* 64 numbers a step$/,
    ],
    [
      'a row that a layer turns into a sequence',
      functional(
        [
          input('ids', 12),
          ['one_hot', 'Lambda', {}, ['ids', 0, 0]],
          ['gru', 'GRU', { units: 4 }, ['one_hot', 0, 0]],
        ],
        [['gru', 0, 0]],
      ),
      1,
      /^"one_hot" \(Lambda\) is not run: .*; sequences are what it would hand on, 1 number a step$/,
    ],
    [
      'another cell',
      functional(
        [
          input('x', 3, 2),
          ['a', 'GRU', { units: 3 }, ['x', 0, 0]],
          ['b', 'RNN', { cell: layer('MyCell') }, ['x', 0, 0]],
          ['both', 'Concatenate', {}, ['a', 0, 0], ['b', 0, 0]],
        ],
        [['both', 0, 0]],
      ),
      1,
      /"b" \(RNN\) is not run: expected cells of .*found "MyCell"; nor is what needs it \("both"\)/,
    ],
    [
      'a stack of cells, one of which has an activation that is not known',
      functional(
        [
          input('x', 3, 2),
          ['a', 'GRU', { units: 3, return_sequences: true }, ['x', 0, 0]],
          [
            'b',
            'RNN',
            {
              cell: layer('StackedRNNCells', {
                cells: [
                  layer('GRUCell', { units: 3 }),
                  layer('LSTMCell', { units: 4, activation: 'swirl' }),
                  layer('GRUCell', { units: 2 }),
                ],
              }),
            },
            ['a', 0, 0],
          ],
        ],
        [['b', 0, 0]],
      ),
      3,
      /^"b_1" \(RNN\) is not run: .*found "swirl"$/,
    ],
    [
      'an initial state of another size',
      functional(
        [
          input('x', null, 2),
          ['a', 'GRU', { units: 3, return_state: true }, ['x', 0, 0]],
          ['b', 'GRU', { units: 4 }, ['x', 0, 0], ['a', 0, 1]],
        ],
        [['b', 0, 0]],
      ),
      1,
      /^"b" \(GRU\) is not run: the initial hidden state h: expected 4 units, found 3 from "a"/,
    ],
  ];
  for (const [what, json, expected, message] of shown) {
    it(`with ${what} run all that can be run`, async () => {
      const reading = await open(json);
      assert.deepEqual(codes(reading), Array(expected).fill('warning not-run'));
      assert.match(reading.problems[0].message, message);
      assert.ok(reading.weights);
      const { network, weights, samples } = reading;
      const trace = await run(network!, weights!, samples[0].sequence);
      assert.ok(trace.layers.some(({ type }) => ['rnn', 'lstm', 'gru'].includes(type)));
    });
  }

  const refused: [string, unknown, string[], RegExp][] = [
    [
      'no recurrent layer',
      sequential(layer('Dense', { units: 2 })),
      ['error no-recurrent-layer'],
      /found "Dense"/,
    ],
    [
      'a tokenizer',
      { class_name: 'Tokenizer', config: { num_words: null } },
      ['error unknown-dialect'],
      /with its layers, found "Tokenizer"/,
    ],
    ['no layers', sequential(), ['error wrong-length'], /1 to 1000 layers, found a list of 0/],
    [
      'a layer that is none',
      { ...sequential(sequence), config: [sequence, 3] },
      ['error wrong-value'],
      /config\[1\]/,
    ],
    ['no units', sequential(layer('LSTM', { name: 'a' })), ['error missing-key'], /"units" or "output_dim"/],
    [
      'huge units',
      sequential(layer('LSTM', { ...LSTM, units: 1e12 })),
      ['error wrong-value'],
      /from 1 to 65536/,
    ],
    ['negative units', sequential(layer('LSTM', { ...LSTM, units: -1 })), ['error wrong-value'], /units/],
    [
      'too many words',
      sequential(
        layer('Embedding', { name: 'e', input_dim: 1e12, output_dim: 2 }),
        layer('LSTM', { units: 2 }),
      ),
      ['error wrong-value'],
      /input_dim/,
    ],
    [
      'weights beyond the limit',
      sequential(layer('LSTM', { ...LSTM, units: 65536 })),
      ['error memory-limit'],
      /64 GB of memory; the limit is 1\.0 GB/,
    ],
    ['no width', sequential(layer('LSTM', { name: 'a', units: 2 })), ['error unknown-size'], /known width/],
    [
      'a row in place of a sequence',
      sequential(layer('LSTM', LSTM), layer('GRU', { name: 'g', units: 2 })),
      ['error no-sequence'],
      /single row of 3/,
    ],
    [
      'a sequence to repeat',
      after(layer('RepeatVector', { name: 'r', n: 3 })),
      ['error wrong-input'],
      /single row/,
    ],
    [
      'a shape that does not fit',
      after(layer('Reshape', { name: 'r', target_shape: [5, 5] })),
      ['error size-mismatch'],
      /24 numbers.*\[5, 5\]/,
    ],
    [
      'a window too wide',
      after(layer('Conv1D', { name: 'c', filters: 1, kernel_size: 20 })),
      ['error too-few-steps'],
      /at least 20 rows, found 8/,
    ],
    [
      'another merge',
      sequential(
        layer('Bidirectional', {
          name: 'b',
          merge_mode: 'max',
          layer: layer('LSTM', LSTM),
          batch_input_shape: [null, 3, 2],
        }),
      ),
      ['error wrong-value'],
      /concat.*found "max"/,
    ],
    [
      'directions of two widths to be added',
      after(
        layer('Bidirectional', {
          ...{ name: 'b', merge_mode: 'sum', layer: layer('LSTM', { units: 2 }) },
          backward_layer: layer('LSTM', { units: 3 }),
        }),
      ),
      ['error size-mismatch'],
      /"merge_mode" sum, found 2 and 3/,
    ],
    [
      'a circle',
      functional(
        [
          input('x', null, 2),
          ['a', 'GRU', { units: 2 }, ['b', 0, 0]],
          ['b', 'Dense', { units: 2 }, ['a', 0, 0]],
        ],
        [['b', 0, 0]],
      ),
      ['error circular-input'],
      /circle/,
    ],
    [
      'an unknown source',
      functional([input('x', null, 2), ['a', 'GRU', { units: 2 }, ['y', 0, 0]]], [['a', 0, 0]]),
      ['error unknown-layer'],
      /output 0 of call 0 of "y"/,
    ],
    [
      'an unknown output',
      functional([input('x', null, 2), ['a', 'GRU', { units: 2 }, ['x', 0, 0]]], [['__proto__', 0, 0]]),
      ['error unknown-layer'],
      /"__proto__"/,
    ],
    [
      'no such call',
      functional([input('x', null, 2), ['a', 'GRU', { units: 2 }, ['x', 7, 0]]], [['a', 0, 0]]),
      ['error unknown-layer'],
      /call 7/,
    ],
    [
      'ids that are numbers too',
      functional(
        [
          input('x', 4),
          ['e', 'Embedding', { input_dim: 3, output_dim: 2 }, ['x', 0, 0]],
          ['g', 'GRU', { units: 2 }, ['e', 0, 0]],
          ['d', 'Dense', { units: 2 }, ['x', 0, 0]],
          ['s', 'Add', {}, ['g', 0, 0], ['d', 0, 0]],
        ],
        [['s', 0, 0]],
      ),
      ['error conflicting-input'],
      /ids by one layer/,
    ],
  ];
  for (const [what, json, expected, message] of refused) {
    it(`with ${what} says so`, async () => {
      const reading = await open(json);
      assert.deepEqual(codes(reading), expected);
      assert.match(reading.problems[0].message, message);
      assert.equal(reading.weights, undefined);
    });
  }

  it('meets nesting, hostile names and long lists as data', async () => {
    const nested = (depth: number): object =>
      depth === 0 ? layer('LSTM', LSTM) : { class_name: 'Sequential', config: [nested(depth - 1)] };
    assert.deepEqual(codes(await open(nested(50))), []);
    assert.deepEqual(codes(await open(nested(200))), ['error nested-too-deep']);
    const hostile = await open(
      sequential(layer('LSTM', { ...LSTM, name: '__proto__' }), layer('constructor')),
    );
    assert.deepEqual(codes(hostile), ['warning not-run']);
    assert.equal(hostile.network?.layers[0].name, '__proto__');
    const twice = (depth: number): object => {
      const first = depth === 0 ? 0 : 1;
      const inner =
        depth === 0 ? layer('GRU', { name: 'g', units: 2, return_sequences: true }) : twice(depth - 1);
      const named = { ...inner, name: 'inner', inbound_nodes: [[['x', 0, 0]], [['inner', first, 0]]] };
      const layers = [
        { ...layer('InputLayer', { batch_input_shape: [null, 4, 2] }), name: 'x', inbound_nodes: [] },
        named,
      ];

      return {
        class_name: 'Model',
        config: { layers, input_layers: [['x', 0, 0]], output_layers: [['inner', first + 1, 0]] },
      };
    };
    const many = codes(await open({ ...twice(20), keras_version: '2.4.0' }));
    assert.deepEqual(many, ['error too-many-layers']);
  });
});

describe('a layer that is not run, with the arrays of the layers behind it', () => {
  const numbers = (name: string, ...shape: number[]) =>
    array(
      name,
      shape,
      Array.from({ length: shape.reduce((x, y) => x * y) }, (_, k) => Math.sin(k + 1)),
    );
  const gru = [numbers('kernel', 6, 6), numbers('recurrent_kernel', 2, 6), numbers('bias', 2, 6)];
  const head = [numbers('kernel', 2, 3), numbers('bias', 3)];
  const behind = [
    layer('GRU', { name: 'gru', units: 2, return_sequences: true }),
    layer('Dense', { name: 'head', units: 3 }),
  ];
  const lstm = [numbers('kernel', 2, 16), numbers('recurrent_kernel', 4, 16), numbers('bias', 16)];
  const first = layer('LSTM', { ...LSTM, name: 'lstm', units: 4, return_sequences: true });
  const of = (...layers: object[]) => ({
    ...{ class_name: 'Sequential', keras_version: '2.13.1', config: layers },
  });

  it('hands on as many numbers as they read, and all runs on what a sequence brings', async () => {
    const dropped = layer('Dropout', { name: 'drop', rate: 0.1 });
    const whole = of(first, layer('MyLayer', { name: 'mine' }), dropped, ...behind);
    const reading = await withArrays(whole, arraysOf({ lstm, gru, head, mine: [numbers('w', 5)] }));
    assert.deepEqual(codes(reading), ['warning not-run']);
    assert.match(
      reading.problems[0].message,
      /needs it \("drop", "gru", "head"\), unless a sequence brings its output: 6 numbers a step/,
    );
    const brought = vectors(
      Array.from({ length: 5 }, (_, t) => Array.from({ length: 6 }, (_, k) => Math.cos(t + k))),
    );
    const sequence = vectors(Array.from({ length: 5 }, (_, t) => [t, -t]));
    const given = { ...sequence, more: new Map([['mine', brought]]) };
    const trace = await run(reading.network!, reading.weights!, given);
    const alone = await withArrays(
      of({ ...behind[0], config: { ...behind[0].config, batch_input_shape: [null, null, 6] } }, behind[1]),
      arraysOf({ gru, head }),
    );
    const expected = await run(alone.network!, alone.weights!, brought);
    assert.deepEqual(trace.output, expected.output);
    assert.deepEqual(
      trace.layers.find(({ layer: name }) => name === 'gru'),
      expected.layers[0],
    );
  });

  it('is where the network begins that has no recurrent layer before it', async () => {
    const front = layer('Conv2D', { name: 'conv', filters: 9, batch_input_shape: [null, 8, 8, 1] });
    const reading = await withArrays(of(front, ...behind), arraysOf({ gru, head }));
    assert.deepEqual(reading.network!.input, {
      ...{ kind: 'vector', size: 6 },
      standsFor: { name: 'conv', kind: 'Conv2D', reason: 'layers of this class cannot be run here' },
    });
    const { output } = await run(reading.network!, reading.weights!, reading.samples[0].sequence);
    assert.equal(output.units, 3);
  });
});

describe('arrays of weights', () => {
  const model = sequential(layer('LSTM', { ...LSTM, units: 2 }), layer('Dense', { name: 'head', units: 1 }));
  const zeros = (name: string, ...shape: number[]) =>
    array(name, shape, Array(shape.reduce((a, b) => a * b, 1)).fill(0));
  const lstm = [zeros('kernel', 2, 8), zeros('recurrent_kernel', 2, 8), zeros('bias', 8)];
  const head = [zeros('kernel', 2, 1), zeros('bias', 1)];
  const cases: [string, Record<string, ReturnType<typeof array>[]>, string[], RegExp][] = [
    ['that are all there', { lstm, head }, [], /^$/],
    [
      'of a missing layer',
      { lstm },
      ['error missing-tensor'],
      /Dense "head": "weights.h5" has no arrays for it; expected kernel \[2, 1\], bias \[1\]/,
    ],
    ['of another layer too', { lstm, head, other: head }, ['warning unused-tensor'], /"other"/],
    [
      'of another shape',
      { lstm: [lstm[0], zeros('U', 3, 8), lstm[2]], head },
      ['error wrong-shape'],
      /expected recurrent_kernel \[2, 8\], found "U" \[3, 8\]/,
    ],
    [
      'that are too few',
      { lstm: lstm.slice(0, 2), head },
      ['error wrong-arrays'],
      /kernel \[2, 8\], recurrent_kernel \[2, 8\], bias \[8\], found "kernel" \[2, 8\], "recurrent_kernel" \[2, 8\]$/,
    ],
    [
      'that are not finite',
      { lstm, head: [array('kernel', [2, 1], [1, NaN]), head[1]] },
      ['warning non-finite-weights'],
      /"head.weight"/,
    ],
  ];
  for (const [what, layers, expected, message] of cases) {
    it(`${what}: ${expected.join() || 'no problem'}`, async () => {
      const reading = await withArrays(model, arraysOf(layers));
      assert.deepEqual(codes(reading), expected);
      assert.match(reading.problems[0]?.message ?? '', message);
      assert.equal(reading.weights !== undefined, !expected[0]?.startsWith('error'));
      assert.equal(reading.trained, true);
      assert.equal(reading.weightsFile, 'weights.h5');
    });
  }

  it('tell the width of an input that the JSON does not', async () => {
    const { batch_input_shape: _, ...rest } = LSTM;
    const reading = await withArrays(sequential(layer('LSTM', { ...rest, units: 2 })), arraysOf({ lstm }));
    assert.deepEqual(reading.problems, []);
    assert.deepEqual(reading.network?.input, { kind: 'vector', size: 2 });
  });

  it('are keyed by the layers of the config', () => {
    const text = JSON.stringify(
      sequential(
        layer('Bidirectional', { name: 'both', layer: layer('LSTM', { name: 'inner' }) }),
        {
          ...sequential(layer('Dense', { name: 'd' })),
          config: { name: 'sub', layers: [layer('Dense', { name: 'd' })] },
        },
        layer('RNN', {
          name: 'rnn',
          cell: layer('StackedRNNCells', { name: 's', cells: [layer('GRUCell', { name: 'g' })] }),
        }),
      ),
    );
    const root = parseJson(text, Report.of(text, { schema: false, about: 'structure' }), 'json')!;
    assert.deepEqual(kerasLayerIds(root), [
      { name: 'both', className: 'Bidirectional', wrapped: [{ name: 'inner', className: 'LSTM' }] },
      { name: 'sub', className: 'Sequential', layers: [{ name: 'd', className: 'Dense' }] },
      {
        ...{ name: 'rnn', className: 'RNN' },
        wrapped: [
          { name: 's', className: 'StackedRNNCells', wrapped: [{ name: 'g', className: 'GRUCell' }] },
        ],
      },
    ]);
  });
});
