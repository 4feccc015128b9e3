/**
 * What the cells are made of. The equations and their sources are in ../../cells.
 *
 * Matrices come in panels of 32 rows, column after column: a column of a panel is 32 floats side by side, which are
 * multiplied by one input each and added up in eight registers. Units are padded to a multiple of 4, so that four
 * can always be read and written; rows of sums to a multiple of 32. All pointers are to float32.
 */

/** Floats in a panel's column, and bytes. */
export const PANEL: usize = 32;
export const COLUMN: usize = PANEL * 4;
/** Bytes of a float, and of a register. */
export const FLOAT: usize = 4;
export const FOUR: usize = 16;

// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(f32x4.mul(a, b), sum);
}

/** out = base + panels · x, 32 rows a panel; x holds `width` floats, an even number. */
export function multiply(panels: usize, count: i32, width: i32, x: usize, base: usize, out: usize): void {
  const end = x + (<usize>width) * FLOAT;
  for (let p = 0; p < count; p++) {
    let s0 = v128.load(base, 0);
    let s1 = v128.load(base, 16);
    let s2 = v128.load(base, 32);
    let s3 = v128.load(base, 48);
    let s4 = v128.load(base, 64);
    let s5 = v128.load(base, 80);
    let s6 = v128.load(base, 96);
    let s7 = v128.load(base, 112);
    for (let at = x; at < end; at += 2 * FLOAT) {
      const u = v128.load32_splat(at, 0);
      s0 = multiplyAdd(v128.load(panels, 0), u, s0);
      s1 = multiplyAdd(v128.load(panels, 16), u, s1);
      s2 = multiplyAdd(v128.load(panels, 32), u, s2);
      s3 = multiplyAdd(v128.load(panels, 48), u, s3);
      s4 = multiplyAdd(v128.load(panels, 64), u, s4);
      s5 = multiplyAdd(v128.load(panels, 80), u, s5);
      s6 = multiplyAdd(v128.load(panels, 96), u, s6);
      s7 = multiplyAdd(v128.load(panels, 112), u, s7);
      const v = v128.load32_splat(at, 4);
      s0 = multiplyAdd(v128.load(panels, 128), v, s0);
      s1 = multiplyAdd(v128.load(panels, 144), v, s1);
      s2 = multiplyAdd(v128.load(panels, 160), v, s2);
      s3 = multiplyAdd(v128.load(panels, 176), v, s3);
      s4 = multiplyAdd(v128.load(panels, 192), v, s4);
      s5 = multiplyAdd(v128.load(panels, 208), v, s5);
      s6 = multiplyAdd(v128.load(panels, 224), v, s6);
      s7 = multiplyAdd(v128.load(panels, 240), v, s7);
      panels += 2 * COLUMN;
    }
    v128.store(out, s0, 0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    v128.store(out, s4, 64);
    v128.store(out, s5, 80);
    v128.store(out, s6, 96);
    v128.store(out, s7, 112);
    base += COLUMN;
    out += COLUMN;
  }
}

/**
 * out[t] = bias + panels · x[t] for `rows` rows of x, `width` floats each; a row of `out` is count · 32 floats.
 * Two rows of x pass over half a panel at a time: with eight sums, four weights and an input all stay in registers.
 */
export function project(
  panels: usize,
  count: i32,
  width: i32,
  x: usize,
  rows: i32,
  bias: usize,
  out: usize,
): void {
  const xBytes = (<usize>width) * FLOAT;
  const outBytes = (<usize>count) * COLUMN;
  for (let p = 0; p < count; p++) {
    for (let row = 0; row < rows; row += 2) {
      // An odd last row is computed twice.
      const next = <usize>(row + 1 < rows);
      const x0 = x + (<usize>row) * xBytes;
      const x1 = x0 + next * xBytes;
      const out0 = out + (<usize>row) * outBytes;
      const out1 = out0 + next * outBytes;
      twoRows(panels, x0, x1, xBytes, bias, out0, out1);
      twoRows(panels + 64, x0, x1, xBytes, bias + 64, out0 + 64, out1 + 64);
    }
    panels += xBytes * PANEL;
    bias += COLUMN;
    out += COLUMN;
  }
}

function twoRows(
  w: usize,
  x0: usize,
  x1: usize,
  xBytes: usize,
  bias: usize,
  out0: usize,
  out1: usize,
): void {
  let s00 = v128.load(bias, 0);
  let s01 = v128.load(bias, 16);
  let s02 = v128.load(bias, 32);
  let s03 = v128.load(bias, 48);
  let s10 = s00;
  let s11 = s01;
  let s12 = s02;
  let s13 = s03;
  const end = x0 + xBytes;
  const apart = x1 - x0;
  for (; x0 < end; x0 += FLOAT) {
    const w0 = v128.load(w, 0);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const w3 = v128.load(w, 48);
    const v0 = v128.load32_splat(x0);
    s00 = multiplyAdd(w0, v0, s00);
    s01 = multiplyAdd(w1, v0, s01);
    s02 = multiplyAdd(w2, v0, s02);
    s03 = multiplyAdd(w3, v0, s03);
    const v1 = v128.load32_splat(x0 + apart);
    s10 = multiplyAdd(w0, v1, s10);
    s11 = multiplyAdd(w1, v1, s11);
    s12 = multiplyAdd(w2, v1, s12);
    s13 = multiplyAdd(w3, v1, s13);
    w += COLUMN;
  }
  v128.store(out0, s00, 0);
  v128.store(out0, s01, 16);
  v128.store(out0, s02, 32);
  v128.store(out0, s03, 48);
  v128.store(out1, s10, 0);
  v128.store(out1, s11, 16);
  v128.store(out1, s12, 32);
  v128.store(out1, s13, 48);
}

/** out[t] = bias + column `ids[t]` of the panels, for `rows` int32 ids: the product with one-hot vectors. */
export function pickColumns(
  panels: usize,
  count: i32,
  width: i32,
  ids: usize,
  rows: i32,
  bias: usize,
  out: usize,
): void {
  const end = ids + (<usize>rows) * FLOAT;
  for (; ids < end; ids += FLOAT) {
    let column = panels + (<usize>i32.load(ids)) * COLUMN;
    for (let k: usize = 0; k < (<usize>count) * COLUMN; k += FOUR) {
      v128.store(out + k, f32x4.add(v128.load(bias + k), v128.load(column)));
      column += FOUR;
      // The next panel.
      if (k % COLUMN === COLUMN - FOUR) column += (<usize>(width - 1)) * COLUMN;
    }
    out += (<usize>count) * COLUMN;
  }
}

/**
 * What exp, sigmoid and tanh are made of. Read from memory into all four lanes where it is needed: there are not
 * registers enough for all, and making one from a number takes longer.
 */
const CONSTANTS = memory.data<f32>(
  [
    1, 2, 87, -87,
    // log2 e, and 1.5 · 2^23, which added to a small float leaves the nearest integer in the low bits of the sum
    1.44269504088896341, 12582912,
    // −ln 2 in two parts
    -0.693359375, 2.1219444e-4,
    // the polynomial, from the fifth power of r on
    1.987569150e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
  ],
  16,
);
const ONE: usize = 0;
const TWO: usize = 4;
const MOST: usize = 8;
const LEAST: usize = 12;
const LOG2_E: usize = 16;
const ROUND: usize = 20;
const LN2_HIGH: usize = 24;
const LN2_LOW: usize = 28;
const POLYNOMIAL: usize = 32;

// @ts-ignore: decorator
@inline
function constant(offset: usize): v128 {
  return v128.load32_splat(CONSTANTS + offset);
}

/**
 * e^x, within 2e-7 relative: x = n ln 2 + r, |r| ≤ ln 2 / 2, e^r by the polynomial of Cephes's expf (S. L. Moshier),
 * 2^n through the exponent's bits (those of 1 are 127 · 2^23). x is held within ±87, where 2^n is a normal float; NaN
 * passes through.
 */
// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, constant(LEAST)), constant(MOST));
  const rounded = multiplyAdd(x, constant(LOG2_E), constant(ROUND));
  const n = f32x4.sub(rounded, constant(ROUND));
  let r = multiplyAdd(n, constant(LN2_HIGH), x);
  r = multiplyAdd(n, constant(LN2_LOW), r);
  let y = constant(POLYNOMIAL);
  y = multiplyAdd(y, r, constant(POLYNOMIAL + 4));
  y = multiplyAdd(y, r, constant(POLYNOMIAL + 8));
  y = multiplyAdd(y, r, constant(POLYNOMIAL + 12));
  y = multiplyAdd(y, r, constant(POLYNOMIAL + 16));
  y = multiplyAdd(y, r, constant(POLYNOMIAL + 20));
  y = multiplyAdd(y, f32x4.mul(r, r), f32x4.add(r, constant(ONE)));
  return f32x4.mul(y, i32x4.add(i32x4.shl(rounded, 23), constant(ONE)));
}

// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** 1 − 2 / (1 + e^2x): within 2e-7 absolute. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.sub(one, f32x4.div(constant(TWO), f32x4.add(one, exp(f32x4.add(x, x)))));
}

/**
 * The gates of an LSTM and its states, from the sums i, f, g, o at `sums`, `unitBytes` apart; `signals` receives i, f,
 * g, o, c and o ∘ tanh(c), `plane` bytes apart.
 */
// @ts-ignore: decorator
@inline
export function lstmGates(sums: usize, unitBytes: usize, cell: usize, signals: usize, plane: usize): void {
  const end = signals + unitBytes;
  for (; signals < end; signals += FOUR) {
    const i = sigmoid(v128.load(sums));
    const f = sigmoid(v128.load(sums + unitBytes));
    const g = tanh(v128.load(sums + 2 * unitBytes));
    const o = sigmoid(v128.load(sums + 3 * unitBytes));
    const c = multiplyAdd(f, v128.load(cell), f32x4.mul(i, g));
    v128.store(signals, i);
    v128.store(signals + plane, f);
    v128.store(signals + 2 * plane, g);
    v128.store(signals + 3 * plane, o);
    v128.store(signals + 4 * plane, c);
    v128.store(signals + 5 * plane, f32x4.mul(o, tanh(c)));
    sums += FOUR;
    cell += FOUR;
  }
}

