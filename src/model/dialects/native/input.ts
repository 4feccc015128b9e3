import { say } from '../../../words/say';
import {
  boolean,
  Fields,
  listOf,
  oneOf,
  pathOf,
  positiveInteger,
  quote,
  string,
  valueAt,
  type Decoder,
} from '../../json/decode';
import { removedElement, removedKey, replaced } from '../../fix';
import type { JsonNode } from '../../json/node';
import { nearest } from '../../near';
import type { NetworkInput, NotRun, TokenInput } from '../../network';
import type { Report } from '../../report';

/** The input as the file declares it; what it leaves out is told by other fields. */
export type DeclaredInput = DeclaredVector | DeclaredTokens;

export interface DeclaredVector {
  readonly kind: 'vector';
  readonly fields: Fields;
  readonly size?: number;
  readonly features?: readonly string[];
  readonly standsFor?: NotRun;
}

export interface DeclaredTokens extends Omit<TokenInput, 'encoding'> {
  readonly fields: Fields;
  readonly encoding?: TokenInput['encoding'];
}

const KEYS = {
  vector: ['kind', 'size', 'features', 'stands_for'],
  token: ['kind', 'vocabulary', 'split', 'lowercase', 'unknown', 'prefix', 'suffix', 'encoding'],
} as const;

export function decodeInput(node: JsonNode, report: Report): DeclaredInput | undefined {
  const kind = kindOf(node, report);
  const fields = kind && Fields.of(node, report, KEYS[kind]);
  if (!fields) return undefined;
  return kind === 'vector' ? decodeVector(fields, report) : decodeTokens(fields, report);
}

/** The input by what it says of itself; undefined if that leaves its size open. */
export function inputAlone(declared: DeclaredInput): NetworkInput | undefined {
  if (declared.kind === 'token') return networkInput(declared, declared.encoding, declared.vocabulary.length);
  const size = declared.size ?? declared.features?.length;
  return size ? networkInput(declared, undefined, size) : undefined;
}

export function networkInput(
  declared: DeclaredInput,
  encoding: TokenInput['encoding'] | undefined,
  size: number,
): NetworkInput {
  if (declared.kind === 'vector') {
    const { kind, features, standsFor } = declared;
    return { kind, size, ...(features && { features }), ...(standsFor && { standsFor }) };
  }
  const { kind, vocabulary, split, lowercase, unknown, prefix, suffix } = declared;
  return {
    ...{ kind, vocabulary, split, lowercase },
    ...(unknown !== undefined && { unknown }),
    ...(prefix && { prefix }),
    ...(suffix && { suffix }),
    encoding: encoding ?? 'one_hot',
  };
}

/** Read ahead of the other keys, since it decides which they are. */
function kindOf(node: JsonNode, report: Report): 'vector' | 'token' | undefined {
  const everyKey = [...new Set<string>([...KEYS.vector, ...KEYS.token])];
  const kind = valueAt(node, 'kind');
  if (kind) return oneOf('vector', 'token')(kind, report);
  Fields.of(node, report, everyKey)?.required(
    'kind',
    oneOf('vector', 'token'),
    valueAt(node, 'vocabulary') ? 'token' : 'vector',
  );
  return undefined;
}

function decodeVector(fields: Fields, report: Report): DeclaredVector {
  const features = fields.optional('features', listOf(string));
  if (features) checkUnique(features, 'features', fields, report);
  const standsFor = fields.optional('stands_for', notRun);
  return { kind: 'vector', fields, size: fields.optional('size', positiveInteger), features, standsFor };
}

const notRun: Decoder<NotRun> = (node, report) => {
  const fields = Fields.of(node, report, ['name', 'kind', 'reason']);
  const name = fields?.required('name', string);
  const kind = fields?.required('kind', string);
  const reason = fields?.required('reason', string);
  return name === undefined || kind === undefined || reason === undefined
    ? undefined
    : { name, kind, reason };
};

function decodeTokens(fields: Fields, report: Report): DeclaredTokens | undefined {
  const vocabulary = fields.required('vocabulary', listOf(string, 1));
  const split = fields.required('split', oneOf('char', 'word'), usualSplit(fields.at('vocabulary')));
  const lowercase = fields.optional('lowercase', boolean) ?? false;
  const unknown = fields.optional('unknown', string);
  const prefix = fields.optional('prefix', listOf(string));
  const suffix = fields.optional('suffix', listOf(string));
  const encoding = fields.optional('encoding', oneOf('index', 'one_hot'));
  if (!vocabulary || !split) return undefined;
  const composed = vocabulary.map((token) => token.normalize('NFC'));
  checkUnique(composed, 'vocabulary', fields, report);
  for (const [key, tokens] of [
    ['unknown', unknown === undefined ? [] : [unknown]],
    ['prefix', prefix ?? []],
    ['suffix', suffix ?? []],
  ] as const) {
    const strange = tokens.find((token) => !composed.includes(token.normalize('NFC')));
    if (strange === undefined) continue;
    const message =
      key === 'unknown'
        ? say`${pathOf(fields.at(key))}: expected an entry of the vocabulary, found ${quote(strange)}`
        : say`${pathOf(fields.at(key))}: expected entries of the vocabulary, found ${quote(strange)}`;
    const at = fields.at(key);
    const near = nearest(strange, vocabulary);
    const meant = key === 'unknown' && near !== undefined ? [replaced(at, near)] : [];
    report.error(at, `${key}-not-in-vocabulary`, message, [...meant, removedKey(at, key)]);
  }
  return { kind: 'token', fields, vocabulary, split, lowercase, unknown, prefix, suffix, encoding };
}

/** Letters, where every entry but one or two in signs, such as `<unk>`, is one. */
function usualSplit({ children = [] }: JsonNode): string {
  const words = children.filter(
    ({ value }) => [...String(value)].length > 1 && !/^<.*>$/.test(String(value)),
  );
  return words.length > 0 ? 'word' : 'char';
}

function checkUnique(names: readonly string[], key: string, fields: Fields, report: Report): void {
  const nodes = fields.at(key).children ?? [];
  const firsts = new Map<string, number>();
  names.forEach((name, k) => {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, k);
    else
      report.error(
        nodes[k],
        'duplicate-name',
        say`${pathOf(nodes[k])}: ${quote(name)} is already entry ${first}`,
        [removedElement(nodes[k])],
      );
  });
}
