/** What a check against an expected output found, on the command line and in VS Code. */
import { quote } from '../model/json/decode';
import { notRun, type OutputNotRun } from '../model/partial';
import type { Fault } from '../verify/compare';
import {
  isComparable,
  type Checked,
  type Doubt,
  type Finding,
  type Rounding,
  type Verdict,
} from '../verify/verdict';
import { remedyInWords } from './remedies';
import { type Translate, figure, inEnglish, short } from './translate';
import { translated } from './translated';

/** Every sentence. `{0}`, `{1}`, … stand for values. */
const words = translated({
  asExpected: 'The output is as expected: it differs by {0} at most (tolerance {1}).',
  thatIs: ' That is {0}.',
  notComparable: 'The output cannot be compared: {0}.',
  differs: 'The output differs: {0}',
  someDiffer: '{0} of {1} outputs differ: {2}',
  and: '{0}. {1}',
  matches: '{0}: matches; {1}',
  matchesFor: '{0}: matches; {1}; that is {2}',
  oneNotComparable: '{0}: cannot be compared; {1}',
  oneDiffers: '{0}: differs; {1}',
  differsFirst: '{0}; {1}',
  ofStep: '{0} step, {1} × {2} outputs compared: largest error {3}, mean {4}',
  ofSteps: '{0} steps, {1} × {2} outputs compared: largest error {3}, mean {4}',
  ownNotRun:
    "the model's own output, that of {0}, is not run; {1}. The last layer that runs is {2}, whose output is another",
  standIn: 'the output of {0}, the last layer that runs: {1} ({2}) is not run',
  standInFor: 'the output of {0}, the last layer that runs: {1} ({2}) is not run, nor {3}',
  notFinite: 'the output is no finite number, the first time at step {0}',
  first: 'first at step {0}, output {1}: expected {2}, found {3}',
  units: 'the model gives {0} numbers a row; the expected output has {1}',
  row: 'the model gives a single row; the expected output has {1} rows: is it that of the same sequence?',
  rows: 'the model gives {0} rows, or the last one alone; the expected output has {1} rows: is it that of the same sequence?',
  likely: 'Likely cause: {0} it matches within {1}.',
  closest: '{0} it comes closest, within {1}',
  orElse: '{0} Else {1}.',
  constant:
    'The expected output is one number throughout, which tells no causes apart: is it the right file?',
  doubt: 'The reason may be this: {0}.',
  seeded: 'the weights are seeded, not trained',
  inputOfSample: 'the input {0} was not given, and is that of the sample {1}',
  onlyClosest: 'No likely mistake explains it; {0}.',
  unexplained: 'None of {0} likely mistakes explains it.',
  float32: 'The difference is within the rounding of float32: no two programs agree better.',
  int8: "The model's own program rounds to 8 bits what it computes with, which is not done here, and the difference is as large as that makes it.",
  ownRounded: 'The weights are rounded to {0}, and the difference is as large as that makes it.',
  rounded: 'The difference is as large as weights rounded to {0} make it.',
});

/** The sentences about a verdict in one language. */
export class VerdictWords {
  constructor(private readonly translate: Translate = inEnglish) {}

  /** The whole verdict in one sentence or two. */
  verdict(verdict: Verdict): string {
    const { translate } = this;
    const { matches, checks, tolerance } = verdict;
    if (matches) {
      const worst = Math.max(...checks.map(({ maxError }) => maxError));
      const other = checks.find(({ notRun }) => notRun)?.notRun;
      const sentence = translate(words.asExpected, short(worst), short(tolerance));
      return sentence + (other ? translate(words.thatIs, this.standIn(other)) : '');
    }
    const wrong = checks.filter((check) => !check.matches);
    const unrun = wrong.every((check) => !isComparable(check)) && wrong[0].notRun;
    if (unrun) return translate(words.notComparable, this.withoutOwn(unrun));
    const [difference, cause] = [this.difference(wrong.find(isComparable)!), this.cause(verdict)];
    const what = cause === undefined ? difference : translate(words.and, difference, cause);
    return checks.length === 1
      ? translate(words.differs, what)
      : translate(words.someDiffer, wrong.length, checks.length, what);
  }

