/** The backward pass: from the gradient at the output to every state, input and, if wanted, parameter. */
import {
  type FinalStateLayer,
  INPUT,
  type Layer,
  type LinearLayer,
  type Network,
  type RecurrentLayer,
  isRecurrent,
} from '../model/network';
import { notRun } from '../model/partial';
import { rowOf } from '../model/states';
import { rowsAfter } from '../model/time';
import type { Weights } from '../model/weights';
import { exactBack, reference } from './arithmetic';
import type { ParameterGradients } from './cellParameterGradients';
import type { Held } from './cells/general/stage';
import type { BackProducts } from './cells/equations';
import type { InitialGradient } from './cells/gradient';
import { type Clamp, clampsOf, heldPlaces } from './clamps';
import { type Edge, dense, writtenOut } from './edge';
import { type LayerRun, signalValues } from './edges';
import { stateless } from './forward';
import { type Carried, InitialStateGradients } from './initialGradients';
import { throughActivation } from './operations/activation';
import { operation } from './operations/all';
import { addOuter, addRows, backToInput } from './productGradient';
import { type BackwardPass, type LayerGradient, freeOf, recurrentBackward } from './recurrentBackward';
import type { Work } from './slices';
import type { LayerTrace } from './trace';

export interface Backward {
  /** Recurrent layers, in the order of the trace. */
  readonly layers: readonly LayerGradient[];
  /** ∂target/∂ of what each layer passes on, and of the network's input if it was wanted. */
  readonly edges: ReadonlyMap<string, Float64Array>;
  /** ∂target/∂ of the states before the first step, by `stateKey`. */
  readonly initial: ReadonlyMap<string, InitialGradient>;
}

export interface BackwardOptions {
  /** Go on to the network's input vectors. */
  readonly input?: boolean;
  readonly parameters?: ParameterGradients;
  /** What was held fixed in the run: nothing flows on from there to what would have given it. */
  readonly clamps?: readonly Clamp[];
  /** Of the sequence; needed where there are clamps. */
  readonly steps?: number;
  /** Who does the products; by default they are in double precision. */
  readonly products?: BackProducts;
  /** What the run began with, and what flows back to its last states from what came after it. */
  readonly carried?: Carried;
}

/** `atOutput` is ∂target/∂output, rows × units; initial states are those that the layers declare, unless others are given. */
export function* backward(
  network: Network,
  weights: Weights,
  runs: readonly LayerRun[],
  atOutput: Float64Array,
  {
    input = false,
    parameters = new Map(),
    clamps = [],
    steps = 0,
    products = exactBack,
    carried,
  }: BackwardOptions,
): Work<Backward> {
  const last = network.layers[network.layers.length - 1];
  const edges = new Map([[last.name, atOutput]]);
  const layers: LayerGradient[] = [];
  const initial = new InitialStateGradients(weights, runs, clamps, carried);
  const pass: BackwardPass = { weights, parameters, initial, heldIn: heldIn(clamps, steps), products };
  for (let k = network.layers.length - 1; k >= 0; k--) {
    const layer = network.layers[k];
    const run = runs[k];
    const out = edges.get(layer.name) ?? (initial.reaches(layer) ? nothing(layer, run) : undefined);
    if (!out) continue;
    initial.addToOutput(layer, out);
    const into = layer.inputs.map((source, at) =>
      source === INPUT && !input ? undefined : gradientOf(edges, source, run.inputs[at]),
    );
    if (isRecurrent(layer)) {
      layers.unshift(...(yield* recurrentBackward(layer, run, out, into[0], pass)));
      continue;
    }
    const places = layer.type === 'input' ? undefined : pass.heldIn(run.traces[0]).y;
    const free = freeOf(out, places);
    if (layer.type === 'final_state') {
      initial.handBack(rowOf(layer), free);
    } else {
      const given = places ? yield* unheld(layer, run, weights, runs) : run;
      yield* pointwise(layer, given, free, into, pass);
    }
  }
  return { layers, edges, initial: initial.atStart };
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
  const edge = yield* stateless(layer, run.inputs, {
    weights,
    arithmetic: reference(weights),
    clamps: [],
    traces,
  });
  const [{ signals, ...trace }] = run.traces;
  return { ...run, traces: [{ ...trace, signals: [{ ...signals[0], values: writtenOut(edge) }] }] };
}

/** Where the signals of a level and direction are held. */
function heldIn(clamps: readonly Clamp[], steps: number): (trace: LayerTrace) => Held {
  return (trace) => {
    const own = clampsOf(clamps, trace);
    if (own.length === 0) return {};
    return Object.fromEntries(trace.signals.map((one) => [one.signal, heldPlaces(own, one, steps)]));
  };
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
  out: Float64Array,
  intoAll: readonly (Float64Array | undefined)[],
  pass: BackwardPass,
): Work<void> {
  const [edge] = run.inputs;
  const [into] = intoAll;
  const { weights, parameters } = pass;
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
      return yield* linear(layer, run, out, into, pass);
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
  out: Float64Array,
  into: Float64Array | undefined,
  { weights, parameters, products }: BackwardPass,
): Work<void> {
  const units = layer.outputSize;
  const da = throughActivation(layer.activation, signalValues(trace, 'y'), units, out);
  yield da.length;
  const { data } = weights.get(`${layer.name}.weight`)!;
  const product = into && products.transposed({ weight: data, width: layer.inputSize });
  if (product) yield* backToInput(product, edge.rows, da, into);
  const dWeight = parameters.get(`${layer.name}.weight`);
  const dBias = parameters.get(`${layer.name}.bias`);
  if (dWeight) yield* addOuter(da, units, edge, dWeight);
  if (dBias) yield* addRows(da, units, dBias);
}
