/** The arithmetic in WebAssembly SIMD. */
import { type Direction, type RecurrentLayer, isStandardCell, stateSize } from '../../model/network';
import { GATES } from '../../model/parameters';
import type { Weights } from '../../model/weights';
import { activate } from '../activations';
import { type Arithmetic, generalCell, reference } from '../arithmetic';
import { type CellState, cellParameters, stateKey, suffix } from '../cells/cell';
import type { Edge } from '../edge';
import { overSteps } from '../loop';
import type { Work } from '../slices';
import type { SignalTrace } from '../trace';
import { type CompiledCell, type Plane, compileCell } from './cells';
import { type KernelChoice, KernelInstance } from './instance';
import { PANEL, type Panels, pack, packBias } from './panels';
import { compiledParts } from './parts';

/** Multiply-adds that are done between two pauses: a few milliseconds. */
const BLOCK_COST = 1 << 27;
/** Values of each signal in a block, which are to stay in the cache. */
const BLOCK_VALUES = 1 << 14;
const MOST_ROWS = 64;

/** Parameters beyond this are left to the reference: one step of them would hold the thread for too long. */
const MOST_PARAMETERS = 1 << 26;

/** A product with many rows of input at a time. */
interface CompiledProjection {
  readonly panels: Panels;
  readonly bias: number;
  readonly x: number;
  readonly out: number;
  readonly steps: number;
}

interface Prepared {
  readonly cell: CompiledCell;
  readonly x: number;
  /** Rows of input that are projected at a time: many, so that the weights of the input are seldom read. */
  readonly rows: number;
  /** Steps that are computed at a time. */
  readonly steps: number;
  /** The run whose projection stands in the memory. */
  run?: object;
}

