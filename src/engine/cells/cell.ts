/** What a cell is to the time loop: stages of a step, each of units that can be computed apart from one another. */
import { type Direction, type RecurrentLayer, stateSize } from '../../model/network';
import type { NormPart, ParameterKind } from '../../model/parameterKinds';
import { cellVectors, normParts } from '../../model/parameters';
import type { Weights } from '../../model/weights';

/** Multiply-adds that take about as long as one exponential. */
export const EXPONENTIAL = 10;

export interface Stage {
  readonly units: number;
  /** Multiply-adds per unit, exponentials counted as such. */
  readonly cost: number;
  /**
   * Computes units `from` … `to` − 1 of one step. `previous` is the step whose state this one continues: step − 1
   * going forward, step + 1 going backward, −1 for the initial state.
   */
  compute(step: number, previous: number, from: number, to: number): void;
}

export interface Cell<S extends Stage = Stage> {
  /** Bias of the input projection, one value per row of `weightIh`. */
  readonly inputBias: Float32Array;
  /** steps × hiddenSize each: the arrays that receive the input projection, in the order of the stacked gates. */
  readonly gates: readonly Float32Array[];
  readonly stages: readonly S[];
}

/** Parameters of one level and direction. G gates, H hidden units, P units of the state that is handed on. */
export interface CellParameters {
  /** G·H × inputs. */
  readonly weightIh: Float32Array;
  /** G·H × P. */
  readonly weightHh: Float32Array;
  /** G·H; zeros without bias. */
  readonly biasIh: Float32Array;
  /** G·H; zeros without bias. */
  readonly biasHh: Float32Array;
  /** P × H, of a projected LSTM. */
  readonly weightHr?: Float32Array;
  /** H each, of a cell that has more of its own, such as peepholes. */
  readonly vectors: Readonly<Partial<Record<ParameterKind, Float32Array>>>;
  /** Of a cell that normalises its sums. */
  readonly norms: Readonly<Partial<Record<NormPart, Affine>>>;
}

/** One level and direction of a layer that runs. */
export interface CellRun<L extends RecurrentLayer = RecurrentLayer, Signals = unknown> {
  readonly layer: L;
  readonly parameters: CellParameters;
  /** Steps × units each, by name: what the cell fills. */
  readonly signals: Signals;
  readonly initial: CellState;
}

/** Gain and bias of a normalisation. */
export interface Affine {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** The state before the first step: zeros unless given. */
export interface CellState {
  /** P units. */
  readonly h: Float32Array;
  /** H units, of an LSTM. */
  readonly c?: Float32Array;
}

/** States before the first step, by `stateKey`; a missing one is zeros. */
export type InitialStates = ReadonlyMap<string, CellState>;

/** `lstm_l0`, `lstm_l1_reverse`: names the state of one layer, level and direction. */
export function stateKey(layer: string, level: number, direction: Direction): string {
  return layer + suffix(level, direction);
}

/** PyTorch's suffix of a parameter's name: `_l0`, `_l1_reverse`. */
export function suffix(level: number, direction: Direction): string {
  return `_l${level}${direction === 'backward' ? '_reverse' : ''}`;
}

export function cellParameters(
  layer: RecurrentLayer,
  level: number,
  direction: Direction,
  weights: Weights,
): CellParameters {
  const data = (name: string) => weights.get(`${layer.name}.${name}${suffix(level, direction)}`)?.data;
  const weightHh = data('weight_hh')!;
  const rows = weightHh.length / stateSize(layer);
  const affine = (part: NormPart): Affine => ({
    weight: data(`norm_${part}_weight`)!,
    bias: data(`norm_${part}_bias`)!,
  });
  return {
    weightIh: data('weight_ih')!,
    weightHh,
    biasIh: data('bias_ih') ?? new Float32Array(rows),
    biasHh: data('bias_hh') ?? new Float32Array(rows),
    weightHr: data('weight_hr'),
    vectors: Object.fromEntries(cellVectors(layer).map((kind) => [kind, data(kind)!])),
    norms: Object.fromEntries(normParts(layer).map((part) => [part, affine(part)])),
  };
}

export function sumOf(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, k) => value + b[k]);
}
