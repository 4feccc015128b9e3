/** The tensors of a pickle by name: dicts of tensors, and modules that were pickled whole. */
import { unpacked } from './packed';
import { Dict, List, NumpyArray, Opaque, PickledTensor, SetOfValues, Tuple, type Value } from './values';

export interface StateDict {
  /** The keys that lead to it; none where it is all that the file holds. */
  readonly path: readonly string[];
  /** In their order in the file; those of quantised modules under the names of the modules that they were made of. */
  readonly tensors: ReadonlyMap<string, PickledTensor>;
  /** The objects that held some. */
  readonly holders: ReadonlySet<Value>;
  /** What is told of it otherwise than by the file, as sentences. */
  readonly assumed: readonly string[];
  /** What stands where a tensor would, of a kind that is not read. */
  readonly unread: ReadonlyMap<string, Opaque>;
  /** The class, if it is a module: its parameters and buffers, named as its `state_dict()` does. */
  readonly module?: string;
  /** Of a module, itself and those within it, also without tensors, by the names before their tensors' own. */
  readonly modules: ReadonlyMap<string, PickledModule>;
}

export interface PickledModule {
  readonly class: string;
  /** Its attributes; TorchScript keeps few. */
  readonly settings: ReadonlyMap<Value, Value>;
}

/** Keys from the top to a state dict. */
const MAX_DEPTH = 3;
/** Values that are looked at. */
const MAX_VISITS = 200_000;
const MAX_MODULE_DEPTH = 100;
/** Of a list: longer ones are numbers that a training noted. */
const MAX_ITEMS = 100;
/** Classes of TorchScript's. */
const SCRIPTED = '__torch__.';

/** All that hold a tensor, those that are nearest to the top first. */
export function stateDictsIn(value: Value): StateDict[] {
  const found: StateDict[] = [];
  const seen = new Set<Value>();
  let level: { readonly path: readonly string[]; readonly value: Value }[] = [{ path: [], value }];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const next: typeof level = [];
    for (const { path, value: at } of level) {
      if (seen.has(at) || seen.size > MAX_VISITS) continue;
      seen.add(at);
      const dict = stateDictOf(at);
      if (dict && dict.tensors.size > 0) found.push({ path, ...dict });
      if (dict?.module !== undefined) continue;
      for (const [key, child] of childrenOf(at)) next.push({ path: [...path, key], value: child });
    }
    level = next;
  }
  return found;
}

/** What is not made of the values below `value`, by the key at the top that it is under, or the empty one. */
export function opaqueIn(value: Value, except: ReadonlySet<Value>): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const seen = new Set<Value>(except);
  const tops = value instanceof Opaque ? [['', value] as const] : childrenOf(value);
  for (const [key, top] of tops) {
    const waiting: Value[] = [top];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      if (at instanceof Opaque) {
        found.set(key, (found.get(key) ?? new Set()).add(at.of));
      } else for (const child of partsOf(at)) waiting.push(child);
    }
  }
  return found;
}

/** The value that a path of keys leads to. */
export function valueAt(value: Value, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (at, key) => (at === undefined ? undefined : [...childrenOf(at)].find(([name]) => name === key)?.[1]),
    value,
  );
}

function stateDictOf(value: Value): Omit<StateDict, 'path'> | undefined {
  if (value instanceof Opaque && (isModule(value) || value.of.startsWith(SCRIPTED))) {
    const named = new Map<string, Value>();
    const modules = new Map<string, PickledModule>();
    addModule(value, '', 0, { named, modules, left: MAX_VISITS });
    const isBidirectional = (prefix: string) => {
      const said = modules.get(prefix.slice(0, -1))?.settings.get('bidirectional');
      return typeof said === 'boolean' ? said : undefined;
    };
    return { ...unpacked(named, isBidirectional), unread: unreadIn(named), module: value.of, modules };
  }
  const entries = entriesOf(value);
  if (!entries) return undefined;
  const named = new Map<string, Value>();
  for (const [key, item] of entries) if (typeof key === 'string') named.set(key, tensorOf(item) ?? item);
  return { ...unpacked(named), unread: unreadIn(named), modules: new Map() };
}

