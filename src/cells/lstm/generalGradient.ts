import { type LstmLayer, cellActivations, stateSize } from '../../model/network';
import { bounded, slopeAt, unitFunction } from '../../engine/activations';
import type { Stage } from '../../engine/cells/cell';
import type { GeneralBack } from '../../engine/cells/equations';
import type { CellGradient } from '../../engine/cells/gradient';
import type { LstmSignals } from './forward';
import { backThroughProjection } from './gradient';
import { peepholesOf } from './peepholes';
import { Normaliser, backThroughSums, sumNormalisers } from '../../engine/cells/general/norm';
import { clippedSlope, cutting, gradientBefore, rowBefore, toHidden } from '../../engine/cells/general/stage';

/** As gradient.ts, with what the options add: see the equations in general.ts. */
export function generalLstmGradient({
  layer,
  parameters: p,
  signals: { i, f, g, o, c, h },
  gradient: { h: dh, c: dc = new Float64Array(c.length) },
  initial,
  atInitial,
  inputSums,
  held,
  products: { transposed },
}: GeneralBack<LstmLayer, LstmSignals>): CellGradient {
  const { hiddenSize: H, coupled, layerNorm } = layer;
  const bound = Math.fround(layer.cellClip ?? Infinity);
  const P = stateSize(layer);
  const activations = cellActivations(layer);
  const gateSlope = clippedSlope(activations.gates, layer.clip);
  const candidateSlope = clippedSlope(activations.candidate, layer.clip);
  const eta = unitFunction(activations.output);
  const etaSlope = slopeAt(activations.output);
  const peepholes = peepholesOf(p);
  const product = transposed({ weight: p.weightHh, width: P });
  const initialC = initial.c ?? new Float32Array(H);
  const keptBefore = (previous: number) =>
    layer.keeps === 'output' ? rowBefore(h, initial.h, previous, H) : rowBefore(c, initialC, previous, H);
  /** ∂target/∂ of the gates' sums with their biases. */
  const da = new Float64Array(4 * c.length);
  const dm = p.weightHr ? new Float64Array(H) : dh;
  const ofMemory = layerNorm && new Normaliser(p.norms.c!, layerNorm.epsilon);
  const shown = layerNorm?.cell === 'output' ? ofMemory : undefined;
  const normedState = layerNorm?.cell === 'state' ? ofMemory : undefined;
  const scratch = new Float64Array(H);
  /** ∂target/∂ of f ∘ c_{t−1} + i ∘ g. */
  const memoryGradient = (step: number) => (normedState ? scratch : dc.subarray(step * H, (step + 1) * H));

  const measurement: Stage = {
    units: 1,
    cost: 8 * H,
    compute(step, previous) {
      const kept = keptBefore(previous);
      const t = step * H;
      ofMemory!.measure((u) =>
        shown ? c[t + u] : bounded(f[t + u] * kept[u] + i[t + u] * g[t + u], -bound, bound),
      );
    },
  };
  const exposure: Stage = {
    units: H,
    cost: 30,
    compute(step, _previous, from, to) {
      const output = p.weightHr ? 0 : step * H;
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        const y = eta(shown ? shown.value(u) : c[t]);
        const daO = held.o?.[t] ? 0 : dm[output + u] * y * gateSlope(o[t]);
        const slope = dm[output + u] * o[t] * etaSlope(y);
        da[4 * step * H + 3 * H + u] = daO;
        if (peepholes) dc[t] += daO * peepholes.o[u];
        if (shown) scratch[u] = slope;
        else dc[t] += slope;
      }
    },
  };
  const normalisation: Stage = {
    units: 1,
    cost: 8 * H,
    compute(step) {
      const own = dc.subarray(step * H, (step + 1) * H);
      if (normedState) return normedState.back(own, scratch);
      shown!.back(scratch, scratch);
      for (let u = 0; u < H; u++) own[u] += scratch[u];
    },
  };
  const gates: Stage = {
    units: H,
    cost: 40,
    compute(step, previous, from, to) {
      const row = 4 * step * H;
      const kept = keptBefore(previous);
      const dMemory = memoryGradient(step);
      const dcBefore = gradientBefore(dc, atInitial.c, previous, H);
      const dKept = layer.keeps === 'output' ? gradientBefore(dh, atInitial.h, previous, H) : dcBefore;
      for (let u = from, t = step * H + from; u < to; u++, t++) {
        // A normalised cell state tells no more where it was clipped: what it was made of does.
        const made = normedState ? f[t] * kept[u] + i[t] * g[t] : c[t];
        const d = Math.abs(made) < bound ? dMemory[u] : 0;
        let di = held.i?.[t] ? 0 : d * g[t];
        let df = held.f?.[t] ? 0 : d * kept[u];
        if (coupled === 'input') {
          if (!held.i?.[t]) di -= df;
          df = 0;
        } else if (coupled === 'forget') {
          if (!held.f?.[t]) df -= di;
          di = 0;
        }
        const daI = di === 0 ? 0 : di * gateSlope(i[t]);
        const daF = df === 0 ? 0 : df * gateSlope(f[t]);
        da[row + u] = daI;
        da[row + H + u] = daF;
        da[row + 2 * H + u] = held.g?.[t] ? 0 : d * i[t] * candidateSlope(g[t]);
        dKept[u] += d * f[t];
        if (peepholes) dcBefore[u] += daI * peepholes.i[u] + daF * peepholes.f[u];
      }
    },
  };
  const memory = cutting(dc, held.c, H);
  const projection = p.weightHr
    ? [backThroughProjection(transposed({ weight: p.weightHr, width: H }), P, dh, dm)]
    : [];
  if (!layerNorm || !ofMemory) {
    const stages = [
      ...[...projection, exposure, ...memory.cut, gates],
      ...[toHidden(product, { values: da, rows: 4 * H }, dh, atInitial), ...memory.mend],
    ];
    return { inputSide: da, hiddenSide: da, stages };
  }
  const norms = sumNormalisers(p, layerNorm.epsilon);
  const sides = { inputSide: new Float64Array(da.length), hiddenSide: new Float64Array(da.length) };
  const biases = { input: da, hidden: da };
  const before = (previous: number) => rowBefore(h, initial.h, previous, P);
  const sums = backThroughSums(norms, { products: inputSums, weightHh: p.weightHh, before, biases, sides });
  return {
    ...sides,
    biases,
    norms: { ih: norms.input.gradient, hh: norms.hidden.gradient, c: ofMemory.gradient },
    stages: [
      ...projection,
      ...[measurement, exposure],
      ...(normedState ? [...memory.cut, normalisation] : [normalisation, ...memory.cut]),
      ...[gates, sums.measure, sums.back],
      toHidden(product, { values: sides.hiddenSide, rows: 4 * H }, dh, atInitial),
      ...memory.mend,
    ],
  };
}
