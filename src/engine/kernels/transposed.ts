/** Products with a transposed matrix, compiled: what flows back through a product. */
import { type Transposed, type TransposedOf, allRows, exactTransposed } from '../cells/gradient';
import { atOnce } from '../slices';
import { MOST_PARAMETERS } from './blocks';
import type { KernelInstance } from './instance';
import { PANEL, packForVector } from './panels';

/** The smallest number with all its digits: what flows on from vectors that are smaller everywhere is 0. */
const SMALLEST = 2 ** -1022;

/**
 * Packs each matrix once and keeps it. Vectors are in double precision, and reach far beyond what a float32 holds: each is
 * brought to a size of about 1 by a power of 2 before it is multiplied.
 */
export function compiledTransposed(instance: KernelInstance): TransposedOf {
  const packed = new Map<Float32Array, Map<string, Transposed>>();
  return (matrix, rows = allRows(matrix)) => {
    const { weight, width } = matrix;
    if (width * rows.count > MOST_PARAMETERS) return exactTransposed(matrix, rows);
    const known = packed.get(weight) ?? new Map<string, Transposed>();
    packed.set(weight, known);
    const part = `${rows.first} ${rows.count}`;
    const found = known.get(part) ?? pack();
    known.set(part, found);
    return found;

    function pack(): Transposed {
      const { first, count } = rows;
      const turned = new Float32Array(width * count);
      for (let r = 0; r < count; r++) {
        for (let k = 0; k < width; k++) turned[k * count + r] = weight[(first + r) * width + k];
      }
      const panels = atOnce(
        packForVector(instance, { weight: turned, width: count, units: width, gates: 1 }),
      );
      const row = panels.count * PANEL;
      const [x, zeros, out] = [instance.take(panels.width), instance.take(row), instance.take(row)];
      const exact = exactTransposed(matrix, rows);
      return {
        units: 1,
        cost: count * width,
        add(of, into) {
          const from = of.at + first;
          const largest = largestIn(of.values, from, from + count);
          if (largest < SMALLEST) return;
          if (!Number.isFinite(largest)) return exact.add(of, into, 0, count);
          const scale = 2 ** -Math.floor(Math.log2(largest));
          const { floats } = instance;
          const to = x / Float32Array.BYTES_PER_ELEMENT;
          for (let r = 0; r < count; r++) floats[to + r] = of.values[from + r] * scale;
          instance.kernels.multiply(panels.address, panels.count, panels.width, x, zeros, out);
          const sums = out / Float32Array.BYTES_PER_ELEMENT;
          for (let k = 0; k < width; k++) into.values[into.at + k] += floats[sums + k] / scale;
        },
      };
    }
  };
}

/** |value| of the largest; NaN where one is. */
function largestIn(values: Float64Array, from: number, to: number): number {
  let largest = 0;
  for (let k = from; k < to; k++) {
    const size = Math.abs(values[k]);
    if (size > largest || size !== size) largest = size;
  }
  return largest;
}
