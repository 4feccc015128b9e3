/** The backward pass: from the gradient at the output to every state, input and, if wanted, parameter. */
import {
  type Direction,
  type FinalStateLayer,
  INPUT,
  type JoinedRows,
  type Layer,
  type LinearLayer,
  type Network,
  type RecurrentLayer,
  cellActivations,
  isRecurrent,
  isStandardCell,
  stateSize,
} from '../model/network';
import type { NormPart } from '../model/parameterKinds';
import { GATES } from '../model/parameters';
import { notRun } from '../model/partial';
import { addressKey, handedTo, rowOf } from '../model/states';
import { rowsAfter } from '../model/time';
import type { Weights } from '../model/weights';
import { unitFunction } from './activations';
import { reference } from './arithmetic';
import { type CellParameters, type CellState, type Stage, cellParameters, suffix } from './cells/cell';
import { generalGradient } from './cells/general/gradient';
import { Normaliser } from './cells/general/norm';
import { type Held, cutting, gradientBefore, zerosLike } from './cells/general/stage';
import type { CellGradient, InitialGradient, StateGradient } from './cells/gradient';
import type { GruSignals } from './cells/gru';
import { gruGradient } from './cells/gruGradient';
import type { LstmSignals } from './cells/lstm';
import { lstmGradient } from './cells/lstmGradient';
import type { RnnSignals } from './cells/rnn';
import { rnnGradient } from './cells/rnnGradient';
import { type Clamp, clampsOf, heldPlaces, heldState } from './clamps';
import { type DenseEdge, type Edge, dense, turnedRound, writtenOut } from './edge';
import { type LayerRun, hiddenStates, signalValues } from './edges';
import { initialState, stateless } from './forward';
import { backToRows, lastRowOf } from './handed';
import { overSteps, previousStep } from './loop';
import { throughActivation } from './operations/activation';
import { operation } from './operations/all';
import { project } from './product';
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
  /** What was held fixed in the run: nothing flows on from there to what would have given it. */
  readonly clamps?: readonly Clamp[];
  /** Of the sequence; needed where there are clamps. */
  readonly steps?: number;
}

/** `atOutput` is ∂target/∂output, rows × units; initial states are those that the layers declare. */
export function* backward(
  network: Network,
  weights: Weights,
  runs: readonly LayerRun[],
  atOutput: Float64Array,
  { input = false, parameters = new Map(), clamps = [], steps = 0 }: BackwardOptions,
): Work<Backward> {
  const last = network.layers[network.layers.length - 1];
  const edges = new Map([[last.name, atOutput]]);
  const layers: LayerGradient[] = [];
  const initial = new InitialStateGradients(weights, runs, clamps);
  for (let k = network.layers.length - 1; k >= 0; k--) {
    const layer = network.layers[k];
    const run = runs[k];
    const out = edges.get(layer.name) ?? (initial.reaches(layer) ? nothing(layer, run) : undefined);
    if (!out) continue;
    initial.addToOutput(layer, out);
    const into = layer.inputs.map((source, at) =>
      source === INPUT && !input ? undefined : gradientOf(edges, source, run.inputs[at]),
    );
    const held = heldIn(clamps, steps);
    if (isRecurrent(layer)) {
      layers.unshift(...(yield* recurrent(layer, run, weights, out, into[0], parameters, initial, held)));
      continue;
    }
    const places = layer.type === 'input' ? undefined : held(run.traces[0]).y;
    const free = freeOf(out, places);
    if (layer.type === 'final_state') {
      initial.handBack(rowOf(layer), free);
    } else {
      const given = places ? yield* unheld(layer, run, weights, runs) : run;
      yield* pointwise(layer, given, weights, free, into, parameters);
    }
  }
  return { layers, edges };
}

/** Where the signals of a level and direction are held. */
function heldIn(clamps: readonly Clamp[], steps: number): (trace: LayerTrace) => Held {
  return (trace) => {
    const own = clampsOf(clamps, trace);
    if (own.length === 0) return {};
    return Object.fromEntries(trace.signals.map((one) => [one.signal, heldPlaces(own, one, steps)]));
  };
}

