/** Who computes the layers: the forward pass says what and in which order, an `Arithmetic` does it. */
import { type Direction, type LinearLayer, type RecurrentLayer, isStandardCell } from '../model/network';
import type { Weights } from '../model/weights';
import { activate } from './activations';
import {
  type Cell,
  type CellParameters,
  type CellState,
  EXPONENTIAL,
  type Stage,
  cellParameters,
} from './cells/cell';
import { generalGruCell } from './cells/general/gru';
import { generalLstmCell } from './cells/general/lstm';
import { type CellArithmetic, exact } from './cells/general/product';
import { generalRnnCell } from './cells/general/rnn';
import { type SettlingStage, rowBefore } from './cells/general/stage';
import { type GruSignals, gruCell } from './cells/gru';
import { type LstmSignals, lstmCell } from './cells/lstm';
import { type RnnSignals, rnnCell } from './cells/rnn';
import { type Clamp, held } from './clamps';
import type { Edge } from './edge';
import { overSteps } from './loop';
import { project } from './product';
import { PIECE, type Work } from './slices';
import type { SignalTrace } from './trace';

export interface Arithmetic {
  /** All steps of one level and direction: fills `signals`, which are rows of the input long. */
  cell(
    layer: RecurrentLayer,
    level: number,
    direction: Direction,
    input: Edge,
    signals: readonly SignalTrace[],
    initial: CellState,
    clamps: readonly Clamp[],
  ): Work<void>;
  /** Fills `values`, input rows × outputSize, with activation(W x + b). */
  linear(layer: LinearLayer, input: Edge, values: Float32Array): Work<void>;
}

/** The equations as they are written, in double precision: what the kernels are measured against. */
export function reference(weights: Weights): Arithmetic {
  return {
    *cell(layer, level, direction, input, signals, initial, clamps) {
      const parameters = cellParameters(layer, level, direction, weights);
      const general = !isStandardCell(layer) || clamps.length > 0 || input.mask;
      const { gates, inputBias, stages } = general
        ? yield* generalCell(layer, parameters, signals, initial, clamps, input.mask, exact)
        : standardCell(layer, parameters, signals, initial);
      const units = layer.hiddenSize;
      // Takes no memory: the input projection goes where the gates will stand.
      for (let gate = 0; gate < gates.length; gate++) {
        yield* project(input, parameters.weightIh, gate * units, units, inputBias, gates[gate]);
      }
      yield* overSteps(stages, input.rows, direction, 'through time');
    },

    *linear(layer, input, values) {
      const width = layer.outputSize;
      const bias = weights.get(`${layer.name}.bias`)?.data ?? new Float32Array(width);
      yield* project(input, weights.get(`${layer.name}.weight`)!.data, 0, width, bias, values);
      if (layer.activation === 'none') return;
      const rowsAtOnce = Math.max(1, Math.floor(PIECE / EXPONENTIAL / width));
      for (let row = 0; row < input.rows; row++) {
        activate(layer.activation, values, row * width, width);
        if (row % rowsAtOnce === rowsAtOnce - 1) yield 0;
      }
    },
  };
}

function standardCell(
  layer: RecurrentLayer,
  parameters: CellParameters,
  signals: readonly SignalTrace[],
  initial: CellState,
): Cell {
  const byName = valuesByName(signals);
  switch (layer.type) {
    case 'rnn':
      return rnnCell(layer, parameters, byName as RnnSignals, initial);
    case 'lstm':
      return lstmCell(layer, parameters, byName as LstmSignals, initial);
    case 'gru':
      return gruCell(layer, parameters, byName as GruSignals, initial);
  }
}

/** The cell that knows every option, clamp and mask. */
export function* generalCell(
  layer: RecurrentLayer,
  parameters: CellParameters,
  signals: readonly SignalTrace[],
  initial: CellState,
  clamps: readonly Clamp[],
  mask: Uint8Array | undefined,
  arithmetic: CellArithmetic,
): Work<Cell> {
  const cell = yield* optionedCell(layer, parameters, valuesByName(signals), initial, arithmetic);
  const stages = held(cell.stages, signals, clamps);
  return { ...cell, stages: mask ? [...stages, keepingState(signals, initial, mask)] : stages };
}

function optionedCell(
  layer: RecurrentLayer,
  parameters: CellParameters,
  byName: unknown,
  initial: CellState,
  arithmetic: CellArithmetic,
): Work<Cell<SettlingStage>> {
  switch (layer.type) {
    case 'rnn':
      return generalRnnCell(layer, parameters, byName as RnnSignals, initial, arithmetic);
    case 'lstm':
      return generalLstmCell(layer, parameters, byName as LstmSignals, initial, arithmetic);
    case 'gru':
      return generalGruCell(layer, parameters, byName as GruSignals, initial, arithmetic);
  }
}

function valuesByName(signals: readonly SignalTrace[]): unknown {
  return Object.fromEntries(signals.map(({ signal, values }) => [signal, values]));
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
