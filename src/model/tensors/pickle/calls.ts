/**
 * What calls of the few functions and classes that are known give: those that `torch.load(weights_only=True)` allows
 * (torch/_weights_only_unpickler.py), and numpy's arrays. They are not called; what they would give is put together here.
 */
import { typeOfDtype, typeOfNumpy, type ElementType } from './elementTypes';
import { OBJECT_BYTES, SLOT_BYTES, type Budget } from './budget';
import { isCount } from '../../../untrusted';
import {
  Dict,
  Global,
  List,
  NumpyArray,
  NumpyScalar,
  NumpyType,
  Opaque,
  PickledTensor,
  SetOfValues,
  Storage,
  Tuple,
  type Quantiser,
  type Value,
  type View,
} from './values';

/** Undefined if the arguments are none that it takes. */
type Call = (args: readonly Value[], budget: Budget) => Value | undefined;

const MAX_AXES = 64;

/** What calling `callee` with `args` gives; undefined if it is not known, or does not take them. */
export function callOf(callee: Value, args: readonly Value[], budget: Budget): Value | undefined {
  return callee instanceof Global ? CALLS.get(callee.name)?.(args, budget) : undefined;
}

const rebuildTensor: Call = ([storage, offset, shape, strides]) =>
  storage instanceof Storage ? tensor(storage, storage.type, { offset, shape, strides }) : undefined;

/** A tensor of whole numbers, and what these stand for: all with one scale, or with one for each place of an axis. */
const rebuildQuantised: Call = ([storage, offset, shape, strides, given]) => {
  const [scheme, scales, zeros, axis = 0] = given instanceof Tuple ? given.items : [];
  const name = scheme instanceof Global ? scheme.name : '';
  const isOf = (value: Value | undefined) =>
    name === 'torch.per_tensor_affine' ? typeof value === 'number' : value instanceof PickledTensor;
  if (!(storage instanceof Storage) || !/^torch\.per_(tensor|channel)_affine/.test(name)) return undefined;
  if (!isOf(scales) || !isOf(zeros) || !isCount(axis)) return undefined;
  const quantiser = { scales, zeros, axis } as Quantiser;
  return tensor(storage, storage.type, { offset, shape, strides }, quantiser);
};

/** The first argument, if it is a tensor. */
const itself: Call = ([data]) => (data instanceof PickledTensor ? data : undefined);

const fromNumpy: Call = ([data]) => (data instanceof NumpyArray ? data.tensor : undefined);

/** Adds what an iterable argument holds; without one, nothing. */
const dict: Call = ([from], budget) => {
  const made = new Dict();
  if (from === undefined) return made;
  const items = from instanceof Dict ? from.entries : itemsOf(from);
  if (!items) return undefined;
  budget.take(('size' in items ? items.size : items.length) * OBJECT_BYTES);
  for (const item of items) {
    const pair = Array.isArray(item) ? item : pairOf(item);
    if (!pair) return undefined;
    made.entries.set(pair[0], pair[1]);
  }
  return made;
};

const copyTo =
  <T extends Value>(make: (items: readonly Value[]) => T): Call =>
  ([from], budget) => {
    const items = from === undefined ? [] : itemsOf(from);
    if (!items) return undefined;
    budget.take(items.length * SLOT_BYTES);
    return make(items);
  };

const listOf = copyTo((items) => filled(new List(), items));
const setOf = copyTo((items) => filled(new SetOfValues(), items));
const tupleOf = copyTo((items) => new Tuple(items));

/** `bytes` and `bytearray` are written as text whose characters are the bytes. */
const bytesOfText: Call = ([text], budget) => {
  if (text === undefined) return new Uint8Array();
  const length = typeof text === 'string' || text instanceof Uint8Array ? text.length : NaN;
  if (Number.isNaN(length)) return undefined;
  budget.take(length + OBJECT_BYTES);
  return asBytes(text);
};

const asTuple: Call = (args) => new Tuple(args);

