/**
 * The cells in WebAssembly SIMD, written in AssemblyScript. The equations and their sources are in ../../cells.
 *
 * Matrices come in panels of 32 rows, column after column: a column of a panel is 32 floats side by side, which are
 * multiplied by one input each and added up in eight registers. Units are padded to a multiple of 4, so that four
 * can always be read and written; rows of sums to a multiple of 32. All pointers are to float32.
 */

/** Floats in a panel's column, and bytes. */
const PANEL: usize = 32;
const COLUMN: usize = PANEL * 4;
/** Bytes of a float, and of a register. */
const FLOAT: usize = 4;
const FOUR: usize = 16;

// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(f32x4.mul(a, b), sum);
}

/** out = base + panels · x, 32 rows a panel; x holds `width` floats. */
export function multiply(panels: usize, count: i32, width: i32, x: usize, base: usize, out: usize): void {
  const end = x + (<usize>width) * FLOAT;
  const even = x + (<usize>(width & ~1)) * FLOAT;
  for (let p = 0; p < count; p++) {
    let s0 = v128.load(base, 0);
    let s1 = v128.load(base, 16);
    let s2 = v128.load(base, 32);
    let s3 = v128.load(base, 48);
    let s4 = v128.load(base, 64);
    let s5 = v128.load(base, 80);
    let s6 = v128.load(base, 96);
    let s7 = v128.load(base, 112);
    let at = x;
    for (; at < even; at += 2 * FLOAT) {
      const u = v128.load32_splat(at, 0);
      const v = v128.load32_splat(at, 4);
      s0 = multiplyAdd(v128.load(panels, 0), u, s0);
      s1 = multiplyAdd(v128.load(panels, 16), u, s1);
      s2 = multiplyAdd(v128.load(panels, 32), u, s2);
      s3 = multiplyAdd(v128.load(panels, 48), u, s3);
      s4 = multiplyAdd(v128.load(panels, 64), u, s4);
      s5 = multiplyAdd(v128.load(panels, 80), u, s5);
      s6 = multiplyAdd(v128.load(panels, 96), u, s6);
      s7 = multiplyAdd(v128.load(panels, 112), u, s7);
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
    if (at < end) {
      const v = v128.load32_splat(at);
      s0 = multiplyAdd(v128.load(panels, 0), v, s0);
      s1 = multiplyAdd(v128.load(panels, 16), v, s1);
      s2 = multiplyAdd(v128.load(panels, 32), v, s2);
      s3 = multiplyAdd(v128.load(panels, 48), v, s3);
      s4 = multiplyAdd(v128.load(panels, 64), v, s4);
      s5 = multiplyAdd(v128.load(panels, 80), v, s5);
      s6 = multiplyAdd(v128.load(panels, 96), v, s6);
      s7 = multiplyAdd(v128.load(panels, 112), v, s7);
      panels += COLUMN;
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
    let row = 0;
    for (; row + 2 <= rows; row += 2) {
      const x0 = x + (<usize>row) * xBytes;
      const y0 = out + (<usize>row) * outBytes;
      twoRows(panels, x0, xBytes, bias, y0, outBytes);
      twoRows(panels + 64, x0, xBytes, bias + 64, y0 + 64, outBytes);
    }
    if (row < rows) {
      multiply(panels, 1, width, x + (<usize>row) * xBytes, bias, out + (<usize>row) * outBytes);
    }
    panels += xBytes * PANEL;
    bias += COLUMN;
    out += COLUMN;
  }
}

function twoRows(w: usize, x: usize, xBytes: usize, bias: usize, out: usize, outBytes: usize): void {
  let s00 = v128.load(bias, 0);
  let s01 = v128.load(bias, 16);
  let s02 = v128.load(bias, 32);
  let s03 = v128.load(bias, 48);
  let s10 = s00;
  let s11 = s01;
  let s12 = s02;
  let s13 = s03;
  const end = x + xBytes;
  for (; x < end; x += FLOAT) {
    const w0 = v128.load(w, 0);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const w3 = v128.load(w, 48);
    const v0 = v128.load32_splat(x);
    s00 = multiplyAdd(w0, v0, s00);
    s01 = multiplyAdd(w1, v0, s01);
    s02 = multiplyAdd(w2, v0, s02);
    s03 = multiplyAdd(w3, v0, s03);
    const v1 = v128.load32_splat(x + xBytes);
    s10 = multiplyAdd(w0, v1, s10);
    s11 = multiplyAdd(w1, v1, s11);
    s12 = multiplyAdd(w2, v1, s12);
    s13 = multiplyAdd(w3, v1, s13);
    w += COLUMN;
  }
  v128.store(out, s00, 0);
  v128.store(out, s01, 16);
  v128.store(out, s02, 32);
  v128.store(out, s03, 48);
  out += outBytes;
  v128.store(out, s10, 0);
  v128.store(out, s11, 16);
  v128.store(out, s12, 32);
  v128.store(out, s13, 48);
}

/** out = bias + column `id` of the panels: the product with a one-hot vector. */
export function pickColumn(panels: usize, count: i32, width: i32, id: i32, bias: usize, out: usize): void {
  let column = panels + (<usize>id) * COLUMN;
  for (let p = 0; p < count; p++) {
    for (let k: usize = 0; k < COLUMN; k += FOUR) {
      v128.store(out + k, f32x4.add(v128.load(bias + k), v128.load(column + k)));
    }
    column += (<usize>width) * COLUMN;
    bias += COLUMN;
    out += COLUMN;
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
function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** 1 − 2 / (1 + e^2x): within 2e-7 absolute. */
// @ts-ignore: decorator
@inline
function tanh(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.sub(one, f32x4.div(constant(TWO), f32x4.add(one, exp(f32x4.add(x, x)))));
}

/** In place, on a multiple of four values. */
export function sigmoids(values: usize, count: i32): void {
  const end = values + (<usize>count) * FLOAT;
  for (; values < end; values += FOUR) v128.store(values, sigmoid(v128.load(values)));
}

/** In place, on a multiple of four values. */
export function tanhs(values: usize, count: i32): void {
  const end = values + (<usize>count) * FLOAT;
  for (; values < end; values += FOUR) v128.store(values, tanh(v128.load(values)));
}

/**
 * `steps` steps of a plain RNN. `sums` holds the input projection, a row of count · 32 floats per step; `h` receives
 * `units` floats per step. `before` is the state before the first step. `stride` is 1, or −1 where the first row is
 * the last in memory.
 */
export function rnn(
  steps: i32,
  stride: i32,
  panels: usize,
  count: i32,
  units: i32,
  width: i32,
  relu: i32,
  sums: usize,
  before: usize,
  h: usize,
): void {
  const rowBytes = (<usize>count) * COLUMN;
  const unitBytes = (<usize>units) * FLOAT;
  for (let t = 0; t < steps; t++) {
    multiply(panels, count, width, before, sums, sums);
    for (let k: usize = 0; k < unitBytes; k += FOUR) {
      const a = v128.load(sums + k);
      v128.store(h + k, relu ? v128.andnot(a, f32x4.le(a, f32x4.splat(0))) : tanh(a));
    }
    before = h;
    sums += stride > 0 ? rowBytes : -rowBytes;
    h += stride > 0 ? unitBytes : -unitBytes;
  }
}

/**
 * `steps` steps of an LSTM, as `rnn`. The rows of `panels` and `sums` are the gates i, f, g, o, `units` apart.
 * `state` is `units` floats of c; `signals` receives i, f, g, o, c and o ∘ tanh(c), `plane` bytes apart, `units`
 * floats per step. With a projection (`outCount` panels over the padded units) h is made in `scratch`, of which
 * `width` floats are copied to `projected` per step, `outUnits` apart.
 */
export function lstm(
  steps: i32,
  stride: i32,
  panels: usize,
  count: i32,
  units: i32,
  width: i32,
  sums: usize,
  before: usize,
  cellBefore: usize,
  signals: usize,
  plane: usize,
  outPanels: usize,
  outCount: i32,
  outUnits: i32,
  hidden: i32,
  scratch: usize,
  zeros: usize,
  projected: usize,
): void {
  const rowBytes = (<usize>count) * COLUMN;
  const unitBytes = (<usize>units) * FLOAT;
  const outBytes = (<usize>outUnits) * FLOAT;
  for (let t = 0; t < steps; t++) {
    multiply(panels, count, width, before, sums, sums);
    let out = signals;
    const end = signals + unitBytes;
    let a = sums;
    let cell = cellBefore;
    for (; out < end; out += FOUR) {
      const i = sigmoid(v128.load(a));
      const f = sigmoid(v128.load(a + unitBytes));
      const g = tanh(v128.load(a + 2 * unitBytes));
      const o = sigmoid(v128.load(a + 3 * unitBytes));
      const c = multiplyAdd(f, v128.load(cell), f32x4.mul(i, g));
      v128.store(out, i);
      v128.store(out + plane, f);
      v128.store(out + 2 * plane, g);
      v128.store(out + 3 * plane, o);
      v128.store(out + 4 * plane, c);
      v128.store(out + 5 * plane, f32x4.mul(o, tanh(c)));
      a += FOUR;
      cell += FOUR;
    }
    cellBefore = signals + 4 * plane;
    before = signals + 5 * plane;
    if (outCount > 0) {
      multiply(outPanels, outCount, hidden, before, zeros, scratch);
      memory.copy(projected, scratch, outBytes);
      before = projected;
      projected += stride > 0 ? outBytes : -outBytes;
    }
    sums += stride > 0 ? rowBytes : -rowBytes;
    signals += stride > 0 ? unitBytes : -unitBytes;
  }
}

/**
 * `steps` steps of a GRU that resets after the product, as `lstm`: gates r, z, n; `signals` receives r, z, n, h.
 * `bias` is what the hidden product starts from, `hidden` a row of count · 32 floats.
 */
export function gruAfter(
  steps: i32,
  stride: i32,
  panels: usize,
  count: i32,
  units: i32,
  width: i32,
  sums: usize,
  before: usize,
  signals: usize,
  plane: usize,
  bias: usize,
  hidden: usize,
): void {
  const rowBytes = (<usize>count) * COLUMN;
  const unitBytes = (<usize>units) * FLOAT;
  for (let t = 0; t < steps; t++) {
    multiply(panels, count, width, before, bias, hidden);
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
    before = signals + 3 * plane;
    sums += stride > 0 ? rowBytes : -rowBytes;
    signals += stride > 0 ? unitBytes : -unitBytes;
  }
}

/**
 * `steps` steps of a GRU that resets before the product. `panels` hold the rows of r and z, `panelsN` those of n;
 * `reset` takes r ∘ h.
 */
export function gruBefore(
  steps: i32,
  stride: i32,
  panels: usize,
  count: i32,
  panelsN: usize,
  countN: i32,
  sumCount: i32,
  units: i32,
  width: i32,
  sums: usize,
  before: usize,
  signals: usize,
  plane: usize,
  bias: usize,
  hidden: usize,
  reset: usize,
): void {
  const rowBytes = (<usize>sumCount) * COLUMN;
  const unitBytes = (<usize>units) * FLOAT;
  for (let t = 0; t < steps; t++) {
    multiply(panels, count, width, before, bias, hidden);
    for (let k: usize = 0; k < unitBytes; k += FOUR) {
      const r = sigmoid(f32x4.add(v128.load(sums + k), v128.load(hidden + k)));
      const z = sigmoid(
        f32x4.add(v128.load(sums + unitBytes + k), v128.load(hidden + unitBytes + k)),
      );
      v128.store(signals + k, r);
      v128.store(signals + plane + k, z);
      v128.store(reset + k, f32x4.mul(r, v128.load(before + k)));
    }
    multiply(panelsN, countN, width, reset, bias, hidden);
    for (let k: usize = 0; k < unitBytes; k += FOUR) {
      const n = tanh(f32x4.add(v128.load(sums + 2 * unitBytes + k), v128.load(hidden + k)));
      const r = v128.load(signals + k);
      const z = v128.load(signals + plane + k);
      store(signals + k, plane, r, z, n, v128.load(before + k));
    }
    before = signals + 3 * plane;
    sums += stride > 0 ? rowBytes : -rowBytes;
    signals += stride > 0 ? unitBytes : -unitBytes;
  }
}

/** Stores r, z, n and h = (1 − z) ∘ n + z ∘ h₋₁ = n + z ∘ (h₋₁ − n). */
// @ts-ignore: decorator
@inline
function store(signals: usize, plane: usize, r: v128, z: v128, n: v128, before: v128): void {
  v128.store(signals, r);
  v128.store(signals + plane, z);
  v128.store(signals + 2 * plane, n);
  v128.store(signals + 3 * plane, multiplyAdd(z, f32x4.sub(before, n), n));
}
