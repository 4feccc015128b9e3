/** Labels of steps: a column of a table that the user chose. */
import type { Sequence } from '../model/samples';

export interface LabelColumn {
  /** The table's file, and the column's name. */
  readonly file: string;
  readonly column: string;
  /** One for each row, and the line of each, from 1. */
  readonly values: readonly string[];
  readonly lines: readonly number[];
}

/**
 * A label for each step: by the lines that a sample was read from, where it is from that table, also where these are
 * some of its rows; else row by row, if there are as many. Undefined where neither is so.
 */
export function labelsOf(sequence: Sequence, labels: LabelColumn | undefined): readonly string[] | undefined {
  if (!labels) return undefined;
  const { file, values, lines } = labels;
  const place = sequence.kind === 'vector' ? sequence.table?.place : undefined;
  if (place && place.file.split('/').at(-1) === file) {
    const byLine = new Map(lines.map((line, row) => [line, values[row]]));
    return Array.from(place.lines, (line) => byLine.get(line) ?? '');
  }
  return values.length === sequence.steps ? values : undefined;
}
