/** Matrices in the order in which the kernels read them. */
import { PIECE, type Work } from '../slices';
import type { KernelInstance } from './instance';

/** Rows that a kernel multiplies at once. */
export const PANEL = 32;

/** A matrix in an instance's memory: panels of 32 rows, column after column. */
export interface Panels {
  readonly address: number;
  readonly count: number;
  readonly width: number;
}

/** Units rounded up, so that four can always be computed together. */
export function padded(units: number): number {
  return Math.ceil(units / 4) * 4;
}

export function panelCount(gates: number, units: number): number {
  return Math.ceil((gates * padded(units)) / PANEL);
}

/**
 * Packs gates `first` … `first + gates − 1` of a row-major matrix whose rows stack gates of `units` rows each, every
 * gate padded.
 */
export function* pack(
  instance: KernelInstance,
  weight: Float32Array,
  width: number,
  units: number,
  gates: number,
  first = 0,
): Work<Panels> {
  const count = panelCount(gates, units);
  const address = instance.take(count * PANEL * width);
  const start = address / Float32Array.BYTES_PER_ELEMENT;
  let cost = 0;
  for (let gate = 0; gate < gates; gate++) {
    for (let unit = 0; unit < units; unit++) {
      const row = gate * padded(units) + unit;
      const to = start + Math.floor(row / PANEL) * PANEL * width + (row % PANEL);
      const from = ((first + gate) * units + unit) * width;
      // Not kept over a pause, in which another run may make the memory grow.
      const { floats } = instance;
      for (let k = 0; k < width; k++) floats[to + k * PANEL] = weight[from + k];
      cost += width;
      if (cost >= PIECE) {
        yield 0;
        cost = 0;
      }
    }
  }
  return { address, count, width };
}

/** The address of a bias laid out as the rows of panels: gates of `units` values, every gate padded. */
export function packBias(instance: KernelInstance, bias: Float32Array, units: number, gates: number): number {
  const address = instance.take(panelCount(gates, units) * PANEL);
  const { floats } = instance;
  for (let gate = 0; gate < gates; gate++) {
    const at = address / Float32Array.BYTES_PER_ELEMENT + gate * padded(units);
    floats.set(bias.subarray(gate * units, (gate + 1) * units), at);
  }
  return address;
}
