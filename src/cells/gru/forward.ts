/**
 * Gated recurrent unit: K. Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder for Statistical
 * Machine Translation", EMNLP 2014 (reset before the product); cuDNN and PyTorch's nn.GRU (reset after it). Both
 * with PyTorch's sense of z: it keeps the old state.
 */
import type { GruLayer } from '../../model/network';
import { sigmoid } from '../../engine/activations';
import { dot } from '../../engine/product';
import {
  type Cell,
  type CellParameters,
  type CellRun,
  type Stage,
  EXPONENTIAL,
  sumOf,
} from '../../engine/cells/cell';

export interface GruSignals {
  /** steps × H each. */
  readonly r: Float32Array;
  readonly z: Float32Array;
  readonly n: Float32Array;
  readonly h: Float32Array;
}

/**
 * r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)     z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)
 * n_t = tanh(W_in x_t + b_in + r_t ∘ (W_hn h_{t−1} + b_hn))    reset after
 * n_t = tanh(W_in x_t + b_in + W_hn (r_t ∘ h_{t−1}) + b_hn)    reset before
 * h_t = (1 − z_t) ∘ n_t + z_t ∘ h_{t−1}
 */
export function gruCell(run: CellRun<GruLayer, GruSignals>): Cell {
  const { layer, parameters, signals } = run;
  return {
    inputBias: inputBias(layer, parameters),
    gates: [signals.r, signals.z, signals.n],
    stages: layer.resetAfter ? resetAfter(run) : resetBefore(run),
  };
}

/** Reset after keeps b_hn apart, since the reset gate multiplies it. */
export function inputBias(layer: GruLayer, p: CellParameters): Float32Array {
  const bias = sumOf(p.biasIh, p.biasHh);
  if (layer.resetAfter) bias.set(p.biasIh.subarray(2 * layer.hiddenSize), 2 * layer.hiddenSize);
  return bias;
}

function resetAfter({
  layer,
  parameters: p,
  signals: { r, z, n, h },
  initial,
}: CellRun<GruLayer, GruSignals>): Stage[] {
  const H = layer.hiddenSize;
  const { weightHh: w, biasHh } = p;
  return [
    {
      units: H,
      cost: 3 * (H + EXPONENTIAL),
      compute(step, previous, from, to) {
        const state = previous < 0 ? initial.h : h;
        const before = previous < 0 ? 0 : previous * H;
        const now = step * H;
        for (let u = from; u < to; u++) {
          const wr = u * H;
          const wz = wr + H * H;
          const wn = wz + H * H;
          let ar = r[now + u];
          let az = z[now + u];
          let hidden = biasHh[2 * H + u];
          for (let k = 0; k < H; k++) {
            const v = state[before + k];
            ar += w[wr + k] * v;
            az += w[wz + k] * v;
            hidden += w[wn + k] * v;
          }
          const reset = sigmoid(ar);
          const update = sigmoid(az);
          const candidate = Math.tanh(n[now + u] + reset * hidden);
          r[now + u] = reset;
          z[now + u] = update;
          n[now + u] = candidate;
          h[now + u] = (1 - update) * candidate + update * state[before + u];
        }
      },
    },
  ];
}

function resetBefore({
  layer,
  parameters: p,
  signals: { r, z, n, h },
  initial,
}: CellRun<GruLayer, GruSignals>): Stage[] {
  const H = layer.hiddenSize;
  const { weightHh: w } = p;
  const resetState = new Float32Array(H);
  return [
    {
      units: H,
      cost: 2 * (H + EXPONENTIAL),
      compute(step, previous, from, to) {
        const state = previous < 0 ? initial.h : h;
        const before = previous < 0 ? 0 : previous * H;
        const now = step * H;
        for (let u = from; u < to; u++) {
          r[now + u] = sigmoid(r[now + u] + dot(w, u * H, state, before, H));
          z[now + u] = sigmoid(z[now + u] + dot(w, (H + u) * H, state, before, H));
          resetState[u] = r[now + u] * state[before + u];
        }
      },
    },
    {
      units: H,
      cost: H + EXPONENTIAL,
      compute(step, previous, from, to) {
        const state = previous < 0 ? initial.h : h;
        const before = previous < 0 ? 0 : previous * H;
        const now = step * H;
        for (let u = from; u < to; u++) {
          const candidate = Math.tanh(n[now + u] + dot(w, (2 * H + u) * H, resetState, 0, H));
          const update = z[now + u];
          n[now + u] = candidate;
          h[now + u] = (1 - update) * candidate + update * state[before + u];
        }
      },
    },
  ];
}
