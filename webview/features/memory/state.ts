/** What the memory view shows of a gradient. */
import type { MemoryRow } from '../../../src/protocol';
import { record } from '../../../src/untrusted';
import type { Selection } from '../../shared/selection';
import type { Slice } from '../../slice';

/** Its norm over all units, or the chosen unit. */
export const SHOWN = ['norm', 'unit'] as const;

export interface Own {
  readonly shown: (typeof SHOWN)[number];
}

export interface OwnAction {
  readonly type: 'showOf';
  readonly shown: Own['shown'];
}

export const slice: Slice<Own, OwnAction> = {
  restore: (kept) => ({ shown: SHOWN.find((one) => one === record(kept).shown) ?? 'norm' }),
  keep: ({ shown }) => ({ shown }),
  reduce: (own, action) => (action.type === 'showOf' ? { shown: action.shown } : own),
};

/** Whether the chosen unit is one of the row's states: any signal of the layer, level and direction chooses it. */
export function hasChosenUnit(row: MemoryRow, { signal, unit }: Selection): boolean {
  return (
    unit !== null &&
    signal?.layer === row.layer &&
    signal.level === row.level &&
    signal.direction === row.direction
  );
}
