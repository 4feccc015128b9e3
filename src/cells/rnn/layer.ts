import type { RecurrentBase, UnitActivation } from '../../model/layer';

export interface RnnLayer extends RecurrentBase {
  readonly type: 'rnn';
  readonly nonlinearity: UnitActivation;
}
