import type { GruLayer } from '../../model/network';
import type { CellBack } from '../../engine/cells/equations';
import { type CellGradient, type Place, addTransposed, backToHidden } from '../../engine/cells/gradient';
import type { GruSignals } from './forward';
import { dot } from '../../engine/product';

/** With a. the sum inside each gate: ∂n = ∂h ∘ (1 − z), ∂z = ∂h ∘ (h_{t−1} − n), ∂h_{t−1} += ∂h ∘ z. */
export function gruGradient(back: CellBack<GruLayer, GruSignals>): CellGradient {
  return back.layer.resetAfter ? resetAfterGradient(back) : resetBeforeGradient(back);
}

/** With s = W_hn h_{t−1} + b_hn: ∂s = ∂a_n ∘ r, ∂r = ∂a_n ∘ s; s is computed again, the trace does not hold it. */
function resetAfterGradient({
  layer,
  parameters: p,
  signals: { r, z, n, h },
  gradient: { h: dh },
}: CellBack<GruLayer, GruSignals>): CellGradient {
  const H = layer.hiddenSize;
  const inputSide = new Float64Array(3 * h.length);
  const hiddenSide = new Float64Array(3 * h.length);
  const zeros = new Float32Array(H);
  return {
    inputSide,
    hiddenSide,
    stages: [
      {
        units: H,
        cost: H + 20,
        compute(step, previous, from, to) {
          const now = step * H;
          const row = 3 * now;
          const state = previous < 0 ? zeros : h;
          const before = previous < 0 ? 0 : previous * H;
          for (let u = from; u < to; u++) {
            const t = now + u;
            const s = p.biasHh[2 * H + u] + dot(p.weightHh, (2 * H + u) * H, state, before, H);
            const daN = dh[t] * (1 - z[t]) * (1 - n[t] * n[t]);
            const daR = daN * s * r[t] * (1 - r[t]);
            const daZ = dh[t] * (state[before + u] - n[t]) * z[t] * (1 - z[t]);
            inputSide[row + u] = hiddenSide[row + u] = daR;
            inputSide[row + H + u] = hiddenSide[row + H + u] = daZ;
            inputSide[row + 2 * H + u] = daN;
            hiddenSide[row + 2 * H + u] = daN * r[t];
            if (previous >= 0) dh[before + u] += dh[t] * z[t];
          }
        },
      },
      backToHidden({ weight: p.weightHh, width: H }, hiddenSide, 3 * H, dh),
    ],
  };
}

/** With q = r ∘ h_{t−1}: ∂q = W_hnᵀ ∂a_n, ∂r = ∂q ∘ h_{t−1}, ∂h_{t−1} += ∂q ∘ r. */
function resetBeforeGradient({
  layer,
  parameters: p,
  signals: { r, z, n, h },
  gradient: { h: dh },
}: CellBack<GruLayer, GruSignals>): CellGradient {
  const H = layer.hiddenSize;
  const da = new Float64Array(3 * h.length);
  const dq = new Float64Array(H);
  const matrix = { weight: p.weightHh, width: H };
  const of: Place = { values: da, at: 0 };
  const intoReset: Place = { values: dq, at: 0 };
  const into: Place = { values: dh, at: 0 };
  return {
    inputSide: da,
    hiddenSide: da,
    stages: [
      {
        units: H,
        cost: 20,
        compute(step, previous, from, to) {
          if (from === 0) dq.fill(0);
          const now = step * H;
          for (let u = from; u < to; u++) {
            const t = now + u;
            const before = previous < 0 ? 0 : h[previous * H + u];
            da[3 * now + H + u] = dh[t] * (before - n[t]) * z[t] * (1 - z[t]);
            da[3 * now + 2 * H + u] = dh[t] * (1 - z[t]) * (1 - n[t] * n[t]);
            if (previous >= 0) dh[previous * H + u] += dh[t] * z[t];
          }
        },
      },
      {
        units: H,
        cost: H,
        compute(step, _previous, from, to) {
          of.at = 3 * step * H;
          addTransposed(matrix, 2 * H + from, 2 * H + to, of, intoReset);
        },
      },
      {
        units: H,
        cost: 10,
        compute(step, previous, from, to) {
          if (previous < 0) return;
          for (let u = from; u < to; u++) {
            const gate = r[step * H + u];
            da[3 * step * H + u] = dq[u] * h[previous * H + u] * gate * (1 - gate);
            dh[previous * H + u] += dq[u] * gate;
          }
        },
      },
      {
        units: 2 * H,
        cost: H,
        compute(step, previous, from, to) {
          if (previous < 0) return;
          of.at = 3 * step * H;
          into.at = previous * H;
          addTransposed(matrix, from, to, of, into);
        },
      },
    ],
  };
}
