/** The names of a state dict's tensors, taken apart: `params/LSTMCell_0/ii/kernel`, `encoder.cell.W_f.weight`. */
import type { Shapes } from '../loading';

/** A tensor by the parts of its name. */
export interface NamedTensor {
  /** As the file has it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** What stands before `label`, as the file has it, without the collections of Flax and the last separator. */
  readonly owner: string;
  /** What holds the tensor within its owner: `ii`, `W_f`. */
  readonly label: string;
  /** What it is there: `weight` and `bias` of PyTorch's modules, `kernel` of JAX's, or nothing where it has no module. */
  readonly leaf: '' | 'weight' | 'kernel' | 'bias';
}

/** What parameters are flattened with, where it is no dot: slashes, and what JAX's users take in their place. */
const SEPARATOR = /:::|,/g;
/** Collections of Flax's variables, at the top, or within the models of several agents. */
const COLLECTIONS = /^(?:(?:params|batch_stats)[./])+/;
const INNER_COLLECTION = /\/(?:params|batch_stats)(?=\/)/g;
/** The attribute that holds a parameter's value in NNX's states. */
const VALUE = /[./](?:value|raw_value)$/;

/** A name without what says nothing of the model, and separated by dots or slashes. */
export function plainName(name: string): string {
  return name
    .replace(SEPARATOR, '/')
    .replace(COLLECTIONS, '')
    .replace(INNER_COLLECTION, '')
    .replace(VALUE, '');
}

/** What stands before the last separator, and what behind it. */
export function splitName(name: string): readonly [string, string] {
  const at = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
  return [name.slice(0, Math.max(at, 0)), name.slice(at + 1)];
}

/** Tensors by their owners, in the order of the file. */
export function byOwner(shapes: Shapes): ReadonlyMap<string, readonly NamedTensor[]> {
  const owners = new Map<string, NamedTensor[]>();
  for (const [name, shape] of shapes) {
    const tensor = takenApart(name, shape);
    const others = owners.get(tensor.owner);
    if (others) others.push(tensor);
    else owners.set(tensor.owner, [tensor]);
  }
  return owners;
}

function takenApart(name: string, shape: readonly number[]): NamedTensor {
  const [before, last] = splitName(plainName(name));
  const leaf = last === 'weight' || last === 'kernel' || last === 'bias' ? last : '';
  if (leaf === '' || before === '') return { name, shape, owner: before, label: last, leaf: '' };
  const [owner, label] = splitName(before);
  return { name, shape, owner, label, leaf };
}
