/** How one number of the output depends on every state and input: backpropagation through time. */
import { INPUT, furtherInputs, type InputLayer, type Network } from '../model/network';
import { runningPart } from '../model/partial';
import type { Sequence } from '../model/samples';
import { rowOfStep, stepOfRow } from '../model/time';
import type { Weights } from '../model/weights';
import { say } from '../words/say';
import { backward } from './backward';
import type { InitialGradient } from './cells/gradient';
import { checkRun } from './check';
import { type Clamp, checkClamps } from './clamps';
import { layerRuns } from './edges';
import { forward } from './forward';
import { type ArithmeticChoice, arithmeticFor } from './kernels/choose';
import { runCost } from './plan';
import type { LayerGradient } from './recurrentBackward';
import { type SliceOptions, type Work, inSlices } from './slices';
import type { SignalTrace, Trace } from './trace';

/** What is smaller than that loses its digits, and then becomes 0: it says nothing of how large it would be. */
export const SMALLEST = 1e-300;

export interface GradientOptions extends SliceOptions {
  /** Step of the sequence; the last by default. */
  readonly step?: number;
  /** Unit of the output; 0 by default. */
  readonly unit?: number;
  /** What is held fixed: how the target depends on a held value is known, but nothing flows on from it. */
  readonly clamps?: readonly Clamp[];
  /** Who does the arithmetic; by default the fastest that runs here. */
  readonly arithmetic?: ArithmeticChoice;
}

export interface Target {
  readonly step: number;
  readonly unit: number;
  readonly value: number;
}

export interface Gradient {
  /** y[step][unit], after the last layer's activation. */
  readonly target: Target;
  /** |∂target/∂x_t|₂ per step; x_t is the embedded vector where tokens are embedded. */
  readonly input: Float64Array;
  /** The same of each further input that runs, in the network's order. */
  readonly inputs: readonly { readonly layer: string; readonly norms: Float64Array }[];
  /** Recurrent layers, in the order of the trace. */
  readonly layers: readonly StateNorms[];
  /** ∂target/∂ of the states before the first step, by `stateKey`. */
  readonly initial: ReadonlyMap<string, InitialGradient>;
  /** The run at which the gradient was taken. */
  readonly trace: Trace;
}

/** Of one layer, level and direction. */
export interface Norms extends Omit<LayerGradient, 'h' | 'c'>, Partial<Pick<LayerGradient, 'h' | 'c'>> {
  /** |∂target/∂h_t|₂ per step, all paths counted. */
  readonly dh: Float64Array;
  /** |∂target/∂c_t|₂ per step, of an LSTM. */
  readonly dc?: Float64Array;
}

/** With the gradients themselves. */
export interface StateNorms extends Norms, LayerGradient {
  readonly h: Float64Array;
  readonly c?: Float64Array;
}

/**
 * Runs the network and takes the gradient of y[step][unit]. Throws RangeError for a target that the output does not
 * have, and whatever `run` throws; rejects with an error named `AbortError` when cancelled.
 */
export async function gradient(
  whole: Network,
  weights: Weights,
  sequence: Sequence,
  options: GradientOptions = {},
): Promise<Gradient> {
  const network = runningPart(whole, sequence);
  checkRun(network, weights, sequence);
  checkClamps(network, sequence, options.clamps ?? []);
  const ran = { network, weights, sequence, clamps: options.clamps ?? [] };
  return taken(runAndBack(ran, options), ran, options, BACKWARD_COST + 1);
}

/** What ran. */
export interface Ran {
  readonly network: Network;
  readonly weights: Weights;
  readonly sequence: Sequence;
  readonly clamps: readonly Clamp[];
}

/** The same of a run that is there, whole. */
export function gradientOfRun(
  ran: Ran,
  trace: Trace,
  options: Omit<GradientOptions, 'clamps'> = {},
): Promise<Gradient> {
  return taken(gradientWork(ran, trace, options), ran, options, BACKWARD_COST);
}

/** A backward pass against a forward pass. */
const BACKWARD_COST = 2;

function taken(
  work: Work<Gradient>,
  { network, sequence }: Ran,
  options: SliceOptions,
  passes: number,
): Promise<Gradient> {
  const { steps } = sequence;
  const total = passes * Math.max(1, runCost(network, sequence));
  return inSlices(work, options, (cost) => [Math.min(steps, Math.floor((steps * cost) / total)), steps]);
}

function* runAndBack(ran: Ran, options: GradientOptions): Work<Gradient> {
  const { network, weights, sequence, clamps } = ran;
  const arithmetic = arithmeticFor(weights, options.arithmetic);
  const trace = yield* forward(network, weights, sequence, { arithmetic, clamps });
  return yield* gradientWork(ran, trace, options);
}

