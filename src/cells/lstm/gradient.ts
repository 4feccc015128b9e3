import { type LstmLayer, stateSize } from '../../model/network';
import type { Stage } from '../../engine/cells/cell';
import type { CellBack } from '../../engine/cells/equations';
import { toHidden } from '../../engine/cells/general/stage';
import type { CellGradient, Place, Transposed } from '../../engine/cells/gradient';
import type { LstmSignals } from './forward';

/**
 * With m = o ∘ tanh(c) and a. the sum inside each gate: ∂m = ∂h, or W_hrᵀ ∂h with a projection;
 * ∂c += ∂m ∘ o ∘ (1 − tanh²c);  ∂a_o = ∂m ∘ tanh(c) ∘ o ∘ (1 − o);
 * ∂a_i = ∂c ∘ g ∘ i ∘ (1 − i);  ∂a_f = ∂c ∘ c_{t−1} ∘ f ∘ (1 − f);  ∂a_g = ∂c ∘ i ∘ (1 − g²);
 * ∂c_{t−1} += ∂c ∘ f;           ∂h_{t−1} += W_hhᵀ ∂a.
 */
export function lstmGradient({
  layer,
  parameters: p,
  signals: { i, f, g, o, c },
  gradient: { h: dh, c: dc = new Float64Array(c.length) },
  initial,
  atInitial,
  products: { transposed },
}: CellBack<LstmLayer, LstmSignals>): CellGradient {
  const H = layer.hiddenSize;
  const P = stateSize(layer);
  const da = new Float64Array(4 * c.length);
  const dm = p.weightHr ? new Float64Array(H) : dh;
  const initialC = initial.c ?? new Float32Array(H);
  const stages: Stage[] = [
    {
      units: H,
      cost: 40,
      compute(step, previous, from, to) {
        const now = step * H;
        const row = 4 * now;
        const output = p.weightHr ? 0 : now;
        const [earlier, dEarlier] = previous < 0 ? [initialC, atInitial.c] : [c, dc];
        const before = previous < 0 ? 0 : previous * H;
        for (let u = from; u < to; u++) {
          const t = now + u;
          const tanhC = Math.tanh(c[t]);
          const dOutput = dm[output + u];
          dc[t] += dOutput * o[t] * (1 - tanhC * tanhC);
          const dCell = dc[t];
          da[row + u] = dCell * g[t] * i[t] * (1 - i[t]);
          da[row + H + u] = dCell * earlier[before + u] * f[t] * (1 - f[t]);
          da[row + 2 * H + u] = dCell * i[t] * (1 - g[t] * g[t]);
          da[row + 3 * H + u] = dOutput * tanhC * o[t] * (1 - o[t]);
          dEarlier[before + u] += dCell * f[t];
        }
      },
    },
    toHidden(transposed({ weight: p.weightHh, width: P }), { values: da, rows: 4 * H }, dh, atInitial),
  ];
  if (p.weightHr) {
    stages.unshift(backThroughProjection(transposed({ weight: p.weightHr, width: H }), P, dh, dm));
  }
  return { inputSide: da, hiddenSide: da, stages };
}

/** The stage that makes ∂m of a step, H numbers, of ∂h, P each step: the product is that with W_hr. */
export function backThroughProjection(
  { units, cost, add }: Transposed,
  P: number,
  dh: Float64Array,
  dm: Float64Array,
): Stage {
  const of: Place = { values: dh, at: 0 };
  const into: Place = { values: dm, at: 0 };
  return {
    units,
    cost,
    compute(step, _previous, from, to) {
      if (from === 0) dm.fill(0);
      of.at = step * P;
      add(of, into, from, to);
    },
  };
}
