import type { Activation, ActivationLayer } from '../../model/network';
import { activate, slopeAt } from '../activations';
import { EXPONENTIAL } from '../cells/cell';
import type { DenseEdge } from '../edge';
import { addInto } from './arrays';
import { type Operation, asItIs } from './operation';

export function activation(layer: ActivationLayer, { values, width }: DenseEdge): Operation {
  return {
    *forward(y) {
      y.set(values);
      for (let row = 0; row < y.length; row += width) activate(layer.activation, y, row, width);
      yield y.length * EXPONENTIAL;
    },
    *backward(y, dy, [into]) {
      addInto(into, throughActivation(layer.activation, y, width, dy));
      yield dy.length;
    },
    terms: (row, unit) => ({ ...asItIs(row, unit), activation: layer.activation }),
  };
}

/** ∂target/∂ of the sums inside an activation, from its values y and ∂target/∂y, rows of `units`. */
export function throughActivation(
  activation: Activation,
  y: Float32Array,
  units: number,
  dy: Float64Array,
): Float64Array {
  if (activation === 'none') return dy;
  if (activation === 'log_softmax') return throughLogSoftmax(y, units, dy);
  if (activation !== 'softmax') {
    const slope = slopeAt(activation);
    return dy.map((value, k) => value * slope(y[k]));
  }
  const da = new Float64Array(dy.length);
  for (let row = 0; row < dy.length; row += units) {
    let mean = 0;
    for (let k = row; k < row + units; k++) mean += dy[k] * y[k];
    for (let k = row; k < row + units; k++) da[k] = y[k] * (dy[k] - mean);
  }
  return da;
}

/** ∂x_k = ∂y_k − exp(y_k) Σ ∂y. */
function throughLogSoftmax(y: Float32Array, units: number, dy: Float64Array): Float64Array {
  const da = new Float64Array(dy.length);
  for (let row = 0; row < dy.length; row += units) {
    let sum = 0;
    for (let k = row; k < row + units; k++) sum += dy[k];
    for (let k = row; k < row + units; k++) da[k] = dy[k] - Math.exp(y[k]) * sum;
  }
  return da;
}
