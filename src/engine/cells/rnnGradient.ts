import type { RnnLayer } from '../../model/network';
import type { CellParameters } from './cell';
import { type CellGradient, type StateGradient, backToHidden } from './gradient';
import type { RnnSignals } from './rnn';

/** With a the sum inside φ: ∂a = ∂h ∘ φ′(a), ∂h_{t−1} += W_hhᵀ ∂a. */
export function rnnGradient(
  layer: RnnLayer,
  p: CellParameters,
  { h }: RnnSignals,
  { h: dh }: StateGradient,
): CellGradient {
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
      backToHidden(p.weightHh, da, H, H, dh),
    ],
  };
}
