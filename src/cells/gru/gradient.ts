import type { GruLayer } from '../../model/network';
import type { CellBack } from '../../engine/cells/equations';
import { gradientBefore, rowBefore, toHidden } from '../../engine/cells/general/stage';
import type { CellGradient, Place } from '../../engine/cells/gradient';
import type { GruSignals } from './forward';
import { productStage } from '../../engine/cells/general/product';
import { atOnce } from '../../engine/slices';

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
  initial,
  atInitial,
  products: { transposed, productOf },
}: CellBack<GruLayer, GruSignals>): CellGradient {
  const H = layer.hiddenSize;
  const inputSide = new Float64Array(3 * h.length);
  const hiddenSide = new Float64Array(3 * h.length);
  const before = (previous: number) => rowBefore(h, initial.h, previous, H);
  const product = atOnce(productOf(p.weightHh, H, 2 * H, H));
  return {
    inputSide,
    hiddenSide,
    stages: [
      productStage(product, (_step, previous) => before(previous)),
      {
        units: H,
        cost: 20,
        compute(step, previous, from, to) {
          const now = step * H;
          const row = 3 * now;
          const past = before(previous);
          const dBefore = gradientBefore(dh, atInitial.h, previous, H);
          for (let u = from; u < to; u++) {
            const t = now + u;
            const s = p.biasHh[2 * H + u] + product.sums[u];
            const daN = dh[t] * (1 - z[t]) * (1 - n[t] * n[t]);
            const daR = daN * s * r[t] * (1 - r[t]);
            const daZ = dh[t] * (past[u] - n[t]) * z[t] * (1 - z[t]);
            inputSide[row + u] = hiddenSide[row + u] = daR;
            inputSide[row + H + u] = hiddenSide[row + H + u] = daZ;
            inputSide[row + 2 * H + u] = daN;
            hiddenSide[row + 2 * H + u] = daN * r[t];
            dBefore[u] += dh[t] * z[t];
          }
        },
      },
      toHidden(
        transposed({ weight: p.weightHh, width: H }),
        { values: hiddenSide, rows: 3 * H },
        dh,
        atInitial,
      ),
    ],
  };
}

/** With q = r ∘ h_{t−1}: ∂q = W_hnᵀ ∂a_n, ∂r = ∂q ∘ h_{t−1}, ∂h_{t−1} += ∂q ∘ r. */
function resetBeforeGradient({
  layer,
  parameters: p,
  signals: { r, z, n, h },
  gradient: { h: dh },
  initial,
  atInitial,
  products: { transposed },
}: CellBack<GruLayer, GruSignals>): CellGradient {
  const H = layer.hiddenSize;
  const da = new Float64Array(3 * h.length);
  const dq = new Float64Array(H);
  const matrix = { weight: p.weightHh, width: H };
  const reset = transposed(matrix, { first: 2 * H, count: H });
  const of: Place = { values: da, at: 0 };
  const into: Place = { values: dq, at: 0 };
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
          const before = rowBefore(h, initial.h, previous, H);
          const dBefore = gradientBefore(dh, atInitial.h, previous, H);
          for (let u = from; u < to; u++) {
            const t = now + u;
            da[3 * now + H + u] = dh[t] * (before[u] - n[t]) * z[t] * (1 - z[t]);
            da[3 * now + 2 * H + u] = dh[t] * (1 - z[t]) * (1 - n[t] * n[t]);
            dBefore[u] += dh[t] * z[t];
          }
        },
      },
      {
        units: reset.units,
        cost: reset.cost,
        compute(step, _previous, from, to) {
          of.at = 3 * step * H;
          reset.add(of, into, from, to);
        },
      },
      {
        units: H,
        cost: 10,
        compute(step, previous, from, to) {
          const before = rowBefore(h, initial.h, previous, H);
          const dBefore = gradientBefore(dh, atInitial.h, previous, H);
          for (let u = from; u < to; u++) {
            const gate = r[step * H + u];
            da[3 * step * H + u] = dq[u] * before[u] * gate * (1 - gate);
            dBefore[u] += dq[u] * gate;
          }
        },
      },
      toHidden(transposed(matrix, { first: 0, count: 2 * H }), { values: da, rows: 3 * H }, dh, atInitial),
    ],
  };
}
