/** What flows to the parameters of a cell. */
import { equationsOf } from '../cells/equations';
import { type Direction, stateSize } from '../model/network';
import type { NormPart } from '../model/parameterKinds';
import { GATES } from '../model/parameters';
import { suffix } from './cells/cell';
import type { CellBack } from './cells/equations';
import type { CellGradient } from './cells/gradient';
import type { DenseEdge, Edge } from './edge';
import { previousStep } from './loop';
import { addOuter, addRows } from './productGradient';
import type { Work } from './slices';

/** Gradients of the parameters, by name: row-major, added to, never cleared here. */
export type ParameterGradients = ReadonlyMap<string, Float64Array>;

/** Adds `values` where they are wanted. */
export function addTo(to: Float64Array | undefined, values: Float64Array): void {
  if (to) for (let k = 0; k < values.length; k++) to[k] += values[k];
}

/** One level and direction on its way back. */
export interface LevelBack {
  readonly level: number;
  readonly direction: Direction;
  /** What it reads. */
  readonly edge: Edge;
  readonly back: CellBack;
}

/** Adds what flows to each of them; `gradient` has passed all steps. */
export function* cellParameterGradients(
  { level, direction, edge, back }: LevelBack,
  gradient: CellGradient,
  parameters: ParameterGradients,
): Work<void> {
  const { layer, initial } = back;
  const { inputSide, hiddenSide, biases = { input: inputSide, hidden: hiddenSide }, norms = {} } = gradient;
  const { c, h } = back.signals as Readonly<Record<string, Float32Array>>;
  const own = equationsOf(layer).parameters;
  const gateRows = GATES[layer.type] * layer.hiddenSize;
  const of = (name: string) => parameters.get(`${layer.name}.${name}${suffix(level, direction)}`);
  const [dIh, dHh, dHr] = [of('weight_ih'), of('weight_hh'), of('weight_hr')];
  const [dBiasIh, dBiasHh] = [of('bias_ih'), of('bias_hh')];
  if (dIh) yield* addOuter(inputSide, gateRows, edge, dIh);
  if (dHh) {
    const before = rowsBefore(h, initial.h, stateSize(layer), direction);
    yield* hiddenWeightGradient(back, hiddenSide, before, dHh);
  }
  if (dBiasIh) yield* addRows(biases.input, gateRows, dBiasIh);
  if (dBiasHh) yield* addRows(biases.hidden, gateRows, dBiasHh);
  if (dHr && own?.projected) {
    yield* addOuter(back.gradient.h, stateSize(layer), rowsOf(own.projected(back), layer.hiddenSize), dHr);
  }
  for (const part of Object.keys(norms) as NormPart[]) {
    addTo(of(`norm_${part}_weight`), norms[part]!.weight);
    addTo(of(`norm_${part}_bias`), norms[part]!.bias);
  }
  if (!own?.vectors || Object.keys(back.parameters.vectors).length === 0) return;
  const before = rowsBefore(c, initial.c, layer.hiddenSize, direction);
  for (const [name, slopes] of own.vectors(back, { sums: biases.input, before })) addTo(of(name), slopes);
  yield 3 * c.length;
}

/** dW_hh += Σ_t ∂a_t ⊗ h_{t−1}, but for the rows that read something else; `before` is h_{t−1}, steps × P. */
function* hiddenWeightGradient(
  back: CellBack,
  hiddenSide: Float64Array,
  before: Float32Array,
  dHh: Float64Array,
): Work<void> {
  const { layer } = back;
  const width = stateSize(layer);
  const gateRows = GATES[layer.type] * layer.hiddenSize;
  const other = equationsOf(layer).parameters?.hiddenInput?.(back, before);
  if (!other) return yield* addOuter(hiddenSide, gateRows, rowsOf(before, width), dHh);
  const { first, values } = other;
  const [state, others] = [
    columns(hiddenSide, gateRows, 0, first),
    columns(hiddenSide, gateRows, first, gateRows),
  ];
  yield* addOuter(state, first, rowsOf(before, width), dHh.subarray(0, first * width));
  yield* addOuter(others, gateRows - first, rowsOf(values, width), dHh.subarray(first * width));
}

function rowsOf(values: Float32Array, width: number): DenseEdge {
  return { kind: 'dense', rows: values.length / width, width, values };
}

/** The row of step t − 1 (t + 1 going backward) against step t; the initial one where there is none. */
function rowsBefore(
  states: Float32Array,
  initial: Float32Array | undefined,
  width: number,
  direction: Direction,
): Float32Array {
  const rows = states.length / width;
  const values = new Float32Array(states.length);
  for (let step = 0; step < rows; step++) {
    const previous = previousStep(step, rows, direction);
    const row = previous < 0 ? initial : states.subarray(previous * width, (previous + 1) * width);
    if (row) values.set(row, step * width);
  }
  return values;
}

function columns(matrix: Float64Array, width: number, from: number, to: number): Float64Array {
  const units = to - from;
  const part = new Float64Array((matrix.length / width) * units);
  for (let k = 0; k < part.length; k++) part[k] = matrix[Math.floor(k / units) * width + from + (k % units)];
  return part;
}
