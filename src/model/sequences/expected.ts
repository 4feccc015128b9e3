/** Known outputs, from JSON or a table: a row per step, or the last one alone. */
import type { ByteSource } from '../../files/folder';
import { say } from '../../words/say';
import { counted, elements, quote, valueAt } from '../json/decode';
import type { JsonNode } from '../json/node';
import { parseJson, withoutByteOrderMark } from '../json/parse';
import { checkMemory, type Limits } from '../limits';
import { START_OF_FILE, type Problem } from '../problem';
import { Report } from '../report';
import type { ExpectedOutput, VectorSequence } from '../samples';
import { parseTable, sequenceOfTable, type CsvPlaces, type Table, type TableFault } from './csv';
import { openAudio } from './file';
import { numbersOf } from './vectors';

/** What an output is known to hold. */
export interface KnownOutput {
  /** Numbers a row; those of the first row where it is not known. */
  readonly units: number | undefined;
  /** What they are called, by which a table's header may tell them apart. */
  readonly labels?: readonly string[];
}

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
  output: KnownOutput,
  fileName: string,
  bytes: ByteSource,
  limits: Limits,
): Promise<ExpectedReading> {
  if (/\.wave?$/i.test(fileName)) return expectedOfAudio(output, bytes, limits);
  const report = reportOf('');
  if (!checkMemory(bytes.size, limits, fileName, START_OF_FILE, report)) return { problems: report.problems };
  const text = new TextDecoder().decode(await bytes.read(0, bytes.size));
  return /\.json$/i.test(fileName) ? expectedFromJson(output, text) : expectedFromCsv(output, text);
}

async function expectedOfAudio(
  { units = 1 }: KnownOutput,
  bytes: ByteSource,
  limits: Limits,
): Promise<ExpectedReading> {
  if (units !== 1) {
    const report = reportOf('');
    const message = say`the model gives ${units} numbers a row; expected a CSV table or JSON, found a WAV file`;
    report.error(START_OF_FILE, 'wrong-length', message);
    return { problems: report.problems };
  }
  const { file, problems } = await openAudio({ input: { kind: 'vector', size: 1 } }, bytes, limits);
  const expected = file && outputOf((await file.read()).sequence as VectorSequence);
  return { expected, problems };
}

async function expectedFromCsv(output: KnownOutput, text: string): Promise<ExpectedReading> {
  const report = reportOf(text);
  const places = { line: (line: number) => ({ ...START_OF_FILE, line }), option: () => START_OF_FILE };
  const expected = await expectedOfTable(output, await parseTable(text), report, places);
  return { expected, problems: report.problems };
}

function expectedFromJson({ units }: KnownOutput, text: string): ExpectedReading {
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

/** By the names of the outputs where the header has them all; else every column is one. */
export async function expectedOfTable(
  { units, labels }: KnownOutput,
  table: Table | TableFault,
  report: Report,
  places: CsvPlaces,
  fileName?: string,
): Promise<ExpectedOutput | undefined> {
  const [header, width] = 'message' in table ? [[], undefined] : [table.header ?? [], widthOf(table)];
  const size = units ?? width ?? 1;
  const features = namesOf(size, labels).find((names) => names.every((name) => header.includes(name)));
  if (width !== undefined && width > size && !features) {
    const name = fileName ?? say`the table`;
    const wanted = say`expected ${counted(size, 'column')}, one per output unit, found ${width}`;
    const hint = say`a header that names them, such as ${namesOf(size, labels)[0].slice(0, 2).map(quote).join(', ')}, tells outputs from other columns`;
    const message = say`${name}: ${wanted}: there are more columns than outputs; ${hint}`;
    report.error(places.line(1), 'wrong-length', message);
    return undefined;
  }
  const options = { fileName, columnOf: say`output unit` };
  const input = { kind: 'vector', size, ...(features && { features }) } as const;
  const found = await sequenceOfTable(input, table, options, { report, places });
  return atLeastOne(found && outputOf(found), places.line(1), report);
}

function widthOf({ header, rows }: Table): number | undefined {
  return header?.length ?? rows[0]?.fields.length;
}

/** What a header may call the outputs: by their labels, as `run` prints them, or by number as tables of pandas do. */
function namesOf(units: number, labels: readonly string[] | undefined): string[][] {
  const numbers = Array.from({ length: units }, (_, unit) => String(unit));
  return [...(labels ? [[...labels]] : []), numbers.map((number) => `y${number}`), numbers];
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
  report.error(at, 'empty-output', say`the expected output is empty; expected at least one row`);
  return undefined;
}

function reportOf(text: string): Report {
  return Report.of(text, { schema: false, about: 'samples' });
}
