/** Tables in files, whose rows are counted without being parsed, and of which a part can be read alone. */
import type { ByteSource } from '../../files/folder';
import { say } from '../../words/say';
import { inUnits, limitInWords, type Limits } from '../limits';
import { CSV_MEMORY_FACTOR, hasNames, parseRows, parseTable, type Table, type TableFault } from './csv';

export interface TableFile {
  /** Lines of values, up to the last that is not blank. */
  readonly rows: number;
  /**
   * The whole, or the header with the rows `start` to `end` − 1, the only ones that are parsed. Throws what `bytes` throws,
   * and if `signal` is aborted.
   */
  read(part?: readonly [start: number, end: number], signal?: AbortSignal): Promise<Table | TableFault>;
}

/** Where a row begins. */
interface RowStart {
  /** In bytes. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

const BLOCK_BYTES = 1 << 20;
const [LINE_FEED, CARRIAGE_RETURN, SPACE, QUOTE] = [10, 13, 32, 34];

/**
 * Reads the file through for the ends of its lines; parses the first alone. Parts that would take more than `limits` allow
 * are faults. Throws what `bytes` throws.
 */
export async function openTable(
  bytes: ByteSource,
  limits: Limits = { memory: Infinity },
): Promise<TableFile> {
  const { rows, starts } = await scanRows(bytes, [1]);
  const isTooLarge = (size: number) => size * CSV_MEMORY_FACTOR > limits.memory;
  const first = isTooLarge(starts[0].offset) ? [] : await parseRows(await textOf(bytes, 0, starts[0].offset));
  const header = Array.isArray(first) && first[0] && hasNames(first[0]) ? first[0] : undefined;
  const before = header ? 1 : 0;
  return {
    rows: rows - before,
    async read(part, signal) {
      if (!part) return parseTable(await textOf(bytes, 0, bytes.size), signal);
      const [start, end] = (await scanRows(bytes, [part[0] + before, part[1] + before])).starts;
      const size = end.offset - start.offset;
      if (isTooLarge(size)) {
        const message = say`these rows would take ${inUnits(size * CSV_MEMORY_FACTOR)} of memory; the limit is ${limitInWords(limits)}`;
        return { line: start.line, message };
      }
      const found = await parseRows(await textOf(bytes, start.offset, end.offset), signal);
      const inFile = <T extends { readonly line: number }>(at: T): T => ({
        ...at,
        line: at.line + start.line - 1,
      });
      if (!Array.isArray(found)) return inFile(found);
      return { ...(header && { header: header.fields.map((name) => name.trim()) }), rows: found.map(inFile) };
    },
  };
}

async function textOf(bytes: ByteSource, start: number, end: number): Promise<string> {
  return new TextDecoder().decode(await bytes.read(start, end));
}

/**
 * How many rows there are up to the last that is not blank, and where those of the numbers `wanted`, in ascending order,
 * begin; those that are not there, at the file's end.
 */
async function scanRows(
  bytes: ByteSource,
  wanted: readonly number[],
): Promise<{ readonly rows: number; readonly starts: readonly RowStart[] }> {
  let [row, rows, line, previous] = [0, 0, 1, 0];
  let [quoted, blank] = [false, true];
  const starts: RowStart[] = wanted[0] === 0 ? [{ offset: 0, line }] : [];
  const endLine = (next: number) => {
    line++;
    if (quoted) return;
    row++;
    if (!blank) rows = row;
    blank = true;
    while (wanted[starts.length] === row) starts.push({ offset: next, line });
  };
  for (let at = 0; at < bytes.size; at += BLOCK_BYTES) {
    const block = await bytes.read(at, Math.min(at + BLOCK_BYTES, bytes.size));
    for (let k = 0; k < block.length; k++) {
      const byte = block[k];
      if (previous === CARRIAGE_RETURN && byte !== LINE_FEED) endLine(at + k);
      if (byte === LINE_FEED) endLine(at + k + 1);
      else if (byte === QUOTE) quoted = !quoted;
      if (byte > SPACE) blank = false;
      previous = byte;
    }
  }
  if (!blank) rows = row + 1;
  while (starts.length < wanted.length) starts.push({ offset: bytes.size, line });
  return { rows, starts };
}
