/** The largest numbers of one row of the output, each with a bar. */
import { readRow, type OutputReading } from '../../model/outputs';
import type { SequenceSummary } from '../../protocol';
import { formatCount, formatPrecise, percent } from '../format';
import { fill } from '../words';
import { isShare, ranked } from './rank';
import { words } from './words';

export interface OutputBar {
  readonly unit: number;
  readonly value: number;
  /** As a share of the longest that there may be: less than 0 to the left. */
  readonly length: number;
  readonly number: string;
}

export interface OutputBars {
  readonly bars: readonly OutputBar[];
  /** Whether every number is from 0 to 1, so that none goes to the left. */
  readonly share: boolean;
  /** What of the others, or of all, is left to say; null where nothing is. */
  readonly note: string | null;
}

/** @param most bars. */
export function outputBars(reading: OutputReading, values: Float32Array, most: number): OutputBars {
  const top = ranked(reading, values, Math.min(most, values.length));
  const share = isShare(reading);
  const reach = share ? 1 : Math.max(1e-12, ...top.map(({ value }) => Math.abs(value) || 0));
  const bars = top.map(({ unit, value }) => ({
    ...{ unit, value },
    length: Math.max(-1, Math.min(1, value / reach)) || 0,
    number: share ? percent(value) : formatPrecise(value),
  }));
  return { bars, share, note: noteOf(reading, values, top) };
}

/** Of one row of the output: the only one, or that of a step. */
export function rowTitle(
  rows: number,
  { steps, table }: Pick<SequenceSummary, 'steps' | 'table'>,
  step: number,
): string {
  if (rows === 1 && steps > 1) return words.atEnd;
  const number = formatCount(step + 1);
  const date = table?.dates?.[step];
  return date === undefined ? fill(words.at, number) : fill(words.atDate, number, date);
}

function noteOf(
  reading: OutputReading,
  values: Float32Array,
  top: readonly { readonly value: number }[],
): string | null {
  if (values.every((value) => Number.isNaN(value))) return words.notNumbers;
  const others = values.length - top.length;
  if (others === 0) return null;
  if (reading === 'numbers' || reading === 'likelihoods') return fill(words.others, others);
  const whole = readRow(reading, values).reduce((sum, value) => sum + value, 0);
  const rest = Math.max(0, whole - top.reduce((sum, { value }) => sum + value, 0));
  return fill(words.othersShare, others, percent(rest));
}
