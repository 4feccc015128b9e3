/** The backward pass: from the gradient at the output to every state, input and, if wanted, parameter. */
import {
  type Activation,
  type Direction,
  INPUT,
  type Layer,
  type LinearLayer,
  type Network,
  type RecurrentLayer,
  isRecurrent,
  stateSize,
} from '../model/network';
import { GATES } from '../model/parameters';
import type { Weights } from '../model/weights';
import { type CellParameters, cellParameters, suffix } from './cells/cell';
import type { CellGradient, StateGradient } from './cells/gradient';
import type { GruSignals } from './cells/gru';
import { gruGradient } from './cells/gruGradient';
import type { LstmSignals } from './cells/lstm';
import { lstmGradient } from './cells/lstmGradient';
import type { RnnSignals } from './cells/rnn';
import { rnnGradient } from './cells/rnnGradient';
import type { DenseEdge, Edge } from './edge';
import { type LayerRun, hiddenStates, signalValues } from './edges';
import { overSteps, previousStep } from './loop';
import { addOuter, addRows, backToInput } from './productGradient';
import type { Work } from './slices';
import type { LayerTrace } from './trace';

/** Gradients of the parameters, by name: row-major, added to, never cleared here. */
export type ParameterGradients = ReadonlyMap<string, Float64Array>;

/** ∂target/∂ of the states of one layer, level and direction. */
export interface LayerGradient {
  readonly layer: string;
  readonly level: number;
  readonly direction: Direction;
  readonly rows: number;
  /** rows × units of h, all paths counted. */
  readonly h: Float64Array;
  /** rows × hidden units, of an LSTM. */
  readonly c?: Float64Array;
}

export interface Backward {
  /** Recurrent layers, in the order of the trace. */
  readonly layers: readonly LayerGradient[];
  /** ∂target/∂ of what each layer passes on, and of the network's input if it was wanted. */
  readonly edges: ReadonlyMap<string, Float64Array>;
}

export interface BackwardOptions {
  /** Go on to the network's input vectors. */
  readonly input?: boolean;
  readonly parameters?: ParameterGradients;
}

/** `atOutput` is ∂target/∂output, rows × units; initial states were zeros. */
export function* backward(
  network: Network,
  weights: Weights,
  runs: readonly LayerRun[],
  atOutput: Float64Array,
  { input = false, parameters = new Map() }: BackwardOptions,
): Work<Backward> {
  const last = network.layers[network.layers.length - 1];
  const edges = new Map([[last.name, atOutput]]);
  const layers: LayerGradient[] = [];
  for (let k = network.layers.length - 1; k >= 0; k--) {
    const layer = network.layers[k];
    const run = runs[k];
    const out = edges.get(layer.name);
    if (!out) continue;
    const source = layer.inputs[0];
    const into = source === INPUT && !input ? undefined : gradientOf(edges, source, run.inputs[0]);
    if (isRecurrent(layer)) {
      layers.unshift(...(yield* recurrent(layer, run, weights, out, into, parameters)));
    } else {
      yield* pointwise(layer, run, weights, out, into, parameters);
    }
  }
  return { layers, edges };
}

/** A layer that feeds several others collects from all of them. */
function gradientOf(edges: Map<string, Float64Array>, name: string, edge: Edge): Float64Array {
  const found = edges.get(name) ?? new Float64Array(edge.rows * edge.width);
  edges.set(name, found);
  return found;
}

function* pointwise(
  layer: Exclude<Layer, RecurrentLayer>,
  run: LayerRun,
  weights: Weights,
  out: Float64Array,
  into: Float64Array | undefined,
  parameters: ParameterGradients,
): Work<void> {
  const [edge] = run.inputs;
  switch (layer.type) {
    case 'dropout':
      if (into) for (let k = 0; k < out.length; k++) into[k] += out[k];
      return;
    case 'embedding': {
      const table = parameters.get(`${layer.name}.weight`);
      if (!table || edge.kind !== 'ids') return;
      const width = layer.outputSize;
      for (let k = 0; k < out.length; k++) {
        table[edge.ids[Math.floor(k / width)] * width + (k % width)] += out[k];
      }
      return;
    }
    case 'linear':
      return yield* linear(layer, run, weights, out, into, parameters);
  }
}

