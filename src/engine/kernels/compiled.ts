/** The arithmetic in WebAssembly SIMD. */
import { type Direction, type RecurrentLayer, isStandardCell } from '../../model/network';
import type { Weights } from '../../model/weights';
import { activate } from '../activations';
import { type Arithmetic, generalCell, reference } from '../arithmetic';
import { cellParameters, stateKey, suffix } from '../cells/cell';
import type { Edge } from '../edge';
import { overSteps } from '../loop';
import type { Work } from '../slices';
import {
  type InputRows,
  MOST_PARAMETERS,
  PROJECTION,
  type Prepared,
  blockSizes,
  blockSteps,
  copyOut,
  inBlocks,
  inputValues,
  setInput,
  stepCost,
} from './blocks';
import { type CompiledCell, compileCell } from './cells';
import { type KernelChoice, KernelInstance } from './instance';
import { PANEL, type Panels, pack, packBias } from './panels';
import { compiledParts } from './parts';
import type { Plane } from './planes';

/** A product with many rows of input at a time. */
interface CompiledProjection {
  readonly panels: Panels;
  readonly bias: number;
  readonly x: number;
  readonly out: number;
  readonly steps: number;
}

/** Packs each layer's weights when it first runs and keeps them; `weights` must not change after that. */
export function compiled(weights: Weights, choice: KernelChoice): Arithmetic {
  const instance = new KernelInstance(choice);
  const exact = reference(weights);
  const cells = new Map<string, Prepared<CompiledCell>>();
  /** By the name of the weight. */
  const projections = new Map<string, CompiledProjection>();
  const parts = compiledParts(instance);

  function* preparedCell(
    layer: RecurrentLayer,
    level: number,
    direction: Direction,
    input: Edge,
  ): Work<Prepared<CompiledCell>> {
    const key = stateKey(layer.name, level, direction);
    let prepared = cells.get(key);
    if (!prepared) {
      const sizes = blockSizes(layer, input.width);
      const parameters = cellParameters(layer, level, direction, weights);
      const cell = yield* compileCell(instance, layer, parameters, input.width, sizes);
      prepared = { ...sizes, cell, x: instance.take(inputValues(input, sizes.rows)) };
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
      const panels = yield* pack(instance, { weight, width: input.width, units, gates: 1 });
      prepared = {
        panels,
        bias: packBias(instance, bias, units, 1),
        x: instance.take(inputValues(input, steps)),
        out: instance.take(steps * panels.count * PANEL),
        steps,
      };
      projections.set(name, prepared);
    }
    const { panels, x, out, steps } = prepared;
    const plane: Plane = { address: out, units, stride: panels.count * PANEL };
    for (let first = 0; first < input.rows; first += steps) {
      const count = Math.min(steps, input.rows - first);
      projectRows(instance, input, { first, count }, panels, prepared.bias, x, out);
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
      const { cell, x } = prepared;
      yield* inBlocks(instance, prepared, input.rows, direction, signals, initial, (block, rows) => {
        if (rows) projectRows(instance, input, rows, cell.input, cell.inputBias, x, cell.sums);
        cell.compute(block);
        return true;
      });
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

function projectRows(
  instance: KernelInstance,
  input: Edge,
  rows: InputRows,
  panels: Panels,
  bias: number,
  x: number,
  out: number,
): void {
  setInput(instance, input, rows, x);
  const kernel = PROJECTION[input.kind];
  instance.kernels[kernel](panels.address, panels.count, panels.width, x, rows.count, bias, out);
}
