/** What a user may do about a problem with one click: changes of the model's text. */
import type { JsonNode } from './json/node';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Places are offsets into the text without a byte order mark, in UTF-16 code units, as those of problems are. */
export type Change =
  /** Another value, or another key, in place of what stands there. */
  | { readonly kind: 'replace'; readonly offset: number; readonly length: number; readonly value: Json }
  /** One more key of the object that begins at `offset`, or, without a key, one more element of the list. */
  | { readonly kind: 'add'; readonly offset: number; readonly key?: string; readonly value: Json }
  /** Without the key, or the element, whose value begins at `offset`. */
  | { readonly kind: 'remove'; readonly offset: number };

/** What a fix does, in one word; words/fixes.ts has its sentence. */
export type FixCode =
  | 'replace'
  | 'rename-key'
  | 'add-key'
  | 'add-element'
  | 'remove-key'
  | 'remove-element'
  | 'set'
  | 'keep-only'
  | 'declare-unused'
  | 'declare-all-unused'
  | 'read-tensors';

export interface Fix {
  readonly code: FixCode;
  /** What its sentence names: keys, names and values as they stand in JSON. */
  readonly values: readonly (string | number)[];
  /** In any order; none touches another. */
  readonly changes: readonly Change[];
}

/** A value in place of another. */
export function replaced(node: JsonNode, value: Json): Fix {
  return { code: 'replace', values: [JSON.stringify(value)], changes: [replacement(node, value)] };
}

export function renamedKey(key: JsonNode, name: string): Fix {
  return { code: 'rename-key', values: [JSON.stringify(name)], changes: [replacement(key, name)] };
}

export function addedKey(object: JsonNode, key: string, value: Json): Fix {
  const values = [`${JSON.stringify(key)}: ${JSON.stringify(value)}`];
  return { code: 'add-key', values, changes: [{ kind: 'add', offset: object.offset, key, value }] };
}

/** The key of an object, and its value, are taken away. */
export function removedKey(value: JsonNode, key: string): Fix {
  return { code: 'remove-key', values: [JSON.stringify(key)], changes: [removal(value)] };
}

export function removedElement(node: JsonNode): Fix {
  return { code: 'remove-element', values: [JSON.stringify(node.value)], changes: [removal(node)] };
}

/** A key of `object` is given this value, whether it is there or not. */
export function set(object: JsonNode, key: string, value: Json): Fix {
  const values = [JSON.stringify(key), JSON.stringify(value)];
  return { code: 'set', values, changes: [setting(object, key, value)] };
}

export function setting(object: JsonNode, key: string, value: Json): Change {
  const found = object.children?.find(({ children }) => children?.[0].value === key)?.children?.[1];
  return found ? replacement(found, value) : { kind: 'add', offset: object.offset, key, value };
}

export function replacement({ offset, length }: JsonNode, value: Json): Change {
  return { kind: 'replace', offset, length, value };
}

export function removal({ offset }: JsonNode): Change {
  return { kind: 'remove', offset };
}
