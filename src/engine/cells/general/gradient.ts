/** What flows back through the cells with options. */
import {
  type GruLayer,
  type LstmLayer,
  type RecurrentLayer,
  type RnnLayer,
  cellActivations,
  stateSize,
} from '../../../model/network';
import { slopeAt, unitFunction } from '../../activations';
import { dot } from '../../product';
import type { CellParameters, CellState, Stage } from '../cell';
import { type CellGradient, type InitialGradient, type StateGradient, addTransposed } from '../gradient';
import type { GruSignals } from '../gru';
import type { LstmSignals } from '../lstm';
import { backThroughProjection } from '../lstmGradient';
import type { RnnSignals } from '../rnn';
import { clippedSlope, gradientBefore, rowBefore } from './stage';

type Signals = RnnSignals | LstmSignals | GruSignals;

/** Gradients reach the initial state too, in `atInitial`. */
export function generalGradient(
  layer: RecurrentLayer,
  p: CellParameters,
  signals: Signals,
  gradient: StateGradient,
  initial: CellState,
  atInitial: InitialGradient,
): CellGradient {
  switch (layer.type) {
    case 'rnn':
      return rnnGradient(layer, p, signals as RnnSignals, gradient, atInitial);
    case 'lstm':
      return lstmGradient(layer, p, signals as LstmSignals, gradient, initial, atInitial);
    case 'gru':
      return gruGradient(layer, p, signals as GruSignals, gradient, initial, atInitial);
  }
}

/** The stage that adds rows `first` … of W_hhᵀ · `side` of a step to ∂target/∂h of the step before. */
function toHidden(
  weightHh: Float32Array,
  side: Float64Array,
  rows: number,
  used: number,
  units: number,
  dh: Float64Array,
  atInitial: InitialGradient,
): Stage {
  return {
    units: used,
    cost: units,
    compute(step, previous, from, to) {
      const before = gradientBefore(dh, atInitial.h, previous, units);
      addTransposed(weightHh, from, to, units, side, step * rows, before, 0);
    },
  };
}

function rnnGradient(
  layer: RnnLayer,
  p: CellParameters,
  { h }: RnnSignals,
  { h: dh }: StateGradient,
  atInitial: InitialGradient,
): CellGradient {
  const H = layer.hiddenSize;
  const slope = clippedSlope(layer.nonlinearity, layer.clip);
  const da = new Float64Array(h.length);
  const sums: Stage = {
    units: H,
    cost: 5,
    compute(step, _previous, from, to) {
      for (let t = step * H + from; t < step * H + to; t++) da[t] = dh[t] * slope(h[t]);
    },
  };
  return {
    inputSide: da,
    hiddenSide: da,
    stages: [sums, toHidden(p.weightHh, da, H, H, H, dh, atInitial)],
  };
}

/** As lstmGradient.ts, with what the options add: see the equations in lstm.ts. */
function lstmGradient(
  layer: LstmLayer,
  p: CellParameters,
  { i, f, g, o, c, h }: LstmSignals,
  { h: dh, c: dc = new Float64Array(c.length) }: StateGradient,
  initial: CellState,
  atInitial: InitialGradient,
): CellGradient {
  const { hiddenSize: H, coupled } = layer;
  const P = stateSize(layer);
  const activations = cellActivations(layer);
  const gateSlope = clippedSlope(activations.gates, layer.clip);
  const candidateSlope = clippedSlope(activations.candidate, layer.clip);
  const eta = unitFunction(activations.output);
  const etaSlope = slopeAt(activations.output);
  const { peepholes } = p;
  const initialC = initial.c ?? new Float32Array(H);
  const da = new Float64Array(4 * c.length);
  const dm = p.weightHr ? new Float64Array(H) : dh;
  const gates: Stage = {
    units: H,
    cost: 60,
    compute(step, previous, from, to) {
      const row = 4 * step * H;
      const output = p.weightHr ? 0 : step * H;
      const cBefore = rowBefore(c, initialC, previous, H);
      const kept = layer.keeps === 'output' ? rowBefore(h, initial.h, previous, H) : cBefore;
      const dcBefore = gradientBefore(dc, atInitial.c, previous, H);
      const dKept = layer.keeps === 'output' ? gradientBefore(dh, atInitial.h, previous, H) : dcBefore;
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const y = eta(c[t]);
        const daO = dm[output + u] * y * gateSlope(o[t]);
        dc[t] += dm[output + u] * o[t] * etaSlope(y) + (peepholes ? daO * peepholes.o[u] : 0);
        let di = dc[t] * g[t];
        let df = dc[t] * kept[u];
        if (coupled === 'input') [di, df] = [di - df, 0];
        if (coupled === 'forget') [di, df] = [0, df - di];
        const daI = di * gateSlope(i[t]);
        const daF = df * gateSlope(f[t]);
        da[row + u] = daI;
        da[row + H + u] = daF;
        da[row + 2 * H + u] = dc[t] * i[t] * candidateSlope(g[t]);
        da[row + 3 * H + u] = daO;
        dKept[u] += dc[t] * f[t];
        if (peepholes) dcBefore[u] += daI * peepholes.i[u] + daF * peepholes.f[u];
      }
    },
  };
  const stages = [gates, toHidden(p.weightHh, da, 4 * H, 4 * H, P, dh, atInitial)];
  if (p.weightHr) stages.unshift(backThroughProjection(p.weightHr, P, H, dh, dm));
  return { inputSide: da, hiddenSide: da, stages };
}