function* linear(
  layer: LinearLayer,
  { inputs: [edge], traces: [trace] }: LayerRun,
  weights: Weights,
  out: Float64Array,
  into: Float64Array | undefined,
  parameters: ParameterGradients,
): Work<void> {
  const units = layer.outputSize;
  const da = throughActivation(layer.activation, signalValues(trace, 'y'), units, out);
  yield da.length;
  const { data } = weights.get(`${layer.name}.weight`)!;
  if (into) yield* backToInput(data, units, layer.inputSize, da, into);
  const dWeight = parameters.get(`${layer.name}.weight`);
  const dBias = parameters.get(`${layer.name}.bias`);
  if (dWeight) yield* addOuter(da, units, edge, dWeight);
  if (dBias) yield* addRows(da, units, dBias);
}

/** ∂target/∂ of the sums inside the activation, from its values y and ∂target/∂y. */
function throughActivation(
  activation: Activation,
  y: Float32Array,
  units: number,
  dy: Float64Array,
): Float64Array {
  switch (activation) {
    case 'none':
      return dy;
    case 'tanh':
      return dy.map((slope, k) => slope * (1 - y[k] * y[k]));
    case 'relu':
      return dy.map((slope, k) => (y[k] > 0 ? slope : 0));
    case 'sigmoid':
      return dy.map((slope, k) => slope * y[k] * (1 - y[k]));
    case 'softmax': {
      const da = new Float64Array(dy.length);
      for (let row = 0; row < dy.length; row += units) {
        let mean = 0;
        for (let k = row; k < row + units; k++) mean += dy[k] * y[k];
        for (let k = row; k < row + units; k++) da[k] = y[k] * (dy[k] - mean);
      }
      return da;
    }
  }
}

function* recurrent(
  layer: RecurrentLayer,
  { inputs, traces }: LayerRun,
  weights: Weights,
  out: Float64Array,
  into: Float64Array | undefined,
  parameters: ParameterGradients,
): Work<LayerGradient[]> {
  const { rows } = inputs[0];
  const units = stateSize(layer);
  const found: LayerGradient[] = [];
  let atHidden = fromOutput(layer, hiddenStates(traces, layer.levels - 1), rows, out);
  for (let level = layer.levels - 1; level >= 0; level--) {
    const edge = inputs[level];
    const dx = level > 0 ? new Float64Array(rows * edge.width) : into;
    const ofLevel = traces.filter((trace) => trace.level === level);
    const gradients: LayerGradient[] = [];
    for (const [k, trace] of ofLevel.entries()) {
      const { direction } = trace;
      const state: StateGradient = {
        h: atHidden[k],
        c: layer.type === 'lstm' ? new Float64Array(rows * layer.hiddenSize) : undefined,
      };
      const cell = cellParameters(layer, level, direction, weights);
      const gradient = makeGradient(layer, cell, trace, state);
      yield* overSteps(gradient.stages, rows, direction, 'back through time');
      const gateRows = GATES[layer.type] * layer.hiddenSize;
      if (dx) yield* backToInput(cell.weightIh, gateRows, edge.width, gradient.inputSide, dx);
      if (parameters.size > 0) yield* cellParameterGradients(layer, trace, edge, gradient, state, parameters);
      gradients.push({ layer: layer.name, level, direction, rows, ...state });
    }
    found.unshift(...gradients);
    if (level > 0) atHidden = takenApart(dx!, rows, units, layer.directions.length);
  }
  return found;
}

function makeGradient(
  layer: RecurrentLayer,
  parameters: CellParameters,
  trace: LayerTrace,
  state: StateGradient,
): CellGradient {
  const signals = Object.fromEntries(trace.signals.map(({ signal, values }) => [signal, values])) as unknown;
  switch (layer.type) {
    case 'rnn':
      return rnnGradient(layer, parameters, signals as RnnSignals, state);
    case 'lstm':
      return lstmGradient(layer, parameters, signals as LstmSignals, state);
    case 'gru':
      return gruGradient(layer, parameters, signals as GruSignals, state);
  }
}

/** ∂target/∂h of each direction of the last level: the way back through `recurrentOutput`. */
function fromOutput(
  layer: RecurrentLayer,
  hidden: readonly Float32Array[],
  rows: number,
  out: Float64Array,
): Float64Array[] {
  const units = stateSize(layer);
  const width = layer.outputSize;
  return layer.directions.map((direction, d) => {
    const dh = new Float64Array(rows * units);
    const first = layer.returnSequences ? 0 : direction === 'forward' ? rows - 1 : 0;
    const other = layer.directions.length - 1 - d;
    const otherRow = layer.returnSequences ? 0 : layer.directions[other] === 'forward' ? rows - 1 : 0;
    for (let row = 0; row < out.length / width; row++) {
      for (let u = 0; u < units; u++) {
        const to = (first + row) * units + u;
        const concat = layer.directions.length === 1 || layer.merge === 'concat';
        const slope = out[row * width + (concat ? d * units : 0) + u];
        if (concat || layer.merge === 'sum') dh[to] = slope;
        else if (layer.merge === 'ave') dh[to] = slope / 2;
        else dh[to] = slope * hidden[other][(otherRow + row) * units + u];
      }
    }
    return dh;
  });
}

