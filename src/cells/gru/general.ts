import { type GruLayer, cellActivations } from '../../model/network';
import type { Work } from '../../engine/slices';
import { type Cell, type CellRun, EXPONENTIAL } from '../../engine/cells/cell';
import { type GruSignals, inputBias } from './forward';
import { normalisedSums } from '../../engine/cells/general/norm';
import { type CellArithmetic, productStage } from '../../engine/cells/general/product';
import { type SettlingStage, clipped, rowBefore } from '../../engine/cells/general/stage';

/**
 * As `gruCell`, with any activations, and with clip. With layer normalisation each product W_i· x_t and W_h· h_{t−1} is
 * normalised over the three gates together before its bias: haste's LayerNormGRU, a form of J. L. Ba, J. R. Kiros and
 * G. E. Hinton, "Layer Normalization" (2016).
 */
export function* generalGruCell(
  { layer, parameters: p, signals: { r, z, n, h }, initial }: CellRun<GruLayer, GruSignals>,
  { productOf, activate }: CellArithmetic,
): Work<Cell<SettlingStage>> {
  const { hiddenSize: H, resetAfter, layerNorm } = layer;
  const { biasIh, biasHh } = p;
  const activations = cellActivations(layer);
  const phi = clipped(activate, activations.gates, layer.clip);
  const gamma = clipped(activate, activations.candidate, layer.clip);
  const reset = new Float32Array(H);
  /** Of h_{t−1} for r and z, and for n too where the reset comes after. */
  const hidden = yield* productOf(p.weightHh, H, 0, (resetAfter ? 3 : 2) * H);
  const ofReset = resetAfter ? undefined : yield* productOf(p.weightHh, H, 2 * H, H);
  const norm = layerNorm && normalisedSums(p, layerNorm.epsilon, [r, z, n], H, hidden);
  const input = (gate: number, values: Float32Array, u: number, t: number) =>
    norm ? norm.input.value(gate * H + u) + biasIh[gate * H + u] : values[t];
  /** Without normalisation the bias of r and z comes with the input's. */
  const past = (gate: number, u: number) =>
    norm ? norm.hidden.value(gate * H + u) + biasHh[gate * H + u] : hidden.sums[gate * H + u];

  const gates: SettlingStage = {
    settles: ['r', 'z'],
    units: H,
    cost: 2 * EXPONENTIAL,
    compute(step, _previous, from, to) {
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        r[t] = input(0, r, u, t) + past(0, u);
        z[t] = input(1, z, u, t) + past(1, u);
      }
      phi(r, step * H + from, to - from);
      phi(z, step * H + from, to - from);
    },
  };
  const resetState: SettlingStage = {
    settles: [],
    units: H,
    cost: 1,
    compute(step, previous, from, to) {
      const before = rowBefore(h, initial.h, previous, H);
      for (let u = from; u < to; u++) reset[u] = r[step * H + u] * before[u];
    },
  };
  const candidate: SettlingStage = {
    settles: ['n'],
    units: H,
    cost: EXPONENTIAL,
    compute(step, _previous, from, to) {
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const bias = norm ? 0 : biasHh[2 * H + u];
        n[t] = input(2, n, u, t) + (ofReset ? ofReset.sums[u] : r[t] * (past(2, u) + bias));
      }
      gamma(n, step * H + from, to - from);
    },
  };
  const state: SettlingStage = {
    settles: ['h'],
    units: H,
    cost: 3,
    compute(step, previous, from, to) {
      const before = rowBefore(h, initial.h, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) h[t] = (1 - z[t]) * n[t] + z[t] * before[u];
    },
  };
  return {
    inputBias: norm ? new Float32Array(3 * H) : inputBias(layer, p),
    gates: [r, z, n],
    stages: [
      productStage(hidden, (_step, previous) => rowBefore(h, initial.h, previous, H)),
      ...(norm ? [norm.stage] : []),
      gates,
      ...(ofReset ? [resetState, productStage(ofReset, () => reset)] : []),
      candidate,
      state,
    ],
  };
}
