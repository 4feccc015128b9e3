/** The products of cells with options, compiled; the gates of such cells stay in TypeScript. */
import type { ProductOf } from '../cells/general/product';
import type { KernelInstance } from './instance';
import { PANEL, type Panels, pack } from './panels';

interface PackedMatrix {
  readonly panels: Panels;
  /** A vector, and a row of `panels.count` panels that stays zeros, and one that receives sums. */
  readonly x: number;
  readonly zeros: number;
  readonly out: number;
}

/** Packs each matrix once and keeps it. */
export function compiledProduct(instance: KernelInstance): ProductOf {
  const packed = new Map<Float32Array, Map<string, PackedMatrix>>();
  return function* (weight, width, first, rows) {
    const known = packed.get(weight) ?? new Map<string, PackedMatrix>();
    packed.set(weight, known);
    const part = `${first} ${rows}`;
    let matrix = known.get(part);
    if (!matrix) {
      const panels = yield* pack(instance, weight.subarray(first * width), width, rows, 1);
      const row = panels.count * PANEL;
      const [x, zeros, out] = [instance.take(width), instance.take(row), instance.take(row)];
      matrix = { panels, x, zeros, out };
      known.set(part, matrix);
    }
    const { panels, x, zeros, out } = matrix;
    const sums = new Float32Array(rows);
    return {
      sums,
      units: 1,
      cost: rows * width,
      multiply(vector) {
        instance.floats.set(vector, x / Float32Array.BYTES_PER_ELEMENT);
        instance.kernels.multiply(panels.address, panels.count, width, x, zeros, out);
        const from = out / Float32Array.BYTES_PER_ELEMENT;
        sums.set(instance.floats.subarray(from, from + rows));
      },
    };
  };
}
