/** Another name for a layer, everywhere in the text. */
import { setting, type Change } from '../../model/fix';
import { quote, stringAt, valueAt } from '../../model/json/decode';
import { editsOf, type TextEdit } from '../../model/json/edit';
import { INPUT, type Network } from '../../model/network';
import { layerParameters } from '../../model/parameters';
import type { Translate } from '../../words/translate';
import { translated } from '../../words/translated';
import { layerNamedAt, namesOf, type ModelText, type TextLayer } from './modelText';
import { stretchOf, type Stretch } from './symbols';

const words = translated({
  taken: 'another layer is called {0}',
  reserved: '{0} is the name of the network’s input',
  empty: 'a layer’s name cannot be empty',
  nothing: 'here is no name of a layer',
});

/** What is renamed at a place, and what it is called. Throws an Error for people where there is no layer. */
export function renamable(
  model: ModelText,
  at: number,
  translate: Translate,
): { readonly stretch: Stretch; readonly name: string } {
  const found = layerNamedAt(model, at);
  if (!found) throw new Error(translate(words.nothing));
  return { stretch: stretchOf(found.node), name: found.layer.name };
}

/**
 * The edits that give the layer at a place another name. Tensors keep their names in a file of weights, which `names` then
 * says; layers without a name keep the one that they have. Throws an Error for people where that cannot be.
 */
export function renameEdits(
  model: ModelText,
  at: number,
  name: string,
  { network, translate }: { readonly network: Network | undefined; readonly translate: Translate },
): TextEdit[] {
  const found = layerNamedAt(model, at);
  if (!found) throw new Error(translate(words.nothing));
  const { layer } = found;
  if (name === layer.name) return [];
  if (name === '') throw new Error(translate(words.empty));
  if (name === INPUT) throw new Error(translate(words.reserved, quote(INPUT)));
  if (model.layers.some((one) => one.name === name)) throw new Error(translate(words.taken, quote(name)));
  const references = model.references
    .filter((one) => one.layer === layer.name)
    .map(({ node: { offset, length }, rest }): Change => ({
      kind: 'replace',
      offset,
      length,
      value: name + rest,
    }));
  const changes = [
    ...named(layer, name),
    ...references,
    ...tensorsKept(model, layer, name, network),
    ...keptNames(model, layer, name),
  ];
  return editsOf(model.text, changes);
}

function named({ node, nameNode }: TextLayer, name: string): Change[] {
  return nameNode
    ? [{ kind: 'replace', ...stretchOf(nameNode), value: name }]
    : [{ kind: 'add', offset: node.offset, key: 'name', value: name }];
}

/** Says in `names` what a file of weights calls a layer that has tensors, unless that is said already. */
function tensorsKept(
  { root }: ModelText,
  layer: TextLayer,
  name: string,
  network: Network | undefined,
): Change[] {
  const weights = valueAt(root, 'weights');
  if (!weights || stringAt(weights, 'file') === undefined) return [];
  const names = valueAt(weights, 'names');
  if (valueAt(names, layer.name)) return [];
  const read = network?.layers.find((one) => one.name === layer.name);
  if (!read || layerParameters(read).length === 0) return [];
  return [names ? setting(names, name, layer.name) : setting(weights, 'names', { [name]: layer.name })];
}

/** Layers whose running number would be another one are given the name that they have. */
function keptNames({ layers }: ModelText, renamed: TextLayer, name: string): Change[] {
  const after = namesOf(
    layers.map(({ type, nameNode, name: own }) => ({
      type,
      name: own === renamed.name ? name : nameNode && own,
    })),
  );
  return layers.flatMap((layer, k): Change[] =>
    layer === renamed || after[k] === layer.name ? [] : named(layer, layer.name),
  );
}
