/** Known outputs, from JSON or a table: a row per step, or the last one alone; `units` numbers a row. */
import type { ByteSource } from '../../files/folder';
import { elements, valueAt } from '../json/decode';
import type { JsonNode } from '../json/node';
import { parseJson, withoutByteOrderMark } from '../json/parse';
import { checkMemory, type Limits } from '../limits';
import { START_OF_FILE, type Problem } from '../problem';
import { Report } from '../report';
import type { ExpectedOutput, VectorSequence } from '../samples';
import { parseTable, sequenceOfTable, type CsvPlaces, type Table, type TableFault } from './csv';
import { openAudio } from './file';
import { numbersOf } from './vectors';

export interface ExpectedReading {
  /** Absent if there are errors. */
  readonly expected?: ExpectedOutput;
  /** Their places are in the text that was given. */
  readonly problems: readonly Problem[];
}

/**
 * Of a file, by its name: JSON, a list of rows or a trace, of which the output is taken; WAV, a row a sample; else CSV, a
 * line a row, a header passed over. `limits` bounds the bytes taken. Throws what `bytes` throws.
 */
export async function expectedOfFile(
  units: number,
  fileName: string,
  bytes: ByteSource,
  limits: Limits,
): Promise<ExpectedReading> {
  if (/\.wave?$/i.test(fileName)) return expectedOfAudio(units, bytes, limits);
  const report = reportOf('');
  if (!checkMemory(bytes.size, limits, fileName, START_OF_FILE, report)) return { problems: report.problems };
  const text = new TextDecoder().decode(await bytes.read(0, bytes.size));
  return /\.json$/i.test(fileName) ? expectedFromJson(units, text) : expectedFromCsv(units, text);
}

async function expectedOfAudio(units: number, bytes: ByteSource, limits: Limits): Promise<ExpectedReading> {
  if (units !== 1) {
    const report = reportOf('');
    const message = `the model gives ${units} numbers a row; expected a CSV table or JSON, found a WAV file`;
    report.error(START_OF_FILE, 'wrong-length', message);
    return { problems: report.problems };
  }
  const { file, problems } = await openAudio({ input: { kind: 'vector', size: 1 } }, bytes, limits);
  const expected = file && outputOf((await file.read()).sequence as VectorSequence);
  return { expected, problems };
}

async function expectedFromCsv(units: number, text: string): Promise<ExpectedReading> {
  const report = reportOf(text);
  const places = { line: (line: number) => ({ ...START_OF_FILE, line }), option: () => START_OF_FILE };
  const expected = await expectedOfTable(units, await parseTable(text), report, places);
  return { expected, problems: report.problems };
}

function expectedFromJson(units: number, text: string): ExpectedReading {
  const json = withoutByteOrderMark(text);
  const report = reportOf(json);
  const root = parseJson(json, report, 'jsonc');
  const expected = root && expectedOfNode(units, valueAt(root, 'output') ?? root, report);
  return { expected, problems: report.problems };
}

/**
 * A list of rows; a flat list is one row, or, of a single unit, a row a number. `units` is the first row's width where the
 * network's is not known.
 */
export function expectedOfNode(
  units: number | undefined,
  node: JsonNode,
  report: Report,
): ExpectedOutput | undefined {
  const found = elements(node, report);
  if (!found) return undefined;
  const rows = rowsIn(found, units, node, report);
  const size = units ?? rows[0]?.numbers?.length ?? 0;
  const values = numbersOf(rows, { size, what: 'output unit' }, report);
  return atLeastOne(values && { rows: rows.length, units: size, values }, node, report);
}

function rowsIn(found: readonly JsonNode[], units: number | undefined, node: JsonNode, report: Report) {
  const flat = found.length > 0 && found.every(({ type }) => type === 'number');
  if (!flat) return found.map((row) => ({ row, numbers: elements(row, report) }));
  return units === 1 ? found.map((row) => ({ row, numbers: [row] })) : [{ row: node, numbers: found }];
}

export async function expectedOfTable(
  units: number,
  table: Table | TableFault,
  report: Report,
  places: CsvPlaces,
  fileName?: string,
): Promise<ExpectedOutput | undefined> {
  const options = { fileName, columnOf: 'output unit' };
  const found = await sequenceOfTable({ kind: 'vector', size: units }, table, options, report, places);
  return atLeastOne(found && outputOf(found), places.line(1), report);
}

function outputOf({ steps, size, values }: VectorSequence): ExpectedOutput {
  return { rows: steps, units: size, values };
}

function atLeastOne(
  expected: ExpectedOutput | undefined,
  at: JsonNode | Problem['place'],
  report: Report,
): ExpectedOutput | undefined {
  if (expected?.rows !== 0) return expected;
  report.error(at, 'empty-output', 'the expected output is empty; expected at least one row');
  return undefined;
}

function reportOf(text: string): Report {
  return Report.of(text, { schema: false, about: 'samples' });
}
