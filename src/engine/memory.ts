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
  /** What the figures say, for someone who is learning: words/memory.ts puts it into sentences. */
  readonly findings: readonly MemoryFinding[];
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

export type MemoryFinding =
  /** The target is NaN or infinite: what stands in its place as a gradient means nothing. */
  | { readonly code: 'no-target' }
  | { readonly code: 'unreached' }
  | { readonly code: 'no-other-step' }
  | { readonly code: 'not-finite' }
  /** `share` of the gradient of step `from` is left at step `to`; `tiny` is too little for its digits to mean anything. */
  | {
      readonly code: 'reach';
      readonly from: number;
      readonly to: number;
      readonly share: number;
      readonly tiny: boolean;
      readonly verdict: 'vanished' | 'vanished-at-first' | 'exploded' | null;
    }
  | { readonly code: 'half-life'; readonly steps: number }
  | { readonly code: 'uneven' }
  /** Infinity where nothing is forgotten; `longest` of the unit that keeps much longer than the mean says. */
  | {
      readonly code: 'gate';
      readonly gate: string;
      readonly mean: number;
      readonly halfLife: number;
      readonly longest: number | null;
    }
  /** `keeps`: of the gate that keeps the old state. */
  | { readonly code: 'saturated'; readonly signal: string; readonly share: number; readonly keeps: boolean }
  | { readonly code: 'dead'; readonly units: number };

type Figures = Omit<LayerMemory, 'findings'>;

interface MemoryOptions {
  /** Weights that are not are those with which training would start. */
  readonly trained?: boolean;
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
    return Number.isFinite(target.value) ? found : { ...found, findings: [{ code: 'no-target' }] };
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
  { trained = true }: MemoryOptions = {},
): LayerMemory {
  const { layer, level, direction } = norms;
  const gradient = gradientMemory(norms, rows);
  const figures = { layer, level, direction, gradient, keepGate: kept && keepGate(kept), saturated, dead };
  return { ...figures, findings: findingsOf(figures, kept?.name ?? '', trained) };
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

/** From a least-squares line through ln(norm) by distance. */
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
const EXPLODED = 1e4;
const MUCH_SATURATED = 0.5;

function findingsOf(
  { gradient, keepGate, saturated, dead }: Figures,
  gate: string,
  trained: boolean,
): MemoryFinding[] {
  const findings = [reach(gradient, trained)];
  const { halfLife, even } = gradient;
  if (halfLife !== null && Number.isFinite(halfLife)) {
    findings.push(even ? { code: 'half-life', steps: halfLife } : { code: 'uneven' });
  }
  if (keepGate) {
    const { mean, halfLife: kept, unitHalfLives } = keepGate;
    const most = Math.max(...unitHalfLives);
    const longest = most > 2 * kept ? most : null;
    findings.push({ code: 'gate', gate, mean, halfLife: kept, longest });
  }
  for (const { signal, share } of saturated) {
    if (signal === 'h' && dead.length > 0) continue;
    // The h of a cell with gates is made of other signals, and has no slope of its own.
    if (share < MUCH_SATURATED || (signal === 'h' && keepGate)) continue;
    findings.push({ code: 'saturated', signal, share, keeps: signal === keepGate?.signal });
  }
  if (dead.length > 0) findings.push({ code: 'dead', units: dead.length });
  return findings;
}

function reach({ near, far }: GradientMemory, trained: boolean): MemoryFinding {
  if (near.norm === 0) return { code: 'unreached' };
  if (near.step === far.step) return { code: 'no-other-step' };
  const share = far.norm / near.norm;
  if (Number.isNaN(share)) return { code: 'not-finite' };
  const vanished = trained ? 'vanished' : 'vanished-at-first';
  return {
    ...{ code: 'reach', from: near.step, to: far.step, share },
    tiny: far.norm < SMALLEST || share < SMALLEST,
    verdict: share < VANISHED ? vanished : share > EXPLODED ? 'exploded' : null,
  };
}
