/** How far back a network remembers: figures from its gradient, its gates and its saturated units. */
import { type Direction, type Network, type RecurrentLayer, isRecurrent } from '../model/network';
import { rowOfStep } from '../model/time';
import { signalFacts } from '../model/signals';
import { SMALLEST, type Gradient, type StateNorms } from './gradient';
import { saturatedShare } from './statistics';
import type { LayerTrace, SignalTrace } from './trace';

export interface LayerMemory {
  readonly layer: string;
  readonly level: number;
  readonly direction: Direction;
  readonly gradient: GradientMemory;
  /** Of the gate that keeps the old state, an LSTM's f or a GRU's z; null for a plain RNN. */
  readonly keepGate: GateMemory | null;
  /** Share 0 … 1 of saturated values over the run, per signal that can be saturated. */
  readonly saturated: readonly { readonly signal: string; readonly share: number }[];
  /** Units of a relu layer that are 0 at every step. */
  readonly dead: readonly number[];
  /** The figures in sentences for someone who is learning. */
  readonly text: readonly string[];
}

export interface GradientMemory {
  /** Steps in which the norm halves, fitted; Infinity if it does not fall, null if there are not two steps. */
  readonly halfLife: number | null;
  /** Whether it falls evenly enough for a half-life to describe it: R² of the fit. */
  readonly even: boolean;
  /** The half-life of each unit's own gradient. */
  readonly unitHalfLives: readonly (number | null)[];
  /** The step at which the gradient is nearest to the target, and the farthest one. */
  readonly near: { readonly step: number; readonly norm: number };
  readonly far: { readonly step: number; readonly norm: number };
}

export interface GateMemory {
  readonly signal: 'f' | 'z';
  readonly mean: number;
  /** ln 0.5 / ln mean: steps in which a gate that is always so open keeps half of the state. */
  readonly halfLife: number;
  readonly unitHalfLives: readonly number[];
}

type Figures = Omit<LayerMemory, 'text'>;

/** Recurrent layers, in the order of the trace. Weights that are not `trained` are those with which training would start. */
export function memoryFigures(
  network: Network,
  gradient: Gradient,
  { trained = true }: { readonly trained?: boolean } = {},
): LayerMemory[] {
  return gradient.layers.map((norms) => {
    const layer = network.layers.filter(isRecurrent).find(({ name }) => name === norms.layer)!;
    const trace = gradient.trace.layers.find(
      (one) => one.layer === norms.layer && one.level === norms.level && one.direction === norms.direction,
    )!;
    const figures = layerFigures(layer, norms, trace, gradient);
    return { ...figures, text: inWords(figures, trained) };
  });
}

function layerFigures(
  layer: RecurrentLayer,
  norms: StateNorms,
  trace: LayerTrace,
  gradient: Gradient,
): Figures {
  return {
    layer: norms.layer,
    level: norms.level,
    direction: norms.direction,
    gradient: gradientMemory(norms, rowOfStep(gradient.trace, trace.signals[0], gradient.target.step)),
    keepGate: keepGate(trace),
    saturated: trace.signals.flatMap(({ signal, values }) => {
      const { saturation } = signalFacts(layer, signal);
      return saturation ? [{ signal, share: saturatedShare(values, saturation) }] : [];
    }),
    dead: layer.type === 'rnn' && layer.nonlinearity === 'relu' ? deadUnits(trace.signals[0]) : [],
  };
}

/** R², from which on a fall is even. */
const EVEN = 0.75;

/** Of the state that carries the memory: c in an LSTM, else h. `target` is the target's row, −1 where it has none here. */
function gradientMemory(norms: StateNorms, target: number): GradientMemory {
  const { rows, direction } = norms;
  const overall = norms.dc ?? norms.dh;
  const states = norms.c ?? norms.h;
  const units = states.length / rows;
  const from = nearest(overall, direction, target);
  const steps = stepsBack(rows, from, direction);
  const far = steps[steps.length - 1];
  const line = fitted(steps.map((step) => overall[step]));
  return {
    halfLife: halfLifeOf(line),
    even: line === null || line.explained >= EVEN,
    unitHalfLives: Array.from({ length: units }, (_, unit) =>
      halfLife(steps.map((step) => Math.abs(states[step * units + unit]))),
    ),
    near: { step: from, norm: overall[from] },
    far: { step: far, norm: overall[far] },
  };
}

/**
 * The last step read at which there is any gradient; the last step read if there is none. What comes there by way of
 * another layer, such as one that reads the other way, is no beginning where the target itself brings more.
 */
function nearest(norms: Float64Array, direction: Direction, target: number): number {
  const last = direction === 'forward' ? norms.length - 1 : 0;
  const found = stepsBack(norms.length, last, direction).find((step) => norms[step] !== 0) ?? last;
  return target >= 0 && norms[target] > norms[found] ? target : found;
}

/** Steps from `from` on, against the direction's reading order. */
function stepsBack(rows: number, from: number, direction: Direction): number[] {
  return direction === 'forward'
    ? Array.from({ length: from + 1 }, (_, k) => from - k)
    : Array.from({ length: rows - from }, (_, k) => from + k);
}

/** From a least-squares line through ln(norm) by distance; zeros, and what has lost its digits, are left out. */
export function halfLife(norms: readonly number[]): number | null {
  return halfLifeOf(fitted(norms));
}

