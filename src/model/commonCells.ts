/** The cells that the formats of other programs have, and that their Python is written for. */
import type { CellType } from '../cells';
import type { RecurrentLayer } from './network';

export const COMMON_CELLS = ['rnn', 'lstm', 'gru'] as const satisfies readonly CellType[];
export type CommonCell = (typeof COMMON_CELLS)[number];
export type CommonLayer = Extract<RecurrentLayer, { readonly type: CommonCell }>;

export function isCommonLayer(layer: RecurrentLayer): layer is CommonLayer {
  return (COMMON_CELLS as readonly string[]).includes(layer.type);
}
