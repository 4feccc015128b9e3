import { type GruLayer, cellActivations } from '../../../model/network';
import { dot } from '../../product';
import { type Cell, type CellParameters, type CellState, EXPONENTIAL } from '../cell';
import { type GruSignals, inputBias } from '../gru';
import { type SettlingStage, clipped, rowBefore } from './stage';

/** As `gruCell`, with any activations, and with clip. */
export function generalGruCell(
  layer: GruLayer,
  p: CellParameters,
  { r, z, n, h }: GruSignals,
  initial: CellState,
): Cell<SettlingStage> {
  const { hiddenSize: H, resetAfter } = layer;
  const { weightHh: w, biasHh } = p;
  const activations = cellActivations(layer);
  const phi = clipped(activations.gates, layer.clip);
  const gamma = clipped(activations.candidate, layer.clip);
  const reset = new Float32Array(H);

  const gates: SettlingStage = {
    settles: ['r', 'z'],
    units: H,
    cost: 2 * (H + EXPONENTIAL),
    compute(step, previous, from, to) {
      const before = rowBefore(h, initial.h, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        r[t] = phi(r[t] + dot(w, u * H, before, 0, H));
        z[t] = phi(z[t] + dot(w, (H + u) * H, before, 0, H));
      }
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
    cost: H + EXPONENTIAL,
    compute(step, previous, from, to) {
      const before = rowBefore(h, initial.h, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const row = (2 * H + u) * H;
        const hidden = resetAfter
          ? r[t] * (biasHh[2 * H + u] + dot(w, row, before, 0, H))
          : dot(w, row, reset, 0, H);
        n[t] = gamma(n[t] + hidden);
      }
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
    inputBias: inputBias(layer, p),
    gates: [r, z, n],
    stages: [gates, ...(resetAfter ? [] : [resetState]), candidate, state],
  };
}
