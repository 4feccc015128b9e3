/** The forward pass: layer by layer, level by level, each direction's steps in its own order. */
import {
  INPUT,
  type Direction,
  type EmbeddingLayer,
  type InputLayer,
  type Layer,
  type LinearLayer,
  type Network,
  type RecurrentLayer,
  SIGNALS,
  isRecurrent,
  stateSize,
} from '../model/network';
import type { Sequence } from '../model/samples';
import { notRun } from '../model/partial';
import { handedTo, rowOf } from '../model/states';
import { signalUnits } from '../model/signals';
import { rowsAfter } from '../model/time';
import type { Weights } from '../model/weights';
import { say } from '../words/say';
import { type Arithmetic, reference } from './arithmetic';
import { type CellState, type InitialStates, stateKey, suffix } from './cells/cell';
import { type Clamp, clampsOf, heldInput, heldState, hold } from './clamps';
import {
  type Edge,
  type RowFacts,
  concatenated,
  dense,
  furtherEdge,
  inputEdge,
  recurrentOutput,
  writtenOut,
} from './edge';
import { factsAfter, readBy } from './facts';
import { joinedRows } from './handed';
import { operation } from './operations/all';
import { Room } from './room';
import { rowByRow, type Work } from './slices';
import type { LayerTrace, SignalTrace, Trace } from './trace';

export interface ForwardOptions {
  readonly initial?: InitialStates;
  readonly arithmetic?: Arithmetic;
  readonly clamps?: readonly Clamp[];
  /** Where the signals of recurrent layers are to stand. */
  readonly room?: Room;
}

export function* forward(
  network: Network,
  weights: Weights,
  sequence: Sequence,
  {
    initial = new Map(),
    arithmetic = reference(weights),
    clamps = [],
    room = new Room(),
  }: ForwardOptions = {},
): Work<Trace> {
  const own = clamps.filter(({ layer }) => layer === INPUT);
  const edges = new Map<string, Edge>([[INPUT, heldInput(inputEdge(network.input, sequence), own)]]);
  const traces: LayerTrace[] = [];
  const { steps } = sequence;
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => edges.get(name)!);
    const facts = factsAfter(layer, inputs);
    const ofLayer = clamps.filter((clamp) => clamp.layer === layer.name);
    const result = isRecurrent(layer)
      ? yield* recurrent(
          layer,
          readBy(layer, inputs[0]),
          arithmetic,
          (level, direction) => {
            const given = initial.get(stateKey(layer.name, level, direction));
            return given ?? initialState(layer, level, direction, weights, traces);
          },
          { clamps: ofLayer, room },
        )
      : layer.type === 'input'
        ? further(layer, sequence, facts, ofLayer)
        : yield* pointwise(layer, inputs, facts, { weights, arithmetic, traces, clamps: ofLayer, steps });
    edges.set(layer.name, { ...result.edge, ...facts });
    traces.push(...result.traces);
  }
  const last = network.layers[network.layers.length - 1];
  const edge = edges.get(last.name)!;
  const { rows, time } = edge;
  const output = {
    ...{ signal: 'y', units: last.outputSize, rows, values: writtenOut(edge) },
    ...(time && { time }),
  };
  return { steps: sequence.steps, layers: traces, output };
}

interface LayerResult {
  readonly edge: Edge;
  readonly traces: readonly LayerTrace[];
}

/** A further input: its features, or its tokens' ids. */
function further(
  layer: InputLayer,
  sequence: Sequence,
  { time }: RowFacts,
  clamps: readonly Clamp[],
): LayerResult {
  const edge = heldInput(furtherEdge(layer, sequence), clamps);
  const signal: SignalTrace = {
    ...{ signal: 'x', units: signalUnits(layer, 'x'), rows: edge.rows },
    values: edge.kind === 'ids' ? Float32Array.from(edge.ids) : edge.values,
    ...(time && { time }),
  };
  return {
    edge,
    traces: [{ layer: layer.name, type: 'input', level: 0, direction: 'forward', signals: [signal] }],
  };
}

/** What a layer without state needs of the pass beside its inputs; `traces` are those of the layers before it. */
interface StatelessPass {
  readonly weights: Weights;
  readonly arithmetic: Arithmetic;
  readonly clamps: readonly Clamp[];
  readonly traces: readonly LayerTrace[];
}

/** Layers without state. */
function* pointwise(
  layer: Exclude<Layer, RecurrentLayer | InputLayer>,
  inputs: readonly Edge[],
  { time }: RowFacts,
  pass: StatelessPass & { readonly steps: number },
): Work<LayerResult> {
  const edge = yield* stateless(layer, inputs, pass);
  const signal: SignalTrace = {
    signal: 'y',
    units: layer.outputSize,
    rows: edge.rows,
    values: writtenOut(edge),
    ...(time && { time }),
  };
  hold(pass.clamps, signal, pass.steps);
  return {
    edge,
    traces: [{ layer: layer.name, type: layer.type, level: 0, direction: 'forward', signals: [signal] }],
  };
}

