/** What is asked of the host. */
import type { Asks } from '../../questions';
import { numbersAsked } from '../../shared/numbersAsked';
import type { State } from '../../shared/state';
import { frameOf } from '../../../src/picture/heatmap/layout';
import type { HeatMap } from './state';
import { NAME, cursorOf, hasText, isWithin, subjectOf, type Subject } from './subject';

const NOTHING: Asks = { shades: null, rows: null, order: null, values: null, unit: null, sizes: null };

interface Shown {
  readonly state: State;
  readonly own: HeatMap;
}

/** What stands is not asked while the view is closed. */
export function asksOf({ state, own }: Shown): Asks {
  const subject = state.dock.open.includes(NAME) ? subjectOf(state, own) : null;
  if (!subject || !own.room) return NOTHING;
  const { run, signal, from, to, summary } = subject;
  const { trace } = run;
  const text = own.text && hasText(state, summary);
  const columns = Math.min(to - from, columnsFor(own, summary.units));
  const unit = unitAsked(state, own, subject);
  const exact = run.recorded || to - from > MOST_ROWS ? columns : to - from;
  const cursor = cursorOf(state, own, subject);
  const isKnown = cursor.unit === unit && isWithin(subject, cursor.step) && exact === to - from;
  return {
    shades: text ? null : { trace, signal, from, to, columns },
    rows: text ? null : { trace, signal, from, to, columns: exact, unit },
    order: own.order === 'unit' || text ? null : { trace, signal, by: own.order },
    values: isKnown && !text ? null : { trace, address: { ...signal, step: cursor.step } },
    ...(text ? { ...numbersAsked(state), ...(run.recorded && { unit: null }) } : { unit: null, sizes: null }),
  };
}

/** The unit whose numbers are asked for: the one under the pointer, else the cursor's. */
export function unitAsked(state: State, own: HeatMap, subject: Subject): number {
  const { unit } = cursorOf(state, own, subject);
  return own.pointed !== null && own.pointed < subject.summary.units ? own.pointed : unit;
}

/** Rows of one unit that are sent each for itself. */
const MOST_ROWS = 1 << 14;
/** Shades that one answer holds at most: 1 MB. */
const MOST_SHADES = 1 << 20;
const LEAST_COLUMNS = 64;

/** As many as the cells have pixels of the screen. */
function columnsFor({ room, order }: HeatMap, units: number): number {
  const { left, right } = frameOf({ width: room!.width, height: 0 }, order === 'similarity');
  const pixels = Math.round((right - left) * room!.ratio);
  return Math.max(LEAST_COLUMNS, Math.min(pixels, Math.floor(MOST_SHADES / units)));
}