function* gradientWork(ran: Ran, trace: Trace, options: GradientOptions): Work<Gradient> {
  const { network, weights, sequence, clamps } = ran;
  const { back: products } = arithmeticFor(weights, options.arithmetic);
  const last = stepOfRow(trace, trace.output, trace.output.rows - 1);
  const { step = last, unit = 0 } = options;
  const at = targetIndex(trace, step, unit);
  const atOutput = new Float64Array(trace.output.values.length);
  atOutput[at] = 1;
  const runs = yield* layerRuns(network, sequence, trace, clamps);
  const { layers, edges, initial } = yield* backward(network, weights, runs, atOutput, {
    ...{ input: true, clamps, steps: sequence.steps, products },
  });
  return {
    target: { step, unit, value: trace.output.values[at] },
    input: inputNorms(network, { name: INPUT, input: network.input }, edges, sequence.steps),
    inputs: furtherInputs(network).map((layer) => ({
      layer: layer.name,
      norms: inputNorms(network, layer, edges, sequence.more!.get(layer.name)!.steps),
    })),
    layers: layers.map((layer) => ({
      ...layer,
      dh: rowNorms(layer.h, layer.rows),
      dc: layer.c && rowNorms(layer.c, layer.rows),
    })),
    initial,
    trace,
  };
}

/** |∂target/∂ of h and c before the first step|₂; c is 0 where there is none. */
export interface InitialNorms {
  readonly h: number;
  readonly c: number;
}

/** Zeros where nothing came back. */
export function initialNorms(found: InitialGradient | undefined): InitialNorms {
  const { h, c } = found ?? { h: NOTHING, c: NOTHING };
  return { h: norm(h, 0, h.length), c: norm(c, 0, c.length) };
}

const NOTHING = new Float64Array(0);

/** Where y[step][unit] stands in the output's values. Throws RangeError where there is no such number. */
export function targetIndex(
  trace: { readonly steps: number; readonly output: Pick<SignalTrace, 'rows' | 'units' | 'time'> },
  step: number,
  unit: number,
): number {
  const { output } = trace;
  const row = rowOfStep(trace, output, step);
  if (row < 0) {
    const expected =
      output.rows === trace.steps ? say`from 0 to ${trace.steps - 1}` : say`${trace.steps - 1}, the only one`;
    throw new RangeError(say`expected a target step ${expected}, found ${step}`);
  }
  if (!Number.isInteger(unit) || unit < 0 || unit >= output.units) {
    throw new RangeError(say`expected a target unit from 0 to ${output.units - 1}, found ${unit}`);
  }
  return row * output.units + unit;
}

/** Of an input's vectors, or of what the embeddings that read it give. */
function inputNorms(
  network: Network,
  { name, input }: Pick<InputLayer, 'name' | 'input'>,
  edges: ReadonlyMap<string, Float64Array>,
  steps: number,
): Float64Array {
  const indices = input.kind === 'token' && input.encoding === 'index';
  const sources = indices
    ? network.layers
        .filter(({ type, inputs }) => type === 'embedding' && inputs[0] === name)
        .map((layer) => layer.name)
    : [name];
  const norms = new Float64Array(steps);
  for (const source of sources) {
    const values = edges.get(source);
    if (!values) continue;
    rowNorms(values, steps).forEach((norm, step) => (norms[step] = Math.hypot(norms[step], norm)));
  }
  return norms;
}

/** Sizes whose squares have all their digits, also when many are added up. */
const [LEAST_SQUARED, MOST_SQUARED] = [1e-140, 1e140];

/** Euclidean norm of each row; scaled first where need be, so that a gradient of 1e-200 does not vanish by squaring. */
export function rowNorms(values: Float64Array, rows: number): Float64Array {
  const units = values.length / rows;
  const norms = new Float64Array(rows);
  for (let row = 0; row < rows; row++) norms[row] = norm(values, row * units, (row + 1) * units);
  return norms;
}

function norm(values: Float64Array, from: number, to: number): number {
  let largest = 0;
  for (let k = from; k < to; k++) largest = Math.max(largest, Math.abs(values[k]));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  if (largest > LEAST_SQUARED && largest < MOST_SQUARED) {
    for (let k = from; k < to; k++) sum += values[k] * values[k];
    return Math.sqrt(sum);
  }
  for (let k = from; k < to; k++) sum += (values[k] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** The gradient, and whatever stands beside it, as `gatescope gradient --json` prints it. */
export function gradientJson({ target, input, inputs, layers }: Gradient, beside: object = {}): string {
  const report = {
    target,
    input: Array.from(input),
    ...(inputs.length > 0 && {
      inputs: inputs.map(({ layer, norms }) => ({ layer, norms: Array.from(norms) })),
    }),
    layers: layers.map(({ layer, level, direction, dh, dc }) => ({
      layer,
      level,
      direction,
      dh: Array.from(dh),
      ...(dc && { dc: Array.from(dc) }),
    })),
    ...beside,
  };
  return JSON.stringify(report, plain);
}

/** JSON has no word for non-finite numbers. What has lost its digits is 0, as what is smaller still has become by itself. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) < SMALLEST ? 0 : value;
}