/** Without the slopes of values that are held. */
function freeOf(slopes: Float64Array, held: Uint8Array | undefined): Float64Array {
  return held ? slopes.map((slope, k) => (held[k] ? 0 : slope)) : slopes;
}

/** The run of a layer with the output that it would have had, whose slopes it takes. */
function* unheld(
  layer: Exclude<Layer, RecurrentLayer>,
  run: LayerRun,
  weights: Weights,
  runs: readonly LayerRun[],
): Work<LayerRun> {
  if (layer.type === 'input') return run;
  const traces = runs.flatMap((one) => one.traces);
  const edge = yield* stateless(layer, run.inputs, weights, reference(weights), [], traces);
  const [{ signals, ...trace }] = run.traces;
  return { ...run, traces: [{ ...trace, signals: [{ ...signals[0], values: writtenOut(edge) }] }] };
}

/** What flows into initial states, and on to the tensor or the rows that they come from. */
class InitialStateGradients {
  /** By signal: ∂target/∂ of its last row, along the paths through initial states. */
  private readonly atLast = new Map<string, Float64Array>();
  private readonly reached = new Set<string>();
  private readonly traces: readonly LayerTrace[];

  constructor(
    private readonly weights: Weights,
    runs: readonly LayerRun[],
    private readonly clamps: readonly Clamp[],
  ) {
    this.traces = runs.flatMap(({ traces }) => traces);
  }

  stateOf(layer: RecurrentLayer, level: number, direction: Direction): CellState {
    const own = clampsOf(this.clamps, { layer: layer.name, level, direction });
    return heldState(initialState(layer, level, direction, this.weights, this.traces), own);
  }

  /** Whether a later layer begins with what this one ends in. */
  reaches({ name }: Layer): boolean {
    return this.reached.has(name);
  }

  keep(
    layer: RecurrentLayer,
    level: number,
    direction: Direction,
    atInitial: InitialGradient,
    parameters: ParameterGradients,
  ): void {
    this.release(layer, level, direction, atInitial);
    if (layer.initialState?.kind === 'learned') {
      const of = (name: string) => parameters.get(`${layer.name}.${name}${suffix(level, direction)}`);
      add(of('h0'), atInitial.h);
      add(of('c0'), atInitial.c);
    }
    const { h, c } = handedTo(layer, level, direction);
    if (h) this.handBack(h, atInitial.h);
    if (c) this.handBack(c, atInitial.c);
  }

  /** What is held before the first step comes from nowhere. */
  private release(
    layer: RecurrentLayer,
    level: number,
    direction: Direction,
    { h, c }: InitialGradient,
  ): void {
    const own = clampsOf(this.clamps, { layer: layer.name, level, direction });
    for (const [signal, gradient] of Object.entries({ h0: h, c0: c })) {
      const values = new Float32Array(gradient.length);
      const places = heldPlaces(own, { signal, units: values.length, rows: 1, values }, 1);
      places?.forEach((place, u) => place && (gradient[u] = 0));
    }
  }

  /** Adds what came back to the final state of a level and direction. */
  addTo({ h, c }: StateGradient, { layer, level, direction }: LayerTrace, rows: number): void {
    const row = lastRowOf(direction, rows);
    for (const [signal, gradient] of Object.entries({ h, c })) {
      const found = this.atLast.get(addressKey({ layer, level, direction, signal }));
      if (found) add(gradient?.subarray(row * found.length), found);
    }
  }

  /** Adds what came back to the last row of a layer without state. */
  addToOutput({ name }: Layer, out: Float64Array): void {
    const found = this.atLast.get(addressKey({ layer: name, level: 0, direction: 'forward', signal: 'y' }));
    if (found) add(out.subarray(out.length - found.length), found);
  }

  /** Adds what came back to rows that were put together to where each of them comes from. */
  handBack(rows: JoinedRows, slopes: Float64Array): void {
    for (const [k, slope] of backToRows(rows, this.traces, slopes).entries()) {
      const key = addressKey(rows.of[k]);
      const known = this.atLast.get(key) ?? new Float64Array(slope.length);
      add(known, slope);
      this.atLast.set(key, known);
      this.reached.add(rows.of[k].layer);
    }
  }
}