/** What makes tensors of kinds that are not read (torch/_utils.py). */
const OTHER_TENSORS = /^torch\._utils\._rebuild_\w*tensor\w*$/;

function unreadIn(named: ReadonlyMap<string, Value>): Map<string, Opaque> {
  const unread = new Map<string, Opaque>();
  for (const [name, value] of named)
    if (value instanceof Opaque && OTHER_TENSORS.test(value.of)) unread.set(name, value);
  return unread;
}

/** An `nn.Module` keeps what it has in dicts of these names (torch/nn/modules/module.py). */
function isModule({ state }: Opaque): boolean {
  return state instanceof Dict && state.entries.has('_parameters') && state.entries.has('_modules');
}

interface Collecting {
  /** Tensors, and what may hold some. */
  readonly named: Map<string, Value>;
  readonly modules: Map<string, PickledModule>;
  /** Values that may still be looked at: one module may stand in many places. */
  left: number;
}

const QUANTISED = /^torch\.(ao\.)?nn\.(\w+\.)?quantized\./;

/** As `state_dict()` does: parameters, buffers that are kept, then the modules within; of TorchScript, attributes. */
function addModule(module: Opaque, prefix: string, depth: number, to: Collecting): void {
  if (depth > MAX_MODULE_DEPTH || !(module.state instanceof Dict)) return;
  const { entries } = module.state;
  to.modules.set(prefix.slice(0, -1), { class: module.of, settings: entries });
  const scripted = module.of.startsWith(SCRIPTED);
  const passing = entries.get('_non_persistent_buffers_set');
  const skipped = new Set(passing instanceof SetOfValues ? passing.items : []);
  const kept = ['_parameters', '_buffers', '_modules'].map((key) => entries.get(key));
  // Quantised modules keep what is packed, and biases, as plain attributes.
  const groups = scripted ? [module.state] : QUANTISED.test(module.of) ? [...kept, module.state] : kept;
  for (const group of groups) {
    for (const [key, value] of (group !== undefined && entriesOf(group)) || []) {
      if (typeof key !== 'string' || skipped.has(key) || --to.left < 0) continue;
      const tensor = tensorOf(value);
      if (tensor || value instanceof Tuple) to.named.set(prefix + key, tensor ?? value);
      if (!(value instanceof Opaque)) continue;
      to.named.set(prefix + key, value);
      addModule(value, `${prefix}${key}.`, depth + 1, to);
    }
  }
}

function tensorOf(value: Value): PickledTensor | undefined {
  if (value instanceof NumpyArray) return value.tensor;
  return value instanceof PickledTensor ? value : undefined;
}

function entriesOf(value: Value): ReadonlyMap<Value, Value> | undefined {
  if (value instanceof Dict) return value.entries;
  return value instanceof Opaque && value.entries.size > 0 ? value.entries : undefined;
}

/** By key, by place in a list, or by the name of an attribute. */
function* childrenOf(value: Value): Generator<readonly [string, Value]> {
  if (value instanceof List || value instanceof Tuple) {
    for (const [k, item] of value.items.slice(0, MAX_ITEMS).entries()) yield [String(k), item];
    return;
  }
  const state = value instanceof Opaque ? value.state : null;
  const entries = entriesOf(value) ?? (state instanceof Dict ? state.entries : undefined);
  for (const [key, item] of entries ?? []) if (typeof key === 'string') yield [key, item];
}

function partsOf(value: Value): Iterable<Value> {
  if (value instanceof List || value instanceof Tuple || value instanceof SetOfValues) return value.items;
  return value instanceof Dict ? value.entries.values() : [];
}
