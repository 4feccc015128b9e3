/** What is said of a verdict in English. */
import { causeOf } from '../../../src/verify/remedy';
import type { Checked, Finding, Verdict } from '../../../src/verify/verdict';
import { VerdictWords } from '../../../src/words/verdict';

const words = new VerdictWords();

export const verdictSentence = (verdict: Verdict) => words.verdict(verdict);
export const checkLine = (check: Checked) => words.check(check);
export const causeSentence = (verdict: Verdict) => words.cause(verdict);
export const causeIn = (finding: Finding | undefined) => finding && causeOf(finding);
export const textOf = (finding: Finding | undefined) => finding && words.finding(finding);
