/** What is on screen, and what of it stands while newer is on its way. */
import type { Rows, UnitOrder } from '../../../src/protocol';
import type { Moment } from '../../feature';
import type { Cursor, HeatMap, Order } from './state';
import { nearestRow, readingAt, type Subject } from './subject';

/** Rows of one signal of one run, and the order of its units. */
export interface Held extends Ordered {
  readonly subject: Subject;
  readonly rows: Rows;
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
  const rows = answer('rows').value ?? (same ? before.rows : null);
  if (!rows) return null;
  const { order, by, lineOf } = orderNow(answer('order').value, own.order, subject, same ? before : null);
  return { subject, rows, order, by, lineOf };
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
export function isWhole({ answer }: Moment<HeatMap>, { rows, by }: Held, wanted: Order): boolean {
  return answer('rows').value === rows && by === wanted;
}

/** The very number at a place; null while it is on its way. */
export function valueAt(
  { answer }: Moment<HeatMap>,
  { run, summary }: Subject,
  held: Held | null,
  { unit, step }: Cursor,
): number | null {
  const reading = held && readingAt(held.rows, unit, nearestRow(run.sequence, summary, step));
  if (reading && reading.first === reading.last) return reading.min;
  return answer('values').value?.values[unit] ?? null;
}
