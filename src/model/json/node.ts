/** A value of a JSON text, with its place in it. */
export type { Node as JsonNode } from 'jsonc-parser';
