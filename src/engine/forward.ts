/** The forward pass: layer by layer, level by level, each direction's steps in its own order. */
import {
  type Direction,
  INPUT,
  type EmbeddingLayer,
  type Layer,
  type LinearLayer,
  type Network,
  type RecurrentLayer,
  SIGNALS,
  isRecurrent,
  stateSize,
} from '../model/network';
import type { Sequence } from '../model/samples';
import type { Weights } from '../model/weights';
import { activate } from './activations';
import {
  type Cell,
  type CellParameters,
  type CellState,
  EXPONENTIAL,
  cellParameters,
  suffix,
} from './cells/cell';
import { type GruSignals, gruCell } from './cells/gru';
import { type LstmSignals, lstmCell } from './cells/lstm';
import { type RnnSignals, rnnCell } from './cells/rnn';
import { type Edge, concatenated, inputEdge, recurrentOutput, writtenOut } from './edge';
import { overSteps } from './loop';
import { signalUnits } from './plan';
import { project } from './product';
import { PIECE, type Work } from './slices';
import type { LayerTrace, SignalTrace, Trace } from './trace';

/** States before the first step, by `stateKey`; a missing one is zeros. */
export type InitialStates = ReadonlyMap<string, CellState>;

/** `lstm_l0`, `lstm_l1_reverse`: names the state of one layer, level and direction. */
export function stateKey(layer: string, level: number, direction: Direction): string {
  return layer + suffix(level, direction);
}

export function* forward(
  network: Network,
  weights: Weights,
  sequence: Sequence,
  initial: InitialStates = new Map(),
): Work<Trace> {
  const edges = new Map<string, Edge>([[INPUT, inputEdge(network.input, sequence)]]);
  const traces: LayerTrace[] = [];
  for (const layer of network.layers) {
    const input = edges.get(layer.inputs[0])!;
    const result = isRecurrent(layer)
      ? yield* recurrent(layer, input, weights, initial)
      : yield* pointwise(layer, input, weights);
    edges.set(layer.name, result.edge);
    traces.push(...result.traces);
  }
  const last = network.layers[network.layers.length - 1];
  const edge = edges.get(last.name)!;
  const output = { signal: 'y', units: last.outputSize, rows: edge.rows, values: writtenOut(edge) };
  return { steps: sequence.steps, layers: traces, output };
}

interface LayerResult {
  readonly edge: Edge;
  readonly traces: readonly LayerTrace[];
}

/** Layers that know no time. */
function* pointwise(layer: Exclude<Layer, RecurrentLayer>, input: Edge, weights: Weights): Work<LayerResult> {
  const edge =
    layer.type === 'dropout'
      ? input
      : layer.type === 'embedding'
        ? yield* embedding(layer, input, weights)
        : yield* linear(layer, input, weights);
  const signal: SignalTrace = {
    signal: 'y',
    units: layer.outputSize,
    rows: edge.rows,
    values: writtenOut(edge),
  };
  return {
    edge,
    traces: [{ layer: layer.name, type: layer.type, level: 0, direction: 'forward', signals: [signal] }],
  };
}

/** y_t = row id_t of the table. */
function* embedding(layer: EmbeddingLayer, input: Edge, weights: Weights): Work<Edge> {
  if (input.kind !== 'ids') throw new TypeError(`${layer.name}: an embedding needs token ids`);
  const table = weights.get(`${layer.name}.weight`)!.data;
  const width = layer.outputSize;
  const values = new Float32Array(input.rows * width);
  let cost = 0;
  for (let row = 0; row < input.rows; row++) {
    const from = input.ids[row] * width;
    values.set(table.subarray(from, from + width), row * width);
    cost += width;
    if (cost >= PIECE) {
      yield cost;
      cost = 0;
    }
  }
  yield cost;
  return { kind: 'dense', rows: input.rows, width, values };
}

/** y_t = activation(W x_t + b), at every step. */
function* linear(layer: LinearLayer, input: Edge, weights: Weights): Work<Edge> {
  const width = layer.outputSize;
  const values = new Float32Array(input.rows * width);
  const bias = weights.get(`${layer.name}.bias`)?.data ?? new Float32Array(width);
  yield* project(input, weights.get(`${layer.name}.weight`)!.data, 0, width, bias, values);
  if (layer.activation !== 'none') {
    const rowsAtOnce = Math.max(1, Math.floor(PIECE / EXPONENTIAL / width));
    for (let row = 0; row < input.rows; row++) {
      activate(layer.activation, values, row * width, width);
      if (row % rowsAtOnce === rowsAtOnce - 1) yield 0;
    }
  }
  return { kind: 'dense', rows: input.rows, width, values };
}

function* recurrent(
  layer: RecurrentLayer,
  input: Edge,
  weights: Weights,
  initial: InitialStates,
): Work<LayerResult> {
  const traces: LayerTrace[] = [];
  let edge = input;
  for (let level = 0; level < layer.levels; level++) {
    const hidden: Float32Array[] = [];
    for (const direction of layer.directions) {
      const signals = emptySignals(layer, edge.rows);
      const parameters = cellParameters(layer, level, direction, weights);
      const state = initial.get(stateKey(layer.name, level, direction)) ?? zeroState(layer);
      const cell = makeCell(layer, parameters, signals, state);
      yield* steps(cell, edge, parameters, layer.hiddenSize, direction);
      traces.push({ layer: layer.name, type: layer.type, level, direction, signals });
      hidden.push(signals[signals.length - 1].values);
    }
    edge =
      level < layer.levels - 1
        ? yield* concatenated(hidden, edge.rows, stateSize(layer))
        : yield* recurrentOutput(layer, hidden, edge.rows);
  }
  return { edge, traces };
}

/** All steps of one level and direction. Takes no memory: the input projection goes where the gates will stand. */
function* steps(
  cell: Cell,
  input: Edge,
  parameters: CellParameters,
  units: number,
  direction: Direction,
): Work<void> {
  for (let gate = 0; gate < cell.gates.length; gate++) {
    yield* project(input, parameters.weightIh, gate * units, units, cell.inputBias, cell.gates[gate]);
  }
  yield* overSteps(cell.stages, input.rows, direction, 'through time');
}

function makeCell(
  layer: RecurrentLayer,
  parameters: CellParameters,
  signals: readonly SignalTrace[],
  initial: CellState,
): Cell {
  const byName = Object.fromEntries(signals.map(({ signal, values }) => [signal, values])) as unknown;
  switch (layer.type) {
    case 'rnn':
      return rnnCell(layer, parameters, byName as RnnSignals, initial);
    case 'lstm':
      return lstmCell(layer, parameters, byName as LstmSignals, initial);
    case 'gru':
      return gruCell(layer, parameters, byName as GruSignals, initial);
  }
}

function emptySignals(layer: RecurrentLayer, rows: number): SignalTrace[] {
  return SIGNALS[layer.type].map((signal) => {
    const units = signalUnits(layer, signal);
    return { signal, units, rows, values: new Float32Array(rows * units) };
  });
}

function zeroState(layer: RecurrentLayer): CellState {
  return { h: new Float32Array(stateSize(layer)), c: new Float32Array(layer.hiddenSize) };
}
