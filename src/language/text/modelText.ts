/** A native model as its text has it, however unfinished: where its layers stand, and what names them. */
import { createScanner, parseTree } from 'jsonc-parser';
import { stringAt, valueAt } from '../../model/json/decode';
import type { JsonNode } from '../../model/json/node';
import { MAX_DEPTH, TOKEN } from '../../model/json/parse';

export interface TextLayer {
  readonly node: JsonNode;
  /** Where it has none, the one that the reader gives it. */
  readonly name: string;
  /** Absent where the text names it nowhere. */
  readonly nameNode?: JsonNode;
  readonly type: string;
}

/** A place that names a layer. */
export interface Reference {
  readonly layer: string;
  readonly node: JsonNode;
  /** Of a tensor's name: what stands behind the layer's. */
  readonly rest: string;
}

export interface ModelText {
  readonly text: string;
  readonly root: JsonNode;
  readonly layers: readonly TextLayer[];
  readonly references: readonly Reference[];
}

/** Larger texts have their picture and their problems alone. */
const MOST_LETTERS = 4 * 2 ** 20;

/** Undefined for a text that is no object, too large or too deep. */
export function modelText(text: string): ModelText | undefined {
  if (text.length > MOST_LETTERS || isTooDeep(text)) return undefined;
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== 'object') return undefined;
  const layers = layersIn(root);
  return { text, root, layers, references: referencesIn(root, layers) };
}

/** A parser that recurses would not come back from such a text. */
function isTooDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== TOKEN.end; token = scanner.scan()) {
    if (token === TOKEN.openBrace || token === TOKEN.openBracket) depth++;
    else if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function layersIn(root: JsonNode): TextLayer[] {
  const nodes = valueAt(root, 'layers')?.children ?? [];
  const declared = nodes.map((node) => {
    const nameNode = valueAt(node, 'name');
    return {
      ...{ node, type: stringAt(node, 'type') ?? '' },
      ...(nameNode?.type === 'string' && { nameNode }),
    };
  });
  const names = namesOf(
    declared.map(({ nameNode, type }) => ({ type, name: nameNode && String(nameNode.value) })),
  );
  return declared.map((layer, k) => ({ ...layer, name: names[k] }));
}

/** As the reader names layers: by the type and a running number that is still free, where they have no name. */
export function namesOf(
  layers: readonly { readonly type: string; readonly name: string | undefined }[],
): string[] {
  const taken = new Set(layers.flatMap(({ name }) => (name === undefined ? [] : [name])));
  return layers.map(({ type, name }) => {
    if (name !== undefined) return name;
    let number = 1;
    while (taken.has(`${type}_${number}`)) number++;
    taken.add(`${type}_${number}`);
    return `${type}_${number}`;
  });
}

function referencesIn(root: JsonNode, layers: readonly TextLayer[]): Reference[] {
  const known = new Set(layers.map(({ name }) => name));
  const of = (node: JsonNode | undefined): Reference[] =>
    node?.type === 'string' && known.has(String(node.value))
      ? [{ layer: String(node.value), node, rest: '' }]
      : [];
  const keysOf = (node: JsonNode | undefined) => node?.children?.map(({ children }) => children?.[0]) ?? [];
  const read = layers.flatMap(({ node }) => {
    const input = valueAt(node, 'input');
    const inputs = input?.type === 'array' ? (input.children ?? []) : [input];
    return [...inputs.flatMap(of), ...namedIn(valueAt(node, 'initial_state')).flatMap(of)];
  });
  const weights = valueAt(root, 'weights');
  const samples = valueAt(root, 'samples')?.children ?? [];
  return [
    ...read,
    ...keysOf(valueAt(weights, 'names')).flatMap(of),
    ...keysOf(valueAt(weights, 'values')).flatMap((key) => ofTensor(key, known)),
    ...samples.flatMap((sample) => keysOf(valueAt(sample, 'inputs')).flatMap(of)),
  ];
}

/** Values of the key `layer`, at any depth. */
function namedIn(node: JsonNode | undefined): JsonNode[] {
  if (!node) return [];
  const own = valueAt(node, 'layer');
  return [...(own ? [own] : []), ...(node.children ?? []).flatMap(namedIn)];
}

/** The layer whose tensor it is: of `a` and `a.b` the longer one that fits. */
function ofTensor(key: JsonNode | undefined, known: ReadonlySet<string>): Reference[] {
  const name = String(key?.value ?? '');
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const layer = name.slice(0, dot);
    if (known.has(layer)) return [{ layer, node: key!, rest: name.slice(dot) }];
  }
  return [];
}

export function contains({ offset, length }: JsonNode, at: number): boolean {
  return offset <= at && at <= offset + length;
}

/** The layer within whose text a place is. */
export function layerAround(model: ModelText, at: number): TextLayer | undefined {
  return model.layers.find(({ node }) => contains(node, at));
}

/** The layer that is named at a place: by itself, by its type, or by another one that refers to it. */
export function layerNamedAt(model: ModelText, at: number): { layer: TextLayer; node: JsonNode } | undefined {
  const reference = model.references.find(({ node }) => contains(node, at));
  if (reference) {
    const layer = model.layers.find(({ name }) => name === reference.layer)!;
    return { layer, node: reference.node };
  }
  for (const layer of model.layers) {
    const shown = [layer.nameNode, valueAt(layer.node, 'type')].find((node) => node && contains(node, at));
    if (shown) return { layer, node: shown };
  }
  return undefined;
}
