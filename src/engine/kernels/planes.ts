/** Rows of a signal in the kernels' memory. */
import type { KernelMemory } from './heap';
import { padded } from './panels';

export interface Plane {
  readonly address: number;
  readonly units: number;
  /** Floats from row to row: the units padded. */
  readonly stride: number;
}

/** Planes of equal size, one right after the other. */
export function takePlanes(
  memory: KernelMemory,
  signals: readonly string[],
  units: number,
  rows: number,
): Plane[] {
  const stride = padded(units);
  const address = memory.take(signals.length * rows * stride);
  return signals.map((_, k) => ({ address: rowAt(address, stride, k * rows), units, stride }));
}

export function rowAt(address: number, stride: number, row: number): number {
  return address + row * stride * Float32Array.BYTES_PER_ELEMENT;
}