function add(to: Float64Array | undefined, values: Float64Array): void {
  if (to) for (let k = 0; k < values.length; k++) to[k] += values[k];
}

/** The gradient at the output of a layer whose states alone are used. */
function nothing(layer: Layer, { inputs: [edge] }: LayerRun): Float64Array {
  return new Float64Array(rowsAfter(layer, edge.rows) * layer.outputSize);
}

/** A layer that feeds several others collects from all of them. */
function gradientOf(edges: Map<string, Float64Array>, name: string, edge: Edge): Float64Array {
  const found = edges.get(name) ?? new Float64Array(edge.rows * edge.width);
  edges.set(name, found);
  return found;
}

function* pointwise(
  layer: Exclude<Layer, RecurrentLayer | FinalStateLayer>,
  run: LayerRun,
  weights: Weights,
  out: Float64Array,
  intoAll: readonly (Float64Array | undefined)[],
  parameters: ParameterGradients,
): Work<void> {
  const [edge] = run.inputs;
  const [into] = intoAll;
  switch (layer.type) {
    case 'input':
      return;
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
    case 'not_run':
      throw new RangeError(notRun(layer));
    default: {
      const y = signalValues(run.traces[0], 'y');
      const parameter = (name: string) => parameters.get(`${layer.name}.${name}`);
      yield* operation(layer, run.inputs.map(dense), weights).backward(y, out, intoAll, parameter);
    }
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

function* recurrent(
  layer: RecurrentLayer,
  { inputs, traces }: LayerRun,
  weights: Weights,
  out: Float64Array,
  into: Float64Array | undefined,
  parameters: ParameterGradients,
  initial: InitialStateGradients,
  heldIn: (trace: LayerTrace) => Held,
): Work<LayerGradient[]> {
  const { rows } = inputs[0];
  const units = stateSize(layer);
  const found: LayerGradient[] = [];
  const turned = layer.reverseOutput && layer.returnSequences;
  let atHidden = fromOutput(
    layer,
    hiddenStates(traces, layer.levels - 1),
    rows,
    unmasked(layer, turned ? turnedRound(out, rows) : out, inputs[0].mask),
  );
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
      initial.addTo(state, trace, rows);
      const cell = cellParameters(layer, level, direction, weights);
      const before = initial.stateOf(layer, level, direction);
      const atInitial = zerosLike(before);
      const products = yield* inputProducts(layer, cell, edge);
      const held = heldIn(trace);
      const gradient = makeGradient(layer, cell, trace, state, before, atInitial, products, edge.mask, held);
      yield* overSteps(gradient.stages, rows, direction, 'back through time');
      const gateRows = GATES[layer.type] * layer.hiddenSize;
      if (dx) yield* backToInput(cell.weightIh, gateRows, edge.width, gradient.inputSide, dx);
      if (parameters.size > 0) {
        const free = { ...state, h: freeOf(state.h, held.h) };
        yield* cellParameterGradients(layer, cell, trace, edge, gradient, free, before, parameters);
      }
      initial.keep(layer, level, direction, atInitial, parameters);
      gradients.push({ layer: layer.name, level, direction, rows, ...state });
    }
    found.unshift(...gradients);
    if (level > 0) atHidden = takenApart(dx!, rows, units, layer.directions.length);
  }
  return found;
}

/** W_ih x_t, steps × G·H, of a cell that normalises it; of others, which do not need it, nothing. */
function* inputProducts(layer: RecurrentLayer, { weightIh }: CellParameters, edge: Edge): Work<Float32Array> {
  if (!layer.layerNorm) return new Float32Array(0);
  const gateRows = GATES[layer.type] * layer.hiddenSize;
  const products = new Float32Array(edge.rows * gateRows);
  yield* project(edge, weightIh, 0, gateRows, new Float32Array(gateRows), products);
  return products;
}

