/**
 * The objects of which a checkpoint of TensorFlow has the variables, and what holds what
 * (trackable_object_graph.proto): a Keras model holds its layers as `layer-0`, `layer-1`, … (keras
 * engine/functional.py), a layer its cell, or its two directions.
 */
import { say } from '../../../../words/say';
import { TensorFileError } from '../../../tensors/bytes';
import type { BundleEntry, TensorBundle } from '../../../tensors/bundle';
import { bytesIn, lastBytes, lastNumber, textOf } from '../../../tensors/protobuf';
import type { KerasArray, KerasLayerId } from '../arrays';
import type { LayerArrays, StoredLayer, StoredLayers } from '../files/layerArrays';

/** Of the table of a checkpoint that was saved object by object. */
const OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH';
const VALUE = 'VARIABLE_VALUE';

/** Fields of TrackableObjectGraph, its objects, references and attributes. */
const GRAPH = { nodes: 1 };
const OBJECT = { children: 1, attributes: 2 };
const REFERENCE = { node: 1, name: 2 };
const ATTRIBUTE = { name: 1, fullName: 2, key: 3 };

const MOST_OBJECTS = 200_000;
const MOST_PARTS = 32;

interface TrackedObject {
  /** Numbers of objects by the names under which this one holds them. */
  readonly children: ReadonlyMap<string, number>;
  /** Of a variable: its name in the model, and the tensor that has its value. */
  readonly variable?: { readonly name: string; readonly entry: BundleEntry };
}

/** The variables of a checkpoint as those of layers. */
export class ObjectGraph {
  private constructor(
    private readonly objects: readonly TrackedObject[],
    private readonly bundle: TensorBundle,
  ) {}

  /** Undefined if the checkpoint does not say what its objects are. Throws `TensorFileError` or `FileError`. */
  static async of(bundle: TensorBundle): Promise<ObjectGraph | undefined> {
    const entry = bundle.entries.get(OBJECT_GRAPH);
    if (!entry) return undefined;
    const objects: TrackedObject[] = [];
    for (const bytes of bytesIn(await bundle.readText(entry), GRAPH.nodes)) {
      if (objects.length === MOST_OBJECTS) throw new TensorFileError(say`more than ${MOST_OBJECTS} objects`);
      objects.push(objectOf(bytes, bundle.entries));
    }
    return new ObjectGraph(objects, bundle);
  }

  /** The arrays of a model's layers by their names, those of a nested model by `model/layer`. */
  arraysFor(layers: readonly KerasLayerId[]): LayerArrays {
    const arrays = new Map<string, readonly KerasArray[]>();
    this.addModel(0, layers, '', arrays);
    return arrays;
  }

  /** The layers of the model, or what else holds variables, each with its arrays. */
  layers(): StoredLayers {
    const layers = this.layersOf(0, 0);
    if (layers.length > 0) return { layers, order: this.layersIn(0).length > 0 ? 'said' : 'written' };
    const variables = this.objects.flatMap(({ variable }, k) => (variable ? [this.arrayOf(k)] : []));
    return { layers: layersByName(variables), order: 'written' };
  }

  private addModel(
    model: number,
    layers: readonly KerasLayerId[],
    prefix: string,
    arrays: Map<string, readonly KerasArray[]>,
  ): void {
    const objects = this.layersIn(model);
    // A Sequential model holds none for its input.
    const own =
      objects.length === layers.length
        ? layers
        : layers.filter(({ className }) => className !== 'InputLayer');
    for (const [k, layer] of own.entries()) {
      if (k >= objects.length) return;
      const name = prefix + layer.name;
      if (layer.layers) this.addModel(objects[k], layer.layers, `${name}/`, arrays);
      const found = layer.layers ? [] : this.arraysOf(objects[k]);
      if (found.length > 0) arrays.set(name, found);
    }
  }

  private layersOf(model: number, depth: number): StoredLayer[] {
    const numbered = this.layersIn(model);
    const held = numbered.length > 0 ? numbered : depth === 0 ? this.partsWithVariables(model) : [];
    if (depth === MOST_PARTS) return [];
    return held.flatMap((object) => {
      const inside = this.layersOf(object, depth + 1);
      if (inside.length > 0) return inside;
      const arrays = this.arraysOf(object);
      return arrays.length > 0 ? [{ ...this.namesOf(model, object, arrays), arrays }] : [];
    });
  }

  /** The name under which a model of its own class holds a layer; else a variable's, which begins with its layer's. */
  private namesOf(model: number, object: number, arrays: readonly KerasArray[]) {
    const held = [...this.objects[model].children].filter(([, child]) => child === object);
    const [given] = held.find(([name]) => !/^layer(-|_with_weights-)\d+$/.test(name)) ?? [];
    const name = given ?? arrays[0].name.split('/')[0];
    return { name, group: name };
  }

  /** Of a model that was saved layer by layer: its layers in order. */
  private layersIn(model: number): number[] {
    const found: [number, number][] = [];
    for (const [name, child] of this.objects[model]?.children ?? []) {
      const number = /^layer-(\d+)$/.exec(name)?.[1];
      if (number !== undefined) found.push([Number(number), child]);
    }
    return found.toSorted(([a], [b]) => a - b).map(([, child]) => child);
  }

