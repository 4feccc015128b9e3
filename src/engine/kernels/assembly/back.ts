/**
 * The way back through cells, step by step against their own order. Gradients are in double precision, and reach far
 * beyond what a float32 holds: each vector is brought to a size of about 1 by a power of 2 before it is multiplied.
 *
 * Rows of signals are `units` floats apart, a multiple of 4, those of gradients as many doubles; pointers are to the rows
 * of the step that is passed first, and `stride` is −1 where the step before stands before it in memory, else 1. The row
 * of a state or a gradient beyond the last step is that of the step before.
 */
import { FLOAT, FOUR, multiply } from './arithmetic';

const DOUBLE: usize = 8;
/** Bytes of two floats. */
const PAIR: usize = 8;

/** In both lanes, as arithmetic.ts has its own. */
const CONSTANTS = memory.data<f64>(
  [
    1, 2, 40, -40,
    // log2 e, and 1.5 · 2^52, which added to a small number leaves the nearest integer in the low bits of the sum
    1.4426950408889634, 6755399441055744,
    // −ln 2 in two parts
    -0.6931471803691238, -1.9082149292705877e-10,
    // 1/8! … 1/2!
    2.48015873015873e-5, 1.984126984126984e-4, 1.3888888888888889e-3, 8.333333333333333e-3, 4.1666666666666664e-2,
    0.16666666666666666, 0.5,
  ],
  16,
);
const ONE: usize = 0;
const TWO: usize = 8;
const MOST: usize = 16;
const LEAST: usize = 24;
const LOG2_E: usize = 32;
const ROUND: usize = 40;
const LN2_HIGH: usize = 48;
const LN2_LOW: usize = 56;
const SERIES: usize = 64;

// @ts-ignore: decorator
@inline
function constant(offset: usize): v128 {
  return v128.load64_splat(CONSTANTS + offset);
}

/** Two floats as doubles. */
// @ts-ignore: decorator
@inline
function pair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** 1 − a. */
// @ts-ignore: decorator
@inline
function less(a: v128): v128 {
  return f64x2.sub(constant(ONE), a);
}

// @ts-ignore: decorator
@inline
function times(a: v128, b: v128, c: v128): v128 {
  return f64x2.mul(f64x2.mul(a, b), c);
}

/** tanh x = 1 − 2 / (1 + e^2x) within 1e-9, e^y = 2^n e^r with |r| ≤ ln 2 / 2 by its series; NaN passes through. */
// @ts-ignore: decorator
@inline
function tanh(x: v128): v128 {
  const y = f64x2.pmin(f64x2.pmax(f64x2.add(x, x), constant(LEAST)), constant(MOST));
  const rounded = f64x2.add(f64x2.mul(y, constant(LOG2_E)), constant(ROUND));
  const n = f64x2.sub(rounded, constant(ROUND));
  let r = f64x2.add(y, f64x2.mul(n, constant(LN2_HIGH)));
  r = f64x2.add(r, f64x2.mul(n, constant(LN2_LOW)));
  let sum = constant(SERIES);
  sum = f64x2.add(f64x2.mul(sum, r), constant(SERIES + 8));
  sum = f64x2.add(f64x2.mul(sum, r), constant(SERIES + 16));
  sum = f64x2.add(f64x2.mul(sum, r), constant(SERIES + 24));
  sum = f64x2.add(f64x2.mul(sum, r), constant(SERIES + 32));
  sum = f64x2.add(f64x2.mul(sum, r), constant(SERIES + 40));
  sum = f64x2.add(f64x2.mul(sum, r), constant(SERIES + 48));
  sum = f64x2.add(f64x2.mul(sum, f64x2.mul(r, r)), f64x2.add(r, constant(ONE)));
  const exp = f64x2.mul(sum, i64x2.add(i64x2.shl(rounded, 52), constant(ONE)));
  return less(f64x2.div(constant(TWO), f64x2.add(constant(ONE), exp)));
}

// @ts-ignore: decorator
@inline
function larger(largest: v128, a: v128): v128 {
  return f64x2.max(largest, f64x2.abs(a));
}

/** The exponent of the largest of both lanes, as the bits of a double have it; 0 of what is smaller than all its digits. */
function exponentOf(largest: v128): i64 {
  const both = max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  return min((reinterpret<i64>(both) >> 52) & 0x7ff, MOST_EXPONENT);
}

