import type { CellEquations } from '../../engine/cells/equations';
import type { RnnLayer } from '../../model/network';
import { type RnnSignals, rnnCell } from './forward';
import { generalRnnCell } from './general';
import { generalRnnGradient } from './generalGradient';
import { rnnGradient } from './gradient';
import { compileRnn } from './kernel';
import { compileRnnBack } from './kernelBack';
import { rnnTerms } from './terms';

export const rnn: CellEquations<RnnLayer, RnnSignals> = {
  general: generalRnnCell,
  generalGradient: generalRnnGradient,
  terms: rnnTerms,
  standard: { cell: rnnCell, gradient: rnnGradient, compile: compileRnn, compileBack: compileRnnBack },
};
