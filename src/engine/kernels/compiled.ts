/** The arithmetic in WebAssembly SIMD. */
import { equationsOf } from '../../cells/equations';
import type { Weights } from '../../model/weights';
import { activate } from '../activations';
import { type Arithmetic, generalCell, isGeneral, reference } from '../arithmetic';
import { type Cell, cellParameters, stateKey, suffix } from '../cells/cell';
import { isHeldAt } from '../clamps';
import type { Edge } from '../edge';
import type { LevelRun } from '../levelRun';
import { overSteps, previousStep } from '../loop';
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

  function* preparedProjection(
    { name, weight, bias }: NamedProduct,
    input: Edge,
  ): Work<CompiledProjection & { readonly plane: Plane }> {
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
    return { ...prepared, plane: { address: prepared.out, units, stride: prepared.panels.count * PANEL } };
  }

  /** Calls `each` for every block of rows of bias + weight · x, which stands in `plane`. */
  function* projected(
    product: NamedProduct,
    input: Edge,
    each: (plane: Plane, first: number, count: number) => void,
  ): Work<void> {
    const prepared = yield* preparedProjection(product, input);
    const { plane, steps } = prepared;
    for (let first = 0; first < input.rows; first += steps) {
      const count = Math.min(steps, input.rows - first);
      projectRows(instance, input, { first, count }, prepared);
      each(plane, first, count);
      yield count * plane.units * input.width;
    }
  }

  /** The form with options, clamps or masks: products compiled, gates as `reference` has them. */
  function* generalForm(run: LevelRun) {
    const { layer, level, direction } = run;
    const parameters = cellParameters(layer, level, direction, weights);
    const cell: Cell = yield* generalCell(run, parameters, parts);
    const units = layer.hiddenSize;
    const name = `${layer.name}.weight_ih${suffix(level, direction)}`;
    return {
      stages: cell.stages,
      product: { name, weight: parameters.weightIh, bias: cell.inputBias },
      /** The input projection goes where the gates will stand. */
      takeOut(plane: Plane, first: number, count: number): void {
        for (const [gate, values] of cell.gates.entries()) {
          const address = plane.address + gate * units * Float32Array.BYTES_PER_ELEMENT;
          copyOut(instance, { ...plane, address, units }, { units, values }, first, count);
        }
      },
    };
  }

  function* general(run: LevelRun): Work<void> {
    const { direction, input } = run;
    const { stages, product, takeOut } = yield* generalForm(run);
    yield* projected(product, input, takeOut);
    yield* overSteps(stages, input.rows, direction, 'through time');
  }

  /** All steps by the kernels; `settle` as of `inBlocks`. */
  function* standard(run: LevelRun, settle?: (step: number) => void): Work<void> {
    const { input } = run;
    const prepared = yield* preparedCell(run);
    const { cell, x } = prepared;
    const projection = { panels: cell.input, bias: cell.inputBias, x, out: cell.sums };
    yield* inBlocks(
      instance,
      prepared,
      run,
      (block, rows) => {
        if (rows) projectRows(instance, input, rows, projection);
        cell.compute(block);
        return true;
      },
      settle,
    );
  }

  /** With clamps: as without, bit for bit, up to a step at which something else is held; that step in the general form. */
  function* held(run: LevelRun): Work<void> {
    const { input, direction, signals, clamps } = run;
    const { stages, product, takeOut } = yield* generalForm(run);
    const projection = yield* preparedProjection(product, input);
    yield* standard(run, (step) => {
      if (isHeldAt(clamps, signals, input.rows, step)) return;
      projectRows(instance, input, { first: step, count: 1 }, projection);
      takeOut(projection.plane, step, 1);
      const previous = previousStep(step, input.rows, direction);
      for (const stage of stages) stage.compute(step, previous, 0, stage.units);
    });
  }

  return {
    back: {
      ...{ transposed: compiledTransposed(instance), productOf: parts.productOf },
      cell: compiledBack(instance),
    },

    *cell(run) {
      const { layer, input } = run;
      if (stepCost(layer, input.width) > MOST_PARAMETERS) return yield* exact.cell(run);
      if (!isGeneral(run)) yield* standard(run);
      else if (isGeneral({ ...run, clamps: [] })) yield* general(run);
      else yield* held(run);
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
