import type { Hdf5Group } from '../../../tensors/hdf5';
import type { KerasArray, KerasLayerId } from '../arrays';
import { datasetArray, type LayerArrays } from './layerArrays';

/** Where a model's layers are; up to Keras 2.13 by the second name. */
const CONTAINERS = ['layers', '_layer_checkpoint_dependencies'];
const VARIABLES = 'vars';

/** Whether a file is one of weights as Keras writes them since 2.12. */
export async function isCheckpoint(root: Hdf5Group): Promise<boolean> {
  return (await containerOf(root)) !== undefined;
}

/**
 * The arrays by layers' names, those of a nested model by `model/layer`. The file names groups after the layers' classes, in
 * snake case, with a running number from the second one on, in the order of the model's layers (keras saving_lib.py). Groups that
 * are no layer's are there under their own paths. Throws `TensorFileError`.
 */
export async function checkpointArrays(
  root: Hdf5Group,
  layers: readonly KerasLayerId[],
): Promise<LayerArrays> {
  const arrays = new Map<string, readonly KerasArray[]>();
  await addModel(root, layers, '', arrays);
  return arrays;
}

async function containerOf(model: Hdf5Group): Promise<Hdf5Group | undefined> {
  for (const name of CONTAINERS) {
    const container = await model.group(name);
    if (container) return container;
  }
  return undefined;
}

async function addModel(
  model: Hdf5Group,
  layers: readonly KerasLayerId[],
  prefix: string,
  arrays: Map<string, readonly KerasArray[]>,
): Promise<void> {
  const container = await containerOf(model);
  if (!container) return;
  const names = numbered(layers);
  for (const [k, layer] of layers.entries()) {
    const group = await container.group(names[k]);
    if (!group) continue;
    const path = `${prefix}${layer.name}`;
    if (layer.layers) await addModel(group, layer.layers, `${path}/`, arrays);
    const found = await arraysOf(group, layer);
    if (found.length > 0) arrays.set(path, found);
  }
  for (const name of container.names.filter((candidate) => !names.includes(candidate))) {
    const group = await container.group(name);
    const found = group ? await arraysOf(group) : [];
    if (group && found.length > 0) arrays.set(group.path.slice(1), found);
  }
}

/** The names of the groups of `layers`: `lstm`, `lstm_1`, … */
function numbered(layers: readonly KerasLayerId[]): string[] {
  const used = new Map<string, number>();
  return layers.map(({ className }) => {
    const name = snakeCase(className);
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

/** A layer's own variables, then those of what it holds. */
async function arraysOf(group: Hdf5Group, layer?: KerasLayerId): Promise<KerasArray[]> {
  const arrays = await variablesOf(group);
  for (const [name, part] of await partsOf(group, layer?.wrapped ?? [])) {
    const held = await group.group(name);
    if (held) arrays.push(...(await arraysOf(held, part)));
  }
  return arrays;
}

/** What a layer holds, by where it is: a Bidirectional's `layer` is the one that `forward_layer` was made of, and never runs. */
async function partsOf(
  group: Hdf5Group,
  wrapped: readonly KerasLayerId[],
): Promise<[string, KerasLayerId | undefined][]> {
  if (await group.group('forward_layer')) {
    return [
      ['forward_layer', wrapped[0]],
      ['backward_layer', wrapped[1] ?? wrapped[0]],
    ];
  }
  const cells = await group.group('cells');
  if (cells) return numbered(wrapped).map((name, k) => [`cells/${name}`, wrapped[k]]);
  return [
    ['cell', wrapped[0]],
    ['layer', wrapped[0]],
  ];
}

/** Variables are named by their number. */
async function variablesOf(group: Hdf5Group): Promise<KerasArray[]> {
  const variables = await group.group(VARIABLES);
  const names = (variables?.names ?? []).toSorted((a, b) => Number(a) - Number(b));
  const arrays: KerasArray[] = [];
  for (const name of names) {
    const found = await variables?.find(name);
    if (found?.kind === 'dataset') arrays.push(datasetArray(found.path.slice(1), found));
  }
  return arrays;
}

/** `SimpleRNN` is `simple_rnn`, `LSTMCell` is `lstm_cell` (keras utils/naming.py). */
function snakeCase(className: string): string {
  return className
    .replace(/^.*>/, '')
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
