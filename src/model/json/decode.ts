/** Typed values out of a syntax tree. A decoder that finds something else reports it and gives undefined. */
import { say } from '../../words/say';
import { fill } from '../../words/translate';
import { translated } from '../../words/translated';
import { addedKey, removal, removedKey, renamedKey, replaced, type Fix, type Json } from '../fix';
import { didYouMean, nearest } from '../near';
import type { Report } from '../report';
import { listLength } from './numberList';
import type { JsonNode } from './node';

export type Decoder<T> = (node: JsonNode, report: Report) => T | undefined;

export const string: Decoder<string> = (node, report) =>
  node.type === 'string' ? node.value : mismatch(node, report, say`a string`, { fixes: asString(node) });

export const nonEmptyString: Decoder<string> = (node, report) =>
  node.type === 'string' && node.value !== ''
    ? node.value
    : mismatch(node, report, say`a string that is not empty`);

export const boolean: Decoder<boolean> = (node, report) =>
  node.type === 'boolean'
    ? node.value
    : mismatch(node, report, say`true or false`, { fixes: unquoted(node, ['true', 'false']) });

/** A whole number of at least `min`, at most `max`. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Decoder<number> {
  const expected =
    min === max
      ? String(min)
      : max === Number.MAX_SAFE_INTEGER
        ? say`a whole number of at least ${min}`
        : say`a whole number from ${min} to ${max}`;
  return (node, report) =>
    node.type === 'number' && Number.isInteger(node.value) && node.value >= min && node.value <= max
      ? node.value
      : mismatch(node, report, expected, { fixes: wholeNumbers(node, min, max) });
}

export const positiveInteger = integer(1);

/** A number from `min` to `max`. */
export function numberWithin(min: number, max: number): Decoder<number> {
  return (node, report) =>
    node.type === 'number' && node.value >= min && node.value <= max
      ? node.value
      : mismatch(node, report, say`a number from ${min} to ${max}`);
}

/** A number that float32 can hold. */
export const float32: Decoder<number> = (node, report) => {
  if (node.type !== 'number') return mismatch(node, report, say`a number`, { by: 'error' });
  if (Number.isFinite(Math.fround(node.value))) return node.value;
  report.error(
    node,
    'number-too-large',
    say`${pathOf(node)}: expected a number within ±3.4e38 (float32), found a larger one`,
  );
  return undefined;
};

/** Values that are named beside one that is meant. */
const MOST_LISTED = 8;

export function oneOf<T extends string>(...values: readonly T[]): Decoder<T> {
  const all = values.map((value) => JSON.stringify(value)).join(say` or `);
  return (node, report) => {
    const found = values.find((value) => value === node.value);
    if (found !== undefined) return found;
    const hint = node.type === 'string' ? didYouMean(node.value, values) : '';
    const expected = hint && values.length > MOST_LISTED ? say`one of ${values.length} words` : all;
    const message = say`${pathOf(node)}: expected ${expected}, found ${describe(node)}${hint}`;
    report.schemaError(node, 'wrong-value', message, oneOfThese(node, values));
    return undefined;
  };
}

/** The one that is close to what was written, else each of a few. */
function oneOfThese(node: JsonNode, values: readonly string[]): Fix[] {
  const near = node.type === 'string' ? nearest(node.value, values) : undefined;
  if (near !== undefined) return [replaced(node, near)];
  const isValue = node.type !== 'object' && node.type !== 'array';
  return isValue && values.length <= MOST_LISTED ? values.map((value) => replaced(node, value)) : [];
}

function asString({ type, ...node }: JsonNode): Fix[] {
  const plain = type === 'number' || type === 'boolean';
  return plain ? [replaced({ type, ...node }, String(node.value))] : [];
}

/** A word or number that stands in quotes, without them. */
function unquoted(node: JsonNode, words: readonly string[]): Fix[] {
  const word = node.type === 'string' ? String(node.value).trim().toLowerCase() : '';
  return words.includes(word) ? [replaced(node, JSON.parse(word) as Json)] : [];
}

/** The only number that is allowed; the number in quotes, or the nearest whole one, if it is allowed. */
function wholeNumbers(node: JsonNode, min: number, max: number): Fix[] {
  const isValue = ['string', 'number', 'boolean', 'null'].includes(node.type);
  if (min === max) return isValue ? [replaced(node, min)] : [];
  const text = node.type === 'string' && /^\s*[+-]?\d+\s*$/.test(node.value);
  if (!text && node.type !== 'number') return [];
  const value = Math.min(max, Math.max(min, Math.round(Number(node.value))));
  return Number.isSafeInteger(value) ? [replaced(node, value)] : [];
}

/** A list whose every element decodes. */
export function listOf<T>(element: Decoder<T>, minLength = 0): Decoder<T[]> {
  return (node, report) => {
    const nodes = elements(node, report);
    if (!nodes) return undefined;
    if (nodes.length < minLength) return mismatch(node, report, say`a list of at least ${minLength}`);
    const values = nodes.map((child) => element(child, report));
    return values.includes(undefined) ? undefined : (values as T[]);
  };
}

