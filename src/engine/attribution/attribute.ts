/**
 * How much each number of the input brings to one number of the output: gradient × input, and integrated gradients
 * (M. Sundararajan, A. Taly and Q. Yan, "Axiomatic Attribution for Deep Networks", 2017).
 */
import { INPUT, type Network } from '../../model/network';
import { runningPart } from '../../model/partial';
import type { Sequence } from '../../model/samples';
import { stepOfRow } from '../../model/time';
import type { Weights } from '../../model/weights';
import { checkRun } from '../check';
import { checkClamps } from '../clamps';
import { type GradientOptions, type Ran, type Target, targetIndex } from '../gradient';
import { arithmeticFor } from '../kernels/choose';
import type { ThreadHelper } from '../kernels/shared/helper';
import { runCost } from '../plan';
import { type Work, inSlices } from '../slices';
import type { Baseline } from './baseline';
import type { Method } from './methods';
import { Passes } from './passes';
import { placed } from './placement';
import { type Node, checkPoints, gaussLegendre } from './quadrature';
import type { VectorSource } from './vectors';
import { type NamedInput, type Stretch, type Way, wayOf } from './way';

export const DEFAULT_POINTS = 64;

export interface AttributionOptions extends GradientOptions {
  /** Integrated gradients by default. */
  readonly method?: Method;
  /** Zero by default. */
  readonly baseline?: Baseline;
  /** Of integrated gradients: how many gradients are taken between the baseline and the input. */
  readonly points?: number;
  /** Of the number before the output's last activation (a logit), in place of the output. */
  readonly logit?: boolean;
  /** Starts a second thread for large cells, as for a run. */
  readonly helper?: ThreadHelper;
}

/** What the vectors of one input bring. */
export interface InputAttribution {
  /** `input`, or a further input. */
  readonly layer: string;
  /** The first row that was looked at, and how many. */
  readonly from: number;
  readonly rows: number;
  /** Whether it is tokens, of which all of the vector counts together. */
  readonly tokens: boolean;
  /** Numbers of a step: 1 of a token. */
  readonly features: number;
  /** rows × features. */
  readonly values: Float64Array;
  /** Steps that are masked, and bring nothing. */
  readonly masked: readonly number[];
}

export interface Attribution {
  /** y[step][unit], or what it was before the last activation. */
  readonly target: Target;
  readonly logit: boolean;
  /** Whether the target's step is masked: its output is that of another step, or zeros. */
  readonly targetMasked: boolean;
  readonly method: Method;
  readonly baseline: Baseline;
  /** Of integrated gradients. */
  readonly points?: number;
  /** The network's input, then further inputs in the network's order. */
  readonly inputs: readonly InputAttribution[];
  readonly completeness: Completeness;
}

/** Whether all attributions together are what the output has gained over that of the baseline. */
export interface Completeness {
  readonly sum: number;
  /** target(input) − target(baseline). */
  readonly difference: number;
  /** |sum − difference|. */
  readonly error: number;
}

/**
 * Runs the network and attributes y[step][unit]; the last step and unit 0 by default. Throws RangeError for a target that
 * the output does not have, for points that are no whole number from 1, for a logit where the output has no activation,
 * and whatever `run` throws; rejects with an error named `AbortError` when cancelled. `onProgress` counts in points.
 */
export async function attribute(
  whole: Network,
  weights: Weights,
  sequence: Sequence,
  options: AttributionOptions = {},
): Promise<Attribution> {
  const network = runningPart(whole, sequence);
  checkRun(network, weights, sequence);
  checkClamps(network, sequence, options.clamps ?? []);
  const work = new Attributing({ network, weights, sequence, clamps: options.clamps ?? [] }, options);
  await inSlices(work.until(Infinity), options, () => work.progress);
  return work.result!;
}

const WHOLE: Stretch = { from: 0, states: undefined };

/** An attribution of what has run, worked out piece by piece. */
export class Attributing {
  result?: Attribution;
  private readonly way: Way;
  private readonly points: number;
  private readonly work: Work<Attribution>;
  private readonly pass: number;
  private readonly attempts = { count: 1 };
  private cost = 0;

  /** Of a `stretch` alone where the network runs in segments. Throws RangeError as `attribute` does. */
  constructor(ran: Ran, options: Omit<AttributionOptions, 'clamps'> = {}, stretch: Stretch = WHOLE) {
    const { method = 'integrated', points = DEFAULT_POINTS } = options;
    this.points = method === 'gradient' ? 1 : points;
    checkPoints(this.points);
    this.way = wayOf(ran, options, stretch);
    this.pass = Math.max(1, runCost(this.way.ran.network, this.way.ran.sequence));
    this.work = attributionWork(this.way, this.points, options, this.attempts);
  }

