/** What is on screen, and what of it stands while newer is on its way. */
import type { Shades, UnitOrder } from '../../../src/protocol';
import type { Moment } from '../../feature';
import type { Cursor, HeatMap, Order } from './state';
import { unitAsked } from './asks';
import { columnAt, extremesIn, nearestRow, type CellReading, type Subject } from './subject';

/** The shades of one signal of one run, and the order of its units. */
export interface Held extends Ordered {
  readonly subject: Subject;
  readonly shades: Shades;
}

interface Ordered {
  readonly order: UnitOrder;
  /** What the order is by: another one while the one that is wanted is on its way. */
  readonly by: Order;
  /** The line of each unit. */
  readonly lineOf: Int32Array;
}

/** What was shown of the same signal stands until newer is there. */
export function heldNow(
  { answer, own }: Moment<HeatMap>,
  subject: Subject,
  before: Held | null,
): Held | null {
  const same = before?.subject.run === subject.run && before.subject.summary === subject.summary;
  const shades = answer('shades').value ?? (same ? before.shades : null);
  if (!shades) return null;
  const { order, by, lineOf } = orderNow(answer('order').value, own.order, subject, same ? before : null);
  return { subject, shades, order, by, lineOf };
}

function orderNow(
  found: UnitOrder | null,
  wanted: Order,
  { summary }: Subject,
  before: Ordered | null,
): Ordered {
  if (wanted === 'unit') return before?.by === 'unit' ? before : byNumber(summary.units);
  if (!found) return before ?? byNumber(summary.units);
  if (before?.order === found) return before;
  const lineOf = new Int32Array(found.units.length);
  found.units.forEach((unit, line) => (lineOf[unit] = line));
  return { order: found, by: wanted, lineOf };
}

function byNumber(units: number): Ordered {
  const numbers = Int32Array.from({ length: units }, (_, unit) => unit);
  return { order: { units: numbers }, by: 'unit', lineOf: numbers };
}

/** Whether what is held is all that is wanted. */
export function isWhole({ answer }: Moment<HeatMap>, { shades, by }: Held, wanted: Order): boolean {
  return answer('shades').value === shades && by === wanted;
}

/** What a cell holds: a unit at all rows that share the column of `row`. Null while that is on its way. */
export function readingAt(
  { answer, own, state }: Moment<HeatMap>,
  { subject, shades }: Held,
  unit: number,
  row: number,
): CellReading | null {
  const rows = unit === unitAsked(state, own, subject) ? answer('rows').value : null;
  const cell = columnAt(shades, row);
  return rows && cell && extremesIn(rows, cell);
}

/** The very number at a place; null while it is on its way. */
export function valueAt(
  { answer, own, state }: Moment<HeatMap>,
  subject: Subject,
  { unit, step }: Cursor,
): number | null {
  const row = nearestRow(subject.run.sequence, subject.summary, step);
  const rows = unit === unitAsked(state, own, subject) ? answer('rows').value : null;
  const column = rows && columnAt(rows, row);
  if (column && column.first === column.last) return rows.min[column.column];
  return answer('values').value?.values[unit] ?? null;
}
