/** The heat map's numbers in words. */
import type { SignalAddress } from '../../../src/model/network';
import type { Shades } from '../../../src/protocol';
import type { Measure } from '../../../src/picture/measure';
import { quoted, unitInWords } from '../../../src/picture/names';
import type { State } from '../../shared/state';
import { stepOfRow } from '../../../src/model/time';
import { fill } from '../../shared/words';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { hasText, type CellReading, type Subject } from './subject';
import { words } from './words';

const DIGITS = 5;

/** A number to compare with others: five digits. */
export function exact(value: number): string {
  if (!Number.isFinite(value)) return formatPrecise(value);
  return String(Number(value.toPrecision(DIGITS))).replaceAll('-', '−');
}

/** `64 units × 45 steps`, and what is unusual about them. */
export function sizeInWords(subject: Subject | null, shades: Shades | null): string {
  if (!subject) return '';
  const { summary } = subject;
  const units = summary.units === 1 ? words.oneUnit : fill(words.units, formatCount(summary.units));
  const parts = [fill(words.size, units, rowsInWords(subject))];
  if (summary.nonFinite > 0) parts.push(fill(words.nonFinite, formatCount(summary.nonFinite)));
  const alike = shades && shades.least === shades.largest && summary.units * summary.rows > 1;
  if (alike && summary.nonFinite === 0) parts.push(fill(words.constant, exact(shades.least)));
  return parts.join(' · ');
}

function rowsInWords({ summary: { rows, time }, run }: Subject): string {
  const { steps } = run.sequence;
  if (time) return fill(words.rows, formatCount(rows));
  if (rows === 1) return steps === 1 ? words.oneStep : words.lastStepAlone;
  return fill(words.steps, formatCount(rows));
}

/** A unit, or what is made of all of them. */
export type Of = number | Exclude<Measure, 'unit'>;

export function nameOf({ scene }: State, signal: SignalAddress, of: Of): string {
  return typeof of === 'number' ? unitInWords(scene!.network, signal, of) : words.measures[of];
}

/** What a column says. */
export function readingInWords(
  state: State,
  { signal, summary, run }: Subject,
  of: Of,
  { first, last, min, max }: CellReading,
): string {
  const step = stepOfRow(run.sequence, summary, first);
  const name = nameOf(state, signal, of);
  const own = summary.time === 'own';
  if (first < last) {
    // The last column may have room for more rows than there are.
    const end = Math.min(last, summary.rows - 1);
    const numbers = [step, stepOfRow(run.sequence, summary, end)].map((one) => formatCount(one + 1));
    return fill(own ? words.overRows : words.over, name, ...numbers, exact(min), exact(max));
  }
  const number = formatCount(step + 1);
  const { inputs } = run.sequence;
  if (inputs.kind === 'token' && hasText(state, summary)) {
    return fill(words.atToken, name, number, quoted(inputs.tokens[first] ?? ''), exact(min));
  }
  return fill(own ? words.atRow : words.at, name, number, exact(min));
}
