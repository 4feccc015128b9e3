/**
 * The LSTM with the options that formats other than PyTorch's have.
 *
 * Peepholes: F. A. Gers and J. Schmidhuber, "Recurrent Nets that Time and Count", IJCNN 2000. Coupled gates and a
 * comparison of all of these: K. Greff et al., "LSTM: A Search Space Odyssey", IEEE TNNLS 28 (2017). Activations, clip
 * and their order: ONNX operator LSTM. Forget bias: TensorFlow's BasicLSTMCell. A forget gate that multiplies the
 * previous output: brain.js, recurrent/lstm.ts.
 */
import { type LstmLayer, cellActivations, stateSize } from '../../../model/network';
import { unitFunction } from '../../activations';
import { dot } from '../../product';
import { type Cell, type CellParameters, type CellState, EXPONENTIAL, sumOf } from '../cell';
import type { LstmSignals } from '../lstm';
import { type SettlingStage, clipped, rowBefore } from './stage';

/**
 * With [x] = x kept within ±clip, φ of the gates, γ of the candidate, η of the output, and the terms that an option adds:
 * i_t = φ[W_ii x_t + b_ii + W_hi h_{t−1} + b_hi + p_i ∘ c_{t−1}]
 * f_t = φ[W_if x_t + b_if + W_hf h_{t−1} + b_hf + p_f ∘ c_{t−1} + forget bias]
 * g_t = γ[W_ig x_t + b_ig + W_hg h_{t−1} + b_hg];   coupled: f_t = 1 − i_t, or i_t = 1 − f_t
 * c_t = f_t ∘ c_{t−1} + i_t ∘ g_t, or f_t ∘ h_{t−1} + i_t ∘ g_t
 * o_t = φ[W_io x_t + b_io + W_ho h_{t−1} + b_ho + p_o ∘ c_t]
 * h_t = o_t ∘ η(c_t), or W_hr (o_t ∘ η(c_t))
 */
export function generalLstmCell(
  layer: LstmLayer,
  p: CellParameters,
  signals: LstmSignals,
  initial: CellState,
): Cell<SettlingStage> {
  const { hiddenSize: H, coupled, forgetBias = 0 } = layer;
  const P = stateSize(layer);
  const { i, f, g, o, c, h } = signals;
  const { weightHh: w, weightHr, peepholes } = p;
  const activations = cellActivations(layer);
  const phi = clipped(activations.gates, layer.clip);
  const gamma = clipped(activations.candidate, layer.clip);
  const eta = unitFunction(activations.output);
  const initialC = initial.c ?? new Float32Array(H);
  const output = new Float32Array(H);

  const gates: SettlingStage = {
    settles: coupled === 'input' ? ['i', 'g'] : coupled === 'forget' ? ['f', 'g'] : ['i', 'f', 'g'],
    units: H,
    cost: 4 * (P + EXPONENTIAL),
    compute(step, previous, from, to) {
      const state = rowBefore(h, initial.h, previous, P);
      const cell = rowBefore(c, initialC, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const [pi, pf] = peepholes ? [peepholes.i[u] * cell[u], peepholes.f[u] * cell[u]] : [0, 0];
        i[t] = phi(i[t] + dot(w, u * P, state, 0, P) + pi);
        f[t] = phi(f[t] + dot(w, (H + u) * P, state, 0, P) + pf + forgetBias);
        g[t] = gamma(g[t] + dot(w, (2 * H + u) * P, state, 0, P));
        o[t] += dot(w, (3 * H + u) * P, state, 0, P);
      }
    },
  };
  const [computed, derived] = coupled === 'input' ? [i, f] : [f, i];
  const coupling: SettlingStage = {
    settles: [coupled === 'input' ? 'f' : 'i'],
    units: H,
    cost: 1,
    compute(step, _previous, from, to) {
      for (let t = step * H + from; t < step * H + to; t++) derived[t] = 1 - computed[t];
    },
  };
  const memory: SettlingStage = {
    settles: ['c'],
    units: H,
    cost: 2,
    compute(step, previous, from, to) {
      const kept =
        layer.keeps === 'output' ? rowBefore(h, initial.h, previous, H) : rowBefore(c, initialC, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) c[t] = f[t] * kept[u] + i[t] * g[t];
    },
  };
  const outputGate: SettlingStage = {
    settles: ['o'],
    units: H,
    cost: EXPONENTIAL,
    compute(step, _previous, from, to) {
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        o[t] = phi(o[t] + (peepholes ? peepholes.o[u] * c[t] : 0));
      }
    },
  };
  const hidden: SettlingStage = {
    settles: weightHr ? [] : ['h'],
    units: H,
    cost: EXPONENTIAL,
    compute(step, _previous, from, to) {
      const out = weightHr ? output : h.subarray(step * H, (step + 1) * H);
      for (let u = from, t = step * H + from; u < to; u++, t++) out[u] = o[t] * eta(c[t]);
    },
  };
  const projection: SettlingStage = {
    settles: ['h'],
    units: P,
    cost: H,
    compute(step, _previous, from, to) {
      for (let u = from; u < to; u++) h[step * P + u] = dot(weightHr!, u * H, output, 0, H);
    },
  };
  return {
    inputBias: sumOf(p.biasIh, p.biasHh),
    gates: [i, f, g, o],
    stages: [
      gates,
      ...(coupled ? [coupling] : []),
      ...[memory, outputGate, hidden],
      ...(weightHr ? [projection] : []),
    ],
  };
}