/** The way back through `concatenated`. */
function takenApart(dx: Float64Array, rows: number, units: number, directions: number): Float64Array[] {
  if (directions === 1) return [dx];
  const width = units * directions;
  return Array.from({ length: directions }, (_, d) => {
    const dh = new Float64Array(rows * units);
    for (let k = 0; k < dh.length; k++) dh[k] = dx[Math.floor(k / units) * width + d * units + (k % units)];
    return dh;
  });
}

function* cellParameterGradients(
  layer: RecurrentLayer,
  trace: LayerTrace,
  edge: Edge,
  { inputSide, hiddenSide }: CellGradient,
  state: StateGradient,
  parameters: ParameterGradients,
): Work<void> {
  const gateRows = GATES[layer.type] * layer.hiddenSize;
  const of = (name: string) => parameters.get(`${layer.name}.${name}${suffix(trace.level, trace.direction)}`);
  const [dIh, dHh, dHr] = [of('weight_ih'), of('weight_hh'), of('weight_hr')];
  const [dBiasIh, dBiasHh] = [of('bias_ih'), of('bias_hh')];
  if (dIh) yield* addOuter(inputSide, gateRows, edge, dIh);
  if (dHh) yield* hiddenWeightGradient(layer, trace, hiddenSide, dHh);
  if (dBiasIh) yield* addRows(inputSide, gateRows, dBiasIh);
  if (dBiasHh) yield* addRows(hiddenSide, gateRows, dBiasHh);
  if (dHr) yield* addOuter(state.h, stateSize(layer), unprojected(layer, trace), dHr);
}

/** dW_hh += Σ_t ∂a_t ⊗ h_{t−1}; the rows of n, where the reset comes before, read r_t ∘ h_{t−1}. */
function* hiddenWeightGradient(
  layer: RecurrentLayer,
  trace: LayerTrace,
  hiddenSide: Float64Array,
  dHh: Float64Array,
): Work<void> {
  const H = layer.hiddenSize;
  const gateRows = GATES[layer.type] * H;
  const before = statesBefore(layer, trace);
  if (layer.type !== 'gru' || layer.resetAfter) return yield* addOuter(hiddenSide, gateRows, before, dHh);
  const r = signalValues(trace, 'r');
  const reset: DenseEdge = { ...before, values: before.values.map((value, k) => value * r[k]) };
  yield* addOuter(columns(hiddenSide, gateRows, 0, 2 * H), 2 * H, before, dHh.subarray(0, 2 * H * H));
  yield* addOuter(columns(hiddenSide, gateRows, 2 * H, 3 * H), H, reset, dHh.subarray(2 * H * H));
}

/** h_{t−1} against step t. */
function statesBefore(layer: RecurrentLayer, trace: LayerTrace): DenseEdge {
  const width = stateSize(layer);
  const h = signalValues(trace, 'h');
  const rows = h.length / width;
  const values = new Float32Array(h.length);
  for (let step = 0; step < rows; step++) {
    const previous = previousStep(step, rows, trace.direction);
    if (previous >= 0) values.set(h.subarray(previous * width, (previous + 1) * width), step * width);
  }
  return { kind: 'dense', rows, width, values };
}

/** o ∘ tanh(c), what a projection reads. */
function unprojected(layer: RecurrentLayer, trace: LayerTrace): DenseEdge {
  const o = signalValues(trace, 'o');
  const values = signalValues(trace, 'c').map((c, k) => o[k] * Math.tanh(c));
  return { kind: 'dense', rows: values.length / layer.hiddenSize, width: layer.hiddenSize, values };
}

function columns(matrix: Float64Array, width: number, from: number, to: number): Float64Array {
  const units = to - from;
  const part = new Float64Array((matrix.length / width) * units);
  for (let k = 0; k < part.length; k++) part[k] = matrix[Math.floor(k / units) * width + from + (k % units)];
  return part;
}
