/** What flows back through the cells with options. */
import type { RecurrentLayer } from '../../../model/network';
import type { CellParameters, CellState } from '../cell';
import type { CellGradient, InitialGradient, StateGradient } from '../gradient';
import type { GruSignals } from '../gru';
import type { LstmSignals } from '../lstm';
import type { RnnSignals } from '../rnn';
import { generalGruGradient } from './gruGradient';
import { generalLstmGradient } from './lstmGradient';
import { generalRnnGradient } from './rnnGradient';
import type { Held } from './stage';

type Signals = RnnSignals | LstmSignals | GruSignals;

/**
 * Gradients reach the initial state too, in `atInitial`. `products` is W_ih x_t, steps × G·H, of a cell that normalises
 * its sums; else it is not read. Gates and cell states that are `held` hand nothing back; of h, that is the caller's part.
 */
export function generalGradient(
  layer: RecurrentLayer,
  p: CellParameters,
  signals: Signals,
  gradient: StateGradient,
  initial: CellState,
  atInitial: InitialGradient,
  products: Float32Array,
  held: Held,
): CellGradient {
  switch (layer.type) {
    case 'rnn':
      return generalRnnGradient(layer, p, signals as RnnSignals, gradient, initial, atInitial, products);
    case 'lstm':
      return generalLstmGradient(
        layer,
        p,
        signals as LstmSignals,
        gradient,
        initial,
        atInitial,
        products,
        held,
      );
    case 'gru':
      return generalGruGradient(
        layer,
        p,
        signals as GruSignals,
        gradient,
        initial,
        atInitial,
        products,
        held,
      );
  }
}
