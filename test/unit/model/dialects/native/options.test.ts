import assert from 'node:assert/strict';
import type { LstmLayer } from '../../../../../src/model/network';
import { parametersOf } from '../../../../../src/model/parameters';
import { readKeys } from '../../support';

async function layersOf(...layers: object[]) {
  const { network, problems } = await readKeys({ layers });
  // What is likely not meant is no matter here.
  assert.deepEqual(
    problems.filter(({ code }) => code !== 'unread-state'),
    [],
  );
  return network!;
}

async function problem(...layers: object[]): Promise<string> {
  const { problems } = await readKeys({ layers });
  assert.equal(problems.length > 0, true, 'expected a problem');
  return `${problems[0].code}: ${problems[0].message}`;
}

const cell = { name: 'cell', type: 'lstm', hidden_size: 2 };

describe('options of layers in the native format', () => {
  it('are absent from the network where they are defaults', async () => {
    const { layers } = await layersOf({
      ...cell,
      ...{ peepholes: false, keeps: 'cell', forget_bias: 0, initial_state: 'zeros', masked: 'hold' },
    });
    const plain = await layersOf(cell);
    assert.deepEqual(layers, plain.layers);
  });

  it('need the tensors that they say', async () => {
    const network = await layersOf({
      ...cell,
      peepholes: true,
      go_backwards: true,
      initial_state: 'learned',
    });
    assert.deepEqual(
      parametersOf(network).map(({ name, shape }) => `${name} ${shape.join('×')}`),
      [
        'cell.weight_ih_l0_reverse 8×1',
        'cell.weight_hh_l0_reverse 8×2',
        'cell.bias_ih_l0_reverse 8',
        'cell.bias_hh_l0_reverse 8',
        'cell.peephole_i_l0_reverse 2',
        'cell.peephole_f_l0_reverse 2',
        'cell.peephole_o_l0_reverse 2',
        'cell.h0_l0_reverse 2',
        'cell.c0_l0_reverse 2',
      ],
    );
  });

  it('normalise what the type of the cell says', async () => {
    const shapes = async (keys: object) =>
      parametersOf(await layersOf({ ...cell, bias: false, ...keys }))
        .filter(({ kind }) => kind.startsWith('norm_'))
        .map(({ name, shape }) => `${name} ${shape.join('×')}`);
    const pair = (part: string, size: number) => [
      `cell.norm_${part}_weight_l0 ${size}`,
      `cell.norm_${part}_bias_l0 ${size}`,
    ];
    assert.deepEqual(await shapes({ type: 'rnn', layer_norm: {} }), pair('sum', 2));
    assert.deepEqual(await shapes({ type: 'gru', layer_norm: {} }), [...pair('ih', 6), ...pair('hh', 6)]);
    assert.deepEqual(await shapes({ layer_norm: {} }), [
      ...[...pair('ih', 8), ...pair('hh', 8)],
      ...pair('c', 2),
    ]);
  });

  it('order layers by what they begin with, whatever their order in the file', async () => {
    const { layers } = await layersOf(
      { name: 'decoder', type: 'gru', hidden_size: 2, input: 'input', initial_state: { layer: 'encoder' } },
      { name: 'encoder', type: 'gru', hidden_size: 2, input: 'input' },
    );
    assert.deepEqual(
      layers.map(({ name }) => name),
      ['encoder', 'decoder'],
    );
  });

  it('begin with states put together, or refuse them in the words of the file', async () => {
    const encoder = { name: 'enc', type: 'lstm', hidden_size: 2, num_layers: 2, bidirectional: true };
    const both = [
      { layer: 'enc', level: 1 },
      { layer: 'enc', level: 1, direction: 'backward' },
    ];
    const decoder = { name: 'dec', type: 'lstm', input: 'input', hidden_size: 4 };
    const { layers } = await layersOf(encoder, { ...decoder, initial_state: { of: both } });
    const of = (signal: string) => [
      { layer: 'enc', level: 1, direction: 'forward', signal },
      { layer: 'enc', level: 1, direction: 'backward', signal },
    ];
    assert.deepEqual((layers[1] as LstmLayer).initialState, {
      kind: 'handed',
      states: [{ h: { merge: 'concat', of: of('h') }, c: { merge: 'concat', of: of('c') } }],
    });

    const fault = (state: unknown, more: object = {}) =>
      problem(
        encoder,
        { name: 'gru', type: 'gru', input: 'input', hidden_size: 4 },
        { ...decoder, ...more, initial_state: state },
      );
    const faults: [RegExp, unknown, object?][] = [
      [
        /layers\[2\].initial_state: the initial hidden state h: expected 4 units, found 2 from "enc"/,
        both[0],
      ],
      [/h: expected 4 units each, found 2, 2 from "enc"/, { merge: 'sum', of: both }],
      [/cell state c: "gru", of type "gru", has no cell state c/, { layer: 'gru', level: 0 }],
      [/"enc", of type "lstm", has no level 2/, { layer: 'enc', level: 2 }],
      [/"gru", of type "gru", has no backward direction/, { h: { layer: 'gru', direction: 'backward' } }],
      [/"gru", of type "gru", has no "y", only h/, { h: { layer: 'gru', signal: 'y' } }],
      [/cell state c: a layer of type "gru" has none/, { c: { layer: 'gru', signal: 'h' } }, { type: 'gru' }],
      [
        /expected 2 initial states, one for each level and direction, found 1/,
        { of: both },
        { bidirectional: true },
      ],
      [/h of level 1, forward: .*found 2 from "enc"/, ['zeros', both[0]], { num_layers: 2 }],
      [/differs; states of other layers are handed on one by one/, { layer: 'enc' }],
      [/unknown-layer: .*found "gone"/, { of: [...both, { layer: 'gone' }] }],
      [/circular-input/, { of: [{ layer: 'dec' }] }],
      [/of: expected at most 4096, found 5000/, { of: Array(5000).fill({ layer: 'enc' }) }],
      [/unknown-layer: .*found "__proto__"/, { of: [{ layer: '__proto__' }] }],
      [/missing-key: .*"layer"/, { level: 1 }],
      [/unknown-key: .*"signal"/, { layer: 'gru', signal: 'h' }],
      [/expected "zeros" or "learned", found 1/, 1],
    ];
    for (const [message, state, more] of faults) assert.match(await fault(state, more), message);
  });

  it('read what a recurrent layer ends in as a row, or say what it has not', async () => {
    const encoder = { name: 'enc', type: 'lstm', hidden_size: 4, proj_size: 2, bidirectional: true };
    const state = { name: 'end', type: 'final_state', input: 'enc' };
    const { layers } = await layersOf(
      encoder,
      { ...state, signal: 'c', direction: 'backward' },
      { type: 'linear', out_features: 1 },
    );
    assert.deepEqual(layers[1], {
      ...{ name: 'end', type: 'final_state', inputs: ['enc'], inputSize: 4, outputSize: 4 },
      ...{ signal: 'c', level: 0, direction: 'backward' },
    });
    const gru = { name: 'gru', type: 'gru', hidden_size: 3 };
    const faults: [RegExp, object][] = [
      [/wrong-input: layer "end": "gru", of type "gru", has no cell state c/, { input: 'gru', signal: 'c' }],
      [/"gru", of type "gru", has no backward direction/, { input: 'gru', direction: 'backward' }],
      [/"enc", of type "lstm", has no level 1/, { level: 1 }],
      [/"fc", of type "linear", has no "h", only y/, { input: 'fc' }],
      [/expected a recurrent layer before it, found an input/, { input: 'input' }],
      [/unknown-key: .*"step"/, { step: 1 }],
    ];
    const fc = { name: 'fc', type: 'linear', input: 'enc', out_features: 1 };
    for (const [message, keys] of faults) {
      assert.match(await problem(encoder, { ...gru, input: 'input' }, fc, { ...state, ...keys }), message);
    }
    assert.match(
      await problem(encoder, state, { ...gru, input: 'end' }),
      /no-sequence: .*"end" gives only one row/,
    );
  });

  it('tell sizes through merges and shapes', async () => {
    const { layers } = await layersOf(
      { name: 'conv', type: 'conv1d', out_channels: 3, kernel_size: 2, padding: 'causal' },
      { name: 'gru', type: 'gru', hidden_size: 3 },
      { name: 'sum', type: 'merge', mode: 'add', input: ['conv', 'gru'] },
      { name: 'all', type: 'merge', mode: 'concatenate', input: ['sum', 'gru', 'input'] },
      { name: 'norm', type: 'layer_norm' },
      { name: 'flat', type: 'flatten', steps: 4 },
      { name: 'rows', type: 'reshape', out_features: 14 },
    );
    assert.deepEqual(
      layers.map(({ name, inputSize, outputSize }) => [name, inputSize, outputSize]),
      [
        ['conv', 1, 3],
        ['gru', 3, 3],
        ['sum', 3, 3],
        ['all', 3, 7],
        ['norm', 7, 7],
        ['flat', 7, 28],
        ['rows', 28, 14],
      ],
    );
  });

  it('that do not fit are reported in the words of the file', async () => {
    const two = { ...cell, name: 'two', hidden_size: 3 };
    assert.match(
      await problem({ ...cell, activation: 'swish' }),
      /wrong-value: layers\[0\].activation: expected "none" or .* found "swish"/,
    );
    assert.match(await problem({ ...cell, activation: 'softmax' }), /wrong-value/);
    assert.match(
      await problem({ ...cell, activation: { kind: 'hard_sigmoid', alpha: 0.2 } }),
      /missing-key: .*"beta"/,
    );
    assert.match(
      await problem({ ...cell, activation: { kind: 'elu', beta: 1 } }),
      /"beta" is allowed only for "hard_sigmoid"/,
    );
    assert.match(
      await problem({ ...cell, clip: 0 }),
      /layers\[0\].clip: expected a number from 0.000001 to 1000000, found 0/,
    );
    assert.match(await problem({ ...cell, bidirectional: true, go_backwards: true }), /conflicting-keys/);
    assert.match(
      await problem({ ...cell, proj_size: 1, keeps: 'output' }),
      /conflicting-keys: .*expected "cell"/,
    );
    assert.match(
      await problem({ ...cell, type: 'gru', reset_after: false, layer_norm: {} }),
      /conflicting-keys: layers\[0\].layer_norm: .*expected "reset_after" to be true/,
    );
    assert.match(
      await problem({ ...cell, type: 'gru', layer_norm: { cell: 'state' } }),
      /unknown-key: .*"cell"/,
    );
    assert.match(
      await problem({ ...cell, initial_state: { layer: 'gone' } }),
      /unknown-layer: .*found "gone"/,
    );
    assert.match(await problem({ ...cell, initial_state: { layer: 'cell' } }), /circular-input/);
    assert.match(
      await problem(cell, { ...two, initial_state: { layer: 'cell' } }),
      /size-mismatch: layers\[1\].initial_state/,
    );
    assert.match(
      await problem(cell, { type: 'merge', mode: 'add', input: ['cell', 'gone'] }),
      /unknown-layer: .*found "gone"/,
    );
    assert.match(await problem(cell, { type: 'merge', mode: 'add' }), /missing-key: .*"input"/);
    assert.match(
      await problem(cell, two, { type: 'merge', name: 'm', mode: 'add', input: ['cell', 'two'] }),
      /size-mismatch: layer "m" reads 2 from "cell", but layer "m" reads 3 from "two"/,
    );
    assert.match(
      await problem(cell, two, { type: 'attention', name: 'a', input: ['cell', 'two'] }),
      /size-mismatch: layer "a": expected query and key of the same width/,
    );
    assert.match(
      await problem(two, { type: 'attention', name: 'a', input: ['two', 'two'], heads: 2 }),
      /size-mismatch: layer "a": expected units that 2 heads can share, found "two" with 3/,
    );
    assert.match(
      await problem(cell, { type: 'repeat_vector', count: 2 }),
      /wrong-input: .*reads a single row/,
    );
    assert.match(
      await problem(
        { ...cell, return_sequences: false },
        { type: 'conv1d', out_channels: 1, kernel_size: 1 },
      ),
      /no-sequence/,
    );
  });
});
