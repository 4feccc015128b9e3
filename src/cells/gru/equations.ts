import type { CellEquations } from '../../engine/cells/equations';
import type { GruLayer } from '../../model/network';
import { type GruSignals, gruCell } from './forward';
import { generalGruCell } from './general';
import { generalGruGradient } from './generalGradient';
import { gruGradient } from './gradient';
import { compileGru } from './kernel';
import { compileGruBack } from './kernelBack';
import { gruTerms } from './terms';

export const gru: CellEquations<GruLayer, GruSignals> = {
  general: generalGruCell,
  generalGradient: generalGruGradient,
  terms: gruTerms,
  standard: {
    cell: gruCell,
    gradient: gruGradient,
    compile: compileGru,
    compileBack: (instance, cell) => (cell.layer.resetAfter ? compileGruBack(instance, cell) : undefined),
    divided: ({ resetAfter }) =>
      resetAfter ? { gru: true, inputBias: (p) => p.biasIh, hiddenBias: (p) => p.biasHh } : undefined,
  },
  parameters: {
    /** The rows of n, where the reset comes before the product, read r_t ∘ h_{t−1}. */
    hiddenInput: ({ layer, signals: { r } }, before) =>
      layer.resetAfter
        ? undefined
        : { first: 2 * layer.hiddenSize, values: before.map((value, k) => value * r[k]) },
  },
};
