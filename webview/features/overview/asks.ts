/** What is asked of the host: the unit that is shown, all of it or, where that is too long, as much as can be seen. */
import type { Moment } from '../../feature';
import type { Asks } from '../../questions';
import { numbersAsked } from '../../shared/numbersAsked';
import { signalOf } from '../../shared/signals';
import { steps } from '../../shared/state';
import { rangeWithin, type Range } from './range';

/** Columns that are asked for, about as many as there are pixels. */
const COLUMNS = 2048;

export function asksOf({ state, own }: Moment<Range | null>): Asks {
  const { run, selection, measure } = state;
  const { signal, unit } = selection;
  const { sizes, unit: whole } = numbersAsked(state);
  const asks = { sizes, unit: run?.recorded ? null : whole, rows: null };
  if (!run?.recorded || measure !== 'unit' || unit === null || !signal) return asks;
  const { trace } = run;
  const summary = signalOf(run, signal);
  if (!summary || unit >= summary.units || summary.rows < run.sequence.steps) return asks;
  const range = rangeWithin(own, steps(state));
  const [from, to] = [Math.floor(range.from), Math.ceil(range.to)];
  return { ...asks, rows: { trace, signal, from, to: Math.min(summary.rows, to), columns: COLUMNS, unit } };
}
