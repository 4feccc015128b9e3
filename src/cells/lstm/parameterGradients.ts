/** What flows to parameters that only an LSTM has. */
import { unitFunction } from '../../engine/activations';
import type { CellRun } from '../../engine/cells/cell';
import type { VectorInputs } from '../../engine/cells/equations';
import { Normaliser } from '../../engine/cells/general/norm';
import { type LstmLayer, cellActivations } from '../../model/network';
import type { LstmSignals } from './forward';

/** o ∘ η(c), or o ∘ η(N(c)): what a projection reads. */
export function unprojected({
  layer,
  parameters: { norms },
  signals: { o, c },
}: CellRun<LstmLayer, LstmSignals>): Float32Array {
  const width = layer.hiddenSize;
  const eta = unitFunction(cellActivations(layer).output);
  if (layer.layerNorm?.cell !== 'output') return c.map((one, k) => o[k] * eta(one));
  const norm = new Normaliser(norms.c!, layer.layerNorm.epsilon);
  const values = new Float32Array(c.length);
  for (let row = 0; row < c.length; row += width) {
    norm.measure((u) => c[row + u]);
    for (let u = 0; u < width; u++) values[row + u] = o[row + u] * eta(norm.value(u));
  }
  return values;
}

/** ∂p_i = Σ_t ∂a_i ∘ c_{t−1}, ∂p_f = Σ_t ∂a_f ∘ c_{t−1}, ∂p_o = Σ_t ∂a_o ∘ c_t. */
export function peepholeGradients(
  { layer, signals: { c } }: CellRun<LstmLayer, LstmSignals>,
  { sums, before }: VectorInputs,
): ReadonlyMap<string, Float64Array> {
  const H = layer.hiddenSize;
  const gradient = (gate: number, seen: Float32Array) => {
    const slopes = new Float64Array(H);
    for (let k = 0; k < c.length; k++) {
      const row = Math.floor(k / H) * 4 * H;
      slopes[k % H] += sums[row + gate * H + (k % H)] * seen[k];
    }
    return slopes;
  };
  return new Map([
    ['peephole_i', gradient(0, before)],
    ['peephole_f', gradient(1, before)],
    ['peephole_o', gradient(3, c)],
  ]);
}
