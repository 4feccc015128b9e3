import { say } from '../words/say';
import {
  HEAD_BYTES,
  chooseOne,
  failedReading,
  unreadable,
  type BinarySource,
  type Choice,
  type Reading,
  type TextSource,
} from './dialects/dialect';
import { BINARY_DIALECTS, DIALECTS, TEXT_DIALECTS } from './dialects/all';
import { quote } from './json/decode';
import { outlineOf } from './json/outline';
import { parseJson, withoutByteOrderMark } from './json/parse';
import { inWords, kindOfJson, otherFile, otherJson } from './otherFile';
import { START_OF_FILE, type Problem } from './problem';
import { Report } from './report';

export { openSource } from './open';
export { bytesOf } from './tensors/bytes';

/**
 * Reads a model of any dialect, told by its content. Where several fit, none is taken unless `source.choices` names
 * it. Never throws for a fault in the input; rejects only if `source.signal` is aborted.
 */
export async function readModel(source: TextSource | BinarySource): Promise<Reading> {
  if ('bytes' in source) {
    const head = await source.bytes.read(0, Math.min(HEAD_BYTES, source.bytes.size));
    return readAs(
      BINARY_DIALECTS.filter((dialect) => dialect.matches(head, source)),
      source,
      () => noBinaryModel(source, head),
    );
  }
  const outline = outlineOf(source.text);
  return readAs(
    TEXT_DIALECTS.filter((dialect) => dialect.matches(outline, source)),
    source,
    () => noTextModel(source),
  );
}

interface Reader<S> {
  readonly id: string;
  readonly label: string;
  readonly takesWeights?: boolean;
  read(source: S): Promise<Reading>;
}

async function readAs<S extends TextSource | BinarySource>(
  candidates: readonly Reader<S>[],
  source: S,
  none: () => Reading,
): Promise<Reading> {
  if (candidates.length === 0) return none();
  if (candidates.length === 1) return readBy(candidates[0], source);
  const choices = candidates.map(({ id, label }): Choice => ({ kind: 'dialect', value: id, label }));
  const chosen = candidates.find(({ id }) => source.choices?.includes(id));
  if (!chosen) {
    const message = chooseOne(say`this file can be read as several kinds of model`, choices);
    return { ...failedReading('several-readings', message), choices };
  }
  const reading = await readBy(chosen, source);
  return { ...reading, choices: [...choices, ...(reading.choices ?? [])] };
}

async function readBy<S extends TextSource | BinarySource>(reader: Reader<S>, source: S): Promise<Reading> {
  const reading = await reader.read(source);
  if (!source.weights || reader.takesWeights) return reading;
  const message = say`the weights in ${JSON.stringify(source.weights.path)} are not used: a model of this kind brings its own (${reader.label})`;
  const unused: Problem = {
    ...{ severity: 'warning', code: 'weights-not-used', message, place: START_OF_FILE, about: 'weights' },
  };
  return { ...reading, problems: [...reading.problems, unused] };
}

function noTextModel({ text, fileName }: TextSource): Reading {
  const json = withoutByteOrderMark(text);
  if (json.trim() === '') return failedReading('empty-file', say`${JSON.stringify(fileName)} is empty`);
  const other = otherFile(new TextEncoder().encode(json.slice(0, HEAD_BYTES)), fileName);
  if (other) return failedReading('unknown-dialect', say`${JSON.stringify(fileName)} is ${inWords(other)}`);
  const named = notAsNamed(json, fileName);
  if (named !== undefined) return failedReading('unknown-dialect', named);
  const report = Report.of(json, { schema: false, about: 'structure' });
  const root = parseJson(json, report, 'jsonc');
  if (root) {
    const known = otherJson(root);
    const message = known
      ? say`this JSON is ${inWords(known)}`
      : say`this JSON is no recurrent network that is known here, but ${kindOfJson(root)}; ${knownKinds()}`;
    report.error(report.placeOf(root.offset, 1), 'unknown-dialect', message);
  }
  return unreadable(report.problems);
}

const MOST_SHOWN = 40;

/** Why a file is not what its name says: such a file is never text, and this is text that is no JSON. */
function notAsNamed(text: string, fileName: string): string | undefined {
  const begin = text.trimStart();
  const ending = /\.([^.]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
  const expected = BINARY_DIALECTS.find(({ endings }) => endings.includes(ending));
  if (!expected || /^[{[]/.test(begin) || TEXT_DIALECTS.some(({ endings }) => endings.includes(ending)))
    return undefined;
  const line = quote(begin.split('\n', 1)[0].trimEnd().slice(0, MOST_SHOWN));
  const program = /^(?:import|from) [\w.]+/m.test(begin.slice(0, HEAD_BYTES));
  const found = program
    ? say`a program in Python (${line}), which is not run here: open the file that it writes`
    : say`text that begins with ${line}`;
  return say`expected a file of the kind ${expected.label}, as the name ${quote(fileName)} says, found ${found}`;
}

function noBinaryModel({ fileName }: BinarySource, head: Uint8Array): Reading {
  const other = otherFile(head, fileName) ?? { what: say`no text, and no model file that is known here` };
  const found = inWords({ help: knownKinds(), ...other });
  return failedReading('unknown-dialect', say`${JSON.stringify(fileName)} is ${found}`);
}

/** One for each dialect. */
function knownKinds(): string {
  const firsts = DIALECTS.filter(({ id }, k) => DIALECTS.findIndex((other) => other.id === id) === k);
  return say`known models are ${firsts.map(({ label }) => label).join(', ')}`;
}
