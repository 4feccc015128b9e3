import { sumOf } from '../../engine/cells/cell';
import type { CellEquations } from '../../engine/cells/equations';
import { type LstmLayer, stateSize } from '../../model/network';
import { type LstmSignals, lstmCell } from './forward';
import { generalLstmCell } from './general';
import { generalLstmGradient } from './generalGradient';
import { lstmGradient } from './gradient';
import { compileLstm } from './kernel';
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
    divided: (layer) =>
      stateSize(layer) === layer.hiddenSize
        ? { gru: false, inputBias: ({ biasIh, biasHh }) => sumOf(biasIh, biasHh) }
        : undefined,
  },
  parameters: { projected: unprojected, vectors: peepholeGradients },
};
