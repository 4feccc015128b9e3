/** Rearranges the gates of other programs into PyTorch's order and layout. */

import { Pauses } from '../pauses';

/** For each of PyTorch's gates in turn, its place among Keras's: LSTM i, f, c, o; GRU z, r, h. */
export const KERAS_ORDER = { rnn: [0], lstm: [0, 1, 2, 3], gru: [1, 0, 2] } as const;

/** For each of PyTorch's gates i, f, g, o, its place among those of TensorFlow 1's BasicLSTMCell: i, j, f, o. */
export const BASIC_LSTM_ORDER = [0, 2, 1, 3] as const;

/** Large matrices are turned round tile by tile, each of which the processor's cache holds. */
const TILE = 32;

/**
 * Columns of gates (`inputs` × gates·`units`, as Keras multiplies from the left) as rows of gates (gates·`units` ×
 * `inputs`). `order` gives for each gate in turn its place in `columns`. Gives way to the host's other tasks.
 */
export async function rowsOfGates(
  columns: Float32Array,
  inputs: number,
  units: number,
  order: readonly number[],
): Promise<Float32Array> {
  const width = order.length * units;
  const rows = new Float32Array(columns.length);
  const pauses = new Pauses();
  for (const [gate, place] of order.entries()) {
    for (let unit = 0; unit < units; unit += TILE) {
      await pauses.take();
      for (let input = 0; input < inputs; input += TILE) {
        const lastUnit = Math.min(unit + TILE, units);
        const lastInput = Math.min(input + TILE, inputs);
        for (let u = unit; u < lastUnit; u++) {
          const row = (gate * units + u) * inputs;
          const column = place * units + u;
          for (let k = input; k < lastInput; k++) rows[row + k] = columns[k * width + column];
        }
      }
    }
  }
  return rows;
}

/** A bias, gate by gate, in another order. */
export function orderedGates(bias: Float32Array, units: number, order: readonly number[]): Float32Array {
  const ordered = new Float32Array(bias.length);
  for (const [gate, place] of order.entries()) {
    ordered.set(bias.subarray(place * units, (place + 1) * units), gate * units);
  }
  return ordered;
}

/** A matrix (rows × columns) turned round: a dense layer's kernel (in × out) as a linear layer's weight (out × in). */
export function transposed(matrix: Float32Array, rows: number, columns: number): Promise<Float32Array> {
  return rowsOfGates(matrix, rows, columns, [0]);
}
