/** Who computes the layers: the forward pass says what and in which order, an `Arithmetic` does it. */
import { equationsOf } from '../cells/equations';
import { type LinearLayer, isStandardCell } from '../model/network';
import type { Weights } from '../model/weights';
import { activate } from './activations';
import {
  type Cell,
  type CellParameters,
  type CellRun,
  type CellState,
  EXPONENTIAL,
  type Stage,
  cellParameters,
} from './cells/cell';
import { type CellArithmetic, exact } from './cells/general/product';
import { rowBefore } from './cells/general/stage';
import type { BackProducts } from './cells/equations';
import { exactTransposed } from './cells/gradient';
import { held } from './clamps';
import type { Edge } from './edge';
import type { LevelRun } from './levelRun';
import { overSteps } from './loop';
import { project } from './product';
import { PIECE, type Work } from './slices';
import { type SignalTrace, valuesByName } from './trace';

export interface Arithmetic {
  /** Fills `signals`. */
  cell(run: LevelRun): Work<void>;
  /** Fills `values`, input rows × outputSize, with activation(W x + b). */
  linear(layer: LinearLayer, input: Edge, values: Float32Array): Work<void>;
  /** What flows back through a product. */
  readonly back: BackProducts;
}

export const exactBack: BackProducts = { transposed: exactTransposed, productOf: exact.productOf };

/** The equations as they are written, in double precision: what the kernels are measured against. */
export function reference(weights: Weights): Arithmetic {
  return {
    back: exactBack,

    *cell(run) {
      const { layer, level, direction, input } = run;
      const parameters = cellParameters(layer, level, direction, weights);
      const { gates, inputBias, stages } = isGeneral(run)
        ? yield* generalCell(run, parameters, exact)
        : equationsOf(layer).standard!.cell(cellRun(run, parameters));
      const units = layer.hiddenSize;
      // Takes no memory: the input projection goes where the gates will stand.
      for (const [gate, out] of gates.entries()) {
        const rows = { weight: parameters.weightIh, first: gate * units, units };
        yield* project(input, rows, inputBias, out);
      }
      yield* overSteps(stages, input.rows, direction, 'through time');
    },

    *linear(layer, input, values) {
      const width = layer.outputSize;
      const bias = weights.get(`${layer.name}.bias`)?.data ?? new Float32Array(width);
      const weight = weights.get(`${layer.name}.weight`)!.data;
      yield* project(input, { weight, first: 0, units: width }, bias, values);
      if (layer.activation === 'none') return;
      const rowsAtOnce = Math.max(1, Math.floor(PIECE / EXPONENTIAL / width));
      for (let row = 0; row < input.rows; row++) {
        activate(layer.activation, values, row * width, width);
        if (row % rowsAtOnce === rowsAtOnce - 1) yield 0;
      }
    },
  };
}

/** Whether a run needs the form that knows every option, clamp and mask. */
export function isGeneral({ layer, input, clamps }: LevelRun): boolean {
  return !isStandardCell(layer) || !equationsOf(layer).standard || clamps.length > 0 || !!input.mask;
}

function cellRun({ layer, signals, initial }: LevelRun, parameters: CellParameters): CellRun {
  return { layer, parameters, signals: valuesByName(signals), initial };
}

/** The cell that knows every option, clamp and mask. */
export function* generalCell(
  run: LevelRun,
  parameters: CellParameters,
  arithmetic: CellArithmetic,
): Work<Cell> {
  const { layer, signals, initial, clamps, input } = run;
  const cell = yield* equationsOf(layer).general(cellRun(run, parameters), arithmetic);
  const stages = held(cell.stages, signals, clamps);
  return { ...cell, stages: input.mask ? [...stages, keepingState(signals, initial, input.mask)] : stages };
}

/** At a masked step the state stays as it is; the gates show what they would have been. */
function keepingState(signals: readonly SignalTrace[], initial: CellState, mask: Uint8Array): Stage {
  const states = signals.filter(({ signal }) => signal === 'h' || signal === 'c');
  return {
    units: 1,
    cost: 1,
    compute(step, previous) {
      if (mask[step]) return;
      for (const { signal, units, values } of states) {
        const before = rowBefore(values, initial[signal as 'h' | 'c']!, previous, units);
        values.set(before, step * units);
      }
    },
  };
}
