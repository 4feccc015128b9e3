/** A value of a JSON text, with its place in it: what jsonc-parser makes of it, said here so that its types need no other package. */
export interface JsonNode {
  readonly type: 'object' | 'array' | 'property' | 'string' | 'boolean' | 'number' | 'null';
  // As the type of it says.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly value?: any;
  /** In characters, as `length`. */
  readonly offset: number;
  readonly length: number;
  readonly colonOffset?: number;
  readonly parent?: JsonNode;
  readonly children?: JsonNode[];
}
