/** What is held, as it is drawn. */
import { rowOfStep, stepOfRow } from '../../../src/model/time';
import { visible } from '../../../src/unroll/mermaid';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { paletteOf } from '../../../src/picture/measure';
import type { StepRange } from '../../shared/selection';
import type { State } from '../../shared/state';
import { tokenText } from '../../../src/picture/text';
import { bracketsOf } from './brackets';
import { binsOf, coloursOf, paintCells } from './cells';
import type { Marks, MapPicture } from './draw';
import type { Held } from './held';
import { columnsOf, frameOf, linesOf, type Size } from './layout';
import { endsInWords } from './say';
import { hasText, nearestRow, type Subject } from './subject';
import type { Cursor } from './state';

export function stepAt({ run, summary }: Subject, row: number): number {
  return stepOfRow(run.sequence, summary, row);
}

/** @param ratio pixels of the screen in one of the page. */
export function pictureOf(
  state: State,
  { subject, shades, order }: Held,
  size: Size,
  scale: ColorScale,
  ratio: number,
): MapPicture {
  const { summary, run } = subject;
  const palette = paletteOf(summary, 'mean');
  const frame = frameOf(size, order.clusters !== undefined);
  const lines = linesOf(order.clusters?.groups ?? [summary.units], frame.top, frame.bottom);
  const bins = binsOf(lines, ratio);
  const { inputs } = run.sequence;
  const tokens = inputs.kind === 'token' && hasText(state, summary) ? inputs.tokens : null;
  return {
    ...{ frame, lines, bins, palette, held: shades },
    columns: columnsOf(subject.from, subject.to, frame, summary.rows),
    cells: paintCells(shades, { order: order.units, bins, colours: coloursOf(scale, palette) }),
    brackets: frame.treeRight > frame.treeLeft ? bracketsOf(order, lines, frame) : [],
    nameOf: (line) => String(order.units[line]),
    tokenAt: tokens && ((row) => visible(tokenText(tokens[row] ?? ''))),
    numberOf: (row) => stepAt(subject, row) + 1,
    ends: endsInWords(summary),
  };
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
