/** What cells with options leave to others, compiled; their gates stay in TypeScript. */
import { activate } from '../activations';
import type { CellArithmetic, ProductOf } from '../cells/general/product';
import type { Activate } from '../cells/general/stage';
import type { KernelInstance } from './instance';
import { PANEL, type Panels, packForVector, padded } from './panels';

export function compiledParts(instance: KernelInstance): CellArithmetic {
  return { productOf: compiledProduct(instance), activate: compiledActivation(instance) };
}

interface PackedMatrix {
  readonly panels: Panels;
  /** A vector, and a row of `panels.count` panels that stays zeros, and one that receives sums. */
  readonly x: number;
  readonly zeros: number;
  readonly out: number;
}

/** Packs each matrix once and keeps it. */
function compiledProduct(instance: KernelInstance): ProductOf {
  const packed = new Map<Float32Array, Map<string, PackedMatrix>>();
  return function* (weight, width, first, rows) {
    const known = packed.get(weight) ?? new Map<string, PackedMatrix>();
    packed.set(weight, known);
    const part = `${first} ${rows}`;
    let matrix = known.get(part);
    if (!matrix) {
      const panels = yield* packForVector(instance, {
        weight: weight.subarray(first * width),
        ...{ width, units: rows, gates: 1 },
      });
      const row = panels.count * PANEL;
      const [x, zeros, out] = [instance.take(panels.width), instance.take(row), instance.take(row)];
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
        instance.kernels.multiply(panels.address, panels.count, panels.width, x, zeros, out);
        const from = out / Float32Array.BYTES_PER_ELEMENT;
        sums.set(instance.floats.subarray(from, from + rows));
      },
    };
  };
}

/** Sigmoid and tanh in SIMD. */
function compiledActivation(instance: KernelInstance): Activate {
  let address = 0;
  let room = 0;
  return (activation, values, offset, units) => {
    if (activation !== 'sigmoid' && activation !== 'tanh') return activate(activation, values, offset, units);
    const count = padded(units);
    if (count > room) [address, room] = [instance.take(count), count];
    const from = address / Float32Array.BYTES_PER_ELEMENT;
    const own = values.subarray(offset, offset + units);
    instance.floats.set(own, from);
    if (activation === 'sigmoid') instance.kernels.sigmoids(address, count);
    else instance.kernels.tanhs(address, count);
    own.set(instance.floats.subarray(from, from + units));
  };
}
