import { say } from '../../../../words/say';
import { quote } from '../../../json/decode';
import { TensorFileError } from '../../../tensors/bytes';
import type { Hdf5Group } from '../../../tensors/hdf5';
import type { KerasArray, KerasLayerId } from '../arrays';
import {
  datasetArray,
  type LayerArrays,
  type StoredArray,
  type StoredLayer,
  type StoredLayers,
} from './layerArrays';

/** Where a model's layers are. */
const LAYERS = 'layers';
/** In its place up to Keras 2.13, which counts each layer twice there: `lstm`, `lstm_2`, `lstm_4`. */
const DEPENDENCIES = '_layer_checkpoint_dependencies';
const VARIABLES = 'vars';
const CELLS = 'cells';

type Part = [name: string, id: KerasLayerId | undefined];

/** Whether a file is one of weights as Keras writes them since 2.12. */
export async function isCheckpoint(root: Hdf5Group): Promise<boolean> {
  return (await new Checkpoint(root).containerOf('')) !== undefined;
}

/**
 * The arrays by layers' names, those of a nested model by `model/layer`. The file names groups after the layers' classes,
 * in snake case, with a running number from the second one on, in the order of the model's layers (keras saving_lib.py).
 * Groups that are no layer's are there under their own paths. Throws `TensorFileError`.
 */
export async function checkpointArrays(
  root: Hdf5Group,
  layers: readonly KerasLayerId[],
): Promise<LayerArrays> {
  const arrays = new Map<string, readonly KerasArray[]>();
  await new Checkpoint(root).addModel('', layers, '', arrays);
  return arrays;
}

/**
 * The layers that a file has, those of nested models in their place, without arrays too, in the order in which their parts
 * lie in it: Keras writes them in the model's order. Throws `TensorFileError`.
 */
export async function checkpointLayers(root: Hdf5Group): Promise<StoredLayers> {
  const placed = await new Checkpoint(root).layersOf('');
  return { layers: placed.map(({ layer }) => layer), order: 'written' };
}

/** Groups at the top that are there beside the layers. */
const NO_LAYERS = new Set([LAYERS, DEPENDENCIES, VARIABLES, 'optimizer', '_metrics', 'metrics']);

/** A layer, and where it begins in the file. */
interface Placed {
  readonly address: number;
  readonly layer: StoredLayer;
}

/** Far more than models have: a damaged file may lead in circles. */
const MOST_VISITS = 50_000;
const MOST_PARTS = 40;

class Checkpoint {
  private visits = 0;

  constructor(private readonly root: Hdf5Group) {}

  /** Adds the arrays of the layers of the model at `path`, under their names after `prefix`. */
  async addModel(
    path: string,
    layers: readonly KerasLayerId[],
    prefix: string,
    arrays: Map<string, readonly KerasArray[]>,
  ): Promise<void> {
    const container = await this.containerOf(path);
    if (container === undefined) return;
    const present = await this.below(container);
    const names = container.endsWith(LAYERS) ? numbered(layers) : nextOfClass(layers, present);
    for (const [k, layer] of layers.entries()) {
      if (!present.includes(names[k])) continue;
      if (layer.layers)
        await this.addModel(`${container}/${names[k]}`, layer.layers, `${prefix}${layer.name}/`, arrays);
      const found = await this.arraysOf(`${container}/${names[k]}`, layer);
      if (found.length > 0) arrays.set(prefix + layer.name, found);
    }
    for (const name of present.filter((candidate) => !names.includes(candidate))) {
      const found = await this.arraysOf(`${container}/${name}`);
      if (found.length > 0) arrays.set(`${container}/${name}`, found);
    }
  }

  /** The layers of the model at `path`, as they were written. */
  async layersOf(path: string): Promise<Placed[]> {
    const container = (await this.containerOf(path)) ?? (path === '' ? '' : undefined);
    if (container === undefined) return [];
    this.visit(path);
    const found: Placed[] = [];
    for (const name of await this.below(container)) {
      const own = container === '' ? name : `${container}/${name}`;
      if (NO_LAYERS.has(own)) continue;
      const inside = await this.layersOf(own);
      found.push(...(inside.length > 0 ? inside : await this.layerAt(own, name)));
    }
    return found.toSorted((a, b) => a.address - b.address);
  }

