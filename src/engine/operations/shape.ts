import type { SelectLayer, SliceLayer } from '../../model/network';
import { boundsOf } from '../../model/time';
import type { DenseEdge } from '../edge';
import { addInto } from './arrays';
import { type Operation, asItIs } from './operation';

/** The same numbers, in other rows if at all. */
export function identity({ values, width }: DenseEdge, outputSize: number): Operation {
  return {
    *forward(y) {
      y.set(values);
      yield values.length;
    },
    *backward(_y, dy, [into]) {
      addInto(into, dy);
      yield dy.length;
    },
    terms(row, unit) {
      const place = row * outputSize + unit;
      return asItIs(Math.floor(place / width), place % width);
    },
  };
}

/** Every row is the only one of the input. */
export function repeatVector({ values, width }: DenseEdge): Operation {
  return {
    *forward(y) {
      for (let at = 0; at < y.length; at += width) y.set(values, at);
      yield y.length;
    },
    *backward(_y, dy, [into]) {
      if (into) for (let k = 0; k < dy.length; k++) into[k % width] += dy[k];
      yield dy.length;
    },
    terms: (_row, unit) => asItIs(0, unit),
  };
}

export function select({ step }: SelectLayer, { values, width, rows }: DenseEdge): Operation {
  const from = (step < 0 ? rows + step : step) * width;
  return {
    *forward(y) {
      y.set(values.subarray(from, from + width));
      yield width;
    },
    *backward(_y, dy, [into]) {
      if (into) for (let k = 0; k < width; k++) into[from + k] += dy[k];
      yield width;
    },
    terms: (_row, unit) => asItIs(from / width, unit),
  };
}

/** y_r = x_{from + r·stride}. */
export function slice(layer: SliceLayer, { values, width, rows }: DenseEdge): Operation {
  const { from } = boundsOf(layer, rows);
  const start = (place: number) =>
    (from + Math.floor(place / width) * layer.stride) * width + (place % width);
  return {
    *forward(y) {
      for (let k = 0; k < y.length; k++) y[k] = values[start(k)];
      yield y.length;
    },
    *backward(_y, dy, [into]) {
      if (into) for (let k = 0; k < dy.length; k++) into[start(k)] += dy[k];
      yield dy.length;
    },
    terms: (row, unit) => asItIs(from + row * layer.stride, unit),
  };
}
