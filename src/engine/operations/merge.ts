import type { MergeLayer } from '../../model/network';
import type { DenseEdge } from '../edge';
import { type Operation, asItIs } from './operation';

export function merge(layer: MergeLayer, inputs: readonly DenseEdge[]): Operation {
  return layer.mode === 'concatenate' ? concatenate(layer, inputs) : together(layer, inputs);
}

/** Where the number of an input stands that goes with number k of as many rows: a single row goes with each. */
function placeIn({ rows, width }: DenseEdge, k: number): number {
  return rows === 1 ? k % width : k;
}

/** Side by side, in the order of the inputs. */
function concatenate({ outputSize }: MergeLayer, inputs: readonly DenseEdge[]): Operation {
  const starts = inputs.map((_, k) => inputs.slice(0, k).reduce((sum, { width }) => sum + width, 0));
  return {
    *forward(y) {
      for (const [k, input] of inputs.entries()) {
        const { width, values } = input;
        for (let row = 0; row * outputSize < y.length; row++) {
          const from = placeIn(input, row * width);
          y.set(values.subarray(from, from + width), row * outputSize + starts[k]);
        }
      }
      yield y.length;
    },
    *backward(_y, dy, into) {
      const rows = dy.length / outputSize;
      for (const [k, input] of inputs.entries()) {
        const to = into[k];
        if (!to) continue;
        const { width } = input;
        for (let n = 0; n < rows * width; n++) {
          to[placeIn(input, n)] += dy[Math.floor(n / width) * outputSize + starts[k] + (n % width)];
        }
      }
      yield dy.length;
    },
    terms(row, unit) {
      const k = starts.findLastIndex((start) => start <= unit);
      return asItIs(inputs[k].rows === 1 ? 0 : row, unit - starts[k], k);
    },
  };
}

/** Unit by unit. */
function together({ mode, masked }: MergeLayer, inputs: readonly DenseEdge[]): Operation {
  const share = mode === 'average' ? 1 / inputs.length : 1;
  const isOut = (input: DenseEdge, k: number) =>
    masked === 'every' && input.mask?.[Math.floor(placeIn(input, k) / input.width)] === 0;
  const product = (k: number, except = -1) =>
    inputs.every((input) => isOut(input, k))
      ? 0
      : inputs.reduce(
          (value, input, which) =>
            which === except || isOut(input, k) ? value : value * input.values[placeIn(input, k)],
          1,
        );
  const sum = (k: number) => inputs.reduce((total, input) => total + input.values[placeIn(input, k)], 0);
  return {
    *forward(y) {
      for (let k = 0; k < y.length; k++) y[k] = mode === 'multiply' ? product(k) : share * sum(k);
      yield y.length * inputs.length;
    },
    *backward(_y, dy, into) {
      for (const [which, to] of into.entries()) {
        if (!to) continue;
        const input = inputs[which];
        for (let k = 0; k < dy.length; k++) {
          const at = placeIn(input, k);
          if (mode !== 'multiply') to[at] += dy[k] * share;
          else if (!isOut(input, k)) to[at] += dy[k] * product(k, which);
        }
      }
      yield dy.length * inputs.length;
    },
    /** A product is one term: the first of those that are multiplied, times the others. */
    terms(row, unit) {
      const at = (input: number) => ({ input, row: inputs[input].rows === 1 ? 0 : row, unit });
      if (mode !== 'multiply') return { inputs: inputs.map((_, which) => ({ ...at(which), weight: share })) };
      const k = row * inputs[0].width + unit;
      const first = inputs.findIndex((input) => !isOut(input, k));
      if (first < 0) return { inputs: [{ ...at(0), weight: 0 }] };
      return { inputs: [{ ...at(first), weight: product(k, first) }] };
    },
  };
}
