import assert from 'node:assert/strict';
import type { Network } from '../../../src/model/network';
import { columnLimit, MAX_COLUMNS, MAX_NODES, unroll } from '../../../src/unroll/graph';
import { gru, linear, lstm, network, rnn, STRUCTURES } from './networks';

/** The wires of a graph as `from > to`. */
function wires(net: Network, columns = 2, detail: 'gates' | 'cells' = 'gates'): string[] {
  return unroll(net, { columns, detail }).edges.map(({ from, to }) => `${from} > ${to}`);
}

function into(net: Network, to: string): string[] {
  return wires(net)
    .filter((wire) => wire.endsWith(` > ${to}`))
    .map((wire) => wire.split(' ')[0])
    .sort();
}

describe('the unrolled graph', () => {
  it('wires an LSTM as its equations have it', () => {
    const net = network([lstm()]);
    assert.deepEqual(into(net, 'l0_0_f_bus_1'), ['l0_0_f_h_0', 'x_1']);
    for (const gate of ['i', 'f', 'g', 'o'])
      assert.deepEqual(into(net, `l0_0_f_${gate}_1`), ['l0_0_f_bus_1'], gate);
    assert.deepEqual(into(net, 'l0_0_f_c_1'), ['l0_0_f_c_0', 'l0_0_f_f_1', 'l0_0_f_g_1', 'l0_0_f_i_1']);
    assert.deepEqual(into(net, 'l0_0_f_h_1'), ['l0_0_f_c_1', 'l0_0_f_o_1']);
    assert.deepEqual(into(net, 'l0_0_f_c_0'), ['l0_0_f_f_0', 'l0_0_f_g_0', 'l0_0_f_i_0', 'l0_0_f_left']);
    assert.deepEqual(into(net, 'l0_0_f_right'), ['l0_0_f_c_1', 'l0_0_f_h_1']);
  });

  it('draws a further input that has its own length against its own steps, and a row once', () => {
    const net = STRUCTURES.severalInputs;
    const { rows } = unroll(net, { columns: 2, detail: 'gates' });
    assert.deepEqual(
      rows.map(({ kind, layer, single }) => `${kind} ${layer} ${single ? 'once' : 'steps'}`),
      [
        ...['input input steps', 'cell encoder steps', 'input words steps', 'value table steps'],
        ...['cell lstm steps', 'input row once', 'value sum once'],
      ],
    );
    assert.deepEqual(into(net, 'l2_y_1'), ['l1_x_1']);
    assert.deepEqual(into(net, 'l3_0_f_left'), ['l0_0_f_right']);
    assert.deepEqual(into(net, 'l5_y_3'), ['l3_0_f_right', 'l4_x_3']);
  });

  it('leads what layers end in to where another one begins with it', () => {
    const net = STRUCTURES.joinedStates;
    assert.deepEqual(into(net, 'l1_y_3'), ['l0_0_b_left']);
    assert.deepEqual(into(net, 'l4_0_f_left'), ['l0_0_b_left', 'l0_0_f_right']);
    assert.deepEqual(into(net, 'l4_0_b_right'), []);
    assert.deepEqual(into(net, 'l4_1_f_left'), ['l2_y_3']);
    assert.deepEqual(into(net, 'l4_1_b_right'), ['l0_0_f_right', 'l3_0_f_right']);
  });

  it('sends the h of a GRU both to the gates and straight on', () => {
    const net = network([gru()]);
    assert.deepEqual(into(net, 'l0_0_f_bus_1'), ['l0_0_f_h_0', 'x_1']);
    assert.deepEqual(into(net, 'l0_0_f_h_1'), ['l0_0_f_h_0', 'l0_0_f_n_1', 'l0_0_f_z_1']);
    assert.deepEqual(into(net, 'l0_0_f_n_1'), ['l0_0_f_bus_1', 'l0_0_f_r_1']);
  });

  it('feeds the h of a plain RNN from x and the h before', () => {
    assert.deepEqual(into(network([rnn()]), 'l0_0_f_h_1'), ['l0_0_f_h_0', 'x_1']);
  });

  it('runs the backward direction from right to left, and merges both', () => {
    const net = network([rnn({ directions: ['forward', 'backward'] }), linear({ inputs: ['rnn'] })]);
    assert.deepEqual(into(net, 'l0_0_b_h_0'), ['l0_0_b_h_1', 'x_0']);
    assert.deepEqual(into(net, 'l0_0_b_h_1'), ['l0_0_b_right', 'x_1']);
    assert.deepEqual(into(net, 'l0_0_b_left'), ['l0_0_b_h_0']);
    assert.deepEqual(into(net, 'l0_0_merge_1'), ['l0_0_b_h_1', 'l0_0_f_h_1']);
    assert.deepEqual(into(net, 'l1_y_1'), ['l0_0_merge_1']);
  });

  it('lets a level above 0 read both directions of the level below, whatever the merge', () => {
    const net = network([rnn({ levels: 2, directions: ['forward', 'backward'], merge: 'mul' })]);
    const { nodes } = unroll(net, { columns: 1, detail: 'gates' });
    assert.deepEqual(
      nodes.filter(({ kind }) => kind === 'merge').map(({ id, label }) => [id, label]),
      [
        ['l0_0_merge_0', 'concat'],
        ['l0_1_merge_0', 'mul'],
      ],
    );
    assert.deepEqual(into(net, 'l0_1_b_h_1'), ['l0_0_merge_1', 'l0_1_b_right']);
  });

  it('puts what reads only the last output beyond the right-hand stub, once', () => {
    const graph = unroll(STRUCTURES.lastOnly, { columns: 4, detail: 'gates' });
    const values = graph.nodes.filter(({ kind }) => kind === 'value');
    assert.deepEqual(
      values.map(({ id, column }) => [id, column]),
      [['l1_y_5', 5]],
    );
    assert.deepEqual(into(STRUCTURES.lastOnly, 'l1_y_3'), ['l0_0_f_right']);
  });

  it('takes the last state of the backward direction from the left', () => {
    assert.deepEqual(into(STRUCTURES.lastOfBoth, 'l0_0_merge_3'), ['l0_0_b_left', 'l0_0_f_right']);
    assert.deepEqual(into(STRUCTURES.lastOfBoth, 'l1_y_3'), ['l0_0_merge_3']);
  });

  it('has one node per cell at level of detail cells', () => {
    const graph = unroll(STRUCTURES.lstm, { columns: 3, detail: 'cells' });
    assert.equal(graph.nodes.filter(({ kind }) => kind === 'cell').length, 3);
    assert.equal(graph.groups.length, 0);
    assert.deepEqual(wires(STRUCTURES.lstm, 2, 'cells'), [
      'x_0 > l0_0_f_h_0',
      'x_1 > l0_0_f_h_1',
      'l0_0_f_left > l0_0_f_h_0',
      'l0_0_f_h_0 > l0_0_f_h_1',
      'l0_0_f_h_1 > l0_0_f_right',
      'l0_0_f_h_0 > l1_y_0',
      'l0_0_f_h_1 > l1_y_1',
    ]);
  });

  it('wires what peepholes see', () => {
    const net = STRUCTURES.peepholes;
    assert.deepEqual(into(net, 'l0_0_f_bus_1'), ['l0_0_f_c_0', 'l0_0_f_h_0', 'x_1']);
    assert.deepEqual(into(net, 'l0_0_f_o_1'), ['l0_0_f_bus_1', 'l0_0_f_c_1']);
  });

  it('derives a coupled input gate from the forget gate', () => {
    assert.deepEqual(into(STRUCTURES.coupled, 'l1_0_f_i_1'), ['l1_0_f_f_1']);
  });

  it('ends the cell state where the forget gate multiplies the output', () => {
    const net = STRUCTURES.keepsOutput;
    assert.deepEqual(into(net, 'l0_0_f_c_1'), ['l0_0_f_bus_1', 'l0_0_f_f_1', 'l0_0_f_g_1', 'l0_0_f_i_1']);
    assert.deepEqual(into(net, 'l0_0_f_right'), ['l0_0_f_h_1']);
  });

  it('merges layers column by column', () => {
    assert.deepEqual(into(STRUCTURES.residual, 'l1_y_1'), ['l0_0_f_h_1', 'x_1']);
    assert.deepEqual(into(STRUCTURES.residual, 'l2_y_1'), ['l1_y_1']);
  });

  it('lets a convolution see the columns beside its own, and pooling all of them, once', () => {
    assert.deepEqual(into(STRUCTURES.convolution, 'l0_y_0'), ['x_0', 'x_1']);
    assert.deepEqual(into(STRUCTURES.convolution, 'l2_y_3'), ['l1_0_f_h_0', 'l1_0_f_h_1']);
  });

  it('repeats a row once, and draws the decoder against its own steps', () => {
    const { rows } = unroll(STRUCTURES.autoencoder, { columns: 2, detail: 'gates' });
    assert.deepEqual(
      rows.map(({ title, single }) => [title, single]),
      [
        ['input', false],
        ['encoder', false],
        ['repeat × 5', true],
        ['decoder', false],
        ['fc', false],
      ],
    );
  });

  it('says beside a row which steps count where not all do', () => {
    const net = network([gru({ sequenceLength: 5, directions: ['forward', 'backward'] })]);
    const { rows } = unroll(net, { columns: 2, detail: 'gates' });
    assert.deepEqual(
      rows.map(({ title }) => title),
      ['input', 'gru → t < 5', 'gru ← t < 5', 'concat'],
    );
  });

  for (const [name, net] of Object.entries(STRUCTURES)) {
    it(`has plain, unique ids, ends for every wire and stubs on both sides: ${name}`, () => {
      for (const detail of ['gates', 'cells'] as const) {
        const { nodes, edges, groups, rows } = unroll(net, { columns: 3, detail });
        const ids = [...nodes, ...groups].map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        assert.ok(ids.every((id) => /^[A-Za-z0-9_]+$/.test(id)));
        for (const { from, to } of edges) assert.ok(ids.includes(from) && ids.includes(to), `${from} ${to}`);
        assert.equal(new Set(edges.map(({ from, to }) => `${from} ${to}`)).size, edges.length);
        const stubs = nodes.filter(({ kind }) => kind === 'stub');
        const inTime = rows.some(({ kind, single }) => kind === 'cell' && !single);
        assert.deepEqual(new Set(stubs.map(({ column }) => column)), new Set(inTime ? [-1, 3] : []));
      }
    });
  }

  it('addresses signals by the names of the file', () => {
    const [x, ...rest] = unroll(network([lstm({ name: 'a"] --> b' })]), {
      columns: 1,
      detail: 'gates',
    }).nodes;
    assert.deepEqual(x.signal, { layer: 'input', level: 0, direction: 'forward', signal: 'x' });
    const signals = rest.filter(({ signal }) => signal).map(({ signal }) => signal!);
    assert.deepEqual(signals.map(({ signal }) => signal).sort(), ['c', 'f', 'g', 'h', 'i', 'o']);
    assert.ok(signals.every(({ layer }) => layer === 'a"] --> b'));
  });

  it('refuses windows that cannot be drawn', () => {
    for (const columns of [0, -1, 1.5, NaN, MAX_COLUMNS + 1])
      assert.throws(() => unroll(STRUCTURES.rnn, { columns, detail: 'gates' }), RangeError);
  });

  it('allows fewer columns to deeper networks', () => {
    assert.equal(columnLimit(STRUCTURES.rnn, 'gates'), MAX_COLUMNS);
    const deep = network([lstm({ levels: 40, directions: ['forward', 'backward'] })]);
    const limit = columnLimit(deep, 'gates');
    assert.ok(limit >= 1 && limit < 8);
    assert.ok(unroll(deep, { columns: limit, detail: 'gates' }).nodes.length <= MAX_NODES);
  });
});