export function elements(node: JsonNode, report: Report): readonly JsonNode[] | undefined {
  return node.type === 'array' ? (node.children ?? []) : mismatch(node, report, say`a list`);
}

/** The properties of an object, with keys given twice reported; nothing is said about keys that nobody knows. */
export function entries(node: JsonNode, report: Report): ReadonlyMap<string, JsonNode> | undefined {
  if (node.type !== 'object') return mismatch(node, report, say`an object`);
  const found = new Map<string, JsonNode>();
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!value) continue;
    if (found.has(key.value)) {
      report.schemaError(
        key,
        'duplicate-key',
        say`the key ${JSON.stringify(key.value)} is given twice in ${pathOf(node)}`,
        [removedKey(value, key.value)],
      );
    } else {
      found.set(key.value, value);
    }
  }
  return found;
}

/** The value of an object's key, nothing checked; undefined if `node` is no object or has no such key. */
export function valueAt(node: JsonNode | undefined, key: string): JsonNode | undefined {
  if (node?.type !== 'object') return undefined;
  return node.children?.find(({ children }) => children?.[0].value === key)?.children?.[1];
}

/** The string that an object's key holds, nothing reported; undefined if there is none. */
export function stringAt(node: JsonNode | undefined, key: string): string | undefined {
  const value = valueAt(node, key);
  return value?.type === 'string' ? value.value : undefined;
}

/** A key's value in a file of which not every key is known; reported if it is missing or faulty. */
export function requiredAt<T>(
  node: JsonNode,
  key: string,
  decoder: Decoder<T>,
  report: Report,
): T | undefined {
  const value = valueAt(node, key);
  if (value) return decoder(value, report);
  report.error(node, 'missing-key', say`${pathOf(node)}: expected the key ${JSON.stringify(key)}`);
  return undefined;
}

/** As `requiredAt`, but without a word where there is no such key. */
export function optionalAt<T>(
  node: JsonNode,
  key: string,
  decoder: Decoder<T>,
  report: Report,
): T | undefined {
  const value = valueAt(node, key);
  return value && decoder(value, report);
}

/** An object of which every key is known. */
export class Fields {
  private constructor(
    readonly node: JsonNode,
    private readonly values: ReadonlyMap<string, JsonNode>,
    private readonly report: Report,
    private readonly usualAt: (key: string) => Json | undefined = () => undefined,
  ) {}

  /** The same, with values that may be put where a required key is missing. */
  usually(usual: (key: string) => Json | undefined): Fields {
    return new Fields(this.node, this.values, this.report, usual);
  }

  /** Reports keys that are not in `known`. Undefined if `node` is no object. */
  static of(node: JsonNode, report: Report, known: readonly string[]): Fields | undefined {
    const values = entries(node, report);
    if (!values) return undefined;
    for (const [key, value] of values) {
      if (!known.includes(key)) reportUnknownKey(key, value, known, values, report);
    }
    return new Fields(node, values, report);
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  /** The value's place, or the object's if there is no such key. */
  at(key: string): JsonNode {
    return this.values.get(key) ?? this.node;
  }

  /** `usual` is a value that may be put where the key is missing. */
  required<T>(key: string, decoder: Decoder<T>, usual = this.usualAt(key)): T | undefined {
    const value = this.values.get(key);
    if (value) return decoder(value, this.report);
    this.report.schemaError(
      this.node,
      'missing-key',
      say`${pathOf(this.node)}: expected the key ${JSON.stringify(key)}`,
      usual === undefined ? [] : [addedKey(this.node, key, usual)],
    );
    return undefined;
  }

  /** Undefined if the key is absent, and if its value is faulty, which is reported. */
  optional<T>(key: string, decoder: Decoder<T>): T | undefined {
    const value = this.values.get(key);
    return value && decoder(value, this.report);
  }

  /** The one of `keys` that is given; undefined, and reported, if none or several are. `usual` as for `required`. */
  exactlyOne<K extends string>(keys: readonly K[], usual: Partial<Record<K, Json>> = {}): K | undefined {
    const given = keys.filter((key) => this.values.has(key));
    if (given.length === 1) return given[0];
    const expected = say`expected exactly one of ${keys.map((key) => JSON.stringify(key)).join(', ')}`;
    const found = given.length === 0 ? say`none` : given.map((key) => JSON.stringify(key)).join(say` and `);
    const code = given.length === 0 ? 'missing-key' : 'conflicting-keys';
    const likely = given.filter((key) => key in usual).concat(given.filter((key) => !(key in usual)));
    const fixes = given.length === 0 ? this.oneAdded(usual) : likely.map((key) => this.onlyOne(key, given));
    this.report.schemaError(this.node, code, say`${pathOf(this.node)}: ${expected}, found ${found}`, fixes);
    return undefined;
  }

  private oneAdded(usual: Readonly<Record<string, Json | undefined>>): Fix[] {
    return Object.entries(usual).flatMap(([key, value]) =>
      value === undefined ? [] : [addedKey(this.node, key, value)],
    );
  }

  private onlyOne(kept: string, given: readonly string[]): Fix {
    const others = given.filter((key) => key !== kept);
    const changes = others.map((key) => removal(this.at(key)));
    return { code: 'keep-only', values: [JSON.stringify(kept)], changes };
  }

  /** Reports those of `keys` that are given, since they mean something only for `kind`. */
  allowedOnlyFor(keys: readonly string[], kind: string): void {
    for (const key of keys) {
      const value = this.values.get(key);
      if (!value) continue;
      const message = say`${pathOf(value)}: ${JSON.stringify(key)} is allowed only for ${JSON.stringify(kind)}`;
      this.report.schemaError(value, 'conflicting-keys', message, [removedKey(value, key)]);
    }
  }

  /** Reports those of `keys` that are given, since they mean something only beside `companion`. */
  onlyWith(companion: string, keys: readonly string[]): void {
    if (this.values.has(companion)) return;
    for (const key of keys) {
      const value = this.values.get(key);
      if (!value) continue;
      const message = say`${pathOf(value)}: ${JSON.stringify(key)} is allowed only together with ${JSON.stringify(companion)}`;
      this.report.schemaError(value, 'conflicting-keys', message, [removedKey(value, key)]);
    }
  }
}

/** Where a value is, in the words of a programmer: `layers[1].hidden_size`; the root is `the file`. */
export function pathOf(node: JsonNode): string {
  const parts: string[] = [];
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (parent.type === 'property') parts.unshift(keyStep(parent.children?.[0].value));
    else if (parent.type === 'array') parts.unshift(`[${parent.children?.indexOf(at)}]`);
  }
  return parts.join('').replace(/^\./, '') || say`the file`;
}

