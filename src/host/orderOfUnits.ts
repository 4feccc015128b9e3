/** A signal's units in an order that shows what they do alike, for the panel. */
import { columnsFor, orderOf, type OrderBy, type UnitOrder } from '../engine/order/order';
import type { Rows, RowsQuestion } from '../engine/rows';
import { inSlices, type SliceOptions } from '../engine/slices';
import type { TraceSummary } from '../engine/statistics';
import type { SignalAddress } from '../model/network';
import { addressKey } from '../model/states';
import { say } from '../words/say';

/** Rejects with RangeError for a signal that the run does not have, and as `orderOf` throws. */
export async function orderOfUnits(
  { signals }: Pick<TraceSummary, 'signals'>,
  rowsOf: (question: RowsQuestion) => Rows | Promise<Rows>,
  signal: SignalAddress,
  by: OrderBy,
  options: SliceOptions,
): Promise<UnitOrder> {
  const summary = signals.find((one) => addressKey(one) === addressKey(signal));
  if (!summary) throw new RangeError(say`the run has no signal ${signal.signal} of ${signal.layer}`);
  const { rows, scale } = summary;
  const seen = await rowsOf({ signal, from: 0, to: rows, columns: columnsFor(by, summary) });
  return inSlices(orderOf(by, seen, scale), options, (cost) => [cost, cost]);
}
