/** A model before and after a quick fix. */
import assert from 'node:assert/strict';
import { applyEdits, editsOf } from '../../../src/model/json/edit';
import type { Fix } from '../../../src/model/fix';
import type { Problem } from '../../../src/model/problem';
import { fixInWords } from '../../../src/words/fixes';
import { read } from '../model/support';

type Files = Parameters<typeof read>[1];

export function fixesOf(problems: readonly Problem[], code: string): readonly Fix[] {
  const found = problems.find((problem) => problem.code === code && problem.fixes);
  assert.ok(found, `a problem ${code} with a fix among ${problems.map(said).join('; ')}`);
  return found.fixes!;
}

export function fixed(text: string, fix: Fix): string {
  return applyEdits(text, editsOf(text, fix.changes));
}

export function said({ code, message }: Problem): string {
  return `${code}: ${message}`;
}

/** The text after the fix that says so, or the first one, of the first problem of the code; reading it must find nothing new. */
export async function afterFix(text: string, code: string, files?: Files, title?: string): Promise<string> {
  const { problems } = await read(text, files);
  const fixes = fixesOf(problems, code);
  const fix = title === undefined ? fixes[0] : fixes.find((one) => fixInWords(one) === title);
  assert.ok(fix, `${title} among ${fixes.map((one) => fixInWords(one)).join('; ')}`);
  const after = fixed(text, fix);
  const before = problems.map(said);
  const left = (await read(after, files)).problems.map(said);
  const gone = said(problems.find((problem) => problem.fixes?.includes(fix))!);
  assert.ok(!left.includes(gone), `${gone} is still there in\n${after}`);
  const codeOf = (one: string) => one.split(':')[0];
  const count = (all: readonly string[], one: string) =>
    all.filter((other) => codeOf(other) === codeOf(one)).length;
  // The rest of what is wrong may be said in other figures.
  const fresh = left.filter((one) => !before.includes(one) && count(left, one) > count(before, one) - 1);
  assert.deepEqual(fresh, [], after);
  return after;
}
