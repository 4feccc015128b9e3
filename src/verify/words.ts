/** A verdict in sentences. */
import type { DialectId } from '../model/network';
import type { Checked, Finding, Verdict } from './verify';

/** The whole verdict in one sentence or two. */
export function verdictSentence({ matches, checks, tolerance, finding, tried }: Verdict): string {
  if (matches) {
    const worst = Math.max(...checks.map(({ maxError }) => maxError));
    return `The output is as expected: it differs by ${figure(worst)} at most (tolerance ${figure(tolerance)}).`;
  }
  const wrong = checks.filter((check) => !check.matches);
  const which =
    checks.length === 1 ? 'The output differs' : `${wrong.length} of ${checks.length} outputs differ`;
  return `${which}: ${differenceOf(wrong[0])}. ${causeSentence({ finding, tried })}`;
}

/** One line a check. */
export function checkLine(check: Checked): string {
  const { name, steps, rows, units, matches, maxError, meanError } = check;
  const size = `${steps} steps, ${rows} × ${units} outputs compared`;
  if (matches) return `${name}: matches; ${size}: ${errors(maxError, meanError)}`;
  return `${name}: differs; ${check.fault ?? `${size}: ${errors(maxError, meanError)}; ${differenceOf(check)}`}`;
}

export function causeSentence({ finding, tried }: Pick<Verdict, 'finding' | 'tried'>): string {
  if (!finding) return `None of ${tried} likely mistakes explains it.`;
  return finding.matches
    ? `Likely cause: ${finding.text} it matches within ${figure(finding.maxError)}.`
    : `No likely mistake explains it; ${finding.text} it comes closest, within ${figure(finding.maxError)}.`;
}

function errors(maxError: number, meanError: number): string {
  return `largest error ${figure(maxError)}, mean ${figure(meanError)}`;
}

function differenceOf({ first, fault }: Checked): string {
  if (!first) return fault ?? '';
  const { step, unit, found, expected } = first;
  return `first at step ${step}, output ${unit}: expected ${figure(expected, 6)}, found ${figure(found, 6)}`;
}

function figure(value: number, digits = 2): string {
  return String(Number(value.toPrecision(digits)));
}

/** What was checked. */
export interface Origin {
  readonly model: string;
  readonly dialect: DialectId;
  readonly trained: boolean;
}

/** Errors that are no number are null. */
export function verdictJson({ matches, tolerance, checks, finding, tried }: Verdict, origin: Origin) {
  const number = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    ...origin,
    matches,
    tolerance,
    checks: checks.map(({ maxError, meanError, first, fault, ...check }) => ({
      ...check,
      maxError: number(maxError),
      meanError: number(meanError),
      first: first ?? null,
      fault: fault ?? null,
    })),
    cause: finding ? { code: finding.cause, ...causeFigures(finding) } : null,
    tried,
  };
}

function causeFigures({ text, maxError, matches }: Finding) {
  return { text, maxError, matches };
}
