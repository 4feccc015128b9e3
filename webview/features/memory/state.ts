/** What the memory view shows of a gradient. */
import { MATRIX_STEPS, type Matrix, type MemoryRow, type Requests } from '../../../src/protocol';
import type { Spot } from '../../../src/picture/memory/cells';
import { isCount, record } from '../../../src/untrusted';
import type { Selection } from '../../shared/selection';
import type { State } from '../../shared/state';
import type { Slice } from '../../slice';

/** Its norm over all units, the chosen unit, or every output against every state. */
export const SHOWN = ['norm', 'unit', 'matrix'] as const;

export interface Own {
  readonly shown: (typeof SHOWN)[number];
  /** The state that the matrix is of, as its answers count them. */
  readonly row: number;
  /** Where the keyboard is in the matrix. */
  readonly cursor: Spot | null;
  /** Whether no more of the matrix is worked out. */
  readonly stopped: boolean;
}

export type OwnAction =
  | { readonly type: 'showOf'; readonly shown: Own['shown'] }
  | { readonly type: 'showRow'; readonly row: number }
  | { readonly type: 'moveCursor'; readonly to: Spot }
  | { readonly type: 'stopMatrix'; readonly stopped: boolean };

const FRESH: Own = { shown: 'norm', row: 0, cursor: null, stopped: false };

export const slice: Slice<Own, OwnAction> = {
  restore(kept) {
    const { shown, row } = record(kept);
    return { ...FRESH, shown: SHOWN.find((one) => one === shown) ?? 'norm', row: isCount(row) ? row : 0 };
  },
  keep: ({ shown, row }) => ({ shown, row }),
  reduce(own, action) {
    switch (action.type) {
      case 'showOf':
        return { ...own, shown: action.shown, stopped: false };
      case 'showRow':
        return { ...own, row: action.row };
      case 'moveCursor':
        return { ...own, cursor: action.to };
      case 'stopMatrix':
        return { ...own, stopped: action.stopped };
      case 'scene':
        return { ...FRESH, shown: own.shown };
      case 'ran':
        return { ...own, cursor: null, stopped: false };
      default:
        return own;
    }
  },
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

/** By how many steps the window of a long sequence moves on, so that not every step asks anew. */
const STRIDE = MATRIX_STEPS / 2;

/** The first step of the window of a sequence: about the playhead, where it does not have all steps. */
export function windowFrom(step: number, count: number): number {
  const about = Math.round((step - STRIDE) / STRIDE) * STRIDE;
  return Math.max(0, Math.min(about, count - MATRIX_STEPS));
}

/** Null while it is not shown, while it plays, and where it was stopped. After a part that is not all, the next. */
export function matrixQuestion(
  { state, own }: { readonly state: State; readonly own: Own },
  known: Matrix | null,
): Requests['matrix']['ask'] | null {
  const { dock, run, playing, step } = state;
  if (!dock.open.includes('memory') || own.shown !== 'matrix' || own.stopped || !run || playing) return null;
  const question = { trace: run.trace, from: windowFrom(step, run.sequence.steps), row: own.row };
  if (known?.trace !== question.trace || known.from !== question.from) return { ...question, part: 0 };
  return { ...question, part: known.part + (known.targets.length < known.total ? 1 : 0) };
}
