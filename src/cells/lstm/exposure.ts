/** What an LSTM shows of its cell state. */
import { unitFunction } from '../../engine/activations';
import type { CellRun } from '../../engine/cells/cell';
import { Normaliser } from '../../engine/cells/general/norm';
import { type LstmLayer, cellActivations } from '../../model/network';
import type { LstmSignals } from './forward';

type Run = CellRun<LstmLayer, LstmSignals>;

/** η(c), or η(N(c)), of one step: H. */
export function shownRow({ layer, parameters, signals: { c } }: Run, step: number): Float64Array {
  const width = layer.hiddenSize;
  const eta = unitFunction(cellActivations(layer).output);
  const row = c.subarray(step * width, (step + 1) * width);
  if (layer.layerNorm?.cell !== 'output') return Float64Array.from(row, eta);
  const norm = new Normaliser(parameters.norms.c!, layer.layerNorm.epsilon);
  norm.measure((u) => row[u]);
  return Float64Array.from(row, (_, u) => eta(norm.value(u)));
}

/** o ∘ η(c), or o ∘ η(N(c)), of one step: what a projection reads. */
export function unprojectedRow(run: Run, step: number): Float64Array {
  const { o } = run.signals;
  return shownRow(run, step).map((value, u) => o[step * run.layer.hiddenSize + u] * value);
}
