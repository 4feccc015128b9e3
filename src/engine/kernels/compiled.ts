/** The arithmetic in WebAssembly SIMD. */
import {
  type Direction,
  type LinearLayer,
  type RecurrentLayer,
  isStandardCell,
  stateSize,
} from '../../model/network';
import { GATES } from '../../model/parameters';
import type { Weights } from '../../model/weights';
import { activate } from '../activations';
import { type Arithmetic, reference } from '../arithmetic';
import { type CellState, cellParameters, stateKey } from '../cells/cell';
import type { Edge } from '../edge';
import type { Work } from '../slices';
import type { SignalTrace } from '../trace';
import { type CompiledCell, type Plane, compileCell } from './cells';
import { type KernelChoice, KernelInstance } from './instance';
import { PANEL, type Panels, pack, packBias } from './panels';

/** Multiply-adds of a block of steps: a few milliseconds, and its values stay in the cache. */
const BLOCK_COST = 1 << 24;
const BLOCK_VALUES = 1 << 14;
const MOST_STEPS = 64;

/** Parameters beyond this are left to the reference: one step of them would hold the thread for too long. */
const MOST_PARAMETERS = 1 << 26;

interface CompiledLinear {
  readonly panels: Panels;
  readonly bias: number;
  readonly x: number;
  readonly out: number;
  readonly steps: number;
}

interface Prepared {
  readonly cell: CompiledCell;
  readonly x: number;
  readonly steps: number;
}

/** Packs each layer's weights when it first runs and keeps them; `weights` must not change after that. */
export function compiled(weights: Weights, choice: KernelChoice): Arithmetic {
  const instance = new KernelInstance(choice);
  const exact = reference(weights);
  const cells = new Map<string, Prepared>();
  const linears = new Map<string, CompiledLinear>();

  function* preparedCell(
    layer: RecurrentLayer,
    level: number,
    direction: Direction,
    input: Edge,
  ): Work<Prepared> {
    const key = stateKey(layer.name, level, direction);
    let prepared = cells.get(key);
    if (!prepared) {
      const steps = blockSteps(stepCost(layer, input.width), layer.hiddenSize);
      const parameters = cellParameters(layer, level, direction, weights);
      const cell = yield* compileCell(instance, layer, parameters, input.width, steps);
      prepared = { cell, x: input.kind === 'dense' ? instance.take(steps * input.width) : 0, steps };
      cells.set(key, prepared);
    }
    return prepared;
  }

  function* preparedLinear(layer: LinearLayer, input: Edge): Work<CompiledLinear> {
    let prepared = linears.get(layer.name);
    if (!prepared) {
      const units = layer.outputSize;
      const steps = blockSteps(units * input.width, units);
      const panels = yield* pack(instance, weights.get(`${layer.name}.weight`)!.data, input.width, units, 1);
      const bias = weights.get(`${layer.name}.bias`)?.data ?? new Float32Array(units);
      prepared = {
        panels,
        bias: packBias(instance, bias, units, 1),
        x: input.kind === 'dense' ? instance.take(steps * input.width) : 0,
        out: instance.take(steps * panels.count * PANEL),
        steps,
      };
      linears.set(layer.name, prepared);
    }
    return prepared;
  }

  return {
    *cell(layer, level, direction, input, signals, initial, clamps) {
      const plain = isStandardCell(layer) && clamps.length === 0 && !input.mask;
      if (!plain || stepCost(layer, input.width) > MOST_PARAMETERS) {
        return yield* exact.cell(layer, level, direction, input, signals, initial, clamps);
      }
      const { cell, x, steps } = yield* preparedCell(layer, level, direction, input);
      setState(instance, cell, initial);
      for (let done = 0; done < input.rows; done += steps) {
        const count = Math.min(steps, input.rows - done);
        const first = direction === 'forward' ? done : input.rows - done - count;
        projectRows(instance, input, first, count, cell.input, cell.inputBias, x, cell.sums);
        cell.compute(count, direction === 'forward' ? 1 : -1);
        for (const signal of signals) copyOut(instance, cell.planes[signal.signal], signal, first, count);
        keepState(instance, cell, direction === 'forward' ? count - 1 : 0);
        yield count * stepCost(layer, input.width);
      }
    },

    *linear(layer, input, values) {
      const units = layer.outputSize;
      if (units * input.width > MOST_PARAMETERS) return yield* exact.linear(layer, input, values);
      const { panels, bias, x, out, steps } = yield* preparedLinear(layer, input);
      const stride = panels.count * PANEL;
      const plane: Plane = { address: out, units, stride };
      for (let first = 0; first < input.rows; first += steps) {
        const count = Math.min(steps, input.rows - first);
        projectRows(instance, input, first, count, panels, bias, x, out);
        if (layer.activation === 'sigmoid') instance.kernels.sigmoids(out, count * stride);
        if (layer.activation === 'tanh') instance.kernels.tanhs(out, count * stride);
        copyOut(instance, plane, { units, values }, first, count);
        if (!['none', 'sigmoid', 'tanh'].includes(layer.activation as string)) {
          for (let row = first; row < first + count; row++)
            activate(layer.activation, values, row * units, units);
        }
        yield count * units * input.width;
      }
    },
  };
}

