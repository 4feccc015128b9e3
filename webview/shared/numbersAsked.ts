/** What is asked of the host for the numbers that are shown. */
import type { Requests } from '../../src/protocol';
import type { Answer, Asks, RequestKind } from '../questions';
import type { Asked } from '../../src/picture/measure';
import type { State } from './state';

type Shown = Pick<State, 'run' | 'measure' | 'selection' | 'start' | 'columns' | 'sequence'>;

/** Of a unit in a run that is recorded, the rows about the window. */
export function numbersAsked(state: Shown): Pick<Asks, 'sizes' | 'unit'> {
  const { run, measure } = state;
  return {
    sizes: run && measure === 'size' ? { trace: run.trace } : null,
    unit: unitQuestion(state),
  };
}

export function askedFor(answer: <K extends RequestKind>(kind: K) => Answer<K>): Asked {
  return { sizes: answer('sizes').value, unit: answer('unit').value };
}

/** Rows that are asked for beyond the window, so that not every step asks anew. */
const MARGIN = 512;

function unitQuestion({
  run,
  measure,
  selection,
  start,
  columns,
  sequence,
}: Shown): Requests['unit']['ask'] | null {
  if (!run || measure !== 'unit' || selection.unit === null) return null;
  const { trace } = run;
  const { unit } = selection;
  if (!run.recorded || !sequence) return { trace, unit };
  const from = Math.max(0, Math.floor(start / MARGIN) * MARGIN);
  return { trace, unit, stretch: { from, to: Math.min(sequence.steps, from + MARGIN + columns) } };
}