function makeGradient(
  layer: RecurrentLayer,
  parameters: CellParameters,
  trace: LayerTrace,
  state: StateGradient,
  before: CellState,
  atInitial: InitialGradient,
  products: Float32Array,
  mask: Uint8Array | undefined,
  held: Held,
): CellGradient {
  const signals = Object.fromEntries(trace.signals.map(({ signal, values }) => [signal, values])) as unknown;
  const given = layer.initialState !== undefined || [before.h, before.c ?? []].some(isAnyNonzero);
  if (!isStandardCell(layer) || given || mask || Object.values(held).some(Boolean)) {
    const all = signals as LstmSignals;
    const general = generalGradient(layer, parameters, all, state, before, atInitial, products, held);
    const { cut, mend } = cutting(state.h, held.h, stateSize(layer));
    const gradient = { ...general, stages: [...cut, ...general.stages, ...mend] };
    return mask ? { ...gradient, stages: pastMasked(gradient.stages, state, atInitial, mask) } : gradient;
  }
  switch (layer.type) {
    case 'rnn':
      return rnnGradient(layer, parameters, signals as RnnSignals, state);
    case 'lstm':
      return lstmGradient(layer, parameters, signals as LstmSignals, state);
    case 'gru':
      return gruGradient(layer, parameters, signals as GruSignals, state);
  }
}

