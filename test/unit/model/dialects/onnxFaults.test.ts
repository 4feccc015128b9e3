import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../../../src/model/dialects/dialect';
import { looksLikeOnnx } from '../../../../src/model/dialects/onnx/detect';
import { remarksOn } from '../../../../src/model/partial';
import { remarkInWords } from '../../../../src/words/remarks';
import { signalsHandedTo } from '../../../../src/model/states';
import { codes, f32, safetensors } from '../support';
import {
  cell,
  external,
  floats,
  graph,
  int64s,
  localFunction,
  model,
  node,
  tensor,
  Type,
  type Dims,
  type GraphParts,
  type ModelOptions,
} from './onnxModels';
import { openFile, runReading, vectors } from './support';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/onnxmodels');
const fixture = (name: string) => new Uint8Array(readFileSync(join(FIXTURES, name)));

const X: Readonly<Record<string, Dims>> = { X: ['steps', 1, 3] };
const lstm = cell('LSTM');
const gru = cell('GRU', { prefix: 'u' });
const run = node('LSTM', ['X', ...lstm.names], ['Y', 'Yh', 'Yc'], { hidden_size: 4 }, { name: 'memory' });

function open(parts: GraphParts, opset?: number): Promise<Reading> {
  return openFile('m.onnx', model(parts, { opset }));
}

/** A model of one LSTM, and what follows it. */
function after(nodes: GraphParts['nodes'], more: Partial<GraphParts> = {}): Promise<Reading> {
  const { initializers = [], ...rest } = more;
  return open({
    nodes: [run, ...nodes],
    inputs: X,
    outputs: ['out'],
    initializers: [...lstm.tensors, ...initializers],
    ...rest,
  });
}

const names = ({ network }: Reading) => network?.layers.map(({ name }) => name);
const messages = ({ problems }: Reading) => problems.map(({ message }) => message).join('\n');

/** Some layers are there with their weights, and of another, which is not run, it is said why. */
function assertShown(reading: Reading, layers: readonly string[], why: RegExp): void {
  const shown = reading.network!.layers.filter(({ type }) => type !== 'not_run').map(({ name }) => name);
  assert.deepEqual(shown, layers);
  assert.ok(reading.weights);
  const found = reading.problems.filter(({ code }) => code === 'not-run').map(({ message }) => message);
  assert.match(found.join('\n'), why);
}

