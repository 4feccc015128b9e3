import assert from 'node:assert/strict';
import type { Network } from '../../../../../src/model/network';
import type { Memory, MemoryRow } from '../../../../../src/protocol';
import { linesOf } from '../../../../../webview/features/memory/lines';
import { slice } from '../../../../../webview/features/memory/state';
import type { Selection } from '../../../../../webview/shared/selection';

function row(layer: string, level = 0, ofUnit: Float64Array | null = Float64Array.of(3)): MemoryRow {
  return {
    ...{ layer, level, direction: 'forward', signal: 'h', hidden: null, ofUnit, text: [] },
    ...{ norms: Float64Array.of(5), steps: Int32Array.of(0), zerosFrom: null, initial: null, halfLife: null },
  };
}

const memory = (...rows: MemoryRow[]) => ({ rows }) as unknown as Memory;
const network = (...types: readonly (readonly [name: string, type: string])[]) =>
  ({ layers: types.map(([name, type]) => ({ name, type })) }) as unknown as Network;
const RNN = network(['rnn', 'rnn'], ['gru', 'gru']);

describe('the lines of the memory chart', () => {
  it('are those of the run, and over them those of the runs beside, by their names', () => {
    const own = memory(row('rnn', 0), row('rnn', 1));
    const beside = [
      { role: 'base', name: 'as it was', memory: memory(row('rnn')), network: RNN },
      { role: 'compared', name: 'b.json', memory: memory(row('gru')), network: RNN },
    ] as const;
    const lines = linesOf(own, RNN, beside, null);
    assert.deepEqual(
      lines.map(({ name, role }) => [name, role]),
      [
        ['rnn level 0', null],
        ['rnn level 1', null],
        ['as it was: rnn', 'base'],
        ['b.json: gru', 'compared'],
      ],
    );
    assert.equal(new Set(lines.map(({ style }) => style)).size, 4);
    assert.deepEqual([...lines[0].values], [5]);
  });

  it('are of the chosen unit where one is wanted, of its layer and level alone', () => {
    const signal = { layer: 'rnn', level: 1, direction: 'forward', signal: 'h' } as const;
    const chosen: Selection = { signal, unit: 2, range: null };
    const own = memory(row('rnn', 0), row('rnn', 1), row('gru'));
    const names = (selection: Selection) =>
      linesOf(own, RNN, [], selection).map(({ name, values }) => [name, ...values]);
    assert.deepEqual(names(chosen), [['rnn level 1, unit 2', 3]]);
    assert.deepEqual(names({ ...chosen, unit: null }), []);
    assert.deepEqual(names({ ...chosen, signal: { ...signal, layer: 'fc' } }), []);
    assert.deepEqual(linesOf(memory(row('rnn', 1, null)), RNN, [], chosen), [], 'it has no such unit');
  });

  it('are of what stands for the chosen layer in a run beside, whatever its name', () => {
    const signal = { layer: 'rnn', level: 0, direction: 'forward', signal: 'h' } as const;
    const other = network(['first', 'gru'], ['second', 'rnn']);
    const rows = memory(row('first', 0, Float64Array.of(7)), row('second', 0, Float64Array.of(8)));
    const beside = [{ role: 'compared', name: 'b.json', memory: rows, network: other }] as const;
    const lines = linesOf(memory(row('rnn'), row('gru')), RNN, beside, { signal, unit: 2, range: null });
    assert.deepEqual(
      lines.map(({ name, values }) => [name, ...values]),
      [
        ['rnn, unit 2', 3],
        ['b.json: second, unit 2', 8],
      ],
    );
  });

  it('are kept as they were chosen; what was kept is not trusted', () => {
    const unit = slice.reduce(slice.restore(undefined), { type: 'showOf', shown: 'unit' }, {} as never);
    assert.equal(slice.restore(slice.keep!(unit)).shown, 'unit');
    const { shown, row } = slice.restore({ shown: 'other', row: -1 });
    assert.deepEqual([shown, row], ['norm', 0]);
  });
});