/** What a layer without state gives, before any of it is held. */
export function* stateless(
  layer: Exclude<Layer, RecurrentLayer | InputLayer>,
  inputs: readonly Edge[],
  { weights, arithmetic, clamps, traces }: StatelessPass,
): Work<Edge> {
  const [input] = inputs;
  switch (layer.type) {
    case 'final_state':
      return { kind: 'dense', rows: 1, width: layer.outputSize, values: joinedRows(rowOf(layer), traces) };
    case 'dropout':
      return passedOn(input, clamps);
    case 'embedding':
      return yield* embedding(layer, input, weights);
    case 'linear':
      return yield* linear(layer, input, arithmetic);
    case 'not_run':
      throw new RangeError(notRun(layer));
    default: {
      const rows = rowsAfter(layer, input.rows);
      const values = new Float32Array(rows * layer.outputSize);
      yield* operation(layer, inputs.map(dense), weights).forward(values);
      return { kind: 'dense', rows, width: layer.outputSize, values };
    }
  }
}

/** y_t = row id_t of the table. */
function* embedding(layer: EmbeddingLayer, input: Edge, weights: Weights): Work<Edge> {
  if (input.kind !== 'ids') throw new TypeError(say`${layer.name}: an embedding needs token ids`);
  const table = weights.get(`${layer.name}.weight`)!.data;
  const width = layer.outputSize;
  const values = new Float32Array(input.rows * width);
  const { ids } = input;
  yield* rowByRow(input.rows, width, (row) => {
    values.set(table.subarray(ids[row] * width, (ids[row] + 1) * width), row * width);
  });
  return { kind: 'dense', rows: input.rows, width, values };
}

function* linear(layer: LinearLayer, input: Edge, arithmetic: Arithmetic): Work<Edge> {
  const { rows } = input;
  const values = new Float32Array(rows * layer.outputSize);
  yield* arithmetic.linear(layer, input, values);
  return { kind: 'dense', rows, width: layer.outputSize, values };
}

function* recurrent(
  layer: RecurrentLayer,
  input: Edge,
  arithmetic: Arithmetic,
  initial: (level: number, direction: Direction) => CellState,
  { clamps, room }: { readonly clamps: readonly Clamp[]; readonly room: Room },
): Work<LayerResult> {
  const traces: LayerTrace[] = [];
  let edge = input;
  for (let level = 0; level < layer.levels; level++) {
    const hidden: Float32Array[] = [];
    for (const direction of layer.directions) {
      const signals = emptySignals(layer, edge, room);
      const held = clampsOf(clamps, { layer: layer.name, level, direction });
      yield* arithmetic.cell({
        ...{ layer, level, direction, input: edge, signals, clamps: held },
        initial: heldState(initial(level, direction), held),
      });
      traces.push({ layer: layer.name, type: layer.type, level, direction, signals });
      hidden.push(signals[signals.length - 1].values);
    }
    edge =
      level < layer.levels - 1
        ? { ...edge, ...(yield* concatenated(hidden, edge.rows, stateSize(layer))) }
        : yield* recurrentOutput(layer, hidden, edge.rows, edge.mask);
  }
  return { edge, traces };
}

/** Signals side by side in one buffer: of small ones making a buffer each would take longer than filling it. */
function emptySignals(layer: RecurrentLayer, { rows, time }: Edge, room: Room): SignalTrace[] {
  const signals = SIGNALS[layer.type].map((signal) => ({ signal, units: signalUnits(layer, signal) }));
  const all = room.take(signals.reduce((sum, { units }) => sum + rows * units, 0));
  let next = 0;
  return signals.map(({ signal, units }) => {
    const first = next;
    next += rows * units;
    return { signal, units, rows, values: all.subarray(first, next), ...(time && { time }) };
  });
}

/** Dropout hands on what it reads, except where it is clamped. */
function passedOn(input: Edge, clamps: readonly Clamp[]): Edge {
  if (clamps.length === 0) return input;
  return { kind: 'dense', rows: input.rows, width: input.width, values: writtenOut(input).slice() };
}

/** The state before the first step, as the layer declares it; `traces` are those of the layers before it. */
export function initialState(
  layer: RecurrentLayer,
  level: number,
  direction: Direction,
  weights: Weights,
  traces: readonly LayerTrace[],
): CellState {
  if (layer.initialState?.kind === 'learned') {
    const tensor = (name: string) => weights.get(`${layer.name}.${name}${suffix(level, direction)}`)?.data;
    return { h: tensor('h0')!, c: tensor('c0') };
  }
  const { h, c } = handedTo(layer, level, direction);
  const zeros = zeroState(layer);
  return { h: h ? joinedRows(h, traces) : zeros.h, c: c ? joinedRows(c, traces) : zeros.c };
}

function zeroState(layer: RecurrentLayer): CellState {
  return { h: new Float32Array(stateSize(layer)), c: new Float32Array(layer.hiddenSize) };
}
