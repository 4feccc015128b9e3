import { sumOf } from '../../engine/cells/cell';
import type { CellEquations } from '../../engine/cells/equations';
import { type LstmLayer, stateSize } from '../../model/network';
import { type LstmSignals, lstmCell } from './forward';
import { generalLstmCell } from './general';
import { generalLstmGradient } from './generalGradient';
import { lstmGradient } from './gradient';
import { compileLstm } from './kernel';
import { compileLstmBack } from './kernelBack';
import { peepholeGradients, unprojected } from './parameterGradients';
import { lstmTerms } from './terms';

export const lstm: CellEquations<LstmLayer, LstmSignals> = {
  general: generalLstmCell,
  generalGradient: generalLstmGradient,
  terms: lstmTerms,
  standard: {
    cell: lstmCell,
    gradient: lstmGradient,
    compile: compileLstm,
    compileBack: (instance, cell) => (isPlain(cell.layer) ? compileLstmBack(instance, cell) : undefined),
    divided: (layer) =>
      isPlain(layer) ? { gru: false, inputBias: ({ biasIh, biasHh }) => sumOf(biasIh, biasHh) } : undefined,
  },
  parameters: { projected: unprojected, vectors: peepholeGradients },
};

/** Whether h is not projected. */
function isPlain(layer: LstmLayer): boolean {
  return stateSize(layer) === layer.hiddenSize;
}
