/** The nonlinearities, in double precision; a trace stores their values as float32. */
import type { Activation, UnitActivation } from '../model/network';

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Applies an activation in place to the `units` values that start at `offset`. Softmax and its logarithm run over those units. */
export function activate(activation: Activation, values: Float32Array, offset: number, units: number): void {
  const end = offset + units;
  if (activation === 'none') return;
  if (activation === 'softmax') return softmax(values, offset, end);
  if (activation === 'log_softmax') return logSoftmax(values, offset, end);
  // Loops of their own for what gates mostly have: a call through a variable is several times slower.
  if (activation === 'sigmoid') {
    for (let k = offset; k < end; k++) values[k] = sigmoid(values[k]);
  } else if (activation === 'tanh') {
    for (let k = offset; k < end; k++) values[k] = Math.tanh(values[k]);
  } else if (typeof activation === 'object' && activation.kind === 'hard_sigmoid') {
    const { alpha, beta } = activation;
    for (let k = offset; k < end; k++) values[k] = hardSigmoid(values[k], alpha, beta);
  } else {
    const phi = unitFunction(activation);
    for (let k = offset; k < end; k++) values[k] = phi(values[k]);
  }
}

function hardSigmoid(x: number, alpha: number, beta: number): number {
  return bounded(alpha * x + beta, 0, 1);
}

/** The constants of selu: G. Klambauer et al., "Self-Normalizing Neural Networks", NeurIPS 2017. */
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** An activation as a function of one number. All let NaN through. */
export function unitFunction(activation: UnitActivation): (x: number) => number {
  if (typeof activation === 'object') return parameterised(activation);
  switch (activation) {
    case 'none':
      return (x) => x;
    case 'tanh':
      return Math.tanh;
    case 'relu':
      return relu;
    case 'sigmoid':
      return sigmoid;
    case 'softsign':
      return (x) => x / (1 + Math.abs(x));
    case 'softplus':
      return (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    case 'selu':
      return (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x));
    case 'hard_tanh':
      return (x) => bounded(x, -1, 1);
  }
}

function parameterised(activation: Exclude<UnitActivation, string>): (x: number) => number {
  const { kind, alpha } = activation;
  switch (kind) {
    case 'hard_sigmoid': {
      const { beta } = activation;
      return (x) => hardSigmoid(x, alpha, beta);
    }
    case 'elu':
      return (x) => (x > 0 ? x : alpha * Math.expm1(x));
    case 'leaky_relu':
      return (x) => (x > 0 ? x : alpha * x);
  }
}

/** Comparisons that let NaN through. */
export function bounded(x: number, least: number, most: number): number {
  return x < least ? least : x > most ? most : x;
}

/** The slope of an activation where its value is y: all of them are monotonic enough for that. */
export function slopeAt(activation: UnitActivation): (y: number) => number {
  if (typeof activation === 'object') {
    const { kind, alpha } = activation;
    if (kind === 'hard_sigmoid') return (y) => (y > 0 && y < 1 ? alpha : 0);
    return kind === 'elu' ? (y) => (y > 0 ? 1 : y + alpha) : (y) => (y > 0 ? 1 : alpha);
  }
  switch (activation) {
    case 'none':
      return () => 1;
    case 'tanh':
      return (y) => 1 - y * y;
    case 'relu':
      return (y) => (y > 0 ? 1 : 0);
    case 'sigmoid':
      return (y) => y * (1 - y);
    case 'softsign':
      return (y) => (1 - Math.abs(y)) ** 2;
    case 'softplus':
      return (y) => -Math.expm1(-y);
    case 'selu':
      return (y) => (y > 0 ? SELU_SCALE : y + SELU_SCALE * SELU_ALPHA);
    case 'hard_tanh':
      return (y) => (y > -1 && y < 1 ? 1 : 0);
  }
}

/** A comparison that lets NaN through, which `Math.max(0, x)` does too, but slower. */
export function relu(x: number): number {
  return x <= 0 ? 0 : x;
}

function softmax(values: Float32Array, offset: number, end: number): void {
  const { largest, sum } = exponentials(values, offset, end);
  for (let k = offset; k < end; k++) values[k] = Math.exp(values[k] - largest) / sum;
}

function logSoftmax(values: Float32Array, offset: number, end: number): void {
  const { largest, sum } = exponentials(values, offset, end);
  const logSum = Math.log(sum);
  for (let k = offset; k < end; k++) values[k] = values[k] - largest - logSum;
}

/** The largest value, and the sum of what the exponentials of the others are to its own. */
function exponentials(values: Float32Array, offset: number, end: number): { largest: number; sum: number } {
  let largest = -Infinity;
  for (let k = offset; k < end; k++) largest = Math.max(largest, values[k]);
  let sum = 0;
  for (let k = offset; k < end; k++) sum += Math.exp(values[k] - largest);
  return { largest, sum };
}
