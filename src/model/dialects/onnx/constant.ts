/** Tensors whose values do not depend on the input: weights, which are read late, and shapes, which are known at once. */
import { say } from '../../../words/say';
import { elementCount } from '../../weights';
import { Steps, type Scalar } from './scalar';
import { Unsupported } from './unsupported';

export interface Constant {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  /** Whether its type is one of integers or truth values. */
  readonly integer: boolean;
  /** Of a tensor that the file itself has: its type, as TensorProto numbers them. */
  readonly dataType?: number;
  /** Row-major, of a tensor of few values. */
  readonly numbers?: readonly Scalar[];
  /** Computations that stand between it and the file, one upon the other. */
  readonly depth?: number;
  /** Whether it is one number of the file, repeated. */
  readonly repeated?: boolean;
  /** What every value is, where that is known. */
  readonly fill?: number;
  /** Of a stretch of another tensor's values: that tensor's `floats`, and where the stretch begins. */
  readonly part?: { readonly of: () => Promise<Float32Array>; readonly from: number };
  /** Row-major. Rejects with `FileError` or `TensorFileError` if the file does not give them. */
  floats(): Promise<Float32Array>;
  /** Writes some of them alone into `to`, where they need not all be read for that. */
  copy?(from: number, count: number, to: Float32Array): Promise<void>;
}

/** Shapes, axes and scalars are smaller; weights, mostly, larger. */
export const MAX_NUMBERS = 1024;
/** More than any tensor that is read has. */
const MAX_ELEMENTS = 1 << 28;
/** More than any tensor that is made by repeating or putting together should have. */
const MAX_MADE = 1 << 24;
/** Computations are nested as deeply as they stand upon each other. */
const MAX_DEPTH = 500;

export function constant(
  shape: readonly number[],
  integer: boolean,
  floats: () => Promise<Float32Array>,
): Constant {
  return { kind: 'constant', shape, integer, floats };
}

/** A tensor that is computed from others, when it is read. */
function derived(
  from: readonly Constant[],
  shape: readonly number[],
  integer: boolean,
  floats: () => Promise<Float32Array>,
): Constant {
  const depth = 1 + Math.max(...from.map((value) => value.depth ?? 0));
  const largest = Math.max(...from.map((value) => elementCount(value.shape)));
  const count = checkedCount(shape);
  if (depth > MAX_DEPTH || (count > largest && count > MAX_MADE)) {
    throw new Unsupported(
      say`a tensor of ${shape.join(' × ')} numbers is made in more steps, or larger, than is done`,
    );
  }
  return { ...constant(shape, integer, floats), depth };
}

export function numbersOf(shape: readonly number[], integer: boolean, numbers: readonly Scalar[]): Constant {
  const floats = () => {
    const values = new Float32Array(numbers.length);
    for (const [k, value] of numbers.entries()) {
      if (typeof value !== 'number')
        throw new Unsupported(say`a number of it is known only when the model runs`);
      values[k] = value;
    }
    return values;
  };
  return { kind: 'constant', shape, integer, numbers, floats: async () => floats() };
}

/** Writes the values from `from` to `from + to.length` − 1 into `to`. */
export async function copyPart(value: Constant, from: number, to: Float32Array): Promise<void> {
  if (value.copy) await value.copy(from, to.length, to);
  else to.set((await value.floats()).subarray(from, from + to.length));
}

/** A tensor of which every value is the same. */
export function filled(shape: readonly number[], integer: boolean, value: Scalar): Constant {
  const same = remapped(numbersOf([1], integer, [value]), shape, () => 0);
  return typeof value === 'number' ? { ...same, fill: value } : same;
}

/** The values of a tensor of few values. Throws `Unsupported` for a large one. */
export function scalarsOf(value: Constant, what: string): readonly Scalar[] {
  if (value.numbers) return value.numbers;
  throw new Unsupported(
    say`expected ${what} of at most ${MAX_NUMBERS} numbers, found ${value.shape.join(' × ')}`,
  );
}

/** As `scalarsOf`; throws `Unsupported` too if one is known only when the model runs. */
export function integersOf(value: Constant, what: string): number[] {
  return scalarsOf(value, what).map((number) => {
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    throw new Unsupported(say`expected ${what} that is known from the file`);
  });
}

/** The only value of a tensor. */
export function soleOf(value: Constant, what: string): number {
  const numbers = scalarsOf(value, what);
  if (numbers.length === 1 && typeof numbers[0] === 'number') return numbers[0];
  throw new Unsupported(say`expected a single number as ${what}`);
}

