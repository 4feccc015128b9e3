/** The nonlinearities, in double precision; a trace stores their values as float32. */
import type { Activation } from '../model/network';

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Applies an activation in place to the `units` values that start at `offset`. Softmax runs over those units. */
export function activate(activation: Activation, values: Float32Array, offset: number, units: number): void {
  const end = offset + units;
  switch (activation) {
    case 'none':
      return;
    case 'tanh':
      for (let k = offset; k < end; k++) values[k] = Math.tanh(values[k]);
      return;
    case 'relu':
      for (let k = offset; k < end; k++) values[k] = relu(values[k]);
      return;
    case 'sigmoid':
      for (let k = offset; k < end; k++) values[k] = sigmoid(values[k]);
      return;
    case 'softmax':
      softmax(values, offset, end);
  }
}

/** A comparison that lets NaN through, which `Math.max(0, x)` does too, but slower. */
export function relu(x: number): number {
  return x <= 0 ? 0 : x;
}

function softmax(values: Float32Array, offset: number, end: number): void {
  let largest = -Infinity;
  for (let k = offset; k < end; k++) largest = Math.max(largest, values[k]);
  let sum = 0;
  for (let k = offset; k < end; k++) sum += Math.exp(values[k] - largest);
  for (let k = offset; k < end; k++) values[k] = Math.exp(values[k] - largest) / sum;
}
