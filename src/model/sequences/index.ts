/** Sequences from what a user types or chooses, beside the samples that a model brings. */
import { say } from '../../words/say';
import { elements, Fields, integer, listOf, quote, string } from '../json/decode';
import type { JsonNode } from '../json/node';
import { parseJson, withoutByteOrderMark } from '../json/parse';
import { INPUT, type Network, type NetworkInput, type TokenInput, type VectorInput } from '../network';
import { possibleInputs } from '../partial';
import { START_OF_FILE, type Problem } from '../problem';
import { Report, type At } from '../report';
import type { Sequence } from '../samples';
import { sequenceOfTable, type CsvOptions, type CsvPlaces, type Table, type TableFault } from './csv';
import { sequenceOfIds, sequenceOfTokens, splitText } from './tokens';
import { sequenceOfVectors } from './vectors';

export { joinTokens } from './tokens';
export { NORMALIZATIONS } from './csv';

export interface SequenceReading {
  /** Absent if there are errors. */
  readonly sequence?: Sequence;
  /** Their places are in the text that was given. */
  readonly problems: readonly Problem[];
}

/** A token model's sequence from plain text, split as the model's input says. */
export function sequenceFromText(network: Network, text: string): SequenceReading {
  const { input } = network;
  return reading(text, (report) => {
    if (input.kind === 'vector') {
      report.error(
        START_OF_FILE,
        'wrong-input',
        say`the model reads ${input.size} numbers per step; expected numbers, found text`,
      );
      return undefined;
    }
    const tokens = splitText(input, withoutByteOrderMark(text));
    return sequenceOfTokens(input, tokens, report, () => START_OF_FILE);
  });
}

/**
 * From a JSON list of steps: lists of features, or for a token model tokens (strings) or ids (numbers), or a string of
 * text. An object has one for each input of the network, by their names.
 */
export function sequenceFromJson(network: Network, text: string): SequenceReading {
  const json = withoutByteOrderMark(text);
  return reading(json, (report) => {
    const root = parseJson(json, report, 'jsonc');
    if (!root) return undefined;
    return root.type === 'object'
      ? sequenceOfObject(network, root, report)
      : sequenceOfNode(network.input, root, report);
  });
}

function sequenceOfNode(input: NetworkInput, node: JsonNode, report: Report): Sequence | undefined {
  if (input.kind === 'vector') return sequenceOfVectors(input, node, report);
  if (node.type !== 'string') return sequenceOfList(input, node, report);
  return sequenceOfTokens(input, splitText(input, node.value), report, () => node);
}

/** `{ "input": …, NAME: … }`; further inputs may be missing. */
function sequenceOfObject(network: Network, root: JsonNode, report: Report): Sequence | undefined {
  const inputs = possibleInputs(network);
  const fields = Fields.of(root, report, [INPUT, ...inputs.map(({ name }) => name)]);
  const own = fields?.required(INPUT, (node) => sequenceOfNode(network.input, node, report));
  const more = inputs.flatMap(({ name, input }): [string, Sequence][] => {
    const node = fields?.has(name) ? fields.at(name) : undefined;
    const found = node && nonEmpty(sequenceOfNode(input, node, report), node, report);
    return found ? [[name, found]] : [];
  });
  return own && (more.length > 0 ? { ...own, more: new Map(more) } : own);
}

/**
 * A sequence from a table with a line per step, or a part of it; a token model's has one column, of ids. Throws only if
 * `signal` is aborted.
 */
export async function sequenceFromTable(
  { input }: Network,
  table: Table | TableFault,
  options: CsvOptions = {},
  signal?: AbortSignal,
): Promise<SequenceReading> {
  const report = samplesReport('');
  const places = { line: (line: number) => ({ ...START_OF_FILE, line }), option: () => START_OF_FILE };
  if (input.kind === 'token') return checked(await sequenceOfIdTable(input, table, report, places), report);
  const found = await sequenceOfTable(input, table, options, { report, places, signal });
  if (found && found.steps > 0 && 'rows' in table && !table.header) warnOfPosition(input, report);
  return checked(found, report);
}

async function sequenceOfIdTable(
  input: TokenInput,
  table: Table | TableFault,
  report: Report,
  places: CsvPlaces,
): Promise<Sequence | undefined> {
  const width = 'rows' in table ? (table.header ?? table.rows[0]?.fields ?? []).length : 1;
  if (width > 1) {
    const message = say`the model reads tokens; expected text, a JSON list of tokens or ids, or a table of one column, of ids, found ${width} columns`;
    report.error(START_OF_FILE, 'wrong-input', message);
    return undefined;
  }
  const found = await sequenceOfTable(
    { kind: 'vector', size: 1 },
    table,
    { columnOf: say`id` },
    { report, places },
  );
  if (!found || !('rows' in table)) return undefined;
  const at = (step: number) => places.line(table.rows[step].line);
  const bad = found.values.findIndex((id) => !(Number.isInteger(id) && id >= 0));
  if (bad < 0) return sequenceOfIds(input, Array.from(found.values), report, at);
  report.error(
    at(bad),
    'wrong-value',
    say`expected an id, a whole number from 0, found ${found.values[bad]}`,
  );
  return undefined;
}

/** Columns of a table without a header go by their order, whatever the features are called. */
function warnOfPosition({ features }: VectorInput, report: Report): void {
  if (!features || features.length < 2) return;
  const message = say`the table has no header line: its columns are taken as ${features.map(quote).join(', ')}, in this order`;
  report.warning(START_OF_FILE, 'columns-by-position', message);
}

/** Reports a sequence without steps; gives back any other. */
export function nonEmpty<S extends Sequence>(sequence: S | undefined, at: At, report: Report): S | undefined {
  if (sequence?.steps !== 0) return sequence;
  report.error(at, 'empty-sequence', say`the sequence is empty; expected at least one step`);
  return undefined;
}

/** Tokens of a JSON list of strings. */
export function sequenceOfTokenList(input: TokenInput, node: JsonNode, report: Report): Sequence | undefined {
  const tokens = listOf(string)(node, report);
  return tokens && sequenceOfTokens(input, tokens, report, (step) => node.children?.[step] ?? node);
}

/** Tokens of a JSON list of ids. */
export function sequenceOfIdList(input: TokenInput, node: JsonNode, report: Report): Sequence | undefined {
  const ids = listOf(integer(0))(node, report);
  return ids && sequenceOfIds(input, ids, report, (step) => node.children?.[step] ?? node);
}

function sequenceOfList(input: TokenInput, node: JsonNode, report: Report): Sequence | undefined {
  const [first] = elements(node, report) ?? [];
  return first?.type === 'number'
    ? sequenceOfIdList(input, node, report)
    : sequenceOfTokenList(input, node, report);
}

function reading(text: string, read: (report: Report) => Sequence | undefined): SequenceReading {
  const report = samplesReport(text);
  return checked(read(report), report);
}

function samplesReport(text: string): Report {
  return Report.of(text, { schema: false, about: 'samples' });
}

function checked(found: Sequence | undefined, report: Report): SequenceReading {
  const sequence = nonEmpty(found, START_OF_FILE, report);
  return { sequence: report.failed ? undefined : sequence, problems: report.problems };
}
