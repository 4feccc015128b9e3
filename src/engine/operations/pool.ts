import type { GlobalPoolLayer, Pool1dLayer } from '../../model/network';
import { paddingBefore } from '../../model/time';
import type { DenseEdge } from '../edge';
import type { Operation } from './operation';

/** Over windows of steps; padding is never the largest and does not count in the mean. */
export function pool1d(layer: Pool1dLayer, input: DenseEdge): Operation {
  const before = paddingBefore(layer, input.rows);
  return pooling(layer.mode, input, (r) => {
    const from = r * layer.stride - before;
    const rows = Array.from({ length: layer.size }, (_, k) => from + k);
    return rows.filter((row) => row >= 0 && row < input.rows);
  });
}

/** Over all steps; a mean or sum leaves the masked ones out, as Keras does, and is not a number where all are masked. */
export function globalPool({ mode, masked }: GlobalPoolLayer, input: DenseEdge): Operation {
  const all = Array.from({ length: input.rows }, (_, row) => row);
  const { mask } = input;
  const real = mask && mode !== 'max' && masked !== 'counted' ? all.filter((row) => mask[row]) : all;
  return pooling(mode, input, () => real);
}

/** `rowsOf` gives the rows that row r of the output is made of. */
function pooling(
  mode: GlobalPoolLayer['mode'],
  { values: x, width }: DenseEdge,
  rowsOf: (r: number) => readonly number[],
): Operation {
  const largest = (rows: readonly number[], u: number) =>
    rows.reduce((best, row) => {
      const value = x[row * width + u];
      return value > x[best * width + u] || Number.isNaN(value) ? row : best;
    }, rows[0]);
  const shareOf = (rows: readonly number[]) => (mode === 'sum' ? 1 : rows.length);
  return {
    *forward(y) {
      for (let r = 0; r * width < y.length; r++) {
        const rows = rowsOf(r);
        for (let u = 0; u < width; u++) {
          y[r * width + u] =
            mode === 'max'
              ? x[largest(rows, u) * width + u]
              : rows.reduce((sum, row) => sum + x[row * width + u], 0) / shareOf(rows);
        }
        yield rows.length * width;
      }
    },
    *backward(_y, dy, [into]) {
      if (!into) return;
      for (let r = 0; r * width < dy.length; r++) {
        const rows = rowsOf(r);
        for (let u = 0; u < width; u++) {
          const slope = dy[r * width + u];
          if (mode === 'max') into[largest(rows, u) * width + u] += slope;
          else for (const row of rows) into[row * width + u] += slope / shareOf(rows);
        }
        yield rows.length * width;
      }
    },
    terms(row, unit) {
      const rows = rowsOf(row);
      const of = mode === 'max' ? [largest(rows, unit)] : rows;
      const weight = mode === 'max' ? 1 : 1 / shareOf(rows);
      return { inputs: of.map((one) => ({ input: 0, row: one, unit, weight })) };
    },
  };
}
