/** Every type of cell. One more is a folder beside these, its line here, and its line in equations.ts. */
import type { RecurrentBase } from '../model/layer';
import type { CellFacts } from './cell';
import { gru } from './gru/facts';
import { lstm } from './lstm/facts';
import { rnn } from './rnn/facts';

export const CELLS = { rnn, lstm, gru };

export type CellType = keyof typeof CELLS;
type LayerOf<Facts> = Facts extends CellFacts<infer L> ? L : never;
/** A recurrent layer of any of them. */
export type CellLayer = { [T in CellType]: LayerOf<(typeof CELLS)[T]> }[CellType];

export function cellFacts({ type }: { readonly type: CellType }): CellFacts<RecurrentBase> {
  return CELLS[type];
}
