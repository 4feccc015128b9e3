/** A verdict as `verify --json` prints it. */
import type { DialectId } from '../model/network';
import type { Verdict } from '../verify';
import { causeOf } from '../verify/remedy';
import type { VerdictWords } from '../words/verdict';

/** What was checked. */
export interface Origin {
  readonly model: string;
  readonly dialect: DialectId;
  readonly trained: boolean;
}

/** Errors that are no number are null. */
export function verdictJson(
  { matches, tolerance, checks, finding, rounding, doubt, tried }: Verdict,
  origin: Origin,
  words: VerdictWords,
) {
  const number = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    ...origin,
    matches,
    tolerance,
    checks: checks.map(({ maxError, meanError, first, fault, nonFinite, notRun, ...check }) => ({
      ...check,
      ...(notRun && { outputOf: notRun.last }),
      maxError: number(maxError),
      meanError: number(meanError),
      first: first ?? null,
      nonFinite: nonFinite ?? null,
      fault: notRun && !check.matches ? words.withoutOwn(notRun) : fault ? words.fault(fault) : null,
    })),
    cause: finding
      ? {
          code: causeOf(finding),
          text: words.finding(finding),
          maxError: finding.maxError,
          matches: finding.matches,
        }
      : null,
    rounding: rounding ?? null,
    doubt: doubt ? words.doubt(doubt) : null,
    tried,
  };
}
