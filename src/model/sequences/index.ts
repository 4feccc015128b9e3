/** Sequences from what a user types or chooses, beside the samples that a model brings. */
import { elements, integer, listOf, quote, string } from '../json/decode';
import { parseJson, withoutByteOrderMark, type JsonNode } from '../json/parse';
import type { Network, TokenInput, VectorInput } from '../network';
import { START_OF_FILE, type Problem } from '../problem';
import { Report, type At } from '../report';
import type { Sequence } from '../samples';
import { parseTable, sequenceOfTable, type CsvOptions } from './csv';
import { sequenceOfIds, sequenceOfTokens, splitText } from './tokens';
import { sequenceOfVectors } from './vectors';

export { joinTokens } from './tokens';
export { NORMALIZATIONS, type CsvOptions, type Normalization } from './csv';

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
        `the model reads ${input.size} numbers per step; expected numbers, found text`,
      );
      return undefined;
    }
    const tokens = splitText(input, withoutByteOrderMark(text));
    return sequenceOfTokens(input, tokens, report, () => START_OF_FILE);
  });
}

/** From a JSON list of steps: lists of features, or for a token model tokens (strings) or ids (numbers). */
export function sequenceFromJson(network: Network, text: string): SequenceReading {
  const { input } = network;
  const json = withoutByteOrderMark(text);
  return reading(json, (report) => {
    const root = parseJson(json, report, 'jsonc');
    if (!root) return undefined;
    return input.kind === 'vector'
      ? sequenceOfVectors(input, root, report)
      : sequenceOfList(input, root, report);
  });
}

/** A vector model's sequence from a table with a line per step. */
export async function sequenceFromCsv(
  network: Network,
  text: string,
  options: CsvOptions = {},
): Promise<SequenceReading> {
  const { input } = network;
  if (input.kind === 'token') {
    return reading(text, (report) => {
      const message =
        'the model reads tokens; expected text, or a JSON list of tokens or ids, found a CSV table';
      report.error(START_OF_FILE, 'wrong-input', message);
      return undefined;
    });
  }
  const report = samplesReport(text);
  const table = await parseTable(text);
  if ('rows' in table && !table.header) warnOfPosition(input, report);
  const sequence = await sequenceOfTable(input, table, options, report, {
    line: (line) => ({ ...START_OF_FILE, line }),
    option: () => START_OF_FILE,
  });
  return checked(sequence, report);
}

/** Columns of a table without a header go by their order, whatever the features are called. */
function warnOfPosition({ features }: VectorInput, report: Report): void {
  if (!features || features.length < 2) return;
  const message = `the table has no header line: its columns are taken as ${features.map(quote).join(', ')}, in this order`;
  report.warning(START_OF_FILE, 'columns-by-position', message);
}

/** Reports a sequence without steps; gives back any other. */
export function nonEmpty<S extends Sequence>(sequence: S | undefined, at: At, report: Report): S | undefined {
  if (sequence?.steps !== 0) return sequence;
  report.error(at, 'empty-sequence', 'the sequence is empty; expected at least one step');
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
