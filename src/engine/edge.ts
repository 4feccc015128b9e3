/** What one layer passes to the next, row after row. */
import {
  type InputLayer,
  type NetworkInput,
  type RecurrentLayer,
  inputWidth,
  stateSize,
} from '../model/network';
import type { Sequence } from '../model/samples';
import type { RowTime } from '../model/time';
import { PIECE, rowByRow, type Work } from './slices';

/** What is known of rows beside their values. */
export interface RowFacts {
  /** 1 for each row that counts, 0 for each masked one; absent where all count. */
  readonly mask?: Uint8Array;
  /** As `SignalTrace.time`. */
  readonly time?: RowTime;
}

export interface DenseEdge extends RowFacts {
  readonly kind: 'dense';
  readonly rows: number;
  readonly width: number;
  /** rows × width, row-major. */
  readonly values: Float32Array;
}

/** Token ids: rows of an embedding, or one-hot vectors of `width` that nobody needs to write out. */
export interface IdsEdge extends RowFacts {
  readonly kind: 'ids';
  readonly rows: number;
  readonly width: number;
  readonly ids: Int32Array;
}

export type Edge = DenseEdge | IdsEdge;

export function inputEdge(input: NetworkInput, sequence: Sequence): Edge {
  const { steps: rows } = sequence;
  if (sequence.kind === 'token') return { kind: 'ids', rows, width: inputWidth(input), ids: sequence.ids };
  const { size: width, values, mask } = sequence;
  return { kind: 'dense', rows, width, values, ...(mask && { mask }) };
}

/** What a further input of the network gives. */
export function furtherEdge({ name, input }: InputLayer, { more }: Sequence): Edge {
  return inputEdge(input, more!.get(name)!);
}

/** The edge's values as rows × width, with one-hot vectors written out. */
export function writtenOut(edge: Edge): Float32Array {
  if (edge.kind === 'dense') return edge.values;
  const values = new Float32Array(edge.rows * edge.width);
  edge.ids.forEach((id, row) => (values[row * edge.width + id] = 1));
  return values;
}

/** The edge with its vectors written out. */
export function dense(edge: Edge): DenseEdge {
  return edge.kind === 'dense' ? edge : { ...edge, kind: 'dense', values: writtenOut(edge) };
}

/** [forward, backward] side by side: what the next level of a stack reads. `hidden` holds one or two directions. */
export function* concatenated(hidden: readonly Float32Array[], rows: number, units: number): Work<DenseEdge> {
  const width = units * hidden.length;
  if (hidden.length === 1) return { kind: 'dense', rows, width, values: hidden[0] };
  const values = new Float32Array(rows * width);
  yield* rowByRow(rows, width, (row) => {
    for (let direction = 0; direction < hidden.length; direction++) {
      const from = row * units;
      const to = row * width + direction * units;
      for (let k = 0; k < units; k++) values[to + k] = hidden[direction][from + k];
    }
  });
  return { kind: 'dense', rows, width, values };
}

/**
 * What a recurrent layer passes on, made from the hidden states of its last level (rows × units, per direction).
 * Without `returnSequences` it is one row: forward after the last step, backward after step 0. `mask` is the input's.
 */
export function* recurrentOutput(
  layer: RecurrentLayer,
  hidden: readonly Float32Array[],
  rows: number,
  mask?: Uint8Array,
): Work<DenseEdge> {
  const units = stateSize(layer);
  if (layer.returnSequences) {
    const merge = yield* merged(layer, hidden, rows, units);
    const edge = mask && layer.masked === 'zeros' ? withZeros(merge, mask) : merge;
    return layer.reverseOutput ? { ...edge, values: turnedRound(edge.values, rows) } : edge;
  }
  const last = hidden.map((h, k) => {
    const row = layer.directions[k] === 'forward' ? rows - 1 : 0;
    return h.slice(row * units, (row + 1) * units);
  });
  return yield* merged(layer, last, 1, units);
}

/** A copy with zeros in the masked rows. */
function withZeros(edge: DenseEdge, mask: Uint8Array): DenseEdge {
  const { width } = edge;
  return { ...edge, values: edge.values.map((value, k) => (mask[Math.floor(k / width)] ? value : 0)) };
}

/** The last row first. */
export function turnedRound<T extends Float32Array | Float64Array>(values: T, rows: number): T {
  const width = values.length / rows;
  return values.map((_, k) => values[(rows - 1 - Math.floor(k / width)) * width + (k % width)]) as T;
}

function* merged(
  layer: RecurrentLayer,
  hidden: readonly Float32Array[],
  rows: number,
  units: number,
): Work<DenseEdge> {
  if (hidden.length === 1 || layer.merge === 'concat') return yield* concatenated(hidden, rows, units);
  const [forward, backward] = hidden;
  const values = new Float32Array(rows * units);
  for (let from = 0; from < values.length; from += PIECE) {
    const to = Math.min(from + PIECE, values.length);
    switch (layer.merge) {
      case 'sum':
        for (let k = from; k < to; k++) values[k] = forward[k] + backward[k];
        break;
      case 'mul':
        for (let k = from; k < to; k++) values[k] = forward[k] * backward[k];
        break;
      case 'ave':
        for (let k = from; k < to; k++) values[k] = (forward[k] + backward[k]) / 2;
    }
    yield to - from;
  }
  return { kind: 'dense', rows, width: units, values };
}