function stepCost(layer: RecurrentLayer, inputSize: number): number {
  return GATES[layer.type] * layer.hiddenSize * (inputSize + stateSize(layer));
}

/** Steps that are computed at a time. */
function blockSteps(cost: number, units: number): number {
  const most = Math.min(MOST_STEPS, BLOCK_COST / cost, Math.max(8, BLOCK_VALUES / units));
  return Math.max(1, Math.floor(most));
}

function projectRows(
  { kernels, floats }: KernelInstance,
  input: Edge,
  first: number,
  count: number,
  panels: Panels,
  bias: number,
  x: number,
  out: number,
): void {
  if (input.kind === 'dense') {
    floats.set(input.values.subarray(first * input.width, (first + count) * input.width), x / 4);
    kernels.project(panels.address, panels.count, panels.width, x, count, bias, out);
    return;
  }
  for (let row = 0; row < count; row++) {
    const to = out + row * panels.count * PANEL * Float32Array.BYTES_PER_ELEMENT;
    kernels.pickColumn(panels.address, panels.count, panels.width, input.ids[first + row], bias, to);
  }
}

function copyOut(
  { floats }: KernelInstance,
  { address, units, stride }: Plane,
  { values }: Pick<SignalTrace, 'units' | 'values'>,
  first: number,
  count: number,
): void {
  const from = address / Float32Array.BYTES_PER_ELEMENT;
  if (units === stride) {
    values.set(floats.subarray(from, from + count * units), first * units);
    return;
  }
  for (let row = 0; row < count; row++) {
    const to = (first + row) * units;
    for (let unit = 0; unit < units; unit++) values[to + unit] = floats[from + row * stride + unit];
  }
}

function setState({ floats }: KernelInstance, { h, c }: CompiledCell, initial: CellState): void {
  floats.set(initial.h, h.address / Float32Array.BYTES_PER_ELEMENT);
  if (!c) return;
  const at = c.address / Float32Array.BYTES_PER_ELEMENT;
  if (initial.c) floats.set(initial.c, at);
  else floats.fill(0, at, at + c.units);
}

/** The state after row `row` of a block is the one before the next block. */
function keepState({ floats }: KernelInstance, { h, c, planes }: CompiledCell, row: number): void {
  copyRow(floats, planes.h, row, h);
  if (c) copyRow(floats, planes.c, row, c);
}

function copyRow(floats: Float32Array, { address, stride }: Plane, row: number, to: Plane): void {
  const from = address / Float32Array.BYTES_PER_ELEMENT + row * stride;
  floats.copyWithin(to.address / Float32Array.BYTES_PER_ELEMENT, from, from + stride);
}