  /** None if nothing there is a layer's. */
  private async layerAt(path: string, name: string): Promise<Placed[]> {
    const variables = await this.group(`${path}/${VARIABLES}`);
    const arrays = await this.arraysOf(path);
    if (!variables && arrays.length === 0) return [];
    const [given] = (await variables?.strings('name')) ?? [];
    const layer = { name: given ?? name, group: name, arrays };
    // A group may be put into a gap that was left before.
    const address =
      arrays.length > 0 ? Math.min(...arrays.map((array) => array.address)) : variables?.address;
    return [{ address: address ?? Infinity, layer }];
  }

  /** The path of the group with the layers of the model at `path`. */
  async containerOf(path: string): Promise<string | undefined> {
    for (const name of [LAYERS, DEPENDENCIES]) {
      const container = path === '' ? name : `${path}/${name}`;
      if ((await this.below(container)).length > 0) return container;
    }
    return undefined;
  }

  /** A layer's own variables, then those of what it holds. */
  private async arraysOf(path: string, layer?: KerasLayerId): Promise<StoredArray[]> {
    this.visit(path);
    const arrays = await this.variablesOf(path);
    for (const [name, part] of await this.partsAt(path, layer?.wrapped ?? [])) {
      arrays.push(...(await this.arraysOf(`${path}/${name}`, part)));
    }
    return arrays;
  }

  private visit(path: string): void {
    if (++this.visits <= MOST_VISITS && path.split('/').length <= MOST_PARTS) return;
    throw new TensorFileError(say`${quote(path)}: there are too many groups, or they lead in circles`);
  }

  /** What a layer holds; of cells on top of each other whose classes are not known, as they were written. */
  private async partsAt(path: string, wrapped: readonly KerasLayerId[]) {
    const names = await this.below(path);
    if (!names.includes(CELLS) || wrapped.length > 0) return partsOf(names, wrapped);
    const container = `${path}/${CELLS}`;
    const cells: { readonly name: string; readonly address: number }[] = [];
    for (const name of await this.below(container)) {
      const [cell] = await this.layerAt(`${container}/${name}`, name);
      if (cell) cells.push({ name, address: cell.address });
    }
    return cells
      .toSorted((a, b) => a.address - b.address)
      .map(({ name }): Part => [`${CELLS}/${name}`, undefined]);
  }

  /** Variables are named by their number. */
  private async variablesOf(path: string): Promise<StoredArray[]> {
    const variables = await (await this.group(path))?.group(VARIABLES);
    const names = (variables?.names ?? []).toSorted((a, b) => Number(a) - Number(b));
    const arrays: StoredArray[] = [];
    for (const name of names) {
      const found = await variables?.find(name);
      if (found?.kind === 'dataset') arrays.push(datasetArray(`${path}/${VARIABLES}/${name}`, found));
    }
    return arrays;
  }

  /** Keras up to 2.13 on Windows makes one name of a path, with backslashes between its parts. */
  private async group(path: string): Promise<Hdf5Group | undefined> {
    return (await this.root.group(path)) ?? (await this.root.group(onWindows(path)));
  }

  /** The names below a path. */
  private async below(path: string): Promise<string[]> {
    const start = `${onWindows(path)}\\`;
    const joined = this.root.names.filter((name) => name.startsWith(start));
    const names = joined.map((name) => name.slice(start.length).split('\\', 1)[0]);
    return [...new Set([...((await this.root.group(path))?.names ?? []), ...names])];
  }
}

function onWindows(path: string): string {
  return path.replaceAll('/', '\\');
}

/** What a layer holds, by where it is. A Bidirectional's `layer` only served to make the other two. */
function partsOf(names: readonly string[], wrapped: readonly KerasLayerId[]): Part[] {
  if (names.includes('forward_layer')) {
    return [
      ['forward_layer', wrapped[0]],
      ['backward_layer', wrapped[1] ?? wrapped[0]],
    ];
  }
  if (names.includes(CELLS)) {
    return numbered(wrapped).map((name, k) => [`${CELLS}/${name}`, wrapped[k]]);
  }
  return ['cell', 'layer'].filter((name) => names.includes(name)).map((name) => [name, wrapped[0]]);
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

/** For each of `layers` in turn the next group of its class, by number; empty where there is none left. */
function nextOfClass(layers: readonly KerasLayerId[], present: readonly string[]): string[] {
  const number = (name: string) => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
  const left = present.toSorted((a, b) => number(a) - number(b));
  return layers.map(({ className }) => {
    const name = snakeCase(className);
    const at = left.findIndex((candidate) => candidate.replace(/_\d+$/, '') === name);
    return at < 0 ? '' : left.splice(at, 1)[0];
  });
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