/** Packs each layer's weights when it first runs and keeps them; `weights` must not change after that. */
export function compiled(weights: Weights, choice: KernelChoice): Arithmetic {
  const instance = new KernelInstance(choice);
  const exact = reference(weights);
  const cells = new Map<string, Prepared>();
  /** By the name of the weight. */
  const projections = new Map<string, CompiledProjection>();
  const parts = compiledParts(instance);

  function* preparedCell(
    layer: RecurrentLayer,
    level: number,
    direction: Direction,
    input: Edge,
  ): Work<Prepared> {
    const key = stateKey(layer.name, level, direction);
    let prepared = cells.get(key);
    if (!prepared) {
      const sums = GATES[layer.type] * layer.hiddenSize;
      const rows = blockRows(sums * input.width);
      const steps = Math.min(rows, blockSteps(sums * stateSize(layer), layer.hiddenSize));
      const parameters = cellParameters(layer, level, direction, weights);
      const cell = yield* compileCell(instance, layer, parameters, input.width, rows, steps);
      const x = input.kind === 'dense' ? instance.take(rows * input.width) : 0;
      prepared = { cell, x, rows, steps };
      cells.set(key, prepared);
    }
    return prepared;
  }

  /** Calls `each` for every block of rows of bias + weight · x, which stands in `plane`. */
  function* projected(
    name: string,
    weight: Float32Array,
    bias: Float32Array,
    input: Edge,
    each: (plane: Plane, first: number, count: number) => void,
  ): Work<void> {
    const units = bias.length;
    let prepared = projections.get(name);
    if (!prepared) {
      const steps = blockSteps(units * input.width, units);
      const panels = yield* pack(instance, weight, input.width, units, 1);
      prepared = {
        panels,
        bias: packBias(instance, bias, units, 1),
        x: input.kind === 'dense' ? instance.take(steps * input.width) : 0,
        out: instance.take(steps * panels.count * PANEL),
        steps,
      };
      projections.set(name, prepared);
    }
    const { panels, x, out, steps } = prepared;
    const plane: Plane = { address: out, units, stride: panels.count * PANEL };
    for (let first = 0; first < input.rows; first += steps) {
      const count = Math.min(steps, input.rows - first);
      projectRows(instance, input, first, count, panels, prepared.bias, x, out);
      each(plane, first, count);
      yield count * units * input.width;
    }
  }

  /** A cell with options, clamps or masks: products compiled, gates as `reference` has them. */
  function* general(...of: Parameters<Arithmetic['cell']>): Work<void> {
    const [layer, level, direction, input, signals, initial, clamps] = of;
    const parameters = cellParameters(layer, level, direction, weights);
    const cell = yield* generalCell(layer, parameters, signals, initial, clamps, input.mask, parts);
    const units = layer.hiddenSize;
    const name = `${layer.name}.weight_ih${suffix(level, direction)}`;
    yield* projected(name, parameters.weightIh, cell.inputBias, input, (plane, first, count) => {
      for (const [gate, values] of cell.gates.entries()) {
        const address = plane.address + gate * units * Float32Array.BYTES_PER_ELEMENT;
        copyOut(instance, { ...plane, address, units }, { units, values }, first, count);
      }
    });
    yield* overSteps(cell.stages, input.rows, direction, 'through time');
  }

  return {
    *cell(...of) {
      const [layer, level, direction, input, signals, initial, clamps] = of;
      if (stepCost(layer, input.width) > MOST_PARAMETERS) return yield* exact.cell(...of);
      if (!isStandardCell(layer) || clamps.length > 0 || input.mask) return yield* general(...of);
      const prepared = yield* preparedCell(layer, level, direction, input);
      const { cell, x, rows, steps } = prepared;
      const forward = direction === 'forward';
      /** The row of the next `count` of `done` steps that are not done. */
      const rowOf = (done: number, count: number) => (forward ? done : input.rows - done - count);
      const run = {};
      let state = initial;
      let start = 0;
      let end = 0;
      let done = 0;
      while (done < input.rows) {
        // Another run may have used the same memory since the last block.
        if (done === end || prepared.run !== run) {
          prepared.run = run;
          end = Math.min(done + rows, input.rows);
          start = rowOf(done, end - done);
          projectRows(instance, input, start, end - done, cell.input, cell.inputBias, x, cell.sums);
        }
        const count = Math.min(steps, end - done);
        const first = rowOf(done, count);
        setState(instance, cell, state);
        cell.compute(first - start, count, forward ? 1 : -1);
        for (const signal of signals) copyOut(instance, cell.planes[signal.signal], signal, first, count);
        state = stateAt(signals, forward ? first + count - 1 : first);
        done += count;
        yield count * stepCost(layer, input.width);
      }
    },

    *linear(layer, input, values) {
      const { activation, outputSize: units } = layer;
      if (units * input.width > MOST_PARAMETERS) return yield* exact.linear(layer, input, values);
      const name = `${layer.name}.weight`;
      const weight = weights.get(name)!.data;
      const bias = weights.get(`${layer.name}.bias`)?.data ?? new Float32Array(units);
      yield* projected(name, weight, bias, input, (plane, first, count) => {
        if (activation === 'sigmoid') instance.kernels.sigmoids(plane.address, count * plane.stride);
        if (activation === 'tanh') instance.kernels.tanhs(plane.address, count * plane.stride);
        copyOut(instance, plane, { units, values }, first, count);
        if (['none', 'sigmoid', 'tanh'].includes(activation as string)) return;
        for (let row = first; row < first + count; row++) activate(activation, values, row * units, units);
      });
    },
  };
}

function stepCost(layer: RecurrentLayer, inputSize: number): number {
  return GATES[layer.type] * layer.hiddenSize * (inputSize + stateSize(layer));
}

/** Rows that are computed at a time, of `cost` multiply-adds each. */
function blockRows(cost: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(BLOCK_COST / cost)));
}

/** The same for rows of `units` values that are copied out. */
function blockSteps(cost: number, units: number): number {
  return Math.min(blockRows(cost), Math.max(8, Math.floor(BLOCK_VALUES / units)));
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

/** The state after row `row`, from which the next block goes on. */
function stateAt(signals: readonly SignalTrace[], row: number): CellState {
  const of = (name: string) => {
    const signal = signals.find((one) => one.signal === name);
    return signal?.values.subarray(row * signal.units, (row + 1) * signal.units);
  };
  return { h: of('h')!, c: of('c') };
}