/** Beyond it what has no end stays what it is. */
const MOST_EXPONENT: i64 = 2000;
/** Twice the bias of an exponent: that of 2^−n is this less that of 2^n. */
const OPPOSITE: i64 = 2046;

/** `count` doubles as floats, times 2^−exponent. */
function scaled(from: usize, count: i32, exponent: i64, x: usize): void {
  const scale = f64x2.splat(reinterpret<f64>((OPPOSITE - exponent) << 52));
  const end = from + (<usize>count) * DOUBLE;
  for (; from < end; from += FOUR) {
    v128.store64_lane(x, f32x4.demote_f64x2_zero(f64x2.mul(v128.load(from), scale)), 0);
    x += PAIR;
  }
}

/** into += panels · from, of which `largest` is the largest; x, zeros and out are a vector and two rows of panels. */
function passOn(
  from: usize,
  width: i32,
  largest: v128,
  panels: usize,
  count: i32,
  x: usize,
  zeros: usize,
  out: usize,
  into: usize,
  units: i32,
): void {
  const exponent = exponentOf(largest);
  if (exponent === 0) return;
  scaled(from, width, exponent, x);
  multiply(panels, count, width, x, zeros, out);
  const scale = f64x2.splat(reinterpret<f64>(exponent << 52));
  const end = into + (<usize>units) * DOUBLE;
  for (; into < end; into += FOUR) {
    v128.store(into, f64x2.add(v128.load(into), f64x2.mul(pair(out), scale)));
    out += PAIR;
  }
}

/** Rows of doubles as floats, each with the largest of about 1; `scales` receives what each is to be multiplied by. */
export function scaledRows(from: usize, rows: i32, width: i32, x: usize, scales: usize): void {
  for (let row = 0; row < rows; row++) {
    let largest = f64x2.splat(0);
    const end = from + (<usize>width) * DOUBLE;
    for (let at = from; at < end; at += FOUR) largest = larger(largest, v128.load(at));
    const exponent = exponentOf(largest);
    if (exponent === 0) {
      memory.fill(x, 0, (<usize>width) * FLOAT);
      store<f64>(scales, 0);
    } else {
      scaled(from, width, exponent, x);
      store<f64>(scales, reinterpret<f64>(exponent << 52));
    }
    from = end;
    x += (<usize>width) * FLOAT;
    scales += DOUBLE;
  }
}

/** `da` receives what flows to the sum inside each unit, a row per step. */
export function rnnBack(
  steps: i32,
  stride: i32,
  units: i32,
  relu: i32,
  panels: usize,
  count: i32,
  h: usize,
  dh: usize,
  da: usize,
  x: usize,
  zeros: usize,
  out: usize,
): void {
  const floats: usize = (<usize>units) * FLOAT;
  const doubles: usize = (<usize>units) * DOUBLE;
  for (let t = 0; t < steps; t++) {
    let largest = f64x2.splat(0);
    for (let k: usize = 0; k < floats; k += PAIR) {
      const value = pair(h + k);
      const slope = relu
        ? v128.and(f64x2.gt(value, f64x2.splat(0)), constant(ONE))
        : less(f64x2.mul(value, value));
      const a = f64x2.mul(v128.load(dh + 2 * k), slope);
      v128.store(da + 2 * k, a);
      largest = larger(largest, a);
    }
    const before = stride > 0 ? dh + doubles : dh - doubles;
    passOn(da, units, largest, panels, count, x, zeros, out, before, units);
    dh = before;
    h += stride > 0 ? floats : -floats;
    da += stride > 0 ? doubles : -doubles;
  }
}

/**
 * `signals` are i, f, g, o, `plane` bytes apart, `cells` c; `da` receives what flows to the sums of the gates i, f, g, o,
 * one gate after the other, a row per step.
 */
