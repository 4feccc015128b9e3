/** Matrices in the order in which the kernels read them. */
import { PIECE, type Work } from '../slices';
import type { KernelMemory } from './heap';

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

/** Units of each gate that are packed together. */
export interface UnitRange {
  readonly first: number;
  readonly count: number;
}

/** A row-major matrix whose rows stack gates of `units` rows each. */
export interface GateMatrix {
  readonly weight: Float32Array;
  readonly width: number;
  readonly units: number;
  readonly gates: number;
}

/** Packs a matrix, every gate padded, or of each gate only the units in `range`; for products with many rows. */
export function pack(memory: KernelMemory, matrix: GateMatrix, range?: UnitRange): Work<Panels> {
  return packColumns(memory, matrix, matrix.width, range);
}

/** The same for products with one vector, which is padded as units are. */
export function packForVector(memory: KernelMemory, matrix: GateMatrix, range?: UnitRange): Work<Panels> {
  return packColumns(memory, matrix, padded(matrix.width), range);
}

function* packColumns(
  memory: KernelMemory,
  { weight, width, units, gates }: GateMatrix,
  columns: number,
  range: UnitRange = { first: 0, count: units },
): Work<Panels> {
  const count = panelCount(gates, range.count);
  const address = memory.take(count * PANEL * columns);
  const start = address / Float32Array.BYTES_PER_ELEMENT;
  let cost = 0;
  for (let gate = 0; gate < gates; gate++) {
    for (let unit = 0; unit < range.count; unit++) {
      const row = gate * padded(range.count) + unit;
      const to = start + Math.floor(row / PANEL) * PANEL * columns + (row % PANEL);
      const from = (gate * units + range.first + unit) * width;
      // Not kept over a pause, in which another run may make the memory grow.
      const { floats } = memory;
      for (let k = 0; k < width; k++) floats[to + k * PANEL] = weight[from + k];
      cost += width;
      if (cost >= PIECE) {
        yield 0;
        cost = 0;
      }
    }
  }
  return { address, count, width: columns };
}

/** The address of a bias laid out as the rows of panels: gates of `units` values, every gate padded. */
export function packBias(
  memory: KernelMemory,
  bias: Float32Array,
  units: number,
  gates: number,
  range: UnitRange = { first: 0, count: units },
): number {
  const address = memory.take(panelCount(gates, range.count) * PANEL);
  const { floats } = memory;
  for (let gate = 0; gate < gates; gate++) {
    const at = address / Float32Array.BYTES_PER_ELEMENT + gate * padded(range.count);
    const from = gate * units + range.first;
    floats.set(bias.subarray(from, from + range.count), at);
  }
  return address;
}