  /** In points: those that were taken, about, of those that are to be taken. */
  get progress(): readonly [done: number, total: number] {
    const total = this.attempts.count * this.points;
    return [this.result ? total : Math.min(total, Math.floor(this.cost / this.pass / PASSES)), total];
  }

  /** Goes on until there is a result, or the clock of `performance` has come to `end`. */
  *until(end: number): Work<void> {
    while (!this.result) {
      const piece = this.work.next();
      if (piece.done) this.result = piece.value;
      else {
        this.cost += piece.value;
        yield piece.value;
        if (performance.now() >= end) return;
      }
    }
  }
}

/** A forward pass and the way back, in forward passes. */
const PASSES = 3;

/**
 * Points that are spread evenly converge fast where the output changes smoothly. Where they have missed much, others are placed
 * closer where it changes.
 */
function* attributionWork(
  way: Way,
  points: number,
  options: AttributionOptions,
  attempts: { count: number },
): Work<Attribution> {
  const { method = 'integrated', baseline = 'zero', logit = false } = options;
  const passes = new Passes(way, arithmeticFor(way.ran.weights, options.arithmetic, options.helper));
  const full = yield* passes.forward(1);
  const { from } = way.stretch;
  const last = stepOfRow(full, full.output, full.output.rows - 1);
  const { step = from + last, unit = 0 } = options;
  const index = targetIndex(full, step - from, unit);
  const value = full.output.values[index];
  function* valueAt(place: number): Work<number> {
    return (yield* passes.forward(place)).output.values[index];
  }
  const ends = [yield* valueAt(0), value] as const;

  function* along(
    nodes: readonly Node[],
  ): Work<Pick<Attribution, 'inputs' | 'completeness' | 'targetMasked'>> {
    const { slopes, targetMasked } = yield* passes.meanGradient(nodes, index);
    const inputs = way.inputs.map((input) => inputAttribution(way, input, slopes));
    const sum = inputs.reduce((all, { values }) => values.reduce((part, one) => part + one, all), 0);
    const difference = value - ends[0];
    return { inputs, targetMasked, completeness: { sum, difference, error: Math.abs(sum - difference) } };
  }
  let found = yield* along(method === 'gradient' ? [{ at: 1, weight: 1 }] : gaussLegendre(points));
  if (method === 'integrated' && missesMuch(found.completeness, value)) {
    attempts.count++;
    const other = yield* along(yield* placed(points, ends, valueAt));
    if (other.completeness.error < found.completeness.error) found = other;
  }
  return {
    target: { step, unit, value },
    ...{ logit, method, baseline, ...found },
    ...(method === 'integrated' && { points }),
  };
}

/** What may be missing, as a share of the difference, and what single precision leaves of a difference of two outputs. */
const MISSING = 0.01;
const ROUNDING = 1e-5;

/** Whether less comes together than it should, beyond what rounding explains. */
export function missesMuch({ error, difference }: Completeness, target: number): boolean {
  return error > MISSING * Math.abs(difference) && error > ROUNDING * Math.max(1, Math.abs(target));
}

/** Of all of the sources that are made of one input. */
function inputAttribution(
  { ran: { sequence }, paths, stretch: { from } }: Way,
  { name: layer, input }: NamedInput,
  slopes: readonly (Float64Array | undefined)[],
): InputAttribution {
  const rows = layer === INPUT ? sequence.steps : sequence.more!.get(layer)!.steps;
  const tokens = input.kind === 'token';
  const features = tokens ? 1 : input.size;
  const values = new Float64Array(rows * features);
  const used: VectorSource[] = [];
  for (const [p, path] of paths.entries()) {
    const own = slopes[p];
    if (path.source.of !== layer || !own) continue;
    used.push(path.source);
    const { width } = path.source;
    for (let k = 0; k < rows * width; k++) {
      values[width === features ? k : Math.floor(k / width)] += path.attribution(own, k);
    }
  }
  const isMasked = (row: number) => used.length > 0 && used.every(({ mask }) => mask?.[row] === 0);
  const masked = Array.from({ length: rows }, (_, row) => from + row).filter((row) => isMasked(row - from));
  return { layer, from, rows, tokens, features, values, masked };
}