describe('ONNX models of which not everything can be run', () => {
  const body = (type: 'Loop' | 'Scan') => {
    const inner = graph({
      nodes: [
        node(
          'LSTM',
          [type === 'Loop' ? 'state' : 'row', ...lstm.names],
          ['y', 'h'],
          { hidden_size: 4 },
          { name: 'inner' },
        ),
        node('Identity', [type === 'Loop' ? 'going' : 'y'], ['same']),
      ],
      inputs: type === 'Loop' ? { round: [], going: [], state: ['steps', 1, 3] } : { row: [1, 3] },
      outputs: type === 'Loop' ? ['same', 'y'] : ['same'],
    });
    return type === 'Loop'
      ? node('Loop', ['count', '', 'X'], ['out'], { body: { graph: inner } }, { name: 'rounds' })
      : node('Scan', ['X'], ['out'], { body: { graph: inner }, num_scan_inputs: 1 }, { name: 'rounds' });
  };
  for (const type of ['Loop', 'Scan'] as const) {
    it(`show a recurrent node in the body of a ${type}, and say that it is not run`, async () => {
      const reading = await open({
        nodes: [body(type)],
        inputs: X,
        outputs: ['out'],
        initializers: [...lstm.tensors, int64s('count', [], [3])],
      });
      assertShown(
        reading,
        ['inner'],
        new RegExp(`the LSTM "inner": it stands in the body of the ${type} "rounds"`),
      );
    });
  }

  it('say once why a loop is none that is known, whatever reads what it gives', async () => {
    const loop = (name: string, from: string, to: string) =>
      node(
        'Loop',
        ['count', 'true', 'zeros'],
        ['', to],
        {
          body: {
            graph: graph({
              nodes: [
                node('Gather', [from, `${name} round`], ['x'], { axis: 0 }),
                node('Gemm', ['x', 'D', 'h'], ['sum'], { transB: 1 }),
                node('Hardmax', ['sum'], ['next'], {}, { name: `${name} gate` }),
                node('Identity', ['next'], ['y']),
                node('Identity', ['going'], ['on']),
              ],
              inputs: {
                [`${name} round`]: { dims: [], type: Type.INT64 },
                ...{ going: { dims: [], type: Type.BOOL }, h: [1, 2] },
              },
              outputs: ['on', 'next', 'y'],
            }),
          },
        },
        { name },
      );
    const reading = await open({
      nodes: [loop('first', 'X', 'between'), loop('second', 'between', 'out')],
      inputs: { X: [5, 1, 2] },
      outputs: ['out'],
      initializers: [
        ...[int64s('count', [], [5]), floats('zeros', [1, 2], [0, 0]), floats('D', [2, 2], [1, 2, 3, 4])],
        tensor('true', [], Type.BOOL, { int32Data: [1] }),
      ],
    });
    assert.equal(
      messages(reading),
      'expected a recurrent layer, found none: the Loop "first": the operator Hardmax of the node "first gate" is not supported',
    );
  });

  it('do not take a node in a loop for a layer unless its states go from round to round', async () => {
    const loop = (after: GraphParts['nodes'], outputs: readonly string[]) =>
      open({
        nodes: [
          node('Loop', ['count', 'true', 'zeros', 'zeros'], ['h', 'c', 'out'], {
            body: {
              graph: graph({
                nodes: [
                  node('Gather', ['X', 'round'], ['x'], { axis: 0 }),
                  node('Unsqueeze', ['x', 'zero'], ['row']),
                  ...after,
                  node('Squeeze', ['yh', 'zero'], ['y']),
                  node('Identity', ['going'], ['on']),
                ],
                inputs: {
                  ...{ round: { dims: [], type: Type.INT64 }, going: { dims: [], type: Type.BOOL } },
                  ...{ h: [1, 1, 4], c: [1, 1, 4] },
                },
                outputs: ['on', ...outputs, 'y'],
              }),
            },
          }),
        ],
        inputs: { X: [5, 1, 3] },
        outputs: ['out'],
        initializers: [
          ...[...lstm.tensors, int64s('count', [], [5]), int64s('zero', [1], [0])],
          floats('zeros', [1, 1, 4], [0, 0, 0, 0]),
          tensor('true', [], Type.BOOL, { int32Data: [1] }),
        ],
      });
    const cells = (states: readonly string[]) => [
      node(
        'LSTM',
        ['row', ...lstm.names, '', ...states],
        ['', 'yh', 'yc'],
        { hidden_size: 4 },
        { name: 'inner' },
      ),
    ];
    const whole = await loop(cells(['h', 'c']), ['yh', 'yc']);
    assert.deepEqual([names(whole), messages(whole)], [['inner'], '']);
    assert.match(
      messages(await loop(cells(['h', 'c']), ['yc', 'yh'])),
      /a state of "inner" is not what it gave/,
    );
    assert.match(
      messages(await loop(cells(['h', 'zeros']), ['yh', 'yc'])),
      /the LSTM "inner": it begins each round with a state that the loop does not carry/,
    );
  });

  it('do not run a loop whose mask lets some of its states go on', async () => {
    const loop = (c: string) =>
      open({
        nodes: [
          node('Gather', ['table', 'ids'], ['x']),
          node('Equal', ['ids', 'none'], ['zero']),
          node('Not', ['zero'], ['counts']),
          node('Loop', ['count', 'true', 'zeros', 'zeros'], ['', '', 'out'], {
            body: {
              graph: graph({
                nodes: [
                  node('Gather', ['x', 'round'], ['row'], { axis: 1 }),
                  node('Unsqueeze', ['row', 'first'], ['step']),
                  node('Gather', ['counts', 'round'], ['count_now'], { axis: 1 }),
                  node('LSTM', ['step', ...lstm.names, '', 'h', 'c'], ['', 'yh', 'yc'], { hidden_size: 4 }),
                  node('Where', ['count_now', 'yh', 'h'], ['next_h']),
                  node('Where', ['count_now', 'yc', 'c'], ['next_c']),
                  node('Squeeze', ['next_h', 'first'], ['y']),
                  node('Identity', ['going'], ['on']),
                ],
                inputs: {
                  ...{ round: { dims: [], type: Type.INT64 }, going: { dims: [], type: Type.BOOL } },
                  ...{ h: [1, 1, 4], c: [1, 1, 4] },
                },
                outputs: ['on', 'next_h', c, 'y'],
              }),
            },
          }),
        ],
        inputs: { ids: { dims: [1, 5], type: Type.INT64 } },
        outputs: ['out'],
        initializers: [
          ...[...lstm.tensors, int64s('count', [], [5]), int64s('first', [1], [0]), int64s('none', [], [0])],
          ...[floats('zeros', [1, 1, 4], [0, 0, 0, 0]), floats('table', [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])],
          tensor('true', [], Type.BOOL, { int32Data: [1] }),
        ],
      });
    const whole = await loop('next_c');
    assert.deepEqual(
      whole.network!.layers.map((layer) => (layer.type === 'embedding' ? layer.maskZero : layer.type)),
      [true, 'lstm'],
    );
    assert.match(messages(await loop('yc')), /its mask of steps keeps only some of its states/);
  });

  it('take a branch that the shape of an initial state decides', async () => {
    const branch = (from: string) => graph({ nodes: [node('Identity', [from], ['y'])], outputs: ['y'] });
    const reading = await open({
      nodes: [
        run,
        node('Shape', ['h'], ['sizes']),
        node('Gather', ['sizes', 'zero'], ['size']),
        node('Equal', ['size', 'one'], ['single']),
        node('If', ['single'], ['out'], {
          then_branch: { graph: branch('Y') },
          else_branch: { graph: branch('Yh') },
        }),
      ],
      inputs: { ...X, h: [1, 'batch', 4] },
      outputs: ['out'],
      initializers: [...lstm.tensors, int64s('zero', [], [0]), int64s('one', [], [1])],
    });
    assert.deepEqual(messages(reading), '');
    assert.ok(reading.weights);
  });

  it('take a branch that an input of one number decides, and say which others there are', async () => {
    const branch = (name: string) =>
      graph({
        nodes: [node('LSTM', ['X', ...lstm.names], ['y'], { hidden_size: 4 }, { name })],
        outputs: ['y'],
      });
    const parts = (condition: string, nodes: GraphParts['nodes'] = []): GraphParts => ({
      nodes: [
        ...nodes,
        node(
          'If',
          [condition],
          ['out'],
          { then_branch: { graph: branch('a') }, else_branch: { graph: branch('b') } },
          { name: 'choice' },
        ),
      ],
      inputs: { ...X, loud: { dims: [], type: Type.BOOL } },
      outputs: ['out'],
      initializers: lstm.tensors,
    });
    const chosen = await open(parts('loud'));
    assert.ok(chosen.weights);
    assert.deepEqual(names(chosen), ['a']);
    assert.match(
      messages(chosen),
      /"loud" decides which graph of the If "choice" is run: loud is true is taken/,
    );
    assert.deepEqual(
      chosen.choices?.map(({ value }) => value),
      ['loud=true', 'loud=false'],
    );
    const other = await openFile('m.onnx', model(parts('loud')), {}, { choices: ['loud=false'] });
    assert.deepEqual(names(other), ['b']);

    const unknown = await open(
      parts('positive', [
        node('ReduceMax', ['X'], ['most'], { keepdims: 0 }, { name: 'most' }),
        node('Greater', ['most', 'most'], ['positive'], {}, { name: 'compared' }),
      ]),
    );
    assertShown(
      unknown,
      ['a', 'b'],
      /the LSTM "a": it stands in the body of the If "choice", which is not run/,
    );
  });

  it('show a model up to an operator that no layer has, and name it', async () => {
    assertShown(
      await after([node('Hardmax', ['Y'], ['out'], {}, { name: 'wave' })]),
      ['memory'],
      /"wave" \(Hardmax\) is not run: the operator Hardmax of the node "wave" is not supported/,
    );
    const custom = node('Gelu', ['Y'], ['out'], {}, { domain: 'com.example' });
    assertShown(
      await after([custom]),
      ['memory'],
      /the operator com\.example\.Gelu of the node that gives "out" is not supported/,
    );
    const two = [
      node('Hardmax', ['Y'], ['one'], {}, { name: 'wave' }),
      node('Det', ['Y'], ['third'], {}, { name: 'third' }),
      node('Add', ['one', 'third'], ['sum']),
      node('Add', ['sum', 'one'], ['out']),
    ];
    const both = await after(two);
    assertShown(
      both,
      ['memory'],
      /: the operator Hardmax of the node "wave" is not supported; the operator Det of the node "third" is not supported$/,
    );
    const deep = [node('Relu', ['Y'], ['r']), node('Hardmax', ['r'], ['s']), node('Tanh', ['s'], ['out'])];
    assertShown(await after(deep), ['memory', 'r'], /the operator Hardmax of the node that gives "s"/);
  });

  it('show a model up to a loop that is none that is known, which reads steps from around it', async () => {
    const rounds = graph({
      nodes: [
        node('Gather', ['Y', 'round'], ['row'], { axis: 0 }),
        node('Add', ['row', 'h'], ['sum']),
        node('Hardmax', ['sum'], ['next'], {}, { name: 'gate' }),
        node('Identity', ['going'], ['on']),
      ],
      inputs: {
        ...{ round: { dims: [], type: Type.INT64 }, going: { dims: [], type: Type.BOOL } },
        h: [1, 1, 4],
      },
      outputs: ['on', 'next'],
    });
    const reading = await after(
      [node('Loop', ['count', 'true', 'zeros'], ['out'], { body: { graph: rounds } }, { name: 'rounds' })],
      {
        initializers: [
          ...[int64s('count', [], [5]), floats('zeros', [1, 1, 4], [0, 0, 0, 0])],
          tensor('true', [], Type.BOOL, { int32Data: [1] }),
        ],
      },
    );
    assertShown(reading, ['memory'], /"rounds" \(Loop\) is not run: the Loop "rounds": it does not go/);
    assert.deepEqual(codes(reading), ['warning not-run']);
  });

  it('do not scale by the number of steps', async () => {
    const reading = await open({
      nodes: [
        node('Shape', ['picture'], ['shape']),
        node('Gather', ['shape', 'zero'], ['steps'], { axis: 0 }),
        node('Cast', ['steps'], ['count'], { to: 1 }),
        node('Mul', ['picture', 'count'], ['X'], {}, { name: 'scaled' }),
        run,
      ],
      inputs: { picture: ['steps', 1, 3] },
      outputs: ['Y'],
      initializers: [...lstm.tensors, int64s('zero', [], [0])],
    });
    assert.deepEqual(reading.network?.input, {
      ...{ kind: 'vector', size: 3 },
      standsFor: {
        ...{ name: 'scaled', kind: 'Mul' },
        reason:
          'the Mul "scaled": it computes with the number of steps, which is known only when the model runs',
      },
    });
    assert.ok(reading.weights);
  });

  for (const type of ['Min', 'Greater', 'TopK']) {
    it(`say of ${type} that it is not supported for what depends on the sequence`, async () => {
      const reading = await after([node(type, ['Y', type === 'TopK' ? 'one' : 'Y'], ['out'])], {
        initializers: [int64s('one', [1], [1])],
      });
      const why = `the ${type} "out": the operator is not supported for what depends on the sequence`;
      assertShown(reading, ['memory'], new RegExp(why));
    });
  }

  it('run sequences of another length than the file fixes, and say so', async () => {
    const of = async (steps: Dims[number]) =>
      (await open({ nodes: [run], inputs: { X: [steps, 1, 3] }, outputs: ['Y'], initializers: lstm.tensors }))
        .network!;
    const fixed = await of(6);
    assert.deepEqual(remarksOn(fixed, { steps: 6 }), []);
    assert.deepEqual(
      remarksOn(fixed, { steps: 9 }).map((remark) => remarkInWords(remark)),
      ['the file fixes sequences to 6 steps, this one has 9: it is run as if their number were open'],
    );
    assert.deepEqual(remarksOn(await of('steps'), { steps: 9 }), []);
  });

  it('run what stands behind such an operator on what it would give', async () => {
    const alone = await open({ nodes: [run], inputs: X, outputs: ['Y'], initializers: lstm.tensors });
    const sequence = vectors([
      [1, 2, 0.5],
      [-1, 0.25, 3],
    ]);
    const [{ signals }] = (await runReading(alone, sequence)).layers;
    const front = await open({
      nodes: [
        node('Hardmax', ['picture'], ['wave'], {}, { name: 'front' }),
        node('Tanh', ['wave'], ['X']),
        node('LSTM', ['X', ...lstm.names], ['Y'], { hidden_size: 4 }, { name: 'memory' }),
        node('Hardmax', ['Y'], ['out'], {}, { name: 'back' }),
      ],
      inputs: { picture: ['steps', 1, 3] },
      outputs: ['out'],
      initializers: lstm.tensors,
    });
    assert.deepEqual(front.network!.input, {
      ...{ kind: 'vector', size: 3 },
      standsFor: {
        ...{ name: 'memory_input', kind: 'Hardmax' },
        reason: 'the operator Hardmax of the node "front" is not supported',
      },
    });
    assert.deepEqual(names(front), ['memory', 'back']);
    assert.deepEqual((await runReading(front, sequence)).layers[0].signals, signals);

    const skip = await open({
      nodes: [
        node('Hardmax', ['picture'], ['wave'], {}, { name: 'front' }),
        node('LSTM', ['wave', ...lstm.names], ['Y'], { hidden_size: 4 }, { name: 'memory' }),
        node('Squeeze', ['Y', 'one'], ['rows']),
        node('Concat', ['rows', 'picture'], ['out'], { axis: 2 }, { name: 'beside' }),
      ],
      inputs: { picture: ['steps', 1, 3] },
      outputs: ['out'],
      initializers: [...lstm.tensors, int64s('one', [1], [1])],
    });
    assert.deepEqual(skip.network!.input, { kind: 'vector', size: 3 });
    assertShown(skip, ['memory', 'concat'], /needs it \("memory", "concat"\), unless a sequence brings/);
    const picture = vectors([
      [7, 8, 9],
      [4, 5, 6],
    ]);
    const around = await runReading(skip, {
      ...picture,
      more: new Map([[skip.network!.layers[0].name, sequence]]),
    });
    assert.deepEqual(around.layers.find(({ layer }) => layer === 'memory')?.signals, signals);
    for (const [t, row] of [
      [7, 8, 9],
      [4, 5, 6],
    ].entries())
      assert.deepEqual([...around.output.values.slice(7 * t + 4, 7 * t + 7)], row);

    const gru = cell('GRU', { prefix: 'g', inputs: 4 });
    const between = await open({
      nodes: [
        run,
        node('Hardmax', ['Y'], ['wave'], {}, { name: 'wave' }),
        node('Squeeze', ['wave', 'one'], ['rows']),
        node('GRU', ['rows', ...gru.names], ['out'], { hidden_size: 4 }, { name: 'reader' }),
      ],
      inputs: X,
      outputs: ['out'],
      initializers: [...lstm.tensors, ...gru.tensors, int64s('one', [1], [1])],
    });
    assert.deepEqual(names(between), ['memory', 'reader_input', 'reader']);
    const upTo = await runReading(between, sequence);
    assert.deepEqual(upTo.layers.map(({ layer }) => layer), ['memory']); // prettier-ignore
    assert.deepEqual(upTo.output.values, signals.at(-1)!.values);
    const brought = vectors([
      [1, 2, 3, 4],
      [0.5, 0, -1, 2],
    ]);
    const whole = await runReading(between, { ...sequence, more: new Map([['reader_input', brought]]) });
    const behind = await open({
      nodes: [node('GRU', ['X', ...gru.names], ['out'], { hidden_size: 4 })],
      inputs: { X: ['steps', 1, 4] },
      outputs: ['out'],
      initializers: gru.tensors,
    });
    assert.deepEqual(whole.output.values, (await runReading(behind, brought)).output.values);
  });

  it('run every branch before such an operator, also one that goes round it', async () => {
    const second = cell('GRU', { prefix: 'g', inputs: 4 });
    const skip = (after: GraphParts['nodes']) =>
      open({
        nodes: [
          run,
          node('Squeeze', ['Y', 'one'], ['rows']),
          node('MatMul', ['rows', 'D'], ['skip']),
          node('Tanh', ['rows'], ['main']),
          node('Hardmax', ['main'], ['wave'], {}, { name: 'wave' }),
          node('Add', ['skip', 'wave'], ['sum']),
          ...after,
        ],
        inputs: X,
        outputs: ['out'],
        initializers: [
          ...lstm.tensors,
          ...second.tensors,
          floats('D', [4, 4], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
          int64s('one', [1], [1]),
        ],
      });
    const why = /is not run: the operator Hardmax of the node "wave" is not supported/;
    const behind = await skip([
      node('GRU', ['sum', ...second.names], ['out'], { hidden_size: 4 }, { name: 'reader' }),
    ]);
    assertShown(behind, ['memory', 'skip', 'main', 'reader'], why);
    const stands = behind.network!.layers.find(({ type }) => type === 'not_run')!;
    assert.deepEqual(stands.inputs, ['skip', 'main']);
    const sequence = vectors([
      [1, 2, 0.5],
      [-1, 0.25, 3],
    ]);
    const { layers } = await runReading(behind, sequence);
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      ['memory', 'skip', 'main'],
    );
    const brought = vectors([
      [1, 2, 3, 4],
      [0.5, 0, -1, 2],
    ]);
    const whole = await runReading(behind, { ...sequence, more: new Map([[stands.name, brought]]) });
    assert.ok(whole.layers.some(({ layer }) => layer === 'reader'));
    assertShown(await skip([node('Relu', ['sum'], ['out'])]), ['memory', 'skip', 'main'], why);
  });

  it('do not hide other steps of an attention than later ones, and say so', async () => {
    const attend = (nodes: GraphParts['nodes'], more: Partial<GraphParts> = {}) =>
      after(
        [
          node('Squeeze', ['Y', 'one'], ['steps_first']),
          node('Transpose', ['steps_first'], ['y'], { perm: [1, 0, 2] }),
          ...nodes,
        ],
        {
          ...more,
          initializers: [
            ...[int64s('one', [1], [1]), floats('some', [1, 1, 3, 3], [0, 0, -9e9, 0, 0, 0, 0, 0, 0])],
            floats('past', [1, 2, 1, 2], [0, 0, 0, 0]),
          ],
        },
      );
    const ms = { domain: 'com.microsoft', name: 'seen' };
    const heads = (inputs: readonly string[]) =>
      attend([node('MultiHeadAttention', inputs, ['out'], { num_heads: 2 }, ms)], {
        inputs: { ...X, counts: { dims: [1, 'steps'], type: Type.INT32 } },
      });
    assertShown(
      await heads(['y', 'y', 'y', '', '', 'some']),
      ['memory'],
      /the com\.microsoft\.MultiHeadAttention "seen": its mask hides others than later steps/,
    );
    assertShown(
      await heads(['y', 'y', 'y', '', '', '', 'past', 'past']),
      ['memory'],
      /it goes on from earlier steps/,
    );
    const padded = await heads(['y', 'y', 'y', '', 'counts']);
    assert.ok(padded.network!.layers.some(({ type }) => type === 'attention'));
    assert.match(messages(padded), /every step counts, whatever "counts" says/);
    const written = await attend([
      node('Transpose', ['y'], ['k'], { perm: [0, 2, 1] }),
      node('MatMul', ['y', 'k'], ['scores']),
      node('Add', ['scores', 'some'], ['hidden'], {}, { name: 'mask' }),
      node('Softmax', ['hidden'], ['weights'], { axis: -1 }),
      node('MatMul', ['weights', 'y'], ['out']),
    ]);
    assertShown(written, ['memory'], /the Add "mask": it reads part of an attention, which no layer gives/);
  });

  it('do not compute what an operator would do otherwise', async () => {
    const cases: [GraphParts['nodes'], RegExp, GraphParts['initializers']?][] = [
      [[node('Softmax', ['Y'], ['out'], { axis: 0 })], /axis 0 of \[steps, 1, 1, 4\] is not all units/],
      [
        [node('Slice', ['Y', 'a', 'b', 'zero', 'turned'], ['out'])],
        /the Slice "out": it takes some of the steps, and turns them round/,
        [int64s('a', [1], [3]), int64s('b', [1], [1]), int64s('zero', [1], [0]), int64s('turned', [1], [-1])],
      ],
      [
        [node('Transpose', ['Y'], ['across'], { perm: [3, 1, 2, 0] }), node('Mul', ['Y', 'across'], ['out'])],
        /do not go together/,
      ],
      [
        [node('Add', ['Y', 'per_step'], ['out'])],
        /does not go with the units/,
        [floats('per_step', [5, 1, 1, 1], [1, 2, 3, 4, 5])],
      ],
      [
        [node('MatMul', ['Y', 'w'], ['out'])],
        /expected 5 units on the last axis/,
        [floats('w', [5, 2], Array(10).fill(1))],
      ],
      [[node('Reshape', ['Y', 's'], ['out'])], /rows of which only a run knows/, [int64s('s', [2], [1, 20])]],
      [[node('Cast', ['Y'], ['out'], { to: Type.INT64 })], /cuts numbers off/],
      [[node('Transpose', ['Y'], ['out'], { perm: [0, 0, 1, 2] })], /the order \[0, 0, 1, 2\] is none/],
      [
        [node('Gather', ['Y', 'i'], ['out'], { axis: 3 })],
        /there is no index 4 of 4/,
        [int64s('i', [1], [4])],
      ],
    ];
    for (const [nodes, why, initializers] of cases) {
      assertShown(await after(nodes, { initializers }), ['memory'], why);
    }
  });

  it('say which outputs are not shown', async () => {
    const reading = await after([node('Relu', ['Y'], ['out']), node('Hardmax', ['out'], ['wave'])], {
      outputs: ['Yc', 'out', 'wave', 'Yh'],
    });
    assert.ok(reading.weights);
    assert.deepEqual(names(reading), ['memory', 'out']);
    assert.match(
      messages(reading),
      /the output "Yc" is not shown: it is a constant, a cell state.*\nthe output "wave" is not shown: the operator Hardmax/,
    );
  });

  it('say what a cell has that none here does', async () => {
    const both = cell('LSTM', { directions: 2 });
    const unknown = (
      attributes: Parameters<typeof node>[3],
      extra: string[] = [],
      initializers: GraphParts['initializers'] = [],
    ) =>
      open({
        nodes: [
          node('LSTM', ['X', ...both.names, ...extra], ['out'], {
            direction: 'bidirectional',
            ...attributes,
          }),
        ],
        inputs: X,
        outputs: ['out'],
        initializers: [...both.tensors, ...initializers],
      });
    assertShown(
      await unknown({ activations: ['ThresholdedRelu', 'Tanh', 'Tanh', 'ThresholdedRelu', 'Tanh', 'Tanh'] }),
      [],
      /"ThresholdedRelu" with alpha 1/,
    );
    assertShown(
      await unknown({
        activations: ['Sigmoid', 'Tanh', 'Tanh', 'Sigmoid', 'ScaledTanh', 'Tanh'],
        activation_alpha: { floats: [2] },
      }),
      [],
      /"ScaledTanh" with alpha 2 and beta 1/,
    );
    assertShown(await unknown({ activations: ['Sigmoid'] }), [], /expected 6 activations, found 1/);
    assertShown(await unknown({ clip: { float: -1 } }), [], /clip above 0, found -1/);
    for (const [lengths, why] of [
      [[0], /expected sequence_lens from 1, found 0/],
      [[-3], /expected sequence_lens from 1, found -3/],
      [[3, 4], /one number in the file, found 3, 4/],
    ] as const) {
      const given = tensor('lengths', [lengths.length], Type.INT32, { int32Data: [...lengths] });
      assertShown(await unknown({}, ['lengths'], [given]), [], why);
    }
    assertShown(
      await unknown({}, ['', 'h'], [floats('h', [1, 1, 4], [1, 2, 3, 4])]),
      ['out_initial_h_last', 'out_initial_h_2_last', 'out'],
      /initial_h \[2, 1, 4\], found \[1, 1, 4\]/,
    );
  });

  it('do not run lengths that they do not hold, or that the sequence does not have', async () => {
    const lengths = tensor('lengths', [1], Type.INT32, { int32Data: [4] });
    const read = (of: string, inputs: GraphParts['inputs'], before: GraphParts['nodes'] = []) =>
      open({
        nodes: [
          ...before,
          node('LSTM', [of, ...lstm.names, 'lengths'], ['Y'], { hidden_size: 4 }, { name: 'memory' }),
        ],
        inputs,
        outputs: ['Y'],
        initializers: [...lstm.tensors, lengths, ...turns],
      });
    const turns = [
      ...[int64s('from_end', [1], [-1]), int64s('to_start', [1], [-(2 ** 31)])],
      ...[int64s('zero', [1], [0]), int64s('back', [1], [-1])],
    ];
    assertShown(await read('X', { X: [3, 1, 3] }), [], /sequence_lens from 1 to 3, found 4/);
    assert.ok((await read('X', { X: [4, 1, 3] })).weights);
    const turned = node('Slice', ['X', 'from_end', 'to_start', 'zero', 'back'], ['turned']);
    assertShown(await read('turned', X, [turned]), [], /leave out steps of a sequence that is turned round/);
    const computed = await open({
      nodes: [
        node('ReduceMax', ['X'], ['most'], { keepdims: 0 }),
        node('Cast', ['most'], ['lengths'], { to: Type.INT32 }),
        node('LSTM', ['X', ...lstm.names, 'lengths'], ['Y'], { hidden_size: 4 }, { name: 'memory' }),
      ],
      inputs: X,
      outputs: ['Y'],
      initializers: lstm.tensors,
    });
    assertShown(
      computed,
      [],
      /sequence_lens of all steps, or one number in the file, found none that the file gives/,
    );
  });

  it('hand on the states of directions apart, but none that a layer cannot begin with', async () => {
    const both = cell('RNN', { directions: 2 });
    const next = cell('RNN', { prefix: 'next_', directions: 2, inputs: 8 });
    const apart = { activations: ['Tanh', 'Relu'] };
    const chain = (first: Parameters<typeof node>[3], then: Parameters<typeof node>[3]) => {
      const direction = 'bidirectional';
      return open({
        nodes: [
          node('RNN', ['X', ...both.names], ['Y', 'Yh'], { direction, ...first }),
          node('Transpose', ['Y'], ['turned'], { perm: [0, 2, 1, 3] }),
          node('Reshape', ['turned', 'folded'], ['rows']),
          node('RNN', ['rows', ...next.names, '', 'Yh'], ['out'], { direction, ...then }),
        ],
        inputs: X,
        outputs: ['out'],
        initializers: [...both.tensors, ...next.tensors, int64s('folded', [3], [0, 0, -1])],
      });
    };
    for (const first of [{}, apart]) {
      for (const then of [{}, apart]) {
        const { network, weights } = await chain(first, then);
        assert.ok(weights);
        const states = network!.layers.flatMap((layer) =>
          signalsHandedTo(layer).map(({ layer: from, direction }) => `${layer.name} ← ${from} ${direction}`),
        );
        const name = (stem: string, options: object, direction: string) =>
          stem + (options === apart ? `_${direction}` : '');
        assert.deepEqual(
          states,
          ['forward', 'backward'].map(
            (direction) => `${name('out', then, direction)} ← ${name('Y', first, direction)} ${direction}`,
          ),
        );
      }
    }
    const gru = cell('GRU', { prefix: 'g', inputs: 4 });
    const reading = await open({
      nodes: [
        run,
        node('Squeeze', ['Y', 'one'], ['rows']),
        node('Concat', ['Yh', 'Yh'], ['bridge'], { axis: 2 }),
        node('GRU', ['rows', ...gru.names, '', 'bridge'], ['out'], { hidden_size: 4 }, { name: 'decoder' }),
      ],
      inputs: X,
      outputs: ['out'],
      initializers: [...lstm.tensors, ...gru.tensors, int64s('one', [1], [1])],
    });
    assertShown(
      reading,
      ['memory', 'memory_last', 'concat', 'decoder_initial_h_last', 'decoder'],
      /the GRU "decoder": its initial state: expected initial_h of 1 · 4 numbers, found \[1, 1, 8\]/,
    );
  });

  it('name an operator that is not run once, whatever depends on it', async () => {
    const second = cell('GRU', { prefix: 'g', inputs: 4 });
    const reading = await open({
      nodes: [
        run,
        node('Squeeze', ['Y', 'one'], ['rows']),
        node('Unique', ['rows'], ['erf'], {}, { name: 'bell' }),
        node('Unique', ['Yh'], ['state'], {}, { name: 'bell' }),
        node('GRU', ['erf', ...second.names, '', 'state'], ['more'], { hidden_size: 4 }),
        node('Mul', ['more', 'erf'], ['out']),
      ],
      inputs: X,
      outputs: ['out'],
      initializers: [...lstm.tensors, ...second.tensors, int64s('one', [1], [1])],
    });
    assert.deepEqual(
      reading.problems.map(({ message }) => message),
      [
        '"bell" (Unique) is not run: the operator Unique of the node "bell" is not supported; nor is what needs it ("more"), unless a sequence brings its output: 4 numbers a step, under its name',
        '"bell_2" (Unique) is not run: the operator Unique of the node "bell" is not supported; nor is what needs it ("bell_2_last"), unless a sequence brings its output: 4 numbers a step, under its name',
      ],
    );
  });

  it('say which inputs are taken as zeros, and which sequences as whole', async () => {
    const reading = await open({
      nodes: [node('LSTM', ['X', ...lstm.names, 'lengths', 'h', 'c'], ['out'], { hidden_size: 4 })],
      inputs: { ...X, lengths: { dims: [1], type: Type.INT32 }, h: [1, 1, 4], c: [1, 1, 4] },
      outputs: ['out'],
      initializers: lstm.tensors,
    });
    assert.deepEqual(codes(reading), Array(3).fill('warning assumed'));
    assert.ok(reading.weights);
    assert.match(
      messages(reading),
      /initial_h is the input "h": zeros.*\n.*initial_c.*\n.*"lengths" is taken to be the number of all steps/,
    );
  });

  it('know the shapes of what is cut from an input that the file says the shape of', async () => {
    const reading = await open({
      nodes: [
        node('Gather', ['cache', 'second'], ['half'], { axis: 0 }),
        node('Shape', ['half'], ['sizes']),
        node('Gather', ['sizes', 'three'], ['width'], { axis: 0 }),
        node('Div', ['width', 'two'], ['middle']),
        node('Slice', ['half', 'zero', 'middle', 'two'], ['h']),
        node('GRU', ['X', ...gru.names, '', 'h'], ['out'], { hidden_size: 4 }),
      ],
      inputs: { ...X, cache: [2, 1, 1, 8] },
      outputs: ['out'],
      initializers: [
        ...[...gru.tensors, int64s('second', [], [1]), int64s('three', [1], [2])],
        ...[int64s('two', [1], [2]), int64s('zero', [1], [0])],
      ],
    });
    assert.match(messages(reading), /^the GRU "out": initial_h is the input "cache": zeros are taken[^\n]*$/);
    assert.ok(reading.weights);
  });

  it('of one step a call are seen so where what they read is not run, not as sequences along another axis', async () => {
    const wide = cell('GRU', { inputs: 6 });
    const reading = await open({
      nodes: [
        node('Hardmax', ['mix'], ['wave'], {}, { name: 'wave' }),
        node('Reshape', ['wave', 'flat'], ['x']),
        node('GRU', ['x', ...wide.names, '', 'h'], ['y', 'hn'], { hidden_size: 4 }, { name: 'memory' }),
        node('Conv', ['mix', 'K'], ['ofFirst']),
        node('Transpose', ['mix'], ['turned'], { perm: [0, 3, 2, 1] }),
        node('Conv', ['turned', 'L'], ['ofLast']),
      ],
      inputs: { mix: [1, 3, 1, 2], h: [1, 1, 4] },
      outputs: ['y', 'hn', 'ofFirst', 'ofLast'],
      initializers: [
        ...[...wide.tensors, int64s('flat', [3], [1, 1, 6])],
        floats('K', [4, 3, 1, 1], new Float32Array(12).fill(0.5)),
        floats('L', [4, 2, 1, 1], new Float32Array(8).fill(0.5)),
      ],
    });
    assert.match(messages(reading), /initial_h is the input "h": taken to be what the step before gave/);
  });

  it('tell of what they say that it is', async () => {
    const conventions = async (name: string) =>
      (await openFile(name, fixture(name))).network?.conventions.join(' · ');
    assert.equal(
      await conventions('bidirectional-stack.onnx'),
      'ONNX opset 14 · pytorch 1.13.0 · i, o, f, c',
    );
    assert.equal(await conventions('gru-gates.onnx'), 'ONNX opset 14 · z, r, h · reset before');
    assert.equal(
      await conventions('lstm-everything-reverse.onnx'),
      'ONNX opset 14 · i, o, f, c · peepholes · f = 1 − i · gates: hard_sigmoid 0.25x + 0.375 · clip 1.5',
    );
    assert.match((await conventions('streaming.onnx'))!, /one step a call$/);
  });
});

