/** What a layer may be, told by its name in the file and the shapes of its arrays. */
import type { Link, Roles } from '../../chain';
import { sameShape } from '../../loading';
import type { KerasArray } from '../arrays';
import type { StoredLayer } from '../files/layerArrays';
import { cellsOf, type ToldCells } from './cells';

export type LayerLink = Link & { readonly layer: StoredLayer } & (
    | ({ readonly role: 'recurrent' } & ToldCells)
    | { readonly role: 'linear'; readonly bias: boolean }
    | { readonly role: 'embedding'; readonly words: number }
    | { readonly role: 'convolution'; readonly kernelSize: number; readonly bias: boolean }
    | {
        readonly role: 'norm';
        readonly batch: boolean;
        readonly scale: boolean;
        readonly center: boolean;
      }
  );

/** The class by which a layer's group is named, in snake case, if it is named by one. */
export function kindOf({ group }: StoredLayer): string {
  return group.replace(/_\d+$/, '').toLowerCase();
}

/** None if the layer has no arrays, or they are those of no layer that has a place in a chain. */
export function rolesOf(layer: StoredLayer): Roles<LayerLink> {
  const { arrays, group } = layer;
  if (arrays.length === 0) return [];
  const base = { part: layer, layer, name: group };
  const told = cellsOf(layer);
  if (told) {
    const [first] = told.cells;
    const { units } = told.cells[told.cells.length - 1];
    const sides = told.bidirectional ? { to: 2 * units, added: units } : { to: units };
    return [{ ...base, role: 'recurrent', ...told, from: first.inputs, ...sides }];
  }
  const norm = normOf(layer);
  if (norm) return [{ ...base, ...norm }];
  const convolution = convolutionOf(layer);
  if (convolution) return [{ ...base, ...convolution }];
  return matrixOf(layer).map((role) => ({ ...base, ...role }));
}

type Told<R extends LayerLink['role']> = Omit<
  Extract<LayerLink, { role: R }>,
  'part' | 'layer' | 'name' | 'added'
>;

/** Vectors of one size: gamma, beta, and the means and variances that a batch normalisation keeps. */
function normOf(layer: StoredLayer): Told<'norm'> | undefined {
  const { arrays } = layer;
  const [size] = arrays[0].shape;
  if (arrays.length > 4 || !arrays.every(({ shape }) => sameShape(shape, [size]))) return undefined;
  const has = (pattern: RegExp) => arrays.some(({ name }) => pattern.test(name));
  const kind = kindOf(layer);
  const batch = arrays.length > 2 || has(/(moving|running)_/) || kind.startsWith('batch_norm');
  const named = has(/gamma|beta|moving_/);
  if (!named && !batch && !/norm/.test(kind)) return undefined;
  const kept = arrays.length - (batch ? 2 : 0);
  return {
    role: 'norm',
    batch,
    scale: named ? has(/gamma/) : kept === 2 || (!batch && kept === 1),
    center: named ? has(/beta/) : kept === 2 || (batch && kept === 1),
    from: size,
    to: size,
  };
}

const OTHER_CONVOLUTIONS = /depthwise|separable|transpose|locally/;

/** kernel × in × out; Keras 1 has an axis of 1 behind the first. */
function convolutionOf(layer: StoredLayer): Told<'convolution'> | undefined {
  const [kernel, ...rest] = layer.arrays;
  const is1d = /1d/.test(kindOf(layer)) && kernel.shape.length === 4 && kernel.shape[1] === 1;
  const shape = is1d ? kernel.shape.filter((_, axis) => axis !== 1) : kernel.shape;
  const [kernelSize, from, to] = shape;
  if (shape.length !== 3 || OTHER_CONVOLUTIONS.test(kindOf(layer)) || !isBias(rest, to)) return undefined;
  return { role: 'convolution', kernelSize, bias: rest.length > 0, from, to };
}

/** A matrix without a bias may be an embedding's or a dense layer's. */
function matrixOf(layer: StoredLayer): (Told<'linear'> | Told<'embedding'>)[] {
  const [matrix, ...rest] = layer.arrays;
  const [rows, columns] = matrix.shape;
  if (matrix.shape.length !== 2 || rows < 1 || columns < 1 || !isBias(rest, columns)) return [];
  const bias = rest.length > 0;
  const linear: Told<'linear'> = { role: 'linear', bias, from: rows, to: columns };
  const embedding: Told<'embedding'> = { role: 'embedding', words: rows, to: columns };
  const text = `${kindOf(layer)} ${matrix.name}`;
  if (bias || /kernel|dense/i.test(text)) return [linear];
  return /emb/i.test(text) ? [embedding] : [embedding, linear];
}

function isBias(arrays: readonly KerasArray[], size: number): boolean {
  return arrays.length === 0 || (arrays.length === 1 && sameShape(arrays[0].shape, [size]));
}
