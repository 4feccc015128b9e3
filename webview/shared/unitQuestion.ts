/** What is asked for the unit that is shown. */
import type { Requests } from '../../src/protocol';
import type { State } from './state';

/** Rows that are asked for beyond the window, so that not every step asks anew. */
const MARGIN = 512;

/** Null where no unit is shown. Of a run that is recorded, the rows about the window. */
export function unitQuestion({
  run,
  measure,
  selection,
  start,
  columns,
  sequence,
}: Shown): UnitQuestion | null {
  if (!run || measure !== 'unit' || selection.unit === null) return null;
  const { trace } = run;
  const { unit } = selection;
  if (!run.recorded || !sequence) return { trace, unit };
  const from = Math.max(0, Math.floor(start / MARGIN) * MARGIN);
  return { trace, unit, stretch: { from, to: Math.min(sequence.steps, from + MARGIN + columns) } };
}

type UnitQuestion = Requests['unit']['ask'];
type Shown = Pick<State, 'run' | 'measure' | 'selection' | 'start' | 'columns' | 'sequence'>;
