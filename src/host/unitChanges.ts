/** Which unit of each signal a what-if changes most, row by row. */
import { PIECE, inSlices, type SliceOptions, type Work } from '../engine/slices';
import { signalAt, type TraceSummary } from '../engine/statistics';
import type { Trace } from '../engine/trace';
import { INPUT } from '../model/network';
import type { UnitChanges } from '../protocol';

/** Both are of the same network and of as many steps. Rejects with an error named `AbortError` when cancelled. */
export function unitChanges(
  base: Trace,
  changed: Trace,
  summary: Pick<TraceSummary, 'signals' | 'mean'>,
  options: SliceOptions = {},
): Promise<UnitChanges> {
  const total = summary.signals.reduce((sum, { rows, units }) => sum + rows * units, 0);
  return inSlices(largest(base, changed, summary), options, (cost) => [Math.min(cost, total), total]);
}

function* largest(
  base: Trace,
  changed: Trace,
  { signals, mean }: Pick<TraceSummary, 'signals' | 'mean'>,
): Work<UnitChanges> {
  const unit = new Int32Array(mean.length).fill(-1);
  const value = new Float32Array(mean.length);
  let cost = 0;
  for (const { rows, units, offset, ...address } of signals) {
    if (address.layer === INPUT) continue;
    const [before, after] = [base, changed].map((trace) => signalAt(trace, address).values);
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < units; k++) {
        const change = after[row * units + k] - before[row * units + k];
        if (!(Math.abs(change) > Math.abs(value[offset + row]))) continue;
        value[offset + row] = change;
        unit[offset + row] = k;
      }
      cost += units;
      if (cost < PIECE) continue;
      yield cost;
      cost = 0;
    }
  }
  yield cost;
  return { unit, value };
}
