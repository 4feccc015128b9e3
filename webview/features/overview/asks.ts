/** What is asked of the host: the unit that is shown, all of it or, where that is too long, as much as can be seen. */
import { outputReading } from '../../../src/model/outputs';
import type { Moment } from '../../feature';
import type { Asks } from '../../questions';
import { comparedState } from '../../shared/compared';
import { numbersAsked } from '../../shared/numbersAsked';
import { signalOf } from '../../shared/signals';
import { steps, type State } from '../../shared/state';
import { rangeWithin, type Range } from './range';

/** What a model of one series predicts of it. */
function forecastAsked({ run, scene, sequence }: State): Asks['forecast'] {
  if (!run || run.recorded || !scene || sequence?.inputs.kind !== 'vector') return null;
  const isSeries = sequence.inputs.size === 1 && outputReading(scene.network) === 'numbers';
  return isSeries ? { trace: run.trace, unit: 0, against: null } : null;
}

/** What is asked of the run that is compared. */
export function asksBesideOf({ state }: Moment<Range | null>): Asks {
  const compared = comparedState(state);
  return { forecast: compared && forecastAsked(compared) };
}

/** Columns that are asked for, about as many as there are pixels. */
const COLUMNS = 2048;

export function asksOf({ state, own }: Moment<Range | null>): Asks {
  const { run, selection, measure } = state;
  const { signal, unit } = selection;
  const { sizes, unit: whole } = numbersAsked(state);
  const asks = { sizes, unit: run?.recorded ? null : whole, rows: null, forecast: forecastAsked(state) };
  if (!run?.recorded || measure !== 'unit' || unit === null || !signal) return asks;
  const { trace } = run;
  const summary = signalOf(run, signal);
  if (!summary || unit >= summary.units || summary.rows < run.sequence.steps) return asks;
  const range = rangeWithin(own, steps(state));
  const [from, to] = [Math.floor(range.from), Math.ceil(range.to)];
  return { ...asks, rows: { trace, signal, from, to: Math.min(summary.rows, to), columns: COLUMNS, unit } };
}
