import type { RnnLayer } from '../../../model/network';
import { dot } from '../../product';
import type { CellParameters, CellState, Stage } from '../cell';
import type { CellGradient, InitialGradient, StateGradient } from '../gradient';
import type { RnnSignals } from '../rnn';
import { Normaliser } from './norm';
import { clippedSlope, rowBefore, toHidden } from './stage';

/** As rnnGradient.ts, with what the options add. */
export function generalRnnGradient(
  layer: RnnLayer,
  p: CellParameters,
  { h }: RnnSignals,
  { h: dh }: StateGradient,
  initial: CellState,
  atInitial: InitialGradient,
  products: Float32Array,
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
  if (!layer.layerNorm) {
    const stages = [sums, toHidden(p.weightHh, da, H, H, H, dh, atInitial)];
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
      norm.measure((u) => products[now + u] + dot(p.weightHh, u * H, before, 0, H));
      norm.back(da.subarray(now, now + H), side.subarray(now, now + H));
    },
  };
  return {
    inputSide: side,
    hiddenSide: side,
    biases: { input: da, hidden: da },
    norms: { sum: norm.gradient },
    stages: [sums, normalisation, toHidden(p.weightHh, side, H, H, H, dh, atInitial)],
  };
}
