/**
 * The LSTM with the options that formats other than PyTorch's have.
 *
 * Peepholes: F. A. Gers and J. Schmidhuber, "Recurrent Nets that Time and Count", IJCNN 2000. Coupled gates and a
 * comparison of all of these: K. Greff et al., "LSTM: A Search Space Odyssey", IEEE TNNLS 28 (2017). Activations, clip
 * and their order: ONNX operator LSTM. Forget bias: TensorFlow's BasicLSTMCell. A forget gate that multiplies the
 * previous output: brain.js, recurrent/lstm.ts. Cell clip: TensorFlow Lite, kernels/lstm_eval.cc.
 */
import { type LstmLayer, cellActivations, stateSize } from '../../model/network';
import { bounded } from '../../engine/activations';
import type { Work } from '../../engine/slices';
import { type Cell, type CellRun, EXPONENTIAL, sumOf } from '../../engine/cells/cell';
import type { LstmSignals } from './forward';
import { peepholesOf } from './peepholes';
import { Normaliser, normalisedSums } from '../../engine/cells/general/norm';
import { type CellArithmetic, productStage } from '../../engine/cells/general/product';
import { type SettlingStage, clipped, rowBefore } from '../../engine/cells/general/stage';

/**
 * With [x] = x kept within ±clip, φ of the gates, γ of the candidate, η of the output, and the terms that an option adds:
 * i_t = φ[W_ii x_t + b_ii + W_hi h_{t−1} + b_hi + p_i ∘ c_{t−1}]
 * f_t = φ[W_if x_t + b_if + W_hf h_{t−1} + b_hf + p_f ∘ c_{t−1} + forget bias]
 * g_t = γ[W_ig x_t + b_ig + W_hg h_{t−1} + b_hg];   coupled: f_t = 1 − i_t, or i_t = 1 − f_t
 * c_t = f_t ∘ c_{t−1} + i_t ∘ g_t, or f_t ∘ h_{t−1} + i_t ∘ g_t, kept within ±cell clip
 * o_t = φ[W_io x_t + b_io + W_ho h_{t−1} + b_ho + p_o ∘ c_t]
 * h_t = o_t ∘ η(c_t), or W_hr (o_t ∘ η(c_t))
 * With layer normalisation N(W_i· x_t) and N(W_h· h_{t−1}), over the four gates together, and η(N(c_t)), or c_t = N(…):
 * J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer Normalization" (2016), eq. 20 to 22.
 */
export function* generalLstmCell(
  { layer, parameters: p, signals, initial }: CellRun<LstmLayer, LstmSignals>,
  { productOf, activate }: CellArithmetic,
): Work<Cell<SettlingStage>> {
  const { hiddenSize: H, coupled, forgetBias = 0, cellClip, layerNorm } = layer;
  const P = stateSize(layer);
  const { i, f, g, o, c, h } = signals;
  const { weightHr } = p;
  const peepholes = peepholesOf(p);
  const activations = cellActivations(layer);
  const phi = clipped(activate, activations.gates, layer.clip);
  const gamma = clipped(activate, activations.candidate, layer.clip);
  const initialC = initial.c ?? new Float32Array(H);
  const output = new Float32Array(H);
  const hidden = yield* productOf(p.weightHh, P, 0, 4 * H);
  const projected = weightHr && (yield* productOf(weightHr, H, 0, P));
  const bias = sumOf(p.biasIh, p.biasHh);
  const norm = layerNorm && normalisedSums(p, layerNorm.epsilon, [i, f, g, o], H, hidden);
  const ofMemory = layerNorm && new Normaliser(p.norms.c!, layerNorm.epsilon);
  const sum = (gate: number, values: Float32Array, u: number, t: number) => {
    const k = gate * H + u;
    return norm ? norm.input.value(k) + norm.hidden.value(k) + bias[k] : values[t] + hidden.sums[k];
  };

  const gates: SettlingStage = {
    settles: coupled === 'input' ? ['i', 'g'] : coupled === 'forget' ? ['f', 'g'] : ['i', 'f', 'g'],
    units: H,
    cost: 4 * EXPONENTIAL,
    compute(step, previous, from, to) {
      const cell = rowBefore(c, initialC, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const seenByI = peepholes ? peepholes.i[u] * cell[u] : 0;
        const seenByF = peepholes ? peepholes.f[u] * cell[u] : 0;
        i[t] = sum(0, i, u, t) + seenByI;
        f[t] = sum(1, f, u, t) + seenByF + forgetBias;
        g[t] = sum(2, g, u, t);
        o[t] = sum(3, o, u, t);
      }
      const first = step * H + from;
      phi(i, first, to - from);
      phi(f, first, to - from);
      gamma(g, first, to - from);
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
    settles: layerNorm?.cell === 'state' ? [] : ['c'],
    units: H,
    cost: 2,
    compute(step, previous, from, to) {
      const kept =
        layer.keeps === 'output' ? rowBefore(h, initial.h, previous, H) : rowBefore(c, initialC, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) c[t] = f[t] * kept[u] + i[t] * g[t];
      if (cellClip === undefined) return;
      for (let t = step * H + from; t < step * H + to; t++) c[t] = bounded(c[t], -cellClip, cellClip);
    },
  };
  const normalisation: SettlingStage = {
    settles: layerNorm?.cell === 'state' ? ['c'] : [],
    units: 1,
    cost: 8 * H,
    compute(step) {
      ofMemory!.measure((u) => c[step * H + u]);
      if (layerNorm!.cell === 'state') for (let u = 0; u < H; u++) c[step * H + u] = ofMemory!.value(u);
    },
  };
  const outputGate: SettlingStage = {
    settles: ['o'],
    units: H,
    cost: EXPONENTIAL,
    compute(step, _previous, from, to) {
      const first = step * H + from;
      if (peepholes) for (let u = from, t = first; u < to; u++, t++) o[t] += peepholes.o[u] * c[t];
      phi(o, first, to - from);
    },
  };
  const shown = ofMemory && layerNorm.cell === 'output' ? ofMemory : undefined;
  const exposure: SettlingStage = {
    settles: projected ? [] : ['h'],
    units: H,
    cost: EXPONENTIAL,
    compute(step, _previous, from, to) {
      const out = projected ? output : h.subarray(step * H, (step + 1) * H);
      for (let u = from, t = step * H + from; u < to; u++, t++) out[u] = shown ? shown.value(u) : c[t];
      activate(activations.output, out, from, to - from);
      for (let u = from, t = step * H + from; u < to; u++, t++) out[u] *= o[t];
    },
  };
  const projection: SettlingStage = {
    settles: ['h'],
    units: 1,
    cost: P,
    compute(step) {
      h.set(projected!.sums, step * P);
    },
  };
  return {
    // Normalisation comes before the bias.
    inputBias: norm ? new Float32Array(4 * H) : bias,
    gates: [i, f, g, o],
    stages: [
      productStage(hidden, (_step, previous) => rowBefore(h, initial.h, previous, P)),
      ...(norm ? [norm.stage] : []),
      gates,
      ...(coupled ? [coupling] : []),
      memory,
      ...(ofMemory ? [normalisation] : []),
      ...[outputGate, exposure],
      ...(projected ? [productStage(projected, () => output), projection] : []),
    ],
  };
}