/** As gruGradient.ts, with any activations. */
function gruGradient(
  layer: GruLayer,
  p: CellParameters,
  { r, z, n, h }: GruSignals,
  { h: dh }: StateGradient,
  initial: CellState,
  atInitial: InitialGradient,
): CellGradient {
  const { hiddenSize: H, resetAfter } = layer;
  const activations = cellActivations(layer);
  const gateSlope = clippedSlope(activations.gates, layer.clip);
  const candidateSlope = clippedSlope(activations.candidate, layer.clip);
  const inputSide = new Float64Array(3 * h.length);
  const hiddenSide = resetAfter ? new Float64Array(3 * h.length) : inputSide;
  /** ∂target/∂ of W_hn h_{t−1} + b_hn times r, or of r ∘ h_{t−1}. */
  const dq = new Float64Array(H);
  const outside: Stage = {
    units: H,
    cost: 20,
    compute(step, previous, from, to) {
      if (from === 0) dq.fill(0);
      const before = rowBefore(h, initial.h, previous, H);
      const dBefore = gradientBefore(dh, atInitial.h, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const row = 3 * step * H;
        inputSide[row + H + u] = dh[t] * (before[u] - n[t]) * gateSlope(z[t]);
        inputSide[row + 2 * H + u] = dh[t] * (1 - z[t]) * candidateSlope(n[t]);
        dBefore[u] += dh[t] * z[t];
      }
    },
  };
  const throughReset: Stage = {
    units: H,
    cost: H,
    compute(step, _previous, from, to) {
      addTransposed(p.weightHh, 2 * H + from, 2 * H + to, H, inputSide, 3 * step * H, dq, 0);
    },
  };
  const reset: Stage = {
    units: H,
    cost: H + 10,
    compute(step, previous, from, to) {
      const before = rowBefore(h, initial.h, previous, H);
      const dBefore = gradientBefore(dh, atInitial.h, previous, H);
      const row = 3 * step * H;
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        if (resetAfter) {
          const daN = inputSide[row + 2 * H + u];
          const s = p.biasHh[2 * H + u] + dot(p.weightHh, (2 * H + u) * H, before, 0, H);
          inputSide[row + u] = daN * s * gateSlope(r[t]);
          hiddenSide[row + u] = inputSide[row + u];
          hiddenSide[row + H + u] = inputSide[row + H + u];
          hiddenSide[row + 2 * H + u] = daN * r[t];
        } else {
          inputSide[row + u] = dq[u] * before[u] * gateSlope(r[t]);
          dBefore[u] += dq[u] * r[t];
        }
      }
    },
  };
  const used = resetAfter ? 3 * H : 2 * H;
  const hidden = toHidden(p.weightHh, hiddenSide, 3 * H, used, H, dh, atInitial);
  return {
    inputSide,
    hiddenSide,
    stages: [outside, ...(resetAfter ? [] : [throughReset]), reset, hidden],
  };
}
