import type { MaskingLayer } from '../../model/network';
import type { DenseEdge } from '../edge';
import { maskOfValues } from '../facts';
import type { Operation } from './operation';

/** y_t = x_t, or zeros where every feature of x_t is the mask's value (Keras, layers/core/masking.py). */
export function masking({ maskValue }: MaskingLayer, input: DenseEdge): Operation {
  const { rows, width, values } = input;
  const mask = maskOfValues(input, maskValue);
  return {
    *forward(y) {
      for (let row = 0; row < rows; row++) {
        if (mask[row]) y.set(values.subarray(row * width, (row + 1) * width), row * width);
      }
      yield y.length;
    },
    *backward(_y, dy, [into]) {
      if (!into) return;
      for (let k = 0; k < dy.length; k++) if (mask[Math.floor(k / width)]) into[k] += dy[k];
      yield dy.length;
    },
    terms: (row, unit) => ({ inputs: [{ input: 0, row, unit, weight: mask[row] }] }),
  };
}
