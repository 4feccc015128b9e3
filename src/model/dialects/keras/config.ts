/** Values out of the `config` of a layer, under the names of every version. */
import { say } from '../../../words/say';
import { integer, numberWithin, valueAt, type Decoder } from '../../json/decode';
import type { JsonNode } from '../../json/node';
import type { Report } from '../../report';

/** More than any model has, few enough to multiply. */
export const MAX_SIZE = 65_536;

export class Config {
  constructor(
    readonly node: JsonNode,
    private readonly report: Report,
  ) {}

  /** The value of the first of `keys` that is there and not null; also found in camel case, as some converters write. */
  find(...keys: readonly string[]): JsonNode | undefined {
    for (const key of keys) {
      const value = valueAt(this.node, key) ?? valueAt(this.node, camelCase(key));
      if (value && value.type !== 'null') return value;
    }
    return undefined;
  }

  /** The value's place, or the whole config's. */
  at(...keys: readonly string[]): JsonNode {
    return this.find(...keys) ?? this.node;
  }

  /** Undefined if there is none, and if it is faulty, which is reported. */
  optional<T>(keys: readonly string[], decoder: Decoder<T>): T | undefined {
    const value = this.find(...keys);
    return value && decoder(value, this.report);
  }

  /** As `optional`, but reported if there is none. */
  required<T>(keys: readonly string[], decoder: Decoder<T>): T | undefined {
    const value = this.find(...keys);
    if (value) return decoder(value, this.report);
    const expected = keys.map((key) => JSON.stringify(key)).join(say` or `);
    this.report.error(this.node, 'missing-key', say`config: expected the key ${expected}`);
    return undefined;
  }

  flag(key: string, fallback: boolean, ...aliases: readonly string[]): boolean {
    return this.optional([key, ...aliases], truth) ?? fallback;
  }

  /** A layer or cell inside this one: an object with "class_name" and "config". */
  inside(
    key: string,
  ): { readonly className: string; readonly config: Config; readonly node: JsonNode } | undefined {
    const node = this.find(key);
    return node && wrappedIn(node, this.report);
  }
}

/** An object with "class_name" and "config"; undefined if it is none. */
export function wrappedIn(node: JsonNode, report: Report) {
  const className = valueAt(node, 'class_name') ?? valueAt(node, 'className');
  const config = valueAt(node, 'config');
  return className?.type === 'string' && config
    ? { className: className.value as string, config: new Config(config, report), node }
    : undefined;
}

export const size: Decoder<number> = integer(1, MAX_SIZE);

/** A size, or a list of one. */
export const sizeOrList: Decoder<number> = (node, report) => {
  const [only, ...more] = node.type === 'array' ? (node.children ?? []) : [];
  return size(only && more.length === 0 ? only : node, report);
};

export const epsilon: Decoder<number> = numberWithin(0, 1);

/** Python writes true and false; older files have 0 and 1 in places. */
const truth: Decoder<boolean> = (node, report) => {
  if (node.type === 'boolean') return node.value as boolean;
  return (integer(0, 1)(node, report) ?? 0) === 1;
};

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
