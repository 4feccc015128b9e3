/** The equations of every type of cell. */
import type { CellEquations } from '../engine/cells/equations';
import type { RecurrentLayer } from '../model/network';
import { gru } from './gru/equations';
import { lstm } from './lstm/equations';
import { rnn } from './rnn/equations';

const EQUATIONS = { rnn, lstm, gru } satisfies Record<RecurrentLayer['type'], unknown>;

export function equationsOf({ type }: RecurrentLayer): CellEquations<RecurrentLayer, unknown> {
  return EQUATIONS[type];
}