/** A tensor whose values are some of another's: `from` gives, for each place, the place in it. */
export function remapped(
  value: Constant,
  shape: readonly number[],
  from: (place: number) => number,
): Constant {
  const count = checkedCount(shape);
  const { numbers, fill, integer } = value;
  const known = fill === undefined ? {} : { fill };
  if (numbers && count <= MAX_NUMBERS) {
    const same = Array.from({ length: count }, (_, place) => numbers[from(place)]);
    return { ...numbersOf(shape, integer, same), ...known };
  }
  const floats = async () => {
    const values = await value.floats();
    return Float32Array.from({ length: count }, (_, place) => values[from(place)]);
  };
  return { ...derived([value], shape, integer, floats), ...known };
}

/** The same values in another shape. */
export function reshaped(value: Constant, shape: readonly number[]): Constant {
  if (checkedCount(shape) !== elementCount(value.shape)) {
    throw new Unsupported(say`${elementCount(value.shape)} numbers do not make ${shape.join(' × ')}`);
  }
  return { ...value, shape };
}

export function checkedCount(shape: readonly number[]): number {
  const count = elementCount(shape);
  if (shape.every((size) => Number.isInteger(size) && size >= 0) && count <= MAX_ELEMENTS) return count;
  throw new Unsupported(say`a tensor of ${shape.join(' × ')} numbers is beyond what is read`);
}

/** How far apart neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** Where a place of a tensor of `shape` lies along each axis. */
export function indicesOf(place: number, shape: readonly number[], strides = stridesOf(shape)): number[] {
  return shape.map((size, axis) => Math.floor(place / strides[axis]) % size);
}

export function transposed(value: Constant, order: readonly number[]): Constant {
  const shape = order.map((axis) => value.shape[axis]);
  const from = stridesOf(value.shape);
  const to = stridesOf(shape);
  return remapped(value, shape, (place) =>
    indicesOf(place, shape, to).reduce((sum, index, axis) => sum + index * from[order[axis]], 0),
  );
}

/** Some places along one axis. */
export function taken(value: Constant, axis: number, indices: readonly number[]): Constant {
  const shape = value.shape.map((size, k) => (k === axis ? indices.length : size));
  const inner = elementCount(shape.slice(axis + 1));
  const size = value.shape[axis];
  const stretch = elementCount(shape.slice(0, axis)) === 1 && indices.every((at, k) => at === indices[0] + k);
  const { of, from } = value.part ?? { of: value.floats, from: 0 };
  const found = remapped(value, shape, (place) => {
    const outer = Math.floor(place / (inner * indices.length));
    const along = indices[Math.floor(place / inner) % indices.length];
    return (outer * size + along) * inner + (place % inner);
  });
  return stretch && indices.length > 0 ? { ...found, part: { of, from: from + indices[0] * inner } } : found;
}

export function concatenated(values: readonly Constant[], axis: number): Constant {
  const sizes = values.map(({ shape }) => shape[axis]);
  const [first] = values;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shape = first.shape.map((size, k) => (k === axis ? total : size));
  const fits = values.every(
    (value) =>
      value.shape.length === shape.length && value.shape.every((size, k) => k === axis || size === shape[k]),
  );
  if (!fits) throw new Unsupported(say`tensors of different shapes are put together`);
  const outer = elementCount(shape.slice(0, axis));
  const blocks = values.map((value) => elementCount(value.shape.slice(axis)));
  const integer = values.every((value) => value.integer);
  if (values.every(({ numbers }) => numbers) && checkedCount(shape) <= MAX_NUMBERS) {
    const numbers = Array.from({ length: outer }, (_, k) =>
      values.flatMap((value, v) => value.numbers!.slice(k * blocks[v], (k + 1) * blocks[v])),
    );
    return numbersOf(shape, integer, numbers.flat());
  }
  return derived(values, shape, integer, async () => {
    const joined = new Float32Array(elementCount(shape));
    const parts = await Promise.all(values.map((value) => value.floats()));
    let at = 0;
    for (let k = 0; k < outer; k++) {
      for (const [v, part] of parts.entries()) {
        joined.set(part.subarray(k * blocks[v], (k + 1) * blocks[v]), at);
        at += blocks[v];
      }
    }
    return joined;
  });
}