function isAnyNonzero(values: ArrayLike<number>): boolean {
  return Array.prototype.some.call(values, (value) => value !== 0);
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

/** Where zeros are passed on at masked steps, nothing comes back from there. */
function unmasked(layer: RecurrentLayer, out: Float64Array, mask: Uint8Array | undefined): Float64Array {
  if (!mask || layer.masked !== 'zeros' || !layer.returnSequences) return out;
  return out.map((value, k) => (mask[Math.floor(k / layer.outputSize)] ? value : 0));
}

/** At a masked step the gradient of the state goes to the step before as it is. */
function pastMasked(
  stages: readonly Stage[],
  { h, c }: StateGradient,
  atInitial: InitialGradient,
  mask: Uint8Array,
): Stage[] {
  const pass = (states: Float64Array, initial: Float64Array, step: number, previous: number) => {
    const width = states.length / mask.length;
    const before = gradientBefore(states, initial, previous, width);
    add(before, states.subarray(step * width, (step + 1) * width));
  };
  return stages.map((stage, k) => ({
    ...stage,
    compute(step, previous, from, to) {
      if (mask[step]) return stage.compute(step, previous, from, to);
      if (k > 0 || from > 0) return;
      pass(h, atInitial.h, step, previous);
      if (c) pass(c, atInitial.c, step, previous);
    },
  }));
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
  cell: CellParameters,
  trace: LayerTrace,
  edge: Edge,
  { inputSide, hiddenSide, biases = { input: inputSide, hidden: hiddenSide }, norms = {} }: CellGradient,
  state: StateGradient,
  before: CellState,
  parameters: ParameterGradients,
): Work<void> {
  const gateRows = GATES[layer.type] * layer.hiddenSize;
  const of = (name: string) => parameters.get(`${layer.name}.${name}${suffix(trace.level, trace.direction)}`);
  const [dIh, dHh, dHr] = [of('weight_ih'), of('weight_hh'), of('weight_hr')];
  const [dBiasIh, dBiasHh] = [of('bias_ih'), of('bias_hh')];
  if (dIh) yield* addOuter(inputSide, gateRows, edge, dIh);
  if (dHh) yield* hiddenWeightGradient(layer, trace, hiddenSide, before, dHh);
  if (dBiasIh) yield* addRows(biases.input, gateRows, dBiasIh);
  if (dBiasHh) yield* addRows(biases.hidden, gateRows, dBiasHh);
  if (dHr) yield* addOuter(state.h, stateSize(layer), unprojected(layer, cell, trace), dHr);
  for (const part of Object.keys(norms) as NormPart[]) {
    add(of(`norm_${part}_weight`), norms[part]!.weight);
    add(of(`norm_${part}_bias`), norms[part]!.bias);
  }
  if (layer.type === 'lstm' && layer.peepholes) {
    const H = layer.hiddenSize;
    const memory = signalValues(trace, 'c');
    const earlier = rowsBefore(memory, before.c, H, trace.direction);
    for (const [name, gate, seen] of [
      ['peephole_i', 0, earlier],
      ['peephole_f', 1, earlier],
      ['peephole_o', 3, memory],
    ] as const) {
      const slope = of(name);
      const side = columns(biases.input, gateRows, gate * H, (gate + 1) * H);
      if (slope) for (let k = 0; k < side.length; k++) slope[k % H] += side[k] * seen[k];
    }
    yield 3 * memory.length;
  }
}

/** dW_hh += Σ_t ∂a_t ⊗ h_{t−1}; the rows of n, where the reset comes before, read r_t ∘ h_{t−1}. */
function* hiddenWeightGradient(
  layer: RecurrentLayer,
  trace: LayerTrace,
  hiddenSide: Float64Array,
  initial: CellState,
  dHh: Float64Array,
): Work<void> {
  const H = layer.hiddenSize;
  const gateRows = GATES[layer.type] * H;
  const before = statesBefore(layer, trace, initial);
  if (layer.type !== 'gru' || layer.resetAfter) return yield* addOuter(hiddenSide, gateRows, before, dHh);
  const r = signalValues(trace, 'r');
  const reset: DenseEdge = { ...before, values: before.values.map((value, k) => value * r[k]) };
  yield* addOuter(columns(hiddenSide, gateRows, 0, 2 * H), 2 * H, before, dHh.subarray(0, 2 * H * H));
  yield* addOuter(columns(hiddenSide, gateRows, 2 * H, 3 * H), H, reset, dHh.subarray(2 * H * H));
}

/** h_{t−1} against step t. */
function statesBefore(layer: RecurrentLayer, trace: LayerTrace, initial: CellState): DenseEdge {
  const width = stateSize(layer);
  const values = rowsBefore(signalValues(trace, 'h'), initial.h, width, trace.direction);
  return { kind: 'dense', rows: values.length / width, width, values };
}

/** The row of step t − 1 (t + 1 going backward) against step t; the initial one where there is none. */
function rowsBefore(
  states: Float32Array,
  initial: Float32Array | undefined,
  width: number,
  direction: Direction,
): Float32Array {
  const rows = states.length / width;
  const values = new Float32Array(states.length);
  for (let step = 0; step < rows; step++) {
    const previous = previousStep(step, rows, direction);
    const row = previous < 0 ? initial : states.subarray(previous * width, (previous + 1) * width);
    if (row) values.set(row, step * width);
  }
  return values;
}

/** o ∘ η(c), or o ∘ η(N(c)): what a projection reads. */
function unprojected(layer: RecurrentLayer, { norms }: CellParameters, trace: LayerTrace): DenseEdge {
  const width = layer.hiddenSize;
  const o = signalValues(trace, 'o');
  const c = signalValues(trace, 'c');
  const eta = unitFunction(layer.type === 'lstm' ? cellActivations(layer).output : 'none');
  if (layer.type !== 'lstm' || layer.layerNorm?.cell !== 'output') {
    return { kind: 'dense', rows: c.length / width, width, values: c.map((one, k) => o[k] * eta(one)) };
  }
  const norm = new Normaliser(norms.c!, layer.layerNorm.epsilon);
  const values = new Float32Array(c.length);
  for (let row = 0; row < c.length; row += width) {
    norm.measure((u) => c[row + u]);
    for (let u = 0; u < width; u++) values[row + u] = o[row + u] * eta(norm.value(u));
  }
  return { kind: 'dense', rows: c.length / width, width, values };
}

function columns(matrix: Float64Array, width: number, from: number, to: number): Float64Array {
  const units = to - from;
  const part = new Float64Array((matrix.length / width) * units);
  for (let k = 0; k < part.length; k++) part[k] = matrix[Math.floor(k / units) * width + from + (k % units)];
  return part;
}
