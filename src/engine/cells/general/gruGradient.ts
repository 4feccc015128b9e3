import { type GruLayer, cellActivations } from '../../../model/network';
import { dot } from '../../product';
import type { CellParameters, CellState, Stage } from '../cell';
import { type CellGradient, type InitialGradient, type StateGradient, addTransposed } from '../gradient';
import type { GruSignals } from '../gru';
import { backThroughSums, sumNormalisers } from './norm';
import { type Held, clippedSlope, gradientBefore, rowBefore, toHidden } from './stage';

/** As ../gruGradient.ts, with what the options add: see the equations in gru.ts. */
export function generalGruGradient(
  layer: GruLayer,
  p: CellParameters,
  { r, z, n, h }: GruSignals,
  { h: dh }: StateGradient,
  initial: CellState,
  atInitial: InitialGradient,
  products: Float32Array,
  held: Held,
): CellGradient {
  const { hiddenSize: H, resetAfter, layerNorm } = layer;
  const activations = cellActivations(layer);
  const gateSlope = clippedSlope(activations.gates, layer.clip);
  const candidateSlope = clippedSlope(activations.candidate, layer.clip);
  /** ∂target/∂ of the sums with their biases, of the input's and of the hidden state's. */
  const ofInput = new Float64Array(3 * h.length);
  const ofHidden = resetAfter ? new Float64Array(3 * h.length) : ofInput;
  const norms = layerNorm && sumNormalisers(p, layerNorm.epsilon);
  const before = (previous: number) => rowBefore(h, initial.h, previous, H);
  /** ∂target/∂ of r ∘ h_{t−1}. */
  const dq = new Float64Array(H);
  const outside: Stage = {
    units: H,
    cost: 20,
    compute(step, previous, from, to) {
      if (from === 0) dq.fill(0);
      const past = before(previous);
      const dBefore = gradientBefore(dh, atInitial.h, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const row = 3 * step * H;
        ofInput[row + H + u] = held.z?.[t] ? 0 : dh[t] * (past[u] - n[t]) * gateSlope(z[t]);
        ofInput[row + 2 * H + u] = held.n?.[t] ? 0 : dh[t] * (1 - z[t]) * candidateSlope(n[t]);
        dBefore[u] += dh[t] * z[t];
      }
    },
  };
  const throughReset: Stage = {
    units: H,
    cost: H,
    compute(step, _previous, from, to) {
      addTransposed(p.weightHh, 2 * H + from, 2 * H + to, H, ofInput, 3 * step * H, dq, 0);
    },
  };
  const resetBefore: Stage = {
    units: H,
    cost: 10,
    compute(step, previous, from, to) {
      const past = before(previous);
      const dBefore = gradientBefore(dh, atInitial.h, previous, H);
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        ofInput[3 * step * H + u] = held.r?.[t] ? 0 : dq[u] * past[u] * gateSlope(r[t]);
        dBefore[u] += dq[u] * r[t];
      }
    },
  };
  const reset: Stage = {
    units: H,
    cost: H + 10,
    compute(step, previous, from, to) {
      const past = before(previous);
      const row = 3 * step * H;
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const k = 2 * H + u;
        const daN = ofInput[row + k];
        const product = norms ? norms.hidden.value(k) : dot(p.weightHh, k * H, past, 0, H);
        ofInput[row + u] = held.r?.[t] ? 0 : daN * (product + p.biasHh[k]) * gateSlope(r[t]);
        ofHidden[row + u] = ofInput[row + u];
        ofHidden[row + H + u] = ofInput[row + H + u];
        ofHidden[row + k] = daN * r[t];
      }
    },
  };
  const back = (side: Float64Array, used: number) =>
    toHidden(p.weightHh, side, 3 * H, used, H, dh, atInitial);
  if (!norms) {
    const stages = resetAfter
      ? [outside, reset, back(ofHidden, 3 * H)]
      : [outside, throughReset, resetBefore, back(ofHidden, 2 * H)];
    return { inputSide: ofInput, hiddenSide: ofHidden, stages };
  }
  const sides = { inputSide: new Float64Array(ofInput.length), hiddenSide: new Float64Array(ofInput.length) };
  const biases = { input: ofInput, hidden: ofHidden };
  const sums = backThroughSums(norms, products, p.weightHh, before, biases, sides);
  return {
    ...sides,
    biases,
    norms: { ih: norms.input.gradient, hh: norms.hidden.gradient },
    stages: [outside, sums.measure, reset, sums.back, back(sides.hiddenSide, 3 * H)],
  };
}
