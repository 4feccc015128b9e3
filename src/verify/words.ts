/** A verdict in sentences. */
import type { DialectId } from '../model/network';
import { notRun, type OutputNotRun } from '../model/partial';
import { quote } from '../model/json/decode';
import { isComparable, type Checked, type Finding, type Rounding, type Verdict } from './verdict';

/** The whole verdict in one sentence or two. */
export function verdictSentence(verdict: Verdict): string {
  const { matches, checks, tolerance } = verdict;
  if (matches) {
    const worst = Math.max(...checks.map(({ maxError }) => maxError));
    const of = checks.flatMap(({ notRun }) => (notRun ? [` That is ${standIn(notRun)}.`] : []));
    return `The output is as expected: it differs by ${figure(worst)} at most (tolerance ${figure(tolerance)}).${of[0] ?? ''}`;
  }
  const wrong = checks.filter((check) => !check.matches);
  const unrun = wrong.every((check) => !isComparable(check)) && wrong[0].notRun;
  if (unrun) return `The output cannot be compared: ${withoutOwn(unrun)}.`;
  const which =
    checks.length === 1 ? 'The output differs' : `${wrong.length} of ${checks.length} outputs differ`;
  return `${which}: ${[differenceOf(wrong.find(isComparable)!), causeSentence(verdict)].filter(Boolean).join('. ')}`;
}

/** One line a check. */
export function checkLine(check: Checked): string {
  const { name, steps, rows, units, matches, maxError, meanError } = check;
  const size = `${steps} ${steps === 1 ? 'step' : 'steps'}, ${rows} × ${units} outputs compared`;
  if (matches) {
    const of = check.notRun ? `; that is ${standIn(check.notRun)}` : '';
    return `${name}: matches; ${size}: ${errors(maxError, meanError)}${of}`;
  }
  if (!isComparable(check)) return `${name}: cannot be compared; ${withoutOwn(check.notRun!)}`;
  return `${name}: differs; ${check.fault ?? `${size}: ${errors(maxError, meanError)}; ${differenceOf(check)}`}`;
}

function withoutOwn({ layer, cause, last }: OutputNotRun): string {
  return `the model's own output, that of ${quote(layer)}, is not run; ${notRun(cause)}. The last layer that runs is ${quote(last!)}, whose output is another`;
}

function standIn({ layer, cause, last }: OutputNotRun): string {
  const whose = layer === cause.name ? '' : `, nor ${quote(layer)}`;
  return `the output of ${quote(last!)}, the last layer that runs: ${quote(cause.name)} (${cause.kind}) is not run${whose}`;
}

/** Why the output differs, as far as it can be told. */
export function causeSentence({ checks, finding, rounding, doubt, tried }: Verdict): string | undefined {
  const differing = checks.filter((check) => isComparable(check) && !check.matches);
  if (differing.length === 0) return undefined;
  if (finding?.matches) return `Likely cause: ${finding.text} it matches within ${figure(finding.maxError)}.`;
  const closest = finding && `${finding.text} it comes closest, within ${figure(finding.maxError)}`;
  if (rounding) return `${roundingSentence(rounding)}${closest ? ` Else ${closest}.` : ''}`;
  if (differing.every(({ constant, nonFinite }) => constant && nonFinite === undefined))
    return 'The expected output is one number throughout, which tells no causes apart: is it the right file?';
  if (!closest && differing.every(({ fault }) => fault !== undefined)) return undefined;
  if (doubt !== undefined) return `The reason may be this: ${doubt}.${closest ? ` Else ${closest}.` : ''}`;
  return closest
    ? `No likely mistake explains it; ${closest}.`
    : `None of ${tried} likely mistakes explains it.`;
}

function roundingSentence({ precision, own }: Rounding): string {
  if (precision === 'float32')
    return 'The difference is within the rounding of float32: no two programs agree better.';
  if (precision === 'int8')
    return "The model's own program rounds to 8 bits what it computes with, which is not done here, and the difference is as large as that makes it.";
  return own
    ? `The weights are rounded to ${precision}, and the difference is as large as that makes it.`
    : `The difference is as large as weights rounded to ${precision} make it.`;
}

function errors(maxError: number, meanError: number): string {
  return `largest error ${figure(maxError)}, mean ${figure(meanError)}`;
}

function differenceOf({ first, fault, nonFinite }: Checked): string {
  if (!first) return fault ?? '';
  if (nonFinite !== undefined && nonFinite <= first.step) {
    return `the output is no finite number, the first time at step ${nonFinite}`;
  }
  const { step, unit, found, expected } = first;
  const digits = [6, 9].find((count) => figure(expected, count) !== figure(found, count)) ?? 17;
  return `first at step ${step}, output ${unit}: expected ${figure(expected, digits)}, found ${figure(found, digits)}`;
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
export function verdictJson(
  { matches, tolerance, checks, finding, rounding, doubt, tried }: Verdict,
  origin: Origin,
) {
  const number = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    ...origin,
    matches,
    tolerance,
    checks: checks.map(({ maxError, meanError, first, fault, nonFinite, notRun: unrun, ...check }) => ({
      ...check,
      ...(unrun && { outputOf: unrun.last }),
      maxError: number(maxError),
      meanError: number(meanError),
      first: first ?? null,
      nonFinite: nonFinite ?? null,
      fault: (unrun && !check.matches ? withoutOwn(unrun) : fault) ?? null,
    })),
    cause: finding ? { code: finding.cause, ...causeFigures(finding) } : null,
    rounding: rounding ?? null,
    doubt: doubt ?? null,
    tried,
  };
}

function causeFigures({ text, maxError, matches }: Finding) {
  return { text, maxError, matches };
}
