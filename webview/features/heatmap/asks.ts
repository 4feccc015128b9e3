/** What is asked of the host. */
import type { Moment } from '../../feature';
import type { Asks } from '../../questions';
import type { HeatMap } from './state';
import { NAME, cursorOf, hasText, isWithin, subjectOf } from './subject';

/** What stands is not asked while the view is closed. */
export function asksOf({ state, own }: Moment<HeatMap>): Asks {
  const subject = state.dock.open.includes(NAME) ? subjectOf(state, own) : null;
  if (!subject) return { rows: null, order: null, values: null, unit: null };
  const { run, signal, from, to, summary } = subject;
  const { trace } = run;
  const columns = Math.min(to - from, columnsFor(own.room, summary.units));
  const { unit, step } = cursorOf(state, own, subject);
  const exact = isWithin(subject, step) && columns >= to - from;
  const text = own.text && hasText(state, summary);
  return {
    rows: text ? null : { trace, signal, from, to, columns },
    order: own.order === 'unit' || text ? null : { trace, signal, by: own.order },
    values: exact && !text ? null : { trace, address: { ...signal, step } },
    unit: text && state.selection.unit !== null && !run.recorded ? { trace, unit } : null,
  };
}

/** Numbers that one answer holds at most: 4 MB of extremes. */
const MOST_VALUES = 1 << 20;
const LEAST_COLUMNS = 64;

function columnsFor(room: number, units: number): number {
  return Math.max(LEAST_COLUMNS, Math.min(room, Math.floor(MOST_VALUES / units)));
}
