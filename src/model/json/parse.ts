/**
 * JSON text to a syntax tree with positions. Values are read from the tree and never turned into plain objects, in
 * which a key such as `__proto__` would vanish.
 */
import { createScanner, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { say } from '../../words/say';
import type { Report } from '../report';
import type { JsonNode } from './node';

/** Far more than any model nests, far less than what overflows the stack of a recursive parser. */
export const MAX_DEPTH = 256;
const MAX_SYNTAX_PROBLEMS = 20;

/** `SyntaxKind` of jsonc-parser, whose const enum cannot be used from an isolated module. */
export const TOKEN = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  unknown: 16,
  end: 17,
};

/** Strict JSON, or JSONC: with comments and trailing commas. */
export type JsonFlavour = 'json' | 'jsonc';

/** The tree's root; undefined if the text is not well-formed, which the report then says. */
export function parseJson(text: string, report: Report, flavour: JsonFlavour): JsonNode | undefined {
  if (!checkTokens(text, report)) return undefined;
  const errors: ParseError[] = [];
  const strict = flavour === 'json';
  const root = parseTree(text, errors, { disallowComments: strict, allowTrailingComma: !strict });
  reportSyntax(text, errors, report);
  return errors.length === 0 ? root : undefined;
}

/** A byte order mark belongs to the file, not to its text. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Checks with the scanner, which does not recurse, that there is something to parse and that it is not too deep. */
function checkTokens(text: string, report: Report): boolean {
  const scanner = createScanner(text, true);
  const first: number = scanner.scan();
  if (first === TOKEN.end) {
    report.error(report.placeOf(0, 0), 'empty-file', say`the file is empty; expected a JSON object`);
    return false;
  }
  if (first === TOKEN.unknown) {
    const place = report.placeOf(scanner.getTokenOffset(), scanner.getTokenLength());
    report.error(
      place,
      'not-json',
      say`this is not JSON: expected an object, found ${quoted(text, place.offset)}`,
    );
    return false;
  }
  let depth = 0;
  for (let token = first; token !== TOKEN.end; token = scanner.scan()) {
    if (token === TOKEN.openBrace || token === TOKEN.openBracket) depth++;
    else if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) depth--;
    if (depth > MAX_DEPTH) {
      const message = say`brackets are nested more than ${MAX_DEPTH} deep`;
      report.error(report.placeOf(scanner.getTokenOffset(), 1), 'nested-too-deep', message);
      return false;
    }
  }
  return true;
}

/** Editors mark syntax errors by themselves, so these count as marked. */
function reportSyntax(text: string, errors: readonly ParseError[], report: Report): void {
  let last = -1;
  let reported = 0;
  for (const { error, offset, length } of errors) {
    if (offset === last) continue;
    last = offset;
    if (++reported > MAX_SYNTAX_PROBLEMS) return;
    const expectation = SYNTAX_MESSAGES.get(printParseErrorCode(error)) ?? say`this is not valid JSON`;
    const found = offset >= text.length ? say`the end of the file` : quoted(text, offset);
    report.schemaError(report.placeOf(offset, length), 'syntax', say`${expectation}, found ${found}`);
  }
}

function quoted(text: string, offset: number): string {
  const line = text.slice(offset, offset + 20).split(/[\r\n]/, 1)[0];
  return JSON.stringify(line || text.slice(offset, offset + 1));
}

const SYNTAX_MESSAGES = new Map([
  ['InvalidSymbol', say`expected a JSON value`],
  ['InvalidNumberFormat', say`expected a number`],
  ['PropertyNameExpected', say`expected a key in double quotes`],
  ['ValueExpected', say`expected a value`],
  ['ColonExpected', say`expected a colon`],
  ['CommaExpected', say`expected a comma`],
  ['CloseBraceExpected', say`expected a closing brace }`],
  ['CloseBracketExpected', say`expected a closing bracket ]`],
  ['EndOfFileExpected', say`expected nothing more after the outermost value`],
  ['InvalidCommentToken', say`expected no comment`],
  ['UnexpectedEndOfComment', say`expected the end of a comment`],
  ['UnexpectedEndOfString', say`expected a string closed by a double quote on its own line`],
  ['UnexpectedEndOfNumber', say`expected a digit`],
  ['InvalidUnicode', say`expected four hexadecimal digits after \\u`],
  ['InvalidEscapeCharacter', say`expected a valid escape sequence`],
  ['InvalidCharacter', say`expected control characters to be escaped`],
]);