describe('faulty ONNX models', () => {
  it('without a recurrent node say what they have', async () => {
    const reading = await open({
      nodes: [node('Relu', ['X'], ['r']), node('Relu', ['r'], ['out'])],
      inputs: X,
      outputs: ['out'],
    });
    assert.deepEqual(codes(reading), ['error no-recurrent-layer']);
    assert.match(messages(reading), /expected a node of type RNN, LSTM or GRU, found "Relu" × 2/);
    assert.match(messages(await open({ nodes: [], outputs: [] })), /found no nodes/);
  });

  it('without a recurrent node, but with steps of one, say what these are', async () => {
    const W = floats('W', [3, 4], new Float32Array(12).fill(0.5));
    const U = floats('U', [4, 4], new Float32Array(16).fill(0.5));
    const zeros = floats('h0', [1, 4], [0, 0, 0, 0]);
    const step = (x: string, h: string, next: string, kind: string) => [
      node('MatMul', [x, 'W'], [`${next}a`]),
      node('MatMul', [h, 'U'], [`${next}b`]),
      node('Add', [`${next}a`, `${next}b`], [`${next}s`]),
      node(kind, [`${next}s`], [next], {}, { name: `act ${next}` }),
    ];
    const stream = (kind: string) =>
      open({
        nodes: [...step('x', 'h', 'next', kind), node('Identity', ['next'], ['out'])],
        inputs: { x: [1, 3], h: [1, 4] },
        outputs: ['out', 'next'],
        initializers: [W, U],
      });
    const scan = (kind: string) =>
      open({
        nodes: [
          node(
            'Scan',
            ['h0', 'X'],
            ['hT', 'out'],
            {
              num_scan_inputs: 1,
              body: {
                graph: graph({
                  nodes: [...step('x', 'h', 'next', kind), node('Identity', ['next'], ['y'])],
                  inputs: { h: [1, 4], x: [1, 3] },
                  outputs: ['next', 'y'],
                }),
              },
            },
            { name: 'rounds' },
          ),
        ],
        inputs: X,
        outputs: ['out'],
        initializers: [W, U, zeros],
      });
    const unrolled = (kind: string) =>
      open({
        nodes: [0, 1, 2, 3].flatMap((t) => [
          node('Gather', ['X', `at${t}`], [`x${t}`]),
          ...step(`x${t}`, t === 0 ? 'h0' : `h_${t - 1}`, `h_${t}`, kind),
        ]),
        inputs: { X: [4, 1, 3] },
        outputs: ['h_3'],
        initializers: [W, U, zeros, ...[0, 1, 2, 3].map((t) => int64s(`at${t}`, [], [t]))],
      });
    for (const form of [stream, scan, unrolled]) {
      const found = messages(await form('Hardmax'));
      assert.match(found, /the operator Hardmax of the node "act (next|h_0)" is not supported$/);
      assert.doesNotMatch(found, /MatMul "|is known here/);
    }
    const sum = await open({
      nodes: [
        node('Scan', ['first', 'X'], ['last', 'out'], {
          num_scan_inputs: 1,
          body: {
            graph: graph({
              nodes: [node('Add', ['h', 'x'], ['next']), node('Identity', ['next'], ['y'])],
              inputs: { h: [1, 3], x: [1, 3] },
              outputs: ['next', 'y'],
            }),
          },
        }),
      ],
      inputs: { first: [1, 3], X: [4, 1, 3] },
      outputs: ['last', 'out'],
    });
    assert.match(messages(sum), /the Scan "last": after a step its state "h" is h \+ x, which no cell/);
    assert.match(
      messages(await stream('Erf')),
      /^expected a recurrent layer, found none: after a step its state "h" is erf\(W x \+ U h\), which no cell that is known here computes$/,
    );
    assert.match(
      messages(await scan('Erf')),
      /the Scan "rounds": after a step its state "h" is erf\(W x \+ U h\)/,
    );
    assert.match(
      messages(await unrolled('Erf')),
      /of "act h_0" "act h_1" makes erf\(W x \+ U \(erf\(W x\)\)\)/,
    );
  });

  it('whose weights are none say so', async () => {
    const wrong = { ...lstm.tensors[0], dims: [1n, 12n, 4n] };
    const reading = await open({
      nodes: [run],
      inputs: X,
      outputs: ['Y'],
      initializers: [wrong, ...lstm.tensors.slice(1)],
    });
    assert.match(messages(reading), /expected W \[1, 4 · hidden_size, inputs\].*found \[1, 12, 4\]/s);
    const given = await open({
      nodes: [run],
      inputs: { ...X, W: [1, 16, 3] },
      outputs: ['Y'],
      initializers: lstm.tensors.slice(1),
    });
    assert.match(messages(given), /expected its input 2 to be known from the file, found the input "W"/);
    const bytes = { ...lstm.tensors[0], rawData: new Uint8Array(10) };
    const short = await open({
      nodes: [run],
      inputs: X,
      outputs: ['Y'],
      initializers: [bytes, ...lstm.tensors.slice(1)],
    });
    assert.deepEqual(codes(short), ['error bad-weights-file']);
    assert.match(
      messages(short),
      /tensor "W" of shape \[1, 16, 3\] and type FLOAT: expected 192 bytes, found 10/,
    );
    assert.deepEqual(names(short), ['memory']);
    const text = tensor('W', [1, 16, 3], Type.STRING, {});
    const strings = await open({
      nodes: [run],
      inputs: X,
      outputs: ['Y'],
      initializers: [text, ...lstm.tensors.slice(1)],
    });
    assert.match(messages(strings), /type STRING; expected numbers/);
    const packed = await open({
      nodes: [node('DequantizeLinear', ['W4', 'scale'], ['W']), run],
      inputs: X,
      outputs: ['Y'],
      initializers: [
        ...[tensor('W4', [1, 16, 3], Type.INT4, { rawData: new Uint8Array(23) }), floats('scale', [], [1])],
        ...lstm.tensors.slice(1),
      ],
    });
    assert.match(
      messages(packed),
      /tensor "W4" of shape \[1, 16, 3\] and type INT4: expected 24 bytes, found 23/,
    );
  });

  it('name the type of a tensor that cannot be read, and read what only newer versions have beside it', async () => {
    const complex = tensor('W', [1, 16, 3], Type.COMPLEX64, { rawData: new Uint8Array(384) });
    const reading = await openFile(
      'm.onnx',
      model(
        { nodes: [run], inputs: X, outputs: ['Y'], initializers: [complex, ...lstm.tensors.slice(1)] },
        { irVersion: 13, opset: 26 },
      ),
    );
    assert.match(messages(reading), /tensor "W" has type COMPLEX64; expected numbers/);
    assert.deepEqual(names(reading), ['memory']);
  });

  describe('with functions of their own', () => {
    const own = { domain: 'own' };
    const called = (functions: NonNullable<ModelOptions['functions']>) =>
      openFile(
        'm.onnx',
        model(
          {
            nodes: [run, node('f', ['Y'], ['out'], {}, own)],
            ...{ inputs: X, outputs: ['out'], initializers: lstm.tensors },
          },
          { functions, domains: { own: 1 } },
        ),
      );
    const named = { domain: 'own', inputs: ['x'], outputs: ['y'] };

    it('say of one that calls itself, and of one of another opset, that it is not looked into', async () => {
      const itself = await called([
        localFunction({ ...named, name: 'f', nodes: [node('g', ['x'], ['y'], {}, own)] }),
        localFunction({ ...named, name: 'g', nodes: [node('f', ['x'], ['y'], {}, own)] }),
      ]);
      assert.match(messages(itself), /own\.f.* is a function that calls itself: it is not looked into/);
      assert.ok(itself.weights);
      const other = await called([
        localFunction({ ...named, name: 'f', nodes: [node('Tanh', ['x'], ['y'])], opset: 9 }),
      ]);
      assert.match(messages(other), /is of opset 9 in a model of opset 14/);
      assert.ok(other.weights);
    });

    it('give up functions that double at every level, and names that grow, without taking the memory for them', async () => {
      const doubled = (name: string, next: string, value = 'x') =>
        localFunction({
          ...{ ...named, name, inputs: [value] },
          nodes: [node(next, [value], ['a'], {}, own), node(next, ['a'], ['y'], {}, own)],
        });
      const last = localFunction({ ...named, name: 'f30', nodes: [] });
      const chain = Array.from({ length: 30 }, (_, k) => doubled(k === 0 ? 'f' : `f${k}`, `f${k + 1}`));
      const reading = await called([...chain, last]);
      assert.match(messages(reading), /more than 50000 nodes: they are not looked into/);
      assert.ok(reading.weights);
      const long = 'n'.repeat(1 << 16);
      const names = localFunction({
        ...{ ...named, name: 'f' },
        nodes: Array.from({ length: 200 }, () => node('Neg', [long], [long])),
      });
      assert.match(messages(await called([names])), /more than 50000 nodes/);
    });
  });

  it('read a number of 2, 4 or 8 bits as its type has it', async () => {
    const types = [
      [Type.INT2, [0b11_10_01_00], [0, 1, -2, -1]],
      [Type.UINT2, [0b11_10_01_00], [0, 1, 2, 3]],
      [Type.FLOAT4E2M1, [0x71, 0xa4], [0.5, 6, 2, -1]],
      [Type.FLOAT8E8M0, [126, 127, 128, 130], [0.5, 1, 2, 8]],
      [Type.FLOAT8E4M3FN, [0x7e, 0x01, 0x88, 0x38], [448, 2 ** -9, -(2 ** -6), 1]],
      [Type.FLOAT8E5M2FNUZ, [0x7f, 0x01, 0xc0, 0x40], [57344, 2 ** -17, -1, 1]],
    ] as const;
    for (const [type, bytes, values] of types) {
      const { weights } = await after(
        [node('DequantizeLinear', ['few', 'scale'], ['w']), node('Add', ['Yh', 'w'], ['out'])],
        {
          initializers: [
            tensor('few', [4], type, { rawData: Uint8Array.from(bytes) }),
            floats('scale', [], [1]),
          ],
        },
      );
      assert.deepEqual([...weights!.get('out.bias')!.data], [...values], Type[type]);
    }
  });

  it('miss a file once, whatever lies in it', async () => {
    const initializers = [...lstm.tensors, int64s('axes', [1], [1])].map((one, k) =>
      external(one, { location: k === 0 ? 'a.bin' : 'b.bin' }),
    );
    const nodes = [run, node('Squeeze', ['Y', 'axes'], ['out'])];
    const reading = await openFile('m.onnx', model({ nodes, inputs: X, outputs: ['out'], initializers }));
    assert.deepEqual(codes(reading), Array(2).fill('error weights-missing'));
    assert.match(messages(reading), /"a\.bin" does not exist\n.*"b\.bin" does not exist$/);
    assert.deepEqual(names(reading), ['memory', 'out']);
  });

  it('read other files from their own folder alone, and check where tensors lie', async () => {
    const [W, ...rest] = lstm.tensors;
    const beside = { 'w.bin': W.rawData };
    const at = (entries: Record<string, string>) =>
      openFile(
        'm.onnx',
        model({ nodes: [run], inputs: X, outputs: ['Y'], initializers: [external(W, entries), ...rest] }),
        beside,
      );
    const fine = await at({ location: 'w.bin' });
    assert.deepEqual(fine.problems, []);
    assert.deepEqual(fine.files, ['w.bin']);
    const faults: [Record<string, string>, string, RegExp][] = [
      [{ location: 'gone.bin' }, 'error weights-missing', /"gone\.bin" does not exist/],
      [{ location: '../w.bin' }, 'error weights-outside', /leads out of the folder/],
      [{ location: '/w.bin' }, 'error weights-outside', /absolute/],
      [{ location: '' }, 'error weights-outside', /is empty/],
      [
        { location: 'w.bin', offset: '4' },
        'error bad-weights-file',
        /ends at offset 196 of "w\.bin", which has 192 bytes/,
      ],
      [{ location: 'w.bin', offset: '-4' }, 'error bad-weights-file', /whole number as offset, found "-4"/],
      [{ location: 'w.bin', length: '12' }, 'error bad-weights-file', /expected 192 bytes, found 12/],
    ];
    for (const [entries, code, message] of faults) {
      const reading = await at(entries);
      assert.deepEqual(codes(reading), [code]);
      assert.match(messages(reading), message);
      assert.deepEqual(names(reading), ['memory']);
    }
  });

  it('of hostile shapes and names give problems, or are read as data', async () => {
    const huge = await after([node('ConstantOfShape', ['s'], ['z']), node('Add', ['Y', 'z'], ['out'])], {
      initializers: [int64s('s', [2], [1e9, 1e9])],
    });
    assertShown(huge, ['memory'], /beyond what is read/);
    const negative = { ...lstm.tensors[0], dims: [1n, -16n, 3n] };
    const reading = await open({
      nodes: [run],
      inputs: X,
      outputs: ['Y'],
      initializers: [negative, ...lstm.tensors.slice(1)],
    });
    assert.match(messages(reading), /has the shape \[1, -16, 3\], which none can have/);
    const own = await open({
      nodes: [node('LSTM', ['__proto__', ...lstm.names], ['constructor'], {}, { name: 'toString' })],
      inputs: { ['__proto__' as string]: X.X, X: X.X },
      outputs: ['constructor'],
      initializers: lstm.tensors,
    });
    assert.deepEqual(own.problems.filter(({ severity }) => severity === 'error').length, own.weights ? 0 : 1);
    const circle = await after([node('Add', ['out', 'Y'], ['out'])]);
    assertShown(circle, ['memory'], /the value "out" is given by no node before it/);
  });

  it('that grow from node to node are given up', async () => {
    const chain = (
      count: number,
      first: string,
      made: (from: string, to: string) => ReturnType<typeof node>,
    ) =>
      Array.from({ length: count }, (_, k) =>
        made(k === 0 ? first : `v${k}`, k === count - 1 ? 'out' : `v${k + 1}`),
      );
    const doubled = chain(60, 'Y', (from, to) => node('Concat', [from, from], [to], { axis: 3 }));
    assertShown(await after(doubled), ['memory', 'concat'], /more than 2048 parts/);
    const turned = chain(2000, 'big', (from, to) => node('Neg', [from], [to]));
    const big = [floats('big', [64, 64], new Float32Array(4096))];
    assertShown(
      await after(
        [...turned.slice(0, -1), node('Neg', ['v1999'], ['w']), node('MatMul', ['Y', 'w'], ['out'])],
        {
          initializers: big,
        },
      ),
      ['memory'],
      /made in more steps/,
    );
    const grown = chain(40, 'big', (from, to) => node('Concat', [from, from], [to], { axis: 0 }));
    assertShown(
      await after([...grown.slice(0, -1), node('Add', ['Y', 'v39'], ['out'])], { initializers: big }),
      ['memory'],
      /made in more steps, or larger, than is done/,
    );
  });

  it('of one step a call, with a great many layers in a row before their states, are read', async () => {
    const reading = await open({
      nodes: [
        ...Array.from({ length: 900 }, (_, k) => [
          node('Tanh', [`v${k}`], [`t${k}`]),
          node('Abs', [`t${k}`], [`a${k}`]),
          node('Sin', [`a${k}`], [`s${k}`]),
          node('Add', [`s${k}`, `v${k}`], [`v${k + 1}`]),
        ]).flat(),
        node('LSTM', ['v900', ...lstm.names, '', 'h', 'c'], ['out', 'h1', 'c1'], { hidden_size: 4 }),
      ],
      inputs: { v0: [1, 1, 3], h: [1, 1, 4], c: [1, 1, 4] },
      outputs: ['out', 'h1', 'c1'],
      initializers: lstm.tensors,
    });
    assert.match(messages(reading), /expected at most 1000 layers, found 3601/);
  });

  it('nested deeply, or made of a great many messages, are not decoded', async () => {
    let inner = graph({ nodes: [run], outputs: ['Y'] });
    for (let depth = 0; depth < 200; depth++) {
      inner = graph({ nodes: [node('If', ['c'], ['Y'], { then_branch: { graph: inner } })], outputs: ['Y'] });
    }
    const deep = await openFile('m.onnx', model(inner));
    assert.deepEqual(codes(deep), ['error bad-weights-file']);
    assert.match(messages(deep), /nested deeper/);
    const many = new Uint8Array(2_000_000).map((_, k) => (k % 2 ? 0 : 0x0a));
    const length = [0x80 | (many.length & 127), 0x80 | ((many.length >> 7) & 127), many.length >> 14];
    const file = new Uint8Array([0x08, 0x08, 0x3a, ...length, ...many]);
    const crowded = await openFile('m.onnx', file, {}, { limits: { memory: 1 << 26 } });
    assert.match(messages(crowded), /more than|beyond the limit/);
    assert.equal(crowded.network, undefined);
  });

  it('cut off anywhere give a problem', async () => {
    const whole = fixture('bidirectional-last-step.onnx');
    for (let length = 60; length < whole.length; length += 29) {
      const reading = await openFile('m.onnx', whole.subarray(0, length));
      assert.equal(reading.weights, undefined, `cut at ${length}`);
      assert.ok(reading.problems.length > 0, `cut at ${length}`);
    }
  });

  it('with a bit turned anywhere never throw, and are silent only if they run', async () => {
    const whole = fixture('both-final-states.onnx');
    for (let bit = 0; bit < 8 * whole.length; bit += 499) {
      const bytes = whole.slice();
      bytes[bit >> 3] ^= 1 << (bit & 7);
      const reading = await openFile('m.onnx', bytes);
      assert.ok(reading.weights || reading.problems.length > 0, `bit ${bit}`);
    }
  });
});

describe('an ONNX model', () => {
  it('is told by its first fields', () => {
    assert.ok(looksLikeOnnx(fixture('lstm-gates.onnx')));
    assert.ok(looksLikeOnnx(fixture('bidirectional-stack.onnx').subarray(0, 4096)));
    const bytes = (text: string) => new TextEncoder().encode(text);
    const savedModel = new Uint8Array([
      0x08,
      0x01,
      0x12,
      0x20,
      0x0a,
      0x1e,
      0x12,
      0x05,
      ...bytes('serve'),
      ...Array(21).fill(1),
    ]);
    const tflite = new Uint8Array([0x1c, 0, 0, 0, ...bytes('TFL3'), ...Array(24).fill(0)]);
    const others: Uint8Array[] = [
      savedModel,
      tflite,
      safetensors({ a: f32([1], [1]) }),
      bytes('{ "format": "rnn-model" }'),
      new Uint8Array([0x80, 0x02, 0x7d, 0x71]),
      new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0, 0, 0, 0]),
      new Uint8Array([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]),
      new Uint8Array(),
      new Uint8Array([0x08]),
      new Uint8Array(64),
    ];
    for (const other of others) assert.ok(!looksLikeOnnx(other), String(other.subarray(0, 12)));
  });

  it('that is something else gets the message of an unknown file', async () => {
    const reading = await openFile(
      'weights.pb',
      new Uint8Array([0x08, 0x07, 0x12, 0x01, 0x00, 0x3a, 0x02, 0x12, 0x00]),
    );
    assert.deepEqual(codes(reading), ['error unknown-dialect']);
  });
});
