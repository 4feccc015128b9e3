import type { RnnLayer } from '../../model/network';
import { dot } from '../../engine/product';
import type { Stage } from '../../engine/cells/cell';
import type { GeneralBack } from '../../engine/cells/equations';
import type { CellGradient } from '../../engine/cells/gradient';
import type { RnnSignals } from './forward';
import { Normaliser } from '../../engine/cells/general/norm';
import { clippedSlope, rowBefore, toHidden } from '../../engine/cells/general/stage';

/** As gradient.ts, with what the options add. */
export function generalRnnGradient({
  layer,
  parameters: p,
  signals: { h },
  gradient: { h: dh },
  initial,
  atInitial,
  inputSums,
  products: { transposed },
}: GeneralBack<RnnLayer, RnnSignals>): CellGradient {
  const H = layer.hiddenSize;
  const product = transposed({ weight: p.weightHh, width: H });
  const slope = clippedSlope(layer.nonlinearity, layer.clip);
  const da = new Float64Array(h.length);
  const sums: Stage = {
    units: H,
    cost: 5,
    compute(step, _previous, from, to) {
      for (let t = step * H + from; t < step * H + to; t++) da[t] = dh[t] * slope(h[t]);
    },
  };
  if (!layer.layerNorm) {
    const stages = [sums, toHidden(product, { values: da, rows: H }, dh, atInitial)];
    return { inputSide: da, hiddenSide: da, stages };
  }
  const norm = new Normaliser(p.norms.sum!, layer.layerNorm.epsilon);
  const side = new Float64Array(h.length);
  const normalisation: Stage = {
    units: 1,
    cost: H * (H + 16),
    compute(step, previous) {
      const before = rowBefore(h, initial.h, previous, H);
      const now = step * H;
      norm.measure((u) => inputSums[now + u] + dot(p.weightHh, u * H, before, 0, H));
      norm.back(da.subarray(now, now + H), side.subarray(now, now + H));
    },
  };
  return {
    inputSide: side,
    hiddenSide: side,
    biases: { input: da, hidden: da },
    norms: { sum: norm.gradient },
    stages: [sums, normalisation, toHidden(product, { values: side, rows: H }, dh, atInitial)],
  };
}
