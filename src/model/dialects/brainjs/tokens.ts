/**
 * What the rows of brain.js's networks of characters stand for (src/utilities/data-formatter.ts): row 0 for start and
 * end, row k + 1 for the character with index k of the data formatter.
 */
import { say } from '../../../words/say';
import { counted, entries, integer, pathOf, quote, valueAt } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { TokenInput } from '../../network';
import type { Report } from '../../report';
import { vocabularyOf } from '../vocabulary';

const START = '<start/end>';
/** What stands between a question and its answer, in networks that were trained on pairs. */
const BETWEEN = ['stop-input', 'start-output'];
const UNKNOWN = 'unrecognized';

/** Undefined, with errors reported, if the data formatter has characters for which there is no row. */
export function tokensOf(
  formatter: JsonNode | undefined,
  rows: number,
  report: Report,
): TokenInput | undefined {
  const table = valueAt(formatter, 'indexTable');
  const indices = table && decodeIndices(table, rows, report);
  if (table && !indices) return undefined;
  const base = { kind: 'token', lowercase: false, encoding: 'index', prefix: [START] } as const;
  if (!table || !indices || indices.size === 0) {
    const vocabulary = vocabularyOf([[START, 0]], rows, (row) => String(row - 1));
    return { ...base, split: 'word', vocabulary };
  }
  const special = specials(formatter, indices);
  const ordinary = [...indices.keys()].filter((token) => !special.has(token));
  const split = ordinary.some((token) => Array.from(token).length > 1) ? 'word' : 'char';
  const rowOf = [...indices].map(([token, index]) => [token, index + 1] as const);
  const vocabulary = vocabularyOf([[START, 0], ...rowOf], rows);
  const suffix = indices.has(BETWEEN[0]) ? BETWEEN.filter((token) => indices.has(token)) : [];
  warnOfHidden(indices, vocabulary, split, table, report);
  return {
    ...{ ...base, split, vocabulary },
    // An index of 0 counts as none in brain.js.
    ...(indices.get(UNKNOWN) && { unknown: UNKNOWN }),
    ...(suffix.length > 0 && { suffix }),
  };
}

function decodeIndices(table: JsonNode, rows: number, report: Report): Map<string, number> | undefined {
  const known = entries(table, report);
  if (!known) return undefined;
  const indices = new Map<string, number>();
  for (const [token, node] of known) {
    const index = integer(0)(node, report);
    if (index === undefined) return undefined;
    if (index + 1 >= rows) {
      const message = say`${pathOf(node)}: expected less than ${rows - 1}, since "input" has ${counted(rows, 'row')}, the first for start and end, found ${index}`;
      report.error(node, 'size-mismatch', message);
      return undefined;
    }
    indices.set(token, index);
  }
  return indices;
}

/** Tokens that stand for no text: the formatter's table of characters has null for them. */
function specials(
  formatter: JsonNode | undefined,
  indices: ReadonlyMap<string, number>,
): ReadonlySet<string> {
  const characters = valueAt(formatter, 'characterTable');
  const nulls = new Set(
    (characters?.children ?? []).flatMap(({ children }) =>
      children?.[1]?.type === 'null' ? [children[0].value as string] : [],
    ),
  );
  return new Set([...indices].flatMap(([token, index]) => (nulls.has(String(index)) ? [token] : [])));
}

/** brain.js tells UTF-16 units apart; here text is composed characters. */
function warnOfHidden(
  indices: ReadonlyMap<string, number>,
  vocabulary: readonly string[],
  split: TokenInput['split'],
  table: JsonNode,
  report: Report,
): void {
  const half = (token: string) => split === 'char' && /^[\ud800-\udfff]$/.test(token);
  const hidden = [...indices].filter(([token, index]) => half(token) || vocabulary[index + 1] !== token);
  if (hidden.length === 0) return;
  const listed = hidden.slice(0, 5).map(([token, index]) => say`${quote(token)} (index ${index})`);
  const message = say`${pathOf(table)}: ${counted(hidden.length, 'entry')} cannot be reached by typing, only by id: ${listed.join(', ')}`;
  report.warning(table, 'hidden-token', message);
}
