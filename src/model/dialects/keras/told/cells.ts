/**
 * Recurrent cells told by the shapes of their arrays, which are those of keras src/layers/rnn (lstm.py, gru.py,
 * simple_rnn.py): kernel (in, gates·u), recurrent kernel (u, gates·u) and a bias, whose form tells a GRU's reset gate.
 */
import { COMMON_CELLS, type CommonCell } from '../../../commonCells';
import { GATES } from '../../../parameters';
import { sameShape } from '../../loading';
import type { KerasArray } from '../arrays';
import type { StoredLayer } from '../files/layerArrays';

export interface ToldCell {
  readonly type: CommonCell;
  readonly inputs: number;
  readonly units: number;
  readonly bias: boolean;
  /** Of a GRU whose bias tells it. */
  readonly resetAfter?: boolean;
  /** Whether the bias is that of CuDNNLSTM or CuDNNGRU. */
  readonly cudnn: boolean;
}

/** One cell, those of both directions, or several on top of each other. */
export interface ToldCells {
  readonly cells: readonly ToldCell[];
  readonly bidirectional: boolean;
}

/** Undefined if the layer's arrays are no cells'. */
export function cellsOf({ group, arrays }: StoredLayer): ToldCells | undefined {
  const named = /rnn/i.test(group);
  const single = cellOf(arrays, named);
  if (single) return { cells: [single], bidirectional: false };
  const half = arrays.length / 2;
  const [forward, backward] = [arrays.slice(0, half), arrays.slice(half)].map((own) => cellOf(own, named));
  const isStack = arrays.some(({ name }) => name.includes('/cells/')) || /^(rnn|stacked)/i.test(group);
  if (forward && backward && !isStack && alike(forward, backward)) {
    return { cells: [forward, backward], bidirectional: true };
  }
  for (const size of [3, 2]) {
    const cells = stackOf(arrays, size, named);
    if (cells) return { cells, bidirectional: false };
  }
  return undefined;
}

function alike(a: ToldCell, b: ToldCell): boolean {
  return a.type === b.type && a.inputs === b.inputs && a.units === b.units && a.bias === b.bias;
}

function stackOf(arrays: readonly KerasArray[], size: number, named: boolean): ToldCell[] | undefined {
  if (arrays.length === 0 || arrays.length % size !== 0) return undefined;
  const cells: ToldCell[] = [];
  for (let from = 0; from < arrays.length; from += size) {
    const cell = cellOf(arrays.slice(from, from + size), named);
    const below = cells.at(-1);
    if (!cell || (below && below.units !== cell.inputs)) return undefined;
    cells.push(cell);
  }
  return cells;
}

/** `named` is whether the layer's name tells that it is recurrent: two matrices of equal width may be anything. */
function cellOf(arrays: readonly KerasArray[], named: boolean): ToldCell | undefined {
  const [kernel, recurrent, bias] = arrays.map(({ shape }) => shape);
  if (kernel?.length !== 2 || recurrent?.length !== 2) return undefined;
  const [inputs, width] = kernel;
  const [units] = recurrent;
  if (inputs < 1 || units < 1) return undefined;
  const perGate = ofGates(arrays, inputs, units);
  if (perGate) return { type: perGate, inputs, units, bias: true, resetAfter: false, cudnn: false };
  const type = COMMON_CELLS.find((kind) => width === GATES[kind] * units);
  if (!type || recurrent[1] !== width || arrays.length > 3) return undefined;
  if (type === 'rnn' && !named && !arrays.some(({ name }) => RECURRENT.test(name))) return undefined;
  if (!bias) return { type, inputs, units, bias: false, cudnn: false };
  const found = biasOf(type, bias, width);
  return found && { type, inputs, units, bias: true, ...found };
}

const RECURRENT = /recurrent|rnn|cell|_U(:0)?$/i;

function biasOf(
  type: ToldCell['type'],
  bias: readonly number[],
  width: number,
): Pick<ToldCell, 'resetAfter' | 'cudnn'> | undefined {
  const gru = type === 'gru';
  if (sameShape(bias, [width])) return { ...(gru && { resetAfter: false }), cudnn: false };
  if (gru && sameShape(bias, [2, width])) return { resetAfter: true, cudnn: false };
  if (type !== 'rnn' && sameShape(bias, [2 * width]))
    return { ...(gru && { resetAfter: true }), cudnn: true };
  return undefined;
}

/** Keras 1 keeps W, U and b of each gate apart. */
function ofGates(arrays: readonly KerasArray[], inputs: number, units: number): 'lstm' | 'gru' | undefined {
  const type = (['lstm', 'gru'] as const).find((kind) => arrays.length === 3 * GATES[kind]);
  const shapes = [[inputs, units], [units, units], [units]];
  return arrays.every(({ shape }, k) => sameShape(shape, shapes[k % 3])) ? type : undefined;
}