function halfLifeOf(line: Line | null): number | null {
  if (!line) return null;
  return line.slope < 0 ? Math.LN2 / -line.slope : Infinity;
}

interface Line {
  readonly slope: number;
  /** R², the share of the variance of ln(norm) that it explains. */
  readonly explained: number;
}

/** Null of fewer than two points. */
function fitted(norms: readonly number[]): Line | null {
  const points = norms
    .map((norm, distance) => [distance, Math.log(norm)])
    .filter(([, y]) => y >= Math.log(SMALLEST) && Number.isFinite(y));
  if (points.length < 2) return null;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const variance = points.reduce((sum, [, y]) => sum + (y - meanY) ** 2, 0);
  return { slope, explained: variance > 0 ? (slope ** 2 * spread) / variance : 1 };
}

function keepGate(trace: LayerTrace): GateMemory | null {
  const signal = trace.type === 'lstm' ? 'f' : trace.type === 'gru' ? 'z' : null;
  if (!signal) return null;
  const { units, rows, values } = trace.signals.find((one) => one.signal === signal)!;
  const means = new Float64Array(units);
  for (let k = 0; k < values.length; k++) means[k % units] += values[k];
  for (let unit = 0; unit < units; unit++) means[unit] /= rows;
  const mean = means.reduce((sum, value) => sum + value, 0) / units;
  return { signal, mean, halfLife: gateHalfLife(mean), unitHalfLives: Array.from(means, gateHalfLife) };
}

function gateHalfLife(mean: number): number {
  return mean >= 1 ? Infinity : Math.log(0.5) / Math.log(mean);
}

function deadUnits({ units, rows, values }: SignalTrace): number[] {
  return Array.from({ length: units }, (_, unit) => unit).filter((unit) => {
    for (let row = 0; row < rows; row++) if (values[row * units + unit] !== 0) return false;
    return true;
  });
}

/** Below this share of the gradient next to the target, nothing is learnt from a step. */
const VANISHED = 1e-4;
const NOTHING_LEARNT = 'this network cannot learn from it';
const NOTHING_LEARNT_AT_FIRST =
  'with these untrained weights, at the start of training, the network would not learn from it';
const EXPLODED = 1e4;
const MUCH_SATURATED = 0.5;

function inWords({ gradient, keepGate, saturated, dead }: Figures, trained: boolean): string[] {
  const text = [reachInWords(gradient, trained)];
  if (gradient.halfLife !== null && Number.isFinite(gradient.halfLife)) {
    text.push(
      gradient.even
        ? `It halves about every ${steps(gradient.halfLife)}.`
        : 'It does not fall evenly: no half-life describes it.',
    );
  }
  if (keepGate) {
    const name = keepGate.signal === 'f' ? 'forget gate' : 'update gate';
    const kept = Number.isFinite(keepGate.halfLife)
      ? `by itself it keeps half of a memory for ${steps(keepGate.halfLife)}`
      : 'by itself it forgets nothing';
    text.push(`The ${name} is open to ${short(keepGate.mean)} on average: ${kept}${longest(keepGate)}.`);
  }
  for (const { signal, share } of saturated) {
    if (signal === 'h' && dead.length > 0) continue;
    // The h of a cell with gates is made of other signals, and has no slope of its own.
    if (share < MUCH_SATURATED || (signal === 'h' && keepGate)) continue;
    const consequence =
      signal === keepGate?.signal
        ? `there it hardly answers to what it reads; what it keeps is not touched by that`
        : 'there its slope is small, and little gradient passes through it';
    text.push(`${percent(share)} of ${signal} is saturated: ${consequence}.`);
  }
  if (dead.length > 0) {
    text.push(
      `${dead.length === 1 ? 'One unit is' : `${dead.length} units are`} 0 at every step: dead on this sequence.`,
    );
  }
  return text;
}

/** The unit that keeps longest, where it keeps much longer than the mean says. */
function longest({ halfLife, unitHalfLives }: GateMemory): string {
  const most = Math.max(...unitHalfLives);
  if (!(most > 2 * halfLife)) return '';
  return Number.isFinite(most)
    ? `; in the unit that keeps longest for ${steps(most)}`
    : '; one unit forgets nothing';
}

function reachInWords({ near, far }: GradientMemory, trained: boolean): string {
  if (near.norm === 0) return 'No gradient reaches this layer from the chosen output.';
  if (near.step === far.step) return 'The gradient has no other step to reach.';
  const share = far.norm / near.norm;
  const nothing = trained ? NOTHING_LEARNT : NOTHING_LEARNT_AT_FIRST;
  if (share === 0) return `The gradient from step ${near.step} does not reach step ${far.step}: ${nothing}.`;
  const size = far.norm < SMALLEST || share < SMALLEST ? `less than ${SMALLEST}` : short(share);
  const reach = `The gradient from step ${near.step} reaches step ${far.step} at ${size} of its size`;
  if (Number.isNaN(share)) return 'The gradient is not a number: the run holds values that are not finite.';
  if (share < VANISHED) return `${reach}: ${nothing}.`;
  if (share > EXPLODED) return `${reach}: it explodes, and training needs gradient clipping.`;
  return `${reach}.`;
}

function steps(count: number): string {
  return count < 0.95 || count >= 1.05 ? `${short(count)} steps` : '1 step';
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
