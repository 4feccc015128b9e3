/** Parts of the cells that know every option; they settle one signal after another, so that each can be held. */
import { type UnitActivation } from '../../../model/network';
import { bounded, slopeAt, unitFunction } from '../../activations';
import type { CellState, Stage } from '../cell';
import type { InitialGradient, Place, Transposed } from '../gradient';

/** A stage after which these signals have their values for the step. */
export interface SettlingStage extends Stage {
  readonly settles: readonly string[];
}

/** Row `previous` of a signal, or the initial state. */
export function rowBefore(
  signal: Float32Array,
  initial: Float32Array,
  previous: number,
  width: number,
): Float32Array {
  return previous < 0 ? initial : signal.subarray(previous * width, (previous + 1) * width);
}

/** Where the gradient of row `previous` of a state is gathered. */
export function gradientBefore(
  gradient: Float64Array,
  initial: Float64Array,
  previous: number,
  width: number,
): Float64Array {
  return previous < 0 ? initial : gradient.subarray(previous * width, (previous + 1) * width);
}

/** Applies an activation in place to the `units` values that start at `offset`. */
export type Activate = (
  activation: UnitActivation,
  values: Float32Array,
  offset: number,
  units: number,
) => void;

/** φ in place, its arguments kept within ±clip first. */
export function clipped(
  activate: Activate,
  activation: UnitActivation,
  clip: number | undefined,
): (values: Float32Array, offset: number, units: number) => void {
  return (values, offset, units) => {
    if (clip !== undefined) {
      for (let k = offset; k < offset + units; k++) values[k] = bounded(values[k], -clip, clip);
    }
    activate(activation, values, offset, units);
  };
}

/** By how much what the kernels give may differ from φ, as a share of it. */
const ROUNDING = 2 ** -21;

/** The slope of `clipped` where its value, as a trace holds it, is y. */
export function clippedSlope(activation: UnitActivation, clip: number | undefined): (y: number) => number {
  const slope = slopeAt(activation);
  if (clip === undefined) return slope;
  const phi = unitFunction(activation);
  const bound = Math.fround(clip);
  const [least, most] = [phi(-bound), phi(bound)];
  const margin = ROUNDING * Math.max(Math.abs(least), Math.abs(most));
  return (y) => (y > least + margin && y < most - margin ? slope(y) : 0);
}

/** What `toHidden` multiplies: `rows` numbers a step. */
export interface Side {
  readonly values: Float64Array;
  readonly rows: number;
}

/** The stage that adds matrixᵀ · `side` of a step to ∂target/∂h of the step before. */
export function toHidden(
  { units, cost, add }: Transposed,
  { values, rows }: Side,
  dh: Float64Array,
  atInitial: InitialGradient,
): Stage {
  const of: Place = { values, at: 0 };
  const into: Place = { values: dh, at: 0 };
  const first: Place = { values: atInitial.h, at: 0 };
  const width = atInitial.h.length;
  return {
    units,
    cost,
    compute(step, previous, from, to) {
      of.at = step * rows;
      into.at = previous * width;
      add(of, previous < 0 ? first : into, from, to);
    },
  };
}

/** By signal, rows × units: 1 where a value is held, and so hands nothing back to what would have given it. */
export type Held = Readonly<Record<string, Uint8Array | undefined>>;

/**
 * Between `cut` and `mend` the gradient of a step's held values is 0, so that none flows on; what has reached them, which is
 * how the target depends on them, stands there before and after.
 */
export function cutting(
  gradient: Float64Array,
  held: Uint8Array | undefined,
  width: number,
): { readonly cut: readonly Stage[]; readonly mend: readonly Stage[] } {
  if (!held) return { cut: [], mend: [] };
  const kept = new Float64Array(width);
  const rowOf = (step: number) => gradient.subarray(step * width, (step + 1) * width);
  const cut: Stage = {
    units: 1,
    cost: 2 * width,
    compute(step) {
      const row = rowOf(step);
      kept.set(row);
      for (let u = 0; u < width; u++) if (held[step * width + u]) row[u] = 0;
    },
  };
  const mend: Stage = { units: 1, cost: width, compute: (step) => rowOf(step).set(kept) };
  return { cut: [cut], mend: [mend] };
}

export function zerosLike({ h, c }: CellState): InitialGradient {
  return { h: new Float64Array(h.length), c: new Float64Array(c?.length ?? 0) };
}
