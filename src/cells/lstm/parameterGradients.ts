/** What flows to parameters that only an LSTM has. */
import type { CellRun } from '../../engine/cells/cell';
import type { VectorInputs } from '../../engine/cells/equations';
import type { LstmLayer } from '../../model/network';
import { unprojectedRow } from './exposure';
import type { LstmSignals } from './forward';

/** What a projection reads, steps × H. */
export function unprojected(run: CellRun<LstmLayer, LstmSignals>): Float32Array {
  const { length } = run.signals.c;
  const width = run.layer.hiddenSize;
  const values = new Float32Array(length);
  for (let row = 0; row < length; row += width) values.set(unprojectedRow(run, row / width), row);
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
