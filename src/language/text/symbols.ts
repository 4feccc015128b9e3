/** What an outline of a model's text lists, and where a layer is named. */
import { stringAt, valueAt } from '../../model/json/decode';
import type { JsonNode } from '../../model/json/node';
import { INPUT } from '../../model/network';
import { layerNamedAt, type ModelText } from './modelText';

export type SymbolKind = 'input' | 'layer' | 'sample';

/** A stretch of the text. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

export interface TextSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly whole: Stretch;
  /** What is chosen of it where one goes to it. */
  readonly named: Stretch;
}

/** The input, each layer and each sample. */
export function symbolsOf({ root, layers }: ModelText): TextSymbol[] {
  const input = valueAt(root, 'input');
  const samples = valueAt(root, 'samples')?.children ?? [];
  return [
    ...(input
      ? [symbol('input', 'input', stringAt(input, 'kind') ?? '', input, valueAt(input, 'kind') ?? input)]
      : []),
    ...layers.map(({ node, name, nameNode, type }) =>
      symbol('layer', name, type, node, nameNode ?? valueAt(node, 'type') ?? node),
    ),
    ...samples.flatMap((node) => {
      const name = valueAt(node, 'name');
      return name?.type === 'string' ? [symbol('sample', String(name.value), '', node, name)] : [];
    }),
  ];
}

function symbol(kind: SymbolKind, name: string, detail: string, node: JsonNode, named: JsonNode): TextSymbol {
  return { kind, name: name || '""', detail, whole: stretchOf(node), named: stretchOf(named) };
}

export function stretchOf({ offset, length }: JsonNode): Stretch {
  return { offset, length };
}

/** Where the layer that is named at a place stands, and the stretch that names it there. */
export function definitionAt(
  model: ModelText,
  at: number,
): { readonly from: Stretch; readonly whole: Stretch; readonly named: Stretch } | undefined {
  const found = layerNamedAt(model, at);
  return found && { from: stretchOf(found.node), ...placeOfLayer(model, found.layer.name)! };
}

/** Where a layer, or the input by its reserved name, stands. */
export function placeOfLayer(
  { root, layers }: ModelText,
  name: string,
): { readonly whole: Stretch; readonly named: Stretch } | undefined {
  const layer = layers.find((one) => one.name === name);
  const input = layer || name !== INPUT ? undefined : valueAt(root, 'input');
  if (input) return { whole: stretchOf(input), named: stretchOf(input) };
  if (!layer) return undefined;
  const named = layer.nameNode ?? valueAt(layer.node, 'type') ?? layer.node;
  return { whole: stretchOf(layer.node), named: stretchOf(named) };
}

/** Every place that names the same layer as this one does, its own among them where it has a name. */
export function referencesAt(model: ModelText, at: number): Stretch[] {
  const found = layerNamedAt(model, at);
  if (!found) return [];
  const { name, nameNode } = found.layer;
  const others = model.references.filter(({ layer }) => layer === name).map(({ node }) => node);
  return [...(nameNode ? [nameNode] : []), ...others].map(stretchOf);
}
