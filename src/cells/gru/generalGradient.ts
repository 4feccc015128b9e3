import { type GruLayer, cellActivations } from '../../model/network';
import { dot } from '../../engine/product';
import type { Stage } from '../../engine/cells/cell';
import type { GeneralBack } from '../../engine/cells/equations';
import { type CellGradient, type Place, addTransposed } from '../../engine/cells/gradient';
import type { GruSignals } from './forward';
import { backThroughSums, sumNormalisers } from '../../engine/cells/general/norm';
import { clippedSlope, gradientBefore, rowBefore, toHidden } from '../../engine/cells/general/stage';

/** As ../gruGradient.ts, with what the options add: see the equations in gru.ts. */
export function generalGruGradient({
  layer,
  parameters: p,
  signals: { r, z, n, h },
  gradient: { h: dh },
  initial,
  atInitial,
  products,
  held,
}: GeneralBack<GruLayer, GruSignals>): CellGradient {
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
  const matrix = { weight: p.weightHh, width: H };
  const inputPlace: Place = { values: ofInput, at: 0 };
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
      inputPlace.at = 3 * step * H;
      addTransposed(matrix, 2 * H + from, 2 * H + to, inputPlace, { values: dq, at: 0 });
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
  const back = (values: Float64Array, used: number) =>
    toHidden(matrix, { values, rows: 3 * H, used }, dh, atInitial);
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
