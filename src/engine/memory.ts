/** How far back a network remembers: figures from its gradient, its gates and its saturated units. */
import type { Direction, Network } from '../model/network';
import { rowOfStep } from '../model/time';
import { Activities, type Activity } from './activity';
import { SMALLEST, type Gradient, type Norms } from './gradient';

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
  /** The half-life of each unit's own gradient; empty where only the norms are known. */
  readonly unitHalfLives: readonly (number | null)[];
  /** The step at which the gradient is nearest to the target, and the farthest one. */
  readonly near: { readonly step: number; readonly norm: number };
  readonly far: { readonly step: number; readonly norm: number };
}

export interface GateMemory {
  readonly signal: string;
  readonly mean: number;
  /** ln 0.5 / ln mean: steps in which a gate that is always so open keeps half of the state. */
  readonly halfLife: number;
  readonly unitHalfLives: readonly number[];
}

type Figures = Omit<LayerMemory, 'text'>;

/** Said of a target that is NaN or infinite: what stands in its place as a gradient means nothing. */
export const NOT_FINITE = 'The chosen output is not a finite number: it has no gradient.';

interface MemoryOptions {
  /** Weights that are not are those with which training would start. */
  readonly trained?: boolean;
  /** What a step is called in sentences; `step 4` by default, counted from 0. */
  readonly named?: (step: number) => string;
}

/** Recurrent layers, in the order of the trace. */
export function memoryFigures(
  network: Network,
  { layers, target, trace }: Gradient,
  options: MemoryOptions = {},
): LayerMemory[] {
  const activities = new Activities(network);
  activities.add(trace);
  return layers.map((norms) => {
    const own = trace.layers.find(
      (one) => one.layer === norms.layer && one.level === norms.level && one.direction === norms.direction,
    )!;
    const row = rowOfStep(trace, own.signals[0], target.step);
    const found = layerMemory(norms, activities.of(norms), { target: row, from: 0 }, options);
    return Number.isFinite(target.value) ? found : { ...found, text: [NOT_FINITE] };
  });
}

/** Rows of a gradient: the target's, −1 where it has none here, and the first that is known. */
export interface KnownRows {
  readonly target: number;
  readonly from: number;
}

export function layerMemory(
  norms: Norms,
  { kept, saturated, dead }: Activity,
  rows: KnownRows,
  { trained = true, named = (step) => `step ${step}` }: MemoryOptions = {},
): LayerMemory {
  const { layer, level, direction } = norms;
  const gradient = gradientMemory(norms, rows);
  const figures = { layer, level, direction, gradient, keepGate: kept && keepGate(kept), saturated, dead };
  return { ...figures, text: inWords(figures, kept?.name, { trained, named }) };
}

/** R², from which on a fall is even. */
const EVEN = 0.75;

/** Of the state that carries the memory: c in an LSTM, else h. */
function gradientMemory(norms: Norms, { target, from: first }: KnownRows): GradientMemory {
  const { rows, direction, h, c } = norms;
  const overall = norms.dc ?? norms.dh;
  const states = c ?? h;
  const units = states ? states.length / rows : 0;
  const from = nearest(overall, direction, target);
  const forward = direction === 'forward';
  const count = forward ? from - first + 1 : rows - from;
  /** Against the direction's reading order. */
  const stepAt = (distance: number) => (forward ? from - distance : from + distance);
  const far = stepAt(count - 1);
  let seen = count;
  while (seen > 0 && overall[stepAt(seen - 1)] === 0) seen--;
  const line = fitted(seen, (distance) => overall[stepAt(distance)]);
  return {
    halfLife: halfLifeOf(line),
    even: line === null || line.explained >= EVEN,
    unitHalfLives: Array.from({ length: units }, (_, unit) =>
      halfLifeOf(fitted(seen, (distance) => Math.abs(states![stepAt(distance) * units + unit]))),
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
  const back = direction === 'forward' ? -1 : 1;
  let found = last;
  while (norms[found] === 0) found += back;
  if (norms[found] === undefined) found = last;
  return target >= 0 && norms[target] > norms[found] ? target : found;
}

/** From a least-squares line through ln(norm) by distance; zeros, and what has lost its digits, are left out. */
export function halfLife(norms: readonly number[]): number | null {
  return halfLifeOf(fitted(norms.length, (distance) => norms[distance]));
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
function fitted(count: number, normAt: (distance: number) => number): Line | null {
  const logs = Float64Array.from({ length: count }, (_, x) => Math.log(normAt(x)));
  const least = Math.log(SMALLEST);
  let [points, sumX, sumY] = [0, 0, 0];
  logs.forEach((y, x) => {
    if (!(y >= least && Number.isFinite(y))) return void (logs[x] = NaN);
    points++;
    sumX += x;
    sumY += y;
  });
  if (points < 2) return null;
  const [meanX, meanY] = [sumX / points, sumY / points];
  let [spread, shared, variance] = [0, 0, 0];
  logs.forEach((y, x) => {
    if (Number.isNaN(y)) return;
    spread += (x - meanX) ** 2;
    shared += (x - meanX) * (y - meanY);
    variance += (y - meanY) ** 2;
  });
  const slope = shared / spread;
  return { slope, explained: variance > 0 ? (slope ** 2 * spread) / variance : 1 };
}

function keepGate({ signal, means }: NonNullable<Activity['kept']>): GateMemory {
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  return { signal, mean, halfLife: gateHalfLife(mean), unitHalfLives: Array.from(means, gateHalfLife) };
}

function gateHalfLife(mean: number): number {
  return mean >= 1 ? Infinity : Math.log(0.5) / Math.log(mean);
}

/** Below this share of the gradient next to the target, nothing is learnt from a step. */
const VANISHED = 1e-4;
const NOTHING_LEARNT = 'this network cannot learn from it';
const NOTHING_LEARNT_AT_FIRST =
  'with these untrained weights, at the start of training, the network would not learn from it';
const EXPLODED = 1e4;
const MUCH_SATURATED = 0.5;

function inWords(
  { gradient, keepGate, saturated, dead }: Figures,
  gate: string | undefined,
  options: Required<MemoryOptions>,
): string[] {
  const text = [reachInWords(gradient, options)];
  if (gradient.halfLife !== null && Number.isFinite(gradient.halfLife)) {
    text.push(
      gradient.even
        ? `It halves about every ${steps(gradient.halfLife)}.`
        : 'It does not fall evenly: no half-life describes it.',
    );
  }
  if (keepGate) {
    const kept = Number.isFinite(keepGate.halfLife)
      ? `by itself it keeps half of a memory for ${steps(keepGate.halfLife)}`
      : 'by itself it forgets nothing';
    text.push(`The ${gate} is open to ${short(keepGate.mean)} on average: ${kept}${longest(keepGate)}.`);
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

function reachInWords({ near, far }: GradientMemory, { trained, named }: Required<MemoryOptions>): string {
  if (near.norm === 0) return 'No gradient reaches this layer from the chosen output.';
  if (near.step === far.step) return 'The gradient has no other step to reach.';
  const share = far.norm / near.norm;
  const nothing = trained ? NOTHING_LEARNT : NOTHING_LEARNT_AT_FIRST;
  const [from, to] = [named(near.step), named(far.step)];
  if (share === 0) return `The gradient from ${from} does not reach ${to}: ${nothing}.`;
  const size = far.norm < SMALLEST || share < SMALLEST ? `less than ${SMALLEST}` : short(share);
  const reach = `The gradient from ${from} reaches ${to} at ${size} of its size`;
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
