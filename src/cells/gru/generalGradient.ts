import { type GruLayer, cellActivations } from '../../model/network';
import { productStage } from '../../engine/cells/general/product';
import { atOnce } from '../../engine/slices';
import type { Stage } from '../../engine/cells/cell';
import type { GeneralBack } from '../../engine/cells/equations';
import type { CellGradient, Place } from '../../engine/cells/gradient';
import type { GruSignals } from './forward';
import { backThroughSums, sumNormalisers } from '../../engine/cells/general/norm';
import { clippedSlope, gradientBefore, rowBefore, toHidden } from '../../engine/cells/general/stage';

/** As gradient.ts, with what the options add: see the equations in general.ts. */
export function generalGruGradient({
  layer,
  parameters: p,
  signals: { r, z, n, h },
  gradient: { h: dh },
  initial,
  atInitial,
  inputSums,
  held,
  products: { transposed, productOf },
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
  const throughReset = (): Stage => {
    const { units, cost, add } = transposed(matrix, { first: 2 * H, count: H });
    const of: Place = { values: ofInput, at: 0 };
    const into: Place = { values: dq, at: 0 };
    return {
      units,
      cost,
      compute(step, _previous, from, to) {
        of.at = 3 * step * H;
        add(of, into, from, to);
      },
    };
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
  const hidden = norms ? undefined : atOnce(productOf(p.weightHh, H, 2 * H, H));
  const reset: Stage = {
    units: H,
    cost: 10,
    compute(step, _previous, from, to) {
      const row = 3 * step * H;
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const k = 2 * H + u;
        const daN = ofInput[row + k];
        const product = norms ? norms.hidden.value(k) : hidden!.sums[u];
        ofInput[row + u] = held.r?.[t] ? 0 : daN * (product + p.biasHh[k]) * gateSlope(r[t]);
        ofHidden[row + u] = ofInput[row + u];
        ofHidden[row + H + u] = ofInput[row + H + u];
        ofHidden[row + k] = daN * r[t];
      }
    },
  };
  const back = (values: Float64Array, count: number) =>
    toHidden(transposed(matrix, { first: 0, count }), { values, rows: 3 * H }, dh, atInitial);
  if (!norms) {
    const stages = resetAfter
      ? [outside, productStage(hidden!, (_step, previous) => before(previous)), reset, back(ofHidden, 3 * H)]
      : [outside, throughReset(), resetBefore, back(ofHidden, 2 * H)];
    return { inputSide: ofInput, hiddenSide: ofHidden, stages };
  }
  const sides = { inputSide: new Float64Array(ofInput.length), hiddenSide: new Float64Array(ofInput.length) };
  const biases = { input: ofInput, hidden: ofHidden };
  const sums = backThroughSums(norms, { products: inputSums, weightHh: p.weightHh, before, biases, sides });
  return {
    ...sides,
    biases,
    norms: { ih: norms.input.gradient, hh: norms.hidden.gradient },
    stages: [outside, sums.measure, reset, sums.back, back(sides.hiddenSide, 3 * H)],
  };
}
