/** Comma-separated tables to sequences: a line is a step. */
import { CsvError, parse, type Info } from 'csv-parse/browser/esm/sync';
import { say } from '../../words/say';
import type { Fix } from '../fix';
import { counted, quote } from '../json/decode';
import { withoutByteOrderMark } from '../json/parse';
import type { VectorInput } from '../network';
import { Pauses } from '../pauses';
import type { Report } from '../report';
import type { Column, TableFacts, VectorSequence } from '../samples';
import { datesIn } from './dates';
import type { Place } from '../problem';

export const NORMALIZATIONS = ['none', 'zscore', 'minmax'] as const;
export type Normalization = (typeof NORMALIZATIONS)[number];

export interface CsvOptions {
  /** The columns that are the features, by the header's names. */
  readonly columns?: readonly string[];
  /** Keeps the rows whose fields equal these values. */
  readonly where?: ReadonlyMap<string, string | number>;
  /** Half-open, counted after header and `where`. */
  readonly rows?: readonly [number, number];
  /** Per column over the chosen rows; a constant column becomes 0. `none` by default. */
  readonly normalize?: Normalization;
  /** What messages call the table. */
  readonly fileName?: string;
  /** What messages call that which a column holds; `feature` by default. */
  readonly columnOf?: string;
}

/** Where to report a fault in the table, and one of the option that asks for something it has not. */
export interface CsvPlaces {
  line(line: number): Place;
  option(name: 'columns' | 'where' | 'rows'): Place;
  /** What may be meant by a column that an option names and the table has not. */
  missing?(option: 'columns' | 'where', name: string, columns: readonly string[]): readonly Fix[];
  /** What says that no other columns than these are wanted. */
  unused?(used: readonly string[]): readonly Fix[];
}

/** Whom faults are told. */
export interface CsvReport {
  readonly report: Report;
  readonly places: CsvPlaces;
  readonly signal?: AbortSignal;
}

