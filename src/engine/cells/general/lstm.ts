/**
 * The LSTM with the options that formats other than PyTorch's have.
 *
 * Peepholes: F. A. Gers and J. Schmidhuber, "Recurrent Nets that Time and Count", IJCNN 2000. Coupled gates and a
 * comparison of all of these: K. Greff et al., "LSTM: A Search Space Odyssey", IEEE TNNLS 28 (2017). Activations, clip
 * and their order: ONNX operator LSTM. Forget bias: TensorFlow's BasicLSTMCell. A forget gate that multiplies the
 * previous output: brain.js, recurrent/lstm.ts.
 */
import { type CellNorm, type LstmLayer, cellActivations, stateSize } from '../../../model/network';
import { unitFunction } from '../../activations';
import { dot } from '../../product';
import { type Cell, type CellParameters, type CellState, EXPONENTIAL, sumOf } from '../cell';
import type { LstmSignals } from '../lstm';
import { Normaliser } from './norm';
import { type SettlingStage, clipped, rowBefore } from './stage';

/**
 * With [x] = x kept within ±clip, φ of the gates, γ of the candidate, η of the output, and the terms that an option adds:
 * i_t = φ[W_ii x_t + b_ii + W_hi h_{t−1} + b_hi + p_i ∘ c_{t−1}]
 * f_t = φ[W_if x_t + b_if + W_hf h_{t−1} + b_hf + p_f ∘ c_{t−1} + forget bias]
 * g_t = γ[W_ig x_t + b_ig + W_hg h_{t−1} + b_hg];   coupled: f_t = 1 − i_t, or i_t = 1 − f_t
 * c_t = f_t ∘ c_{t−1} + i_t ∘ g_t, or f_t ∘ h_{t−1} + i_t ∘ g_t
 * o_t = φ[W_io x_t + b_io + W_ho h_{t−1} + b_ho + p_o ∘ c_t]
 * h_t = o_t ∘ η(c_t), or W_hr (o_t ∘ η(c_t))
 * With layer normalisation N: N(W_i· x_t) + N(W_h· h_{t−1}) over the four gates' sums, and η(N(c_t)), or c_t = N(…).
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

  const norm = layer.layerNorm && p.norms ? normalisation(layer.layerNorm, p, signals, H, P) : undefined;
  const sum = (gate: number, values: Float32Array, u: number, t: number, state: Float32Array) =>
    norm ? norm.sum(gate * H + u) : values[t] + dot(w, (gate * H + u) * P, state, 0, P);
  const gates: SettlingStage = {
    settles: coupled === 'input' ? ['i', 'g'] : coupled === 'forget' ? ['f', 'g'] : ['i', 'f', 'g'],
    units: H,
    cost: 4 * (P + EXPONENTIAL),
    compute(step, previous, from, to) {
      const state = rowBefore(h, initial.h, previous, P);
      const cell = rowBefore(c, initialC, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const [pi, pf] = peepholes ? [peepholes.i[u] * cell[u], peepholes.f[u] * cell[u]] : [0, 0];
        i[t] = phi(sum(0, i, u, t, state) + pi);
        f[t] = phi(sum(1, f, u, t, state) + pf + forgetBias);
        g[t] = gamma(sum(2, g, u, t, state));
        o[t] = sum(3, o, u, t, state);
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
    settles: norm ? [] : ['c'],
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
      for (let u = from, t = step * H + from; u < to; u++, t++)
        out[u] = o[t] * eta(norm ? norm.shown(u, c[t]) : c[t]);
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
    // Normalisation comes before the bias.
    inputBias: norm ? new Float32Array(4 * H) : sumOf(p.biasIh, p.biasHh),
    gates: [i, f, g, o],
    stages: [
      ...(norm ? [norm.before(initial)] : []),
      gates,
      ...(coupled ? [coupling] : []),
      ...[memory, ...(norm ? [norm.ofMemory] : []), outputGate, hidden],
      ...(weightHr ? [projection] : []),
    ],
  };
}

/** What normalisation adds to the stages: all sums ahead of the gates, and c after it is made. */
function normalisation(
  { cell, epsilon }: CellNorm,
  p: CellParameters,
  { i, f, g, o, c, h }: LstmSignals,
  H: number,
  P: number,
) {
  const { ih, hh, c: ofCell } = p.norms!;
  const inputs = new Float64Array(4 * H);
  const hidden = new Float64Array(4 * H);
  const bias = sumOf(p.biasIh, p.biasHh);
  const cells = new Float64Array(H);
  const input = new Normaliser(4 * H, epsilon, ih, (k) => inputs[k]);
  const state = new Normaliser(4 * H, epsilon, hh, (k) => hidden[k]);
  const memory = new Normaliser(H, epsilon, ofCell, (k) => cells[k]);
  const before = (initial: CellState): SettlingStage => ({
    settles: [],
    units: 1,
    cost: 4 * H * (P + 4),
    compute(step, previous) {
      const past = rowBefore(h, initial.h, previous, P);
      for (let k = 0; k < 4 * H; k++) hidden[k] = dot(p.weightHh, k * P, past, 0, P);
      [i, f, g, o].forEach((gate, k) => inputs.set(gate.subarray(step * H, (step + 1) * H), k * H));
      input.measure();
      state.measure();
    },
  });
  const ofMemory: SettlingStage = {
    settles: ['c'],
    units: 1,
    cost: 4 * H,
    compute(step) {
      cells.set(c.subarray(step * H, (step + 1) * H));
      memory.measure();
      if (cell === 'state') for (let u = 0; u < H; u++) c[step * H + u] = memory.value(u);
    },
  };
  return {
    before,
    ofMemory,
    sum: (k: number) => input.value(k) + state.value(k) + bias[k],
    shown(u: number, kept: number) {
      return cell === 'state' ? kept : memory.value(u);
    },
  };
}