/** What a value is, short enough for a message. */
export function describe(node: JsonNode): string {
  switch (node.type) {
    case 'object':
      return say`an object`;
    case 'array':
      return say`a list of ${listLength(node)}`;
    case 'string':
      return quote(node.value);
    default:
      return String(node.value);
  }
}

/** One of a thing, and several. */
const NOUNS = translated({
  byte: ['{0} byte', '{0} bytes'],
  cell: ['{0} cell', '{0} cells'],
  column: ['{0} column', '{0} columns'],
  entry: ['{0} entry', '{0} entries'],
  feature: ['{0} feature', '{0} features'],
  field: ['{0} field', '{0} fields'],
  'initial state': ['{0} initial state', '{0} initial states'],
  layer: ['{0} layer', '{0} layers'],
  loop: ['{0} loop', '{0} loops'],
  name: ['{0} name', '{0} names'],
  number: ['{0} number', '{0} numbers'],
  other: ['{0} other', '{0} others'],
  'output unit': ['{0} output unit', '{0} output units'],
  'quantised tensor': ['{0} quantised tensor', '{0} quantised tensors'],
  'recurrent node': ['{0} recurrent node', '{0} recurrent nodes'],
  row: ['{0} row', '{0} rows'],
  step: ['{0} step', '{0} steps'],
  token: ['{0} token', '{0} tokens'],
  unit: ['{0} unit', '{0} units'],
  'unused column': ['{0} unused column', '{0} unused columns'],
  value: ['{0} value', '{0} values'],
});

export type Noun = keyof typeof NOUNS;

/** A number with its noun, such as `1 column` or `2 columns`. */
export function counted(count: number, noun: Noun): string {
  const [one, several] = NOUNS[noun];
  return fill(count === 1 ? one : several, count);
}

/** A string from a file as messages show it: in quotes, on one line, shortened. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

function keyStep(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? `.${key}` : `[${quote(key)}]`;
}

function mismatch(
  node: JsonNode,
  report: Report,
  expected: string,
  {
    by = 'schemaError',
    fixes = [],
  }: { readonly by?: 'schemaError' | 'error'; readonly fixes?: readonly Fix[] } = {},
): undefined {
  const message = say`${pathOf(node)}: expected ${expected}, found ${describe(node)}`;
  report[by](node, 'wrong-value', message, fixes);
  return undefined;
}

function reportUnknownKey(
  key: string,
  value: JsonNode,
  known: readonly string[],
  given: ReadonlyMap<string, JsonNode>,
  report: Report,
): void {
  const property = value.parent;
  const owner = property?.parent;
  const hint = didYouMean(key, known) || say`; known here: ${known.join(', ')}`;
  const at = property?.children?.[0] ?? value;
  const near = nearest(key, known);
  const meant = near !== undefined && !given.has(near) ? [renamedKey(at, near)] : [];
  const message = say`${owner ? pathOf(owner) : say`the file`}: unknown key ${quote(key)}${hint}`;
  report.schemaError(at, 'unknown-key', message, [...meant, removedKey(value, key)]);
}
