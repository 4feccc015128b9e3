/** What the way back through a cell, compiled, has in the kernels' memory. */
import { type RecurrentLayer, stateSize } from '../../model/network';
import { GATES } from '../../model/parameters';
import type { CellParameters } from '../cells/cell';
import type { Work } from '../slices';
import type { KernelInstance } from './instance';
import { type GateMatrix, PANEL, type Panels, packForVector, padded } from './panels';
import type { Plane } from './planes';

/** A cell whose way back a kernel goes. */
export interface BackToCompile<L extends RecurrentLayer = RecurrentLayer> {
  readonly layer: L;
  readonly parameters: CellParameters;
  /** Steps of a block. */
  readonly steps: number;
}

/** A block's last step of those that are passed: rows of planes, counted from 0, and where the step before it stands. */
export interface PassedBlock {
  readonly row: number;
  readonly count: number;
  readonly stride: 1 | -1;
}

/** Rows of doubles in the kernels' memory. */
export interface WidePlane {
  readonly address: number;
  readonly units: number;
  /** Doubles from row to row: the units padded. */
  readonly stride: number;
}

/**
 * A level and direction in an instance's memory. Planes have a row for each step of a block, and one beyond either end,
 * row 0 being that before the first: of states and of their gradients there stands the step before.
 */
export interface CompiledBack {
  /** The signals that are read, by name. */
  readonly planes: Readonly<Record<string, Plane>>;
  readonly gradients: { readonly h: WidePlane; readonly c?: WidePlane };
  /** What flows to the sums of the gates, gate after gate, each padded. */
  readonly sums: WidePlane;
  compute(block: PassedBlock): void;
}

/** The recurrent matrix on the way back. */
export interface PackedBack {
  readonly panels: Panels;
  /** A vector, a row of `panels` that stays zeros, and one that receives sums. */
  readonly scratch: readonly [x: number, zeros: number, out: number];
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Planes of floats, one right after the other, for blocks of `steps`. */
export function takeRows(
  instance: KernelInstance,
  names: readonly string[],
  units: number,
  steps: number,
): { readonly planes: Record<string, Plane>; readonly apart: number } {
  const stride = padded(units);
  const size = (steps + 2) * stride;
  const address = instance.take(names.length * size);
  const apart = size * Float32Array.BYTES_PER_ELEMENT;
  const planes = names.map((name, k): [string, Plane] => [
    name,
    { address: address + k * apart, units, stride },
  ]);
  return { planes: Object.fromEntries(planes), apart };
}

export function takeWide(instance: KernelInstance, units: number, stride: number, steps: number): WidePlane {
  return { address: instance.take(2 * (steps + 2) * stride), units, stride };
}

export function wideRow({ address, stride }: WidePlane, row: number): number {
  return address + row * stride * BYTES;
}

/** W_hhᵀ, for the product with what flows to the sums of one step, each gate padded. */
export function* packBack(
  instance: KernelInstance,
  { layer, parameters }: Pick<BackToCompile, 'layer' | 'parameters'>,
): Work<PackedBack> {
  const panels = yield* packForVector(instance, turned(layer, parameters.weightHh, stateSize(layer)));
  const row = panels.count * PANEL;
  return { panels, scratch: [instance.take(panels.width), instance.take(row), instance.take(row)] };
}

/** A matrix of a row for each unit of each gate, transposed, a column for each unit of each padded gate. */
export function turned(
  { type, hiddenSize }: RecurrentLayer,
  weight: Float32Array,
  units: number,
): GateMatrix {
  const gates = GATES[type];
  const width = gates * padded(hiddenSize);
  const columns = new Float32Array(units * width);
  for (let gate = 0; gate < gates; gate++) {
    for (let unit = 0; unit < hiddenSize; unit++) {
      const row = (gate * hiddenSize + unit) * units;
      const column = gate * padded(hiddenSize) + unit;
      for (let k = 0; k < units; k++) columns[k * width + column] = weight[row + k];
    }
  }
  return { weight: columns, width, units, gates: 1 };
}
