import type { RnnLayer } from '../../model/network';
import type { CellBack } from '../../engine/cells/equations';
import { toHidden } from '../../engine/cells/general/stage';
import type { CellGradient } from '../../engine/cells/gradient';
import type { RnnSignals } from './forward';

/** With a the sum inside φ: ∂a = ∂h ∘ φ′(a), ∂h_{t−1} += W_hhᵀ ∂a. */
export function rnnGradient({
  layer,
  parameters: p,
  signals: { h },
  gradient: { h: dh },
  atInitial,
  products: { transposed },
}: CellBack<RnnLayer, RnnSignals>): CellGradient {
  const H = layer.hiddenSize;
  const da = new Float64Array(h.length);
  const slope = layer.nonlinearity === 'tanh' ? (y: number) => 1 - y * y : (y: number) => (y > 0 ? 1 : 0);
  return {
    inputSide: da,
    hiddenSide: da,
    stages: [
      {
        units: H,
        cost: 4,
        compute(step, _previous, from, to) {
          for (let u = step * H + from; u < step * H + to; u++) da[u] = dh[u] * slope(h[u]);
        },
      },
      toHidden(transposed({ weight: p.weightHh, width: H }), { values: da, rows: H }, dh, atInitial),
    ],
  };
}
