/** The arithmetic in WebAssembly SIMD. */
import { equationsOf } from '../../cells/equations';
import type { Weights } from '../../model/weights';
import { activate } from '../activations';
import { type Arithmetic, generalCell, isGeneral, reference } from '../arithmetic';
import { cellParameters, stateKey, suffix } from '../cells/cell';
import type { Edge } from '../edge';
import type { LevelRun } from '../levelRun';
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
  preparedAs,
  setInput,
  stepCost,
} from './blocks';
import type { CompiledCell } from './cell';
import { type KernelChoice, KernelInstance } from './instance';
import { PANEL, type Panels, pack, packBias } from './panels';
import { compiledParts } from './parts';
import type { Plane } from './planes';
import { compiledTransposed } from './transposed';
import { compiledBack } from './wayBack';

/** A product with many rows of input at a time: addresses of the bias, of the input and of what comes out. */
interface Projection {
  readonly panels: Panels;
  readonly bias: number;
  readonly x: number;
  readonly out: number;
}

interface CompiledProjection extends Projection {
  readonly steps: number;
}

/** bias + weight · x, by the name of the weight. */
interface NamedProduct {
  readonly name: string;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** Packs each layer's weights when it first runs and keeps them; `weights` must not change after that. */
export function compiled(weights: Weights, choice: KernelChoice): Arithmetic {
  const instance = new KernelInstance(choice);
  const exact = reference(weights);
  const cells = new Map<string, Prepared<CompiledCell>>();
  /** By the name of the weight and the kind of input. */
  const projections = new Map<string, CompiledProjection>();
  const parts = compiledParts(instance);

  function* preparedCell({ layer, level, direction, input }: LevelRun): Work<Prepared<CompiledCell>> {
    const key = preparedAs(stateKey(layer.name, level, direction), input);
    let prepared = cells.get(key);
    if (!prepared) {
      const sizes = blockSizes(layer, input.width);
      const parameters = cellParameters(layer, level, direction, weights);
      const toCompile = { layer, parameters, inputSize: input.width, sizes };
      const cell = yield* equationsOf(layer).standard!.compile(instance, toCompile);
      prepared = { ...sizes, cell, x: instance.take(inputValues(input, sizes.rows)) };
      cells.set(key, prepared);
    }
    return prepared;
  }

  /** Calls `each` for every block of rows of bias + weight · x, which stands in `plane`. */
  function* projected(
    { name, weight, bias }: NamedProduct,
    input: Edge,
    each: (plane: Plane, first: number, count: number) => void,
  ): Work<void> {
    const units = bias.length;
    const key = preparedAs(name, input);
    let prepared = projections.get(key);
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
      projections.set(key, prepared);
    }
    const { panels, out, steps } = prepared;
    const plane: Plane = { address: out, units, stride: panels.count * PANEL };
    for (let first = 0; first < input.rows; first += steps) {
      const count = Math.min(steps, input.rows - first);
      projectRows(instance, input, { first, count }, prepared);
      each(plane, first, count);
      yield count * units * input.width;
    }
  }

  /** A cell with options, clamps or masks: products compiled, gates as `reference` has them. */
  function* general(run: LevelRun): Work<void> {
    const { layer, level, direction, input } = run;
    const parameters = cellParameters(layer, level, direction, weights);
    const cell = yield* generalCell(run, parameters, parts);
    const units = layer.hiddenSize;
    const name = `${layer.name}.weight_ih${suffix(level, direction)}`;
    const product = { name, weight: parameters.weightIh, bias: cell.inputBias };
    yield* projected(product, input, (plane, first, count) => {
      for (const [gate, values] of cell.gates.entries()) {
        const address = plane.address + gate * units * Float32Array.BYTES_PER_ELEMENT;
        copyOut(instance, { ...plane, address, units }, { units, values }, first, count);
      }
    });
    yield* overSteps(cell.stages, input.rows, direction, 'through time');
  }

  return {
    back: {
      ...{ transposed: compiledTransposed(instance), productOf: parts.productOf },
      cell: compiledBack(instance),
    },

    *cell(run) {
      const { layer, input } = run;
      if (stepCost(layer, input.width) > MOST_PARAMETERS) return yield* exact.cell(run);
      if (isGeneral(run)) return yield* general(run);
      const prepared = yield* preparedCell(run);
      const { cell, x } = prepared;
      const projection = { panels: cell.input, bias: cell.inputBias, x, out: cell.sums };
      yield* inBlocks(instance, prepared, run, (block, rows) => {
        if (rows) projectRows(instance, input, rows, projection);
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
      yield* projected({ name, weight, bias }, input, (plane, first, count) => {
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
  { panels, bias, x, out }: Projection,
): void {
  setInput(instance, input, rows, x);
  const kernel = PROJECTION[input.kind];
  instance.kernels[kernel](panels.address, panels.count, panels.width, x, rows.count, bias, out);
}