/** The shape that two tensors have together, by NumPy's rules. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, k) => {
    const [p, q] = [a[a.length - rank + k] ?? 1, b[b.length - rank + k] ?? 1];
    if (p !== q && p !== 1 && q !== 1) {
      throw new Unsupported(say`${a.join(' × ')} and ${b.join(' × ')} numbers do not go together`);
    }
    return p === 1 ? q : p;
  });
}

/** A tensor repeated along axes of size 1, by NumPy's rules. */
export function expanded(value: Constant, shape: readonly number[]): Constant {
  const rank = shape.length;
  const own = stridesOf(value.shape);
  const strides = shape.map((_, k) => {
    const axis = k - (rank - value.shape.length);
    return axis >= 0 && value.shape[axis] !== 1 ? own[axis] : 0;
  });
  if (elementCount(shape) === elementCount(value.shape)) return reshaped(value, shape);
  const to = stridesOf(shape);
  const wide = remapped(value, shape, (place) =>
    indicesOf(place, shape, to).reduce((sum, index, axis) => sum + index * strides[axis], 0),
  );
  const repeated = value.repeated || (elementCount(value.shape) === 1 && elementCount(shape) > 1);
  return repeated ? { ...wide, repeated } : wide;
}

/** `apply` on the values of two tensors, place by place. */
export function combined(
  a: Constant,
  b: Constant,
  integer: boolean,
  apply: (a: number, b: number) => number,
  symbolic: (a: Scalar, b: Scalar) => Scalar = () => undefined,
): Constant {
  const shape = broadcastShape(a.shape, b.shape);
  const [x, y] = [expanded(a, shape), expanded(b, shape)];
  const both = combinedAlike(x, y, integer, apply, symbolic);
  return x.repeated && y.repeated ? { ...both, repeated: true } : both;
}

function combinedAlike(
  x: Constant,
  y: Constant,
  integer: boolean,
  apply: (a: number, b: number) => number,
  symbolic: (a: Scalar, b: Scalar) => Scalar,
): Constant {
  const { shape } = x;
  if (x.numbers && y.numbers) {
    const numbers = x.numbers.map((p, k) => {
      const q = y.numbers![k];
      return typeof p === 'number' && typeof q === 'number' ? apply(p, q) : symbolic(p, q);
    });
    return numbersOf(shape, integer, numbers);
  }
  return derived([x, y], shape, integer, async () => {
    const [p, q] = await Promise.all([x.floats(), y.floats()]);
    return p.map((value, k) => apply(value, q[k]));
  });
}

/** (x − zero) · scale: of weights of 8 bits. Scale and zero point have as many axes, each of the same size or of 1. */
export function dequantised(value: Constant, scale: Constant, zero?: Constant): Constant {
  const { shape, numbers } = value;
  const strides = [scale, zero].map((one) => one && strideOf(one.shape, shape));
  const computed = (
    x: ArrayLike<number>,
    of: ArrayLike<number>,
    from: ArrayLike<number> | undefined,
  ): Float32Array => {
    const values = new Float32Array(x.length);
    for (let k = 0; k < values.length; k++) {
      values[k] = (x[k] - (from ? from[strides[1]!(k)] : 0)) * of[strides[0]!(k)];
    }
    return values;
  };
  if (numbers && scale.numbers && (!zero || zero.numbers)) {
    const known = computed(
      ...([numbers, scale.numbers, zero?.numbers] as [number[], number[], number[] | undefined]),
    );
    return numbersOf(shape, false, Array.from(known));
  }
  const all = zero ? [value, scale, zero] : [value, scale];
  return derived(all, shape, false, async () =>
    computed(await value.floats(), await scale.floats(), await zero?.floats()),
  );
}

/** Where the number that belongs to a place of a tensor stands in one with a number for each place along one axis, or with one. */
function strideOf(shape: readonly number[], whole: readonly number[]): (place: number) => number {
  const axes = shape.flatMap((size, k) => (size > 1 ? [k] : []));
  const fits = shape.length === whole.length && axes.every((k) => shape[k] === whole[k]);
  if (!fits) throw new Unsupported(say`a scale [${shape.join(', ')}] does not go with [${whole.join(', ')}]`);
  const own = stridesOf(shape);
  const strides = stridesOf(whole);
  return (place) => {
    let at = 0;
    for (const k of axes) at += (Math.floor(place / strides[k]) % whole[k]) * own[k];
    return at;
  };
}

export function mapped(value: Constant, integer: boolean, apply: (x: number) => number): Constant {
  if (value.numbers) {
    const numbers = value.numbers.map((x) => (typeof x === 'number' ? apply(x) : undefined));
    return numbersOf(value.shape, integer, numbers);
  }
  return derived([value], value.shape, integer, async () => (await value.floats()).map(apply));
}

/** Steps plus or minus a number. */
export function shifted(a: Scalar, b: Scalar, sign: 1 | -1): Scalar {
  if (a instanceof Steps && typeof b === 'number') return new Steps(a.plus + sign * b, a.of);
  if (typeof a === 'number' && b instanceof Steps && sign === 1) return new Steps(a + b.plus, b.of);
  if (a instanceof Steps && b instanceof Steps && sign === -1 && a.of === b.of) return a.plus - b.plus;
  return undefined;
}