export function lstmBack(
  steps: i32,
  stride: i32,
  units: i32,
  panels: usize,
  count: i32,
  signals: usize,
  plane: usize,
  cells: usize,
  dh: usize,
  dc: usize,
  da: usize,
  x: usize,
  zeros: usize,
  out: usize,
): void {
  const floats: usize = (<usize>units) * FLOAT;
  const doubles: usize = (<usize>units) * DOUBLE;
  for (let t = 0; t < steps; t++) {
    const cellsBefore = stride > 0 ? cells + floats : cells - floats;
    const dhBefore = stride > 0 ? dh + doubles : dh - doubles;
    const dcBefore = stride > 0 ? dc + doubles : dc - doubles;
    let largest = f64x2.splat(0);
    for (let k: usize = 0; k < floats; k += PAIR) {
      const i = pair(signals + k);
      const f = pair(signals + plane + k);
      const g = pair(signals + 2 * plane + k);
      const o = pair(signals + 3 * plane + k);
      const tanhC = tanh(pair(cells + k));
      const dOutput = v128.load(dh + 2 * k);
      const throughOutput = times(dOutput, o, less(f64x2.mul(tanhC, tanhC)));
      const dCell = f64x2.add(v128.load(dc + 2 * k), throughOutput);
      v128.store(dc + 2 * k, dCell);
      v128.store(dcBefore + 2 * k, f64x2.add(v128.load(dcBefore + 2 * k), f64x2.mul(dCell, f)));
      const ai = f64x2.mul(times(dCell, g, i), less(i));
      const af = f64x2.mul(times(dCell, pair(cellsBefore + k), f), less(f));
      const ag = times(dCell, i, less(f64x2.mul(g, g)));
      const ao = f64x2.mul(times(dOutput, tanhC, o), less(o));
      v128.store(da + 2 * k, ai);
      v128.store(da + doubles + 2 * k, af);
      v128.store(da + 2 * doubles + 2 * k, ag);
      v128.store(da + 3 * doubles + 2 * k, ao);
      largest = larger(larger(larger(larger(largest, ai), af), ag), ao);
    }
    passOn(da, 4 * units, largest, panels, count, x, zeros, out, dhBefore, units);
    signals += stride > 0 ? floats : -floats;
    cells = cellsBefore;
    dh = dhBefore;
    dc = dcBefore;
    da += stride > 0 ? 4 * doubles : -4 * doubles;
  }
}

/**
 * Of a GRU that resets after the product: `signals` are r, z, n, `plane` bytes apart, `products` rows of W_hn h₋₁ + b_hn,
 * `productRow` bytes apart; `da` receives what flows to the input's part of the sums of r, z, n, a row per step, and
 * `hidden` to the state's part, of the last step alone.
 */
export function gruBack(
  steps: i32,
  stride: i32,
  units: i32,
  panels: usize,
  count: i32,
  signals: usize,
  plane: usize,
  h: usize,
  products: usize,
  productRow: usize,
  dh: usize,
  da: usize,
  hidden: usize,
  x: usize,
  zeros: usize,
  out: usize,
): void {
  const floats: usize = (<usize>units) * FLOAT;
  const doubles: usize = (<usize>units) * DOUBLE;
  for (let t = 0; t < steps; t++) {
    const hBefore = stride > 0 ? h + floats : h - floats;
    const dhBefore = stride > 0 ? dh + doubles : dh - doubles;
    let largest = f64x2.splat(0);
    for (let k: usize = 0; k < floats; k += PAIR) {
      const r = pair(signals + k);
      const z = pair(signals + plane + k);
      const n = pair(signals + 2 * plane + k);
      const dState = v128.load(dh + 2 * k);
      const an = times(dState, less(z), less(f64x2.mul(n, n)));
      const ar = f64x2.mul(times(an, pair(products + k), r), less(r));
      const az = f64x2.mul(times(dState, f64x2.sub(pair(hBefore + k), n), z), less(z));
      v128.store(da + 2 * k, ar);
      v128.store(da + doubles + 2 * k, az);
      v128.store(da + 2 * doubles + 2 * k, an);
      const reset = f64x2.mul(an, r);
      v128.store(hidden + 2 * k, ar);
      v128.store(hidden + doubles + 2 * k, az);
      v128.store(hidden + 2 * doubles + 2 * k, reset);
      v128.store(dhBefore + 2 * k, f64x2.add(v128.load(dhBefore + 2 * k), f64x2.mul(dState, z)));
      largest = larger(larger(larger(largest, ar), az), reset);
    }
    passOn(hidden, 3 * units, largest, panels, count, x, zeros, out, dhBefore, units);
    signals += stride > 0 ? floats : -floats;
    products += stride > 0 ? productRow : -productRow;
    h = hBefore;
    dh = dhBefore;
    da += stride > 0 ? 3 * doubles : -3 * doubles;
  }
}
