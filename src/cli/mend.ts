/** What the reader says would mend a model's text, done. */
import { resolve } from 'node:path';
import { applyEdits, editsOf, type TextEdit } from '../model/json/edit';
import { withoutByteOrderMark } from '../model/json/parse';
import type { Problem } from '../model/problem';
import { writeWhole } from '../platform/writeFile';
import { fixInWords } from '../words/fixes';
import type { Values } from './command';
import { EXIT, Failure, oneLine } from './output';
import { read } from './read';
import { fileOrFailure } from './sequence';
import type { Terminal } from './terminal';

/** A fix may bring other problems to light, and those whose places touch are mended one after the other. */
const MOST_ROUNDS = 20;

/**
 * Applies to a native model's file the first fix of each problem, each once, and says which. The file is written whole, each
 * time. Fails for a file of another kind.
 */
export async function mend(terminal: Terminal, model: string, values: Values): Promise<void> {
  if (!/\.rnn\.json$/i.test(model)) {
    throw new Failure(EXIT.usage, oneLine(`check --fix mends native models, .rnn.json, found ${model}`));
  }
  const tried = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { problems } = await read(terminal, model, values);
    const mendable = problems.filter((one) => keepsAll(one) && !tried.has(keyOf(one)));
    if (mendable.length === 0) return;
    const [mark, text] = await textOf(terminal, model);
    // A key that is misspelt is not missing: what is there is put right before anything is added.
    const inPlace = mendable.filter(({ fixes }) => fixes![0].changes.every(({ kind }) => kind === 'replace'));
    const { edits, mended } = firstFixes(text, inPlace.length > 0 ? inPlace : mendable);
    for (const one of mended) tried.add(keyOf(one));
    await writeWhole(resolve(model), [mark + applyEdits(text, edits)]);
    for (const { place, code, fixes } of mended) {
      const where = `${model}:${place.line}:${place.column}`;
      terminal.say(oneLine(`${where}: mended ${code}: ${fixInWords(fixes![0])}`));
    }
  }
}

/** What somebody wrote is only taken away by somebody. */
function keepsAll({ fixes = [] }: Problem): boolean {
  return fixes.length > 0 && fixes[0].changes.every(({ kind }) => kind !== 'remove');
}

function keyOf({ code, message }: Problem): string {
  return `${code} ${message}`;
}

/** The byte order mark, if there is one, and the text behind it. Fails for what is no UTF-8: its bytes would be lost. */
async function textOf(terminal: Terminal, model: string): Promise<[mark: string, text: string]> {
  const bytes = await fileOrFailure(async () => {
    const source = await terminal.files.open(model);
    return source.read(0, source.size);
  });
  try {
    const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const text = withoutByteOrderMark(whole);
    return [whole.slice(0, whole.length - text.length), text];
  } catch {
    throw new Failure(EXIT.input, oneLine(`${model} is not UTF-8: it cannot be mended`));
  }
}

interface Mending {
  readonly edits: readonly TextEdit[];
  readonly mended: readonly Problem[];
}

/** As far as they do not touch: the others' turn comes when the text is read again. */
function firstFixes(text: string, problems: readonly Problem[]): Mending {
  const edits: TextEdit[] = [];
  const mended: Problem[] = [];
  for (const problem of problems) {
    const own = editsOf(text, problem.fixes![0].changes);
    if (own.some((one) => edits.some((other) => touch(one, other)))) continue;
    edits.push(...own);
    mended.push(problem);
  }
  return { edits, mended };
}

function touch(one: TextEdit, other: TextEdit): boolean {
  return one.offset <= other.offset + other.length && other.offset <= one.offset + one.length;
}