interface Row {
  /** In the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** A table and what messages call it. */
interface NamedTable extends Table {
  readonly name: string;
}

/** Bytes of memory that reading a table takes for every byte of its text: the text itself and its rows. */
export const CSV_MEMORY_FACTOR = 12;
const MAX_BAD_FIELDS = 10;
/** A piece takes a few milliseconds to parse. */
const PIECE_CHARACTERS = 1 << 13;
const ROWS_AT_ONCE = 1 << 12;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** As programs write numbers that are not finite. */
const NOT_FINITE = /^[+-]?(nan|inf(inity)?|1\.#(inf|ind|qnan|snan)\d*)$/i;
/** What stands in place of the comma in some tables, and what it is called. */
const SEPARATORS = [
  [';', say`semicolons`],
  ['\t', say`tabs`],
  [' ', say`spaces`],
] as const;
/** As tables with such separators write numbers. */
const NUMBER_WITH_COMMA = /^[+-]?\d+([.,]\d+)?(e[+-]?\d+)?$/i;
const LINE_ENDS = ['\r\n', '\n', '\r'];
const LINE_END = new RegExp(LINE_ENDS.join('|'));
/** By the code of the parser's error. */
const FAULTS = new Map([
  [
    'CSV_INVALID_CLOSING_QUOTE',
    say`a quote (") ends within a field; expected a comma or the end of the line after it, or "" for a quote in the field`,
  ],
  [
    'INVALID_OPENING_QUOTE',
    say`a quote (") begins within a field; expected it at the beginning, after a comma`,
  ],
  ['CSV_QUOTE_NOT_CLOSED', say`a field begins with a quote ("), and no other one ends it`],
]);

export interface Table {
  readonly header?: readonly string[];
  readonly rows: readonly Row[];
}

/** Why a text is no table. */
export interface TableFault {
  readonly line: number;
  readonly message: string;
}

/**
 * The first line is a header exactly if one of its fields is neither a number nor as NaN and infinities are written; blank lines at the end are dropped. Gives
 * way to the host's other tasks; throws only if `signal` is aborted.
 */
export async function parseTable(text: string, signal?: AbortSignal): Promise<Table | TableFault> {
  const rows = await parseRows(text, signal);
  if (!Array.isArray(rows)) return rows;
  while (rows.length > 0 && isBlank(rows[rows.length - 1])) rows.pop();
  const hasHeader = rows.length > 0 && hasNames(rows[0]);
  return hasHeader ? { header: rows[0].fields.map((field) => field.trim()), rows: rows.slice(1) } : { rows };
}

/** Every line, a header and blank ones among them, as `parseTable` reads them. */
export async function parseRows(text: string, signal?: AbortSignal): Promise<Row[] | TableFault> {
  const rows: Row[] = [];
  const pauses = new Pauses(signal);
  let lines = 0;
  for (const piece of pieces(withoutByteOrderMark(text))) {
    const fault = parsePiece(piece, lines, rows);
    if (fault) return fault;
    lines += piece.split('\n').length - 1;
    await pauses.take();
  }
  return rows;
}

/** Whether a first line is a header. */
export function hasNames({ fields }: Row): boolean {
  return fields.some(isName);
}

function isName(field: string): boolean {
  return !NUMBER.test(field.trim()) && !NOT_FINITE.test(field.trim());
}

/** Cuts a table where a line ends outside of quotes. */
function* pieces(text: string): Generator<string> {
  const next = (character: string, from: number) => (text.indexOf(character, from) + 1 || Infinity) - 1;
  let start = 0;
  let quoted = false;
  let quote = next('"', 0);
  for (let newline = next('\n', 0); newline < text.length; newline = next('\n', newline + 1)) {
    for (; quote < newline; quote = next('"', quote + 1)) quoted = !quoted;
    if (quoted || newline - start < PIECE_CHARACTERS) continue;
    yield text.slice(start, newline + 1);
    start = newline + 1;
  }
  if (start < text.length) yield text.slice(start);
}

/** Adds a piece's rows to `rows`; `lines` is how many lines stand before it. */
function parsePiece(piece: string, lines: number, rows: Row[]): TableFault | undefined {
  try {
    const inPiece = piece.includes('"') ? quotedRows(piece) : plainRows(piece);
    for (const { line, fields } of inPiece) rows.push({ line: lines + line, fields });
    return undefined;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line: lines + (Number(error.lines) || 1), message: FAULTS.get(error.code) ?? error.message };
  }
}

/** Rows of a piece without quotes. */
function plainRows(piece: string): Row[] {
  return linesOf(piece).map((line, k) => ({ line: k + 1, fields: line.split(',') }));
}

/** The parser counts lines itself only if a field goes over several: that costs four times as much. */
function quotedRows(piece: string): Row[] {
  const format = { relax_column_count: true, record_delimiter: LINE_ENDS };
  const records = parse(piece, format);
  if (records.length === linesOf(piece).length) {
    return records.map((fields, k) => ({ line: k + 1, fields }));
  }
  const counting = parse(piece, { ...format, info: true }) as unknown as { record: string[]; info: Info }[];
  return counting.map(({ record, info }) => ({ line: info.lines, fields: record }));
}

function linesOf(piece: string): string[] {
  const lines = piece.split(LINE_END);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

export async function sequenceOfTable(
  input: VectorInput,
  parsed: Table | TableFault,
  options: CsvOptions,
  { report, places, signal }: CsvReport,
): Promise<VectorSequence | undefined> {
  const name = options.fileName ?? say`the table`;
  if ('message' in parsed) {
    report.error(places.line(parsed.line), 'bad-csv', say`${name}, line ${parsed.line}: ${parsed.message}`);
    return undefined;
  }
  const table: NamedTable = { name, ...parsed };
  const separator = options.columns ? undefined : otherSeparator(input, table);
  if (separator) {
    const message = say`${name}: expected columns separated by commas, found ${separator}`;
    report.error(places.line(1), 'bad-csv', message);
    return undefined;
  }
  const columns = chooseColumns(input, table, options, { report, places });
  const rows = chooseRows(table, options, { report, places });
  if (!columns || !rows) return undefined;
  warnOfLonger(table, rows, { report, places });
  const chosen = { columns, rows };
  const numbers = await readNumbers(table, chosen, { report, places, signal });
  if (!numbers) return undefined;
  const scales = columns.map((_, k) =>
    normalizeColumn(numbers, k, columns.length, options.normalize ?? 'none'),
  );
  const values = Float32Array.from(numbers);
  return checkFinite(table, values, chosen, { report, places })
    ? {
        ...{ kind: 'vector', steps: rows.length, size: columns.length, values },
        table: {
          ...factsOf(table, columns, rows, scales),
          ...(options.fileName !== undefined && {
            place: { file: options.fileName, lines: Int32Array.from(rows, ({ line }) => line) },
          }),
        },
      }
    : undefined;
}

interface ChosenFields {
  /** Positions of the features' columns. */
  readonly columns: readonly number[];
  readonly rows: readonly Row[];
}

type Scale = Omit<Column, 'name'>;

function factsOf(
  { header }: Table,
  columns: readonly number[],
  rows: readonly Row[],
  scales: readonly Scale[],
): TableFacts {
  const unused = (header ?? []).flatMap((_, column) => (columns.includes(column) ? [] : [column]));
  const dates = datesIn(unused, rows);
  return {
    ...(dates && { dates }),
    columns: scales.map((scale, k) => ({ ...(header && { name: header[columns[k]] }), ...scale })),
  };
}

/** What the columns are separated by, where it is not commas: told by the last line. */
function otherSeparator({ size }: VectorInput, { header, rows }: Table): string | undefined {
  const fields = rows[rows.length - 1]?.fields ?? header ?? [];
  if (fields.length > size || fields.every((field) => NUMBER.test(field.trim()))) return undefined;
  const line = fields.join(',').trim();
  const found = SEPARATORS.find(([separator]) => {
    const parts = line.split(separator);
    return parts.length > 1 && parts.every((part) => NUMBER_WITH_COMMA.test(part.trim()));
  });
  return found?.[1];
}

function isBlank({ fields }: Row): boolean {
  return fields.length === 1 && fields[0].trim() === '';
}

/** Positions of the features' columns. */
function chooseColumns(
  input: VectorInput,
  table: NamedTable,
  { columns: wanted, columnOf = say`feature`, fileName }: CsvOptions,
  { report, places }: CsvReport,
): number[] | undefined {
  if (wanted && wanted.length !== input.size) {
    const message = say`expected ${counted(input.size, 'column')}, one per ${columnOf}, found ${wanted.length}`;
    report.error(places.option('columns'), 'wrong-length', message);
    return undefined;
  }
  const names = wanted ?? input.features;
  const byName = table.header !== undefined && names !== undefined;
  const columns = byName
    ? columnsByName(table, names, { report, places })
    : columnsByPosition(input, table, columnOf, { report, places });
  const ofSample = fileName !== undefined;
  if (columns && !wanted) warnOfUnused(table, columns, { byName, columnOf, ofSample }, { report, places });
  return columns;
}

function columnsByName(
  { name, header }: NamedTable,
  names: readonly string[],
  { report, places }: CsvReport,
): number[] | undefined {
  const columns = names.map((column) => header?.indexOf(column.trim()) ?? -1);
  const missing = names.filter((_, k) => columns[k] < 0);
  const ambiguous = names.filter(
    (_, k) => columns[k] >= 0 && header?.lastIndexOf(header[columns[k]]) !== columns[k],
  );
  if (ambiguous.length > 0) {
    const message = say`${name} has several columns called ${ambiguous.map(quote).join(', ')}`;
    report.error(places.option('columns'), 'ambiguous-column', message);
    return undefined;
  }
  if (missing.length === 0) return columns;
  const message = say`${name} has no column ${missing.map(quote).join(', ')}; its columns are ${header?.map(quote).join(', ')}`;
  const fixes = places.missing?.('columns', missing[0], header ?? []);
  report.error(places.option('columns'), 'missing-column', message, fixes);
  return undefined;
}

function columnsByPosition(
  { size }: VectorInput,
  { name, header, rows }: NamedTable,
  columnOf: string,
  { report, places }: CsvReport,
): number[] | undefined {
  const width = header?.length ?? rows[0]?.fields.length ?? size;
  if (width >= size) return Array.from({ length: size }, (_, k) => k);
  report.error(
    places.line(1),
    'missing-column',
    say`${name}: expected ${counted(size, 'column')}, one per ${columnOf}, found ${width}`,
  );
  return undefined;
}

/** Only where the file chose the columns; those that `columns` leaves out were left out on purpose. */
function warnOfUnused(
  { name, header, rows }: NamedTable,
  columns: readonly number[],
  { byName, columnOf, ofSample }: { byName: boolean; columnOf: string; ofSample: boolean },
  { report, places }: CsvReport,
): void {
  const width = header?.length ?? rows[0]?.fields.length ?? 0;
  const unused = Array.from({ length: width }, (_, k) => k).filter((column) => !columns.includes(column));
  if (unused.length === 0) return;
  const names = unused.map((column) => (header ? quote(header[column]) : String(column + 1)));
  const wanted = say`expected ${counted(columns.length, 'column')}, one per ${columnOf}, found ${width}; the first are taken; `;
  const hint = ofSample ? say`; "columns" says which ones are wanted` : '';
  report.warning(
    places.line(1),
    'unused-column',
    `${name}: ${byName ? '' : wanted}${counted(unused.length, 'unused column')}: ${names.join(', ')}${hint}`,
    header && places.unused?.(columns.map((column) => header[column])),
  );
}

/** Of fields that stand beyond the table's columns: its header's, or its first line's. */
function warnOfLonger(
  { name, header, rows: all }: NamedTable,
  rows: readonly Row[],
  { report, places }: CsvReport,
): void {
  const width = header?.length ?? all[0]?.fields.length ?? 0;
  const longer = rows.filter(
    ({ fields }) => fields.length > width && fields.slice(width).some((field) => field.trim() !== ''),
  );
  if (longer.length === 0) return;
  const [{ line, fields }] = longer;
  const others = longer.length > 1 ? say` and ${counted(longer.length - 1, 'other')}` : '';
  const message = say`${name}, line ${line}${others}: expected ${counted(width, 'field')}, found ${fields.length}; what is beyond is not read`;
  report.warning(places.line(line), 'unused-field', message);
}

function chooseRows(
  table: NamedTable,
  options: CsvOptions,
  { report, places }: CsvReport,
): readonly Row[] | undefined {
  const { name } = table;
  const kept = options.where ? rowsWhere(table, options.where, { report, places }) : table.rows;
  if (!kept) return undefined;
  if (!options.rows) return kept;
  const [start, end] = options.rows;
  if (end <= kept.length) return kept.slice(start, end);
  const message = say`rows: expected at most ${kept.length}, the number of rows in ${name}${options.where ? say` that "where" keeps` : ''}, found ${end}`;
  report.error(places.option('rows'), 'rows-out-of-range', message);
  return undefined;
}

function rowsWhere(
  { name, header, rows }: NamedTable,
  where: ReadonlyMap<string, string | number>,
  { report, places }: CsvReport,
): readonly Row[] | undefined {
  const conditions = [...where].map(([column, value]) => ({
    column,
    at: header?.indexOf(column.trim()) ?? -1,
    value,
  }));
  const missing = conditions.filter(({ at }) => at < 0);
  if (missing.length > 0) {
    const found = header ? say`its columns are ${header.map(quote).join(', ')}` : say`it has no header line`;
    const message = say`where: ${name} has no column ${missing.map(({ column }) => quote(column)).join(', ')}; ${found}`;
    const fixes = places.missing?.('where', missing[0].column, header ?? []);
    report.error(places.option('where'), 'missing-column', message, fixes);
    return undefined;
  }
  return rows.filter(({ fields }) => conditions.every(({ at, value }) => equals(fields[at], value)));
}

function equals(field: string | undefined, value: string | number): boolean {
  if (field === undefined) return false;
  return typeof value === 'string'
    ? field.trim() === value.trim()
    : field.trim() !== '' && Number(field) === value;
}

/** rows × columns. */
async function readNumbers(
  table: NamedTable,
  { columns, rows }: ChosenFields,
  { report, places, signal }: CsvReport,
): Promise<Float64Array | undefined> {
  const numbers = new Float64Array(rows.length * columns.length);
  const needed = Math.max(...columns) + 1;
  const pauses = new Pauses(signal);
  let bad = 0;
  for (const [row, { line, fields }] of rows.entries()) {
    if (row % ROWS_AT_ONCE === 0) await pauses.take();
    if (fields.length < needed) {
      numbers.fill(NaN, row * columns.length, (row + 1) * columns.length);
      if (++bad > MAX_BAD_FIELDS) continue;
      const found = isBlank({ line, fields }) ? say`a blank line` : fields.length;
      const message = say`${table.name}, line ${line}: expected at least ${counted(needed, 'field')}, found ${found}`;
      report.error(places.line(line), 'not-a-number', message);
      continue;
    }
    columns.forEach((column, k) => {
      const field = fields[column].trim();
      const number = NUMBER.test(field) ? Number(field) : NaN;
      numbers[row * columns.length + k] = number;
      if (Number.isFinite(number) || ++bad > MAX_BAD_FIELDS) return;
      const found = field === '' ? say`a blank field` : quote(field);
      const message = say`${table.name}, line ${line}, column ${columnName(table, column)}: expected a number, found ${found}`;
      report.error(places.line(line), 'not-a-number', message);
    });
  }
  if (bad > MAX_BAD_FIELDS) {
    const message = say`${table.name}: ${bad - MAX_BAD_FIELDS} more faults like these`;
    report.error(places.line(1), 'not-a-number', message);
  }
  return bad === 0 ? numbers : undefined;
}

function columnName({ header }: NamedTable, column: number): string {
  return header ? quote(header[column]) : String(column + 1);
}

/**
 * In place, in double precision; divides by the largest magnitude first so that squares cannot overflow. Returns what
 * leads back.
 */
function normalizeColumn(numbers: Float64Array, column: number, columns: number, how: Normalization): Scale {
  const rows = numbers.length / columns;
  if (how === 'none' || rows === 0) return { mean: 0, deviation: 1 };
  const at = (row: number) => row * columns + column;
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < rows; row++) {
    least = Math.min(least, numbers[at(row)]);
    most = Math.max(most, numbers[at(row)]);
  }
  const scale = Math.max(Math.abs(least), Math.abs(most));
  const [centre, spread] =
    least === most
      ? [least / (scale || 1), Infinity]
      : how === 'minmax'
        ? [least / scale, most / scale - least / scale]
        : momentsOf(numbers, at, rows, scale);
  for (let row = 0; row < rows; row++) numbers[at(row)] = (numbers[at(row)] / (scale || 1) - centre) / spread;
  return { mean: centre * (scale || 1), deviation: spread === Infinity ? 0 : spread * scale };
}

/** Mean and population deviation of a column divided by `scale`. */
function momentsOf(
  numbers: Float64Array,
  at: (row: number) => number,
  rows: number,
  scale: number,
): [number, number] {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += numbers[at(row)] / scale;
  const mean = sum / rows;
  let squares = 0;
  for (let row = 0; row < rows; row++) squares += (numbers[at(row)] / scale - mean) ** 2;
  return [mean, Math.sqrt(squares / rows)];
}

function checkFinite(
  table: NamedTable,
  values: Float32Array,
  { columns, rows }: ChosenFields,
  { report, places }: CsvReport,
): boolean {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return true;
  const { line } = rows[Math.floor(bad / columns.length)];
  const column = columnName(table, columns[bad % columns.length]);
  const message = say`${table.name}, line ${line}, column ${column}: expected a number within ±3.4e38 (float32), found a larger one`;
  report.error(places.line(line), 'number-too-large', message);
  return false;
}