  /** One line a check. */
  check(check: Checked): string {
    const { translate } = this;
    const { name, fault, matches } = check;
    const other = check.notRun;
    if (matches) {
      return other
        ? translate(words.matchesFor, name, this.sizes(check), this.standIn(other))
        : translate(words.matches, name, this.sizes(check));
    }
    if (!isComparable(check)) return translate(words.oneNotComparable, name, this.withoutOwn(other!));
    const what = fault
      ? this.fault(fault)
      : translate(words.differsFirst, this.sizes(check), this.difference(check));
    return translate(words.oneDiffers, name, what);
  }

  /** Why the output differs, as far as it can be told. */
  cause({ checks, finding, rounding, doubt, tried }: Verdict): string | undefined {
    const { translate } = this;
    const differing = checks.filter((check) => isComparable(check) && !check.matches);
    if (differing.length === 0) return undefined;
    if (finding?.matches) return translate(words.likely, this.finding(finding), short(finding.maxError));
    const closest = finding && translate(words.closest, this.finding(finding), short(finding.maxError));
    const orElse = (sentence: string) => (closest ? translate(words.orElse, sentence, closest) : sentence);
    if (rounding) return orElse(this.rounding(rounding));
    if (differing.every(({ constant, nonFinite }) => constant && nonFinite === undefined))
      return translate(words.constant);
    if (!closest && differing.every(({ fault }) => fault !== undefined)) return undefined;
    if (doubt) return orElse(translate(words.doubt, this.doubt(doubt)));
    return closest ? translate(words.onlyClosest, closest) : translate(words.unexplained, tried);
  }

  /** What is changed, in words that end a sentence. */
  finding(finding: Finding): string {
    return remedyInWords(finding, this.translate);
  }

  fault({ code, given, expected }: Fault): string {
    if (code === 'units') return this.translate(words.units, given, expected);
    return this.translate(given === 1 ? words.row : words.rows, given, expected);
  }

  doubt(doubt: Doubt): string {
    switch (doubt.code) {
      case 'seeded':
        return this.translate(words.seeded);
      case 'input-of-sample':
        return this.translate(words.inputOfSample, quote(doubt.input), quote(doubt.sample));
      case 'warning':
        return doubt.message;
    }
  }

  withoutOwn({ layer, cause, last }: OutputNotRun): string {
    return this.translate(words.ownNotRun, quote(layer), notRun(cause), quote(last!));
  }

  private standIn({ layer, cause, last }: OutputNotRun): string {
    const values = [quote(last!), quote(cause.name), cause.kind];
    return layer === cause.name
      ? this.translate(words.standIn, ...values)
      : this.translate(words.standInFor, ...values, quote(layer));
  }

  private sizes({ steps, rows, units, maxError, meanError }: Checked): string {
    const sentence = steps === 1 ? words.ofStep : words.ofSteps;
    return this.translate(sentence, steps, rows, units, short(maxError), short(meanError));
  }

  private difference({ first, fault, nonFinite }: Checked): string {
    if (fault) return this.fault(fault);
    if (nonFinite !== undefined && nonFinite <= first!.step)
      return this.translate(words.notFinite, nonFinite);
    const { step, unit, found, expected } = first!;
    const digits = [6, 9].find((count) => figure(expected, count) !== figure(found, count)) ?? 17;
    return this.translate(words.first, step, unit, figure(expected, digits), figure(found, digits));
  }

  private rounding({ precision, own }: Rounding): string {
    if (precision === 'float32') return this.translate(words.float32);
    if (precision === 'int8') return this.translate(words.int8);
    return this.translate(own ? words.ownRounded : words.rounded, precision);
  }
}
