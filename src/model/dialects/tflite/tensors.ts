/** The tensors that a file holds, as constants: floats as they are, quantised ones by their scales. */
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { TensorFileError } from '../../tensors/bytes';
import { convert, type FloatType } from '../../tensors/floats';
import { elementCount } from '../../weights';
import { constant, MAX_NUMBERS, numbersOf, stridesOf, type Constant } from '../onnx/constant';
import type { Quantization, TfliteModel, TfliteTensor } from './file';

/** `TensorType` of schema.fbs. */
export const TYPE = {
  ...{
    FLOAT32: 0,
    FLOAT16: 1,
    INT32: 2,
    UINT8: 3,
    INT64: 4,
    STRING: 5,
    BOOL: 6,
    INT16: 7,
    COMPLEX64: 8,
    INT8: 9,
  },
  ...{ FLOAT64: 10, COMPLEX128: 11, UINT64: 12, RESOURCE: 13, VARIANT: 14, UINT32: 15, UINT16: 16, INT4: 17 },
} as const;

const FLOATS: Readonly<Record<number, FloatType>> = {
  [TYPE.FLOAT32]: 'F32',
  [TYPE.FLOAT64]: 'F64',
  [TYPE.FLOAT16]: 'F16',
};

type Reader = readonly [bits: number, read: (view: DataView, k: number) => number];

const INTEGERS: Readonly<Record<number, Reader>> = {
  [TYPE.BOOL]: [8, (view, k) => view.getUint8(k)],
  [TYPE.UINT8]: [8, (view, k) => view.getUint8(k)],
  [TYPE.INT8]: [8, (view, k) => view.getInt8(k)],
  [TYPE.UINT16]: [16, (view, k) => view.getUint16(2 * k, true)],
  [TYPE.INT16]: [16, (view, k) => view.getInt16(2 * k, true)],
  [TYPE.UINT32]: [32, (view, k) => view.getUint32(4 * k, true)],
  [TYPE.INT32]: [32, (view, k) => view.getInt32(4 * k, true)],
  [TYPE.UINT64]: [64, (view, k) => Number(view.getBigUint64(8 * k, true))],
  [TYPE.INT64]: [64, (view, k) => Number(view.getBigInt64(8 * k, true))],
  // Two in a byte, the lower half first.
  [TYPE.INT4]: [4, (view, k) => (((view.getUint8(k >> 1) >> (4 * (k & 1))) & 15) << 28) >> 28],
};

const FLOAT_BITS: Readonly<Record<FloatType, number>> = { F64: 64, F32: 32, F16: 16, BF16: 16 };

export function isInteger(type: number): boolean {
  return type in INTEGERS;
}

function typeName(type: number): string {
  return Object.entries(TYPE).find(([, value]) => value === type)?.[0] ?? say`type ${type}`;
}

/**
 * The values that stand in the file; undefined of a tensor that has none there. Throws `TensorFileError` if they are not
 * what shape and type say.
 */
export function constantOf(tensor: TfliteTensor, { bytes }: TfliteModel): Constant | undefined {
  const { name, shape, type, data, quantization } = tensor;
  if (!data) return undefined;
  const count = elementCount(shape);
  const what = say`tensor ${quote(name)} of shape [${shape.join(', ')}] and type ${typeName(type)}`;
  const bits = FLOATS[type] ? FLOAT_BITS[FLOATS[type]] : INTEGERS[type]?.[0];
  if (bits === undefined) throw new TensorFileError(say`${what}: expected numbers`);
  const expected = Math.ceil((count * bits) / 8);
  const found = data.end - data.start;
  if (!shape.every((size) => size >= 0) || !Number.isSafeInteger(count) || found !== expected) {
    throw new TensorFileError(say`${what}: expected ${expected} bytes, found ${found}`);
  }
  const part = bytes.subarray(data.start, data.end);
  const values = () => valuesIn(type, part, count);
  const integer = isInteger(type) && !quantization;
  const scaled = () => (quantization ? dequantised(values(), shape, quantization, what) : values());
  return count <= MAX_NUMBERS
    ? numbersOf(shape, integer, Array.from(scaled()))
    : constant(shape, integer, async () => Float32Array.from(scaled()));
}

function valuesIn(type: number, bytes: Uint8Array, count: number): Float32Array | Float64Array {
  const float = FLOATS[type];
  if (float) {
    const values = new Float32Array(count);
    convert(float, bytes, values, 0);
    return values;
  }
  const [, read] = INTEGERS[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  for (let k = 0; k < count; k++) values[k] = read(view, k);
  return values;
}

function dequantised(
  stored: Float32Array | Float64Array,
  shape: readonly number[],
  { scales, zeroPoints, axis }: Quantization,
  what: string,
): Float32Array {
  const size = scales.length === 1 ? 1 : shape[axis];
  if (size !== scales.length || (zeroPoints.length > 0 && zeroPoints.length !== size)) {
    throw new TensorFileError(
      say`${what}: found ${scales.length} scales and ${zeroPoints.length} zero points`,
    );
  }
  const stride = size === 1 ? stored.length : stridesOf(shape)[axis];
  return Float32Array.from(stored, (value, k) => {
    const place = Math.floor(k / stride) % size;
    return scales[place] * (value - (zeroPoints[place] ?? 0));
  });
}
