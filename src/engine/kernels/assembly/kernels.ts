/** The cells in WebAssembly SIMD, written in AssemblyScript. */
import {
  COLUMN,
  FLOAT,
  FOUR,
  gruGates,
  lstmGates,
  multiply,
  sigmoid,
  store,
  tanh,
} from './arithmetic';

export { multiply, pickColumns, project } from './arithmetic';
export { gruBack, lstmBack, rnnBack, scaledRows } from './back';

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
    lstmGates(sums, unitBytes, cellBefore, signals, plane);
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
    gruGates(sums, hidden, unitBytes, before, signals, plane);
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