/** What TorchScript says of the type of a value (torch/jit/_pickle.py). */
const asItIs: Call = ([value]) => value;

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['collections.OrderedDict', dict],
  ['collections.Counter', dict],
  ['collections.defaultdict', ([, from], budget) => dict(from === undefined ? [] : [from], budget)],
  ['builtins.dict', dict],
  ['builtins.list', listOf],
  ['builtins.set', setOf],
  ['builtins.frozenset', setOf],
  ['builtins.tuple', tupleOf],
  ['builtins.bytes', bytesOfText],
  ['builtins.bytearray', bytesOfText],
  ['_codecs.encode', bytesOfText],
  ['builtins.complex', asTuple],
  ['torch.Size', tupleOf],
  ...(['tensor', 'double', 'int', 'bool'] as const).map(
    (kind) => [`torch.jit._pickle.build_${kind}list`, asItIs] as const,
  ),
  ['torch.jit._pickle.restore_type_tag', asItIs],
  ['torch.device', asTuple],
  ['torch.serialization._get_layout', asTuple],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  [
    'torch._utils._rebuild_tensor_v3',
    ([storage, offset, shape, strides, , , dtype]) => {
      const type = dtype instanceof Global ? typeOfDtype(dtype.name) : undefined;
      return storage instanceof Storage && type
        ? tensor(storage, type, { offset, shape, strides })
        : undefined;
    },
  ],
  ['torch._utils._rebuild_qtensor', rebuildQuantised],
  ['torch._utils._rebuild_parameter', itself],
  ['torch._utils._rebuild_parameter_with_state', itself],
  ['torch.nn.parameter.Parameter', itself],
  [
    'torch._tensor._rebuild_from_type_v2',
    ([func, , args], budget) =>
      func instanceof Global &&
      /^torch\._utils\._rebuild_tensor(_v[23])?$/.test(func.name) &&
      args instanceof Tuple
        ? callOf(func, args.items, budget)
        : undefined,
  ],
  ['torch._utils._rebuild_device_tensor_from_numpy', fromNumpy],
  ['torch._utils._rebuild_device_tensor_from_cpu_tensor', itself],
  ['numpy.core.multiarray._reconstruct', () => new NumpyArray()],
  ['numpy.core.multiarray.scalar', ([type, data]) => numpyScalar(type, data)],
  [
    'numpy.core.numeric._frombuffer',
    ([data, type, shape, order]) => numpyArray(shape, type, order === 'F', data),
  ],
  ['numpy.dtype', ([code]) => numpyType(code)],
]);

/** As `__setstate__` of the few objects that have one here; of an opaque one the state is kept. */
export function build(target: Value, state: Value): void {
  if (target instanceof Opaque) target.state = state;
  else if (target instanceof NumpyType && state instanceof Tuple) target.bigEndian = state.items[1] === '>';
  else if (target instanceof NumpyArray && state instanceof Tuple) {
    const [, shape, type, fortran, data] = state.items;
    target.tensor = numpyArray(shape, type, fortran === true, data)?.tensor;
  }
}

function tensor(
  storage: Storage,
  type: ElementType,
  { offset, shape, strides }: Readonly<Record<keyof View, Value>>,
  quantiser?: Quantiser,
): PickledTensor | undefined {
  const sizes = countsOf(shape);
  const steps = countsOf(strides);
  if (!isCount(offset) || !sizes || steps?.length !== sizes.length) return undefined;
  return new PickledTensor(storage, type, { offset, shape: sizes, strides: steps }, quantiser);
}

function numpyType(code: Value): NumpyType | undefined {
  const [, order, kind] = (typeof code === 'string' && /^([<>|=]?)([a-zA-Z]\d{0,9})$/.exec(code)) || [];
  if (kind === undefined) return undefined;
  const type = new NumpyType(kind);
  type.bigEndian = order === '>';
  return type;
}

function numpyScalar(type: Value, data: Value): Value | undefined {
  const bytes = asBytes(data);
  return type instanceof NumpyType && bytes ? new NumpyScalar(type, bytes) : undefined;
}

function numpyArray(shape: Value, type: Value, fortran: boolean, data: Value): NumpyArray | undefined {
  const bytes = asBytes(data);
  const sizes = countsOf(shape);
  const element = type instanceof NumpyType ? typeOfNumpy(type.code) : undefined;
  const array = new NumpyArray();
  if (!bytes || !sizes || !element || !(type instanceof NumpyType)) return array;
  const { bigEndian } = type;
  const count = Math.floor(bytes.byteLength / element.bytes);
  const storage = new Storage(element, count, { in: 'pickle', bytes, bigEndian });
  const axes = sizes.map((_, axis) => axis);
  const strides = fortran ? stridesOf(sizes, axes) : stridesOf(sizes, axes.toReversed());
  array.tensor = new PickledTensor(storage, element, { offset: 0, shape: sizes, strides });
  return array;
}

/** Of elements in a row, the axis that goes fastest first in `axes`. */
function stridesOf(shape: readonly number[], axes: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let step = 1;
  for (const axis of axes) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

function countsOf(value: Value | undefined): readonly number[] | undefined {
  const items = value === undefined ? undefined : itemsOf(value);
  return items && items.length <= MAX_AXES && items.every(isCount) ? items : undefined;
}

function itemsOf(value: Value): readonly Value[] | undefined {
  return value instanceof List || value instanceof Tuple || value instanceof SetOfValues
    ? value.items
    : undefined;
}

function pairOf(value: Value): [Value, Value] | undefined {
  const items = itemsOf(value);
  return items?.length === 2 ? [items[0], items[1]] : undefined;
}

function filled<T extends List | SetOfValues>(to: T, items: readonly Value[]): T {
  for (const item of items) to.items.push(item);
  return to;
}

/** Of text, whose characters are the bytes, if they all can be. */
function asBytes(value: Value | undefined): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'string') return undefined;
  const bytes = new Uint8Array(value.length);
  for (let k = 0; k < value.length; k++) {
    const code = value.charCodeAt(k);
    if (code > 0xff) return undefined;
    bytes[k] = code;
  }
  return bytes;
}
