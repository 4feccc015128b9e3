/**
 * Long short-term memory: S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", Neural Computation 9 (1997);
 * the forget gate: F. A. Gers, J. Schmidhuber and F. Cummins, "Learning to Forget", Neural Computation 12 (2000);
 * the projection: H. Sak, A. Senior and F. Beaufays, "Long Short-Term Memory Based Recurrent Neural Network
 * Architectures for Large Vocabulary Speech Recognition" (2014).
 */
import { type LstmLayer, stateSize } from '../../model/network';
import { sigmoid } from '../../engine/activations';
import { dot } from '../../engine/product';
import { type Cell, type CellRun, type Stage, EXPONENTIAL, sumOf } from '../../engine/cells/cell';

export interface LstmSignals {
  /** steps × H each. */
  readonly i: Float32Array;
  readonly f: Float32Array;
  readonly g: Float32Array;
  readonly o: Float32Array;
  readonly c: Float32Array;
  /** steps × P; P = H without a projection. */
  readonly h: Float32Array;
}

/**
 * i_t = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi)    f_t = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf)
 * g_t = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg)  o_t = σ(W_io x_t + b_io + W_ho h_{t−1} + b_ho)
 * c_t = f_t ∘ c_{t−1} + i_t ∘ g_t                    h_t = o_t ∘ tanh(c_t), or W_hr (o_t ∘ tanh(c_t))
 */
export function lstmCell({ layer, parameters: p, signals, initial }: CellRun<LstmLayer, LstmSignals>): Cell {
  const H = layer.hiddenSize;
  const P = stateSize(layer);
  const { i, f, g, o, c, h } = signals;
  const { weightHh: w, weightHr } = p;
  const output = weightHr ? new Float32Array(H) : h;
  const initialC = initial.c ?? new Float32Array(H);

  const stages: Stage[] = [
    {
      units: H,
      cost: 4 * (P + EXPONENTIAL),
      compute(step, previous, from, to) {
        const state = previous < 0 ? initial.h : h;
        const before = previous < 0 ? 0 : previous * P;
        const cell = previous < 0 ? initialC : c;
        const cellBefore = previous < 0 ? 0 : previous * H;
        const now = step * H;
        const out = weightHr ? 0 : now;
        for (let u = from; u < to; u++) {
          const wi = u * P;
          const wf = wi + H * P;
          const wg = wf + H * P;
          const wo = wg + H * P;
          let ai = i[now + u];
          let af = f[now + u];
          let ag = g[now + u];
          let ao = o[now + u];
          for (let k = 0; k < P; k++) {
            const v = state[before + k];
            ai += w[wi + k] * v;
            af += w[wf + k] * v;
            ag += w[wg + k] * v;
            ao += w[wo + k] * v;
          }
          const input = sigmoid(ai);
          const forget = sigmoid(af);
          const candidate = Math.tanh(ag);
          const outputGate = sigmoid(ao);
          const memory = forget * cell[cellBefore + u] + input * candidate;
          i[now + u] = input;
          f[now + u] = forget;
          g[now + u] = candidate;
          o[now + u] = outputGate;
          c[now + u] = memory;
          output[out + u] = outputGate * Math.tanh(memory);
        }
      },
    },
  ];
  if (weightHr) {
    stages.push({
      units: P,
      cost: H,
      compute(step, _previous, from, to) {
        for (let u = from; u < to; u++) h[step * P + u] = dot(weightHr, u * H, output, 0, H);
      },
    });
  }
  return { inputBias: sumOf(p.biasIh, p.biasHh), gates: [i, f, g, o], stages };
}