  private partsWithVariables(object: number): number[] {
    const children = [...(this.objects[object]?.children ?? [])];
    const own = children.filter(([name]) => !BESIDE_LAYERS.test(name)).map(([, child]) => child);
    return [...new Set(own)].filter((child) => this.arraysOf(child).length > 0);
  }

  /** A layer's own variables, in the order of `get_weights()`, then those of what it holds. */
  private arraysOf(object: number, depth = 0): KerasArray[] {
    const { children } = this.objects[object] ?? { children: new Map<string, number>() };
    const variables = [...children].filter(([, child]) => this.objects[child]?.variable);
    const own = new Map(
      variables.toSorted(([a], [b]) => rank(a) - rank(b)).map(([, child]) => [child, this.arrayOf(child)]),
    );
    if (depth === MOST_PARTS) return [...own.values()];
    const parts = partsIn(children).flatMap((child) => this.arraysOf(child, depth + 1));
    return [...own.values(), ...parts];
  }

  private arrayOf(object: number): KerasArray {
    const { name, entry } = this.objects[object].variable!;
    return { name, shape: entry.shape, read: () => this.bundle.read(entry) };
  }
}

/** Of a checkpoint that was saved variable by variable. */
export function layersOfNames(bundle: TensorBundle): StoredLayers {
  const arrays = [...bundle.entries.values()].map((entry): KerasArray => {
    return { name: entry.name, shape: entry.shape, read: () => bundle.read(entry) };
  });
  return { layers: layersByName(arrays), order: 'none' };
}

/** Slots of optimisers, and what training counts. */
const OF_TRAINING =
  /(^|\/)(optimizer|adam|rmsprop|sgd|momentum|adagrad|exponentialmovingaverage|global_step|iter|m|v)(_\d+)?(\/|$)/i;

/** Variables whose names begin alike are one layer's: `lstm/lstm_cell/kernel`, behind the model's own name perhaps. */
function layersByName(arrays: readonly KerasArray[]): StoredLayer[] {
  const own = arrays.filter(({ name, shape }) => shape.length > 0 && !OF_TRAINING.test(name));
  const paths = own.map(({ name }) => name.split('/'));
  const shared = (at: number) => paths.every((path) => path.length > at + 2 && path[at] === paths[0][at]);
  const depth = shared(0) ? 1 : 0;
  const layers = new Map<string, KerasArray[]>();
  for (const [k, path] of paths.entries()) {
    const name = path[Math.min(depth, path.length - 1)];
    layers.set(name, [...(layers.get(name) ?? []), own[k]]);
  }
  return [...layers].map(([name, list]) => ({
    ...{ name, group: name },
    arrays: list.toSorted((a, b) => compareNames(a.name, b.name)),
  }));
}

/** Variables of one cell after those of another, in the order of `get_weights()`; forward before backward. */
function compareNames(a: string, b: string): number {
  const [mine, theirs] = [a, b].map((name) => name.replace(/[^/]*$/, '').replace('forward', ''));
  if (mine !== theirs) return mine < theirs ? -1 : 1;
  return rank(a.slice(mine.length)) - rank(b.slice(theirs.length));
}

/** What a model or a module holds beside its layers. */
const BESIDE_LAYERS = /^(keras_api|optimizer|.*variables|signatures|.*losses|save_counter|_.*)$/;

function objectOf(bytes: Uint8Array, entries: TensorBundle['entries']): TrackedObject {
  const children = new Map<string, number>();
  for (const reference of bytesIn(bytes, OBJECT.children)) {
    children.set(textOf(lastBytes(reference, REFERENCE.name)), lastNumber(reference, REFERENCE.node) ?? 0);
  }
  for (const attribute of bytesIn(bytes, OBJECT.attributes)) {
    const key = textOf(lastBytes(attribute, ATTRIBUTE.key));
    const entry = entries.get(key);
    if (textOf(lastBytes(attribute, ATTRIBUTE.name)) !== VALUE || !entry) continue;
    return { children, variable: { name: textOf(lastBytes(attribute, ATTRIBUTE.fullName)) || key, entry } };
  }
  return { children };
}

/** Of `layer.weights`: those that are trained first, in the order in which they are made. */
const VARIABLES = [
  ...['embeddings', 'kernel', 'recurrent_kernel', 'bias'],
  ...['gamma', 'beta', 'moving_mean', 'moving_variance'],
];

function rank(name: string): number {
  const place = VARIABLES.indexOf(name);
  return place < 0 ? VARIABLES.length : place;
}

/** What a layer holds that has variables. A Bidirectional's `layer` only served to make the other two. */
function partsIn(children: ReadonlyMap<string, number>): number[] {
  const [forward, backward] = [children.get('forward_layer'), children.get('backward_layer')];
  if (forward !== undefined && backward !== undefined) return [forward, backward];
  const numbered = [...children].filter(([name]) => /^\d+$/.test(name));
  const held = ['cell', 'cells', 'layer'].flatMap((name) => children.get(name) ?? []);
  return [...held, ...numbered.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child)];
}
