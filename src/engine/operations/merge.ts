import type { MergeLayer } from '../../model/network';
import type { DenseEdge } from '../edge';
import type { Operation } from './operation';

export function merge(layer: MergeLayer, inputs: readonly DenseEdge[]): Operation {
  return layer.mode === 'concatenate' ? concatenate(layer, inputs) : together(layer, inputs);
}

/** Side by side, in the order of the inputs. */
function concatenate({ outputSize }: MergeLayer, inputs: readonly DenseEdge[]): Operation {
  const starts = inputs.map((_, k) => inputs.slice(0, k).reduce((sum, { width }) => sum + width, 0));
  return {
    *forward(y) {
      for (const [k, { rows, width, values }] of inputs.entries()) {
        for (let row = 0; row < rows; row++) {
          y.set(values.subarray(row * width, (row + 1) * width), row * outputSize + starts[k]);
        }
      }
      yield y.length;
    },
    *backward(_y, dy, into) {
      for (const [k, { width }] of inputs.entries()) {
        const to = into[k];
        if (!to) continue;
        for (let n = 0; n < to.length; n++) {
          to[n] += dy[Math.floor(n / width) * outputSize + starts[k] + (n % width)];
        }
      }
      yield dy.length;
    },
  };
}

/** Unit by unit. */
function together({ mode, masked }: MergeLayer, inputs: readonly DenseEdge[]): Operation {
  const share = mode === 'average' ? 1 / inputs.length : 1;
  const isOut = ({ mask, width }: DenseEdge, k: number) =>
    masked === 'every' && mask?.[Math.floor(k / width)] === 0;
  const product = (k: number, except = -1) =>
    inputs.every((input) => isOut(input, k))
      ? 0
      : inputs.reduce(
          (value, input, which) => (which === except || isOut(input, k) ? value : value * input.values[k]),
          1,
        );
  const sum = (k: number) => inputs.reduce((total, { values }) => total + values[k], 0);
  return {
    *forward(y) {
      for (let k = 0; k < y.length; k++) y[k] = mode === 'multiply' ? product(k) : share * sum(k);
      yield y.length * inputs.length;
    },
    *backward(_y, dy, into) {
      for (const [which, to] of into.entries()) {
        if (!to) continue;
        for (let k = 0; k < dy.length; k++) {
          if (mode !== 'multiply') to[k] += dy[k] * share;
          else if (!isOut(inputs[which], k)) to[k] += dy[k] * product(k, which);
        }
      }
      yield dy.length * inputs.length;
    },
  };
}