/**
 * The gates of a GRU that resets after the product, and its state, from the sums r, z, n of the input and of the
 * state before (`hidden`), `unitBytes` apart; `signals` receives r, z, n, h, `plane` bytes apart.
 */
// @ts-ignore: decorator
@inline
export function gruGates(
  sums: usize,
  hidden: usize,
  unitBytes: usize,
  before: usize,
  signals: usize,
  plane: usize,
): void {
  for (let k: usize = 0; k < unitBytes; k += FOUR) {
    const r = sigmoid(f32x4.add(v128.load(sums + k), v128.load(hidden + k)));
    const z = sigmoid(
      f32x4.add(v128.load(sums + unitBytes + k), v128.load(hidden + unitBytes + k)),
    );
    const n = tanh(
      multiplyAdd(r, v128.load(hidden + 2 * unitBytes + k), v128.load(sums + 2 * unitBytes + k)),
    );
    store(signals + k, plane, r, z, n, v128.load(before + k));
  }
}

/** Stores r, z, n and h = (1 − z) ∘ n + z ∘ h₋₁ = n + z ∘ (h₋₁ − n). */
// @ts-ignore: decorator
@inline
export function store(signals: usize, plane: usize, r: v128, z: v128, n: v128, before: v128): void {
  v128.store(signals, r);
  v128.store(signals + plane, z);
  v128.store(signals + 2 * plane, n);
  v128.store(signals + 3 * plane, multiplyAdd(z, f32x4.sub(before, n), n));
}
