/** What is held, as it is drawn. */
import { rowOfStep, stepOfRow } from '../../../src/model/time';
import type { StepRange } from '../../shared/selection';
import type { State } from '../../shared/state';
import type { Marks } from '../../../src/picture/heatmap/draw';
import type { Held } from './held';
import type { MapSubject } from '../../../src/picture/heatmap/picture';
import { nearestRow, type Subject } from './subject';
import type { Cursor } from './state';

export function stepAt({ run, summary }: Subject, row: number): number {
  return stepOfRow(run.sequence, summary, row);
}

export function drawnOf({ subject, shades, order }: Held): MapSubject {
  const { summary, run, from, to } = subject;
  return { summary, sequence: run.sequence, from, to, shades, order };
}

/** @param cursor where the keyboard is; null where it is elsewhere. */
export function marksOf(state: State, { subject, lineOf }: Held, cursor: Cursor | null): Marks {
  const { selection, found, step, start, columns } = state;
  const { run, summary } = subject;
  const rowOf = (one: number) => nearestRow(run.sequence, summary, one);
  const rowsOf = ({ from, to }: StepRange) => [rowOf(from), rowOf(to) + 1] as const;
  const all = columns >= run.sequence.steps || summary.rows === 1 || summary.time === 'own';
  const { range, unit } = selection;
  return {
    line: unit === null ? -1 : (lineOf[unit] ?? -1),
    playhead: rowOfStep(run.sequence, summary, step),
    window: all ? null : [rowOf(start), rowOf(start + columns - 1) + 1],
    range: range && rowsOf(range),
    found: found && rowsOf(found),
    cursor: cursor && { line: lineOf[cursor.unit], row: rowOf(cursor.step) },
  };
}
