import type { RnnLayer } from '../../model/network';
import type { Work } from '../../engine/slices';
import { type Cell, type CellRun, EXPONENTIAL, sumOf } from '../../engine/cells/cell';
import type { RnnSignals } from './forward';
import { Normaliser } from '../../engine/cells/general/norm';
import { type CellArithmetic, productStage } from '../../engine/cells/general/product';
import { type SettlingStage, clipped, rowBefore } from '../../engine/cells/general/stage';

/**
 * As `rnnCell`, with any φ, and with clip. With layer normalisation h_t = φ[N(W_ih x_t + W_hh h_{t−1}) + b_ih + b_hh]:
 * J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer Normalization" (2016), eq. 4; TensorFlow Addons' LayerNormSimpleRNN.
 */
export function* generalRnnCell(
  { layer, parameters: p, signals: { h }, initial }: CellRun<RnnLayer, RnnSignals>,
  { productOf, activate }: CellArithmetic,
): Work<Cell<SettlingStage>> {
  const H = layer.hiddenSize;
  const phi = clipped(activate, layer.nonlinearity, layer.clip);
  const hidden = yield* productOf(p.weightHh, H, 0, H);
  const bias = sumOf(p.biasIh, p.biasHh);
  const norm = layer.layerNorm && new Normaliser(p.norms.sum!, layer.layerNorm.epsilon);
  const normalisation: SettlingStage = {
    settles: [],
    units: 1,
    cost: 8 * H,
    compute(step) {
      norm!.measure((u) => h[step * H + u] + hidden.sums[u]);
    },
  };
  const state: SettlingStage = {
    settles: ['h'],
    units: H,
    cost: EXPONENTIAL,
    compute(step, _previous, from, to) {
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        h[t] = norm ? norm.value(u) + bias[u] : h[t] + hidden.sums[u];
      }
      phi(h, step * H + from, to - from);
    },
  };
  return {
    inputBias: norm ? new Float32Array(H) : bias,
    gates: [h],
    stages: [
      productStage(hidden, (_step, previous) => rowBefore(h, initial.h, previous, H)),
      ...(norm ? [normalisation] : []),
      state,
    ],
  };
}
