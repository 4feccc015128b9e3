/** The tensors that a file holds, as constants: in the graph, left in the file, or in files beside it. */
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { bytesOf, TensorFileError } from '../../tensors/bytes';
import { convert, FLOAT_BYTES, half, type FloatType } from '../../tensors/floats';
import { elementCount } from '../../weights';
import type { Source } from '../dialect';
import { constant, MAX_NUMBERS, numbersOf, type Constant } from './constant';
import type { Initializer } from './file';
import { TensorProto_DataLocation, TensorProto_DataType as Type, type TensorProto } from './schema/onnx_pb';
import type { Range } from './wire';

const FLOATS: Readonly<Record<number, FloatType>> = {
  [Type.FLOAT]: 'F32',
  [Type.DOUBLE]: 'F64',
  [Type.FLOAT16]: 'F16',
  [Type.BFLOAT16]: 'BF16',
};

/** How many bytes a number takes, a half or a quarter of small ones, and how the number at a place is read. */
type Reader = readonly [bytes: number, read: (view: DataView, place: number) => number];

const INTEGERS: Readonly<Record<number, Reader>> = {
  [Type.BOOL]: [1, (view, at) => view.getUint8(at)],
  [Type.UINT8]: [1, (view, at) => view.getUint8(at)],
  [Type.INT8]: [1, (view, at) => view.getInt8(at)],
  [Type.UINT16]: [2, (view, k) => view.getUint16(2 * k, true)],
  [Type.INT16]: [2, (view, k) => view.getInt16(2 * k, true)],
  [Type.UINT32]: [4, (view, k) => view.getUint32(4 * k, true)],
  [Type.INT32]: [4, (view, k) => view.getInt32(4 * k, true)],
  [Type.UINT64]: [8, (view, k) => Number(view.getBigUint64(8 * k, true))],
  [Type.INT64]: [8, (view, k) => Number(view.getBigInt64(8 * k, true))],
  [Type.UINT4]: [1 / 2, (view, k) => bitsAt(view, k, 4)],
  [Type.INT4]: [1 / 2, (view, k) => signed(bitsAt(view, k, 4), 4)],
  [Type.UINT2]: [1 / 4, (view, k) => bitsAt(view, k, 2)],
  [Type.INT2]: [1 / 4, (view, k) => signed(bitsAt(view, k, 2), 2)],
};

/** Floats of 4 and 8 bits: ONNX, docs/docsgen/source/technical, "Float stored in 8 bits" and "Float stored in 4 bits". */
const SMALL_FLOATS: Readonly<Record<number, Reader>> = {
  [Type.FLOAT8E4M3FN]: [
    1,
    (view, at) => ((view.getUint8(at) & 0x7f) === 0x7f ? NaN : smallFloat(view.getUint8(at), 4, 3, 7)),
  ],
  [Type.FLOAT8E4M3FNUZ]: [
    1,
    (view, at) => (view.getUint8(at) === 0x80 ? NaN : smallFloat(view.getUint8(at), 4, 3, 8)),
  ],
  [Type.FLOAT8E5M2]: [1, (view, at) => half(view.getUint8(at) << 8)],
  [Type.FLOAT8E5M2FNUZ]: [
    1,
    (view, at) => (view.getUint8(at) === 0x80 ? NaN : smallFloat(view.getUint8(at), 5, 2, 16)),
  ],
  [Type.FLOAT8E8M0]: [1, (view, at) => (view.getUint8(at) === 0xff ? NaN : 2 ** (view.getUint8(at) - 127))],
  [Type.FLOAT4E2M1]: [1 / 2, (view, k) => smallFloat(bitsAt(view, k, 4), 2, 1, 1)],
};

/** Numbers of a few bits, the first in the lowest bits of a byte. */
function bitsAt(view: DataView, place: number, bits: number): number {
  const at = place * bits;
  return (view.getUint8(at >> 3) >> (at & 7)) & ((1 << bits) - 1);
}

function signed(value: number, bits: number): number {
  return value < 1 << (bits - 1) ? value : value - (1 << bits);
}

/** A sign, then `exponent` bits and `fraction` bits, every one of which is a number. */
function smallFloat(value: number, exponent: number, fraction: number, bias: number): number {
  const sign = (value >> (exponent + fraction)) & 1 ? -1 : 1;
  const power = (value >> fraction) & ((1 << exponent) - 1);
  const part = (value & ((1 << fraction) - 1)) / (1 << fraction);
  return sign * (power === 0 ? part * 2 ** (1 - bias) : (1 + part) * 2 ** (power - bias));
}

/** Bytes read and converted at once; a whole number of every type's values. */
const PIECE_BYTES = 4 << 20;

/** A file's bytes, and those of the files beside it that it names. */
export class TensorFiles {
  private readonly opened = new Map<string, ByteSource>();

  constructor(
    private readonly bytes: ByteSource,
    private readonly source: Source,
  ) {}

  /** The files beside the model's that were asked for. */
  get names(): readonly string[] {
    return [...this.opened.keys()];
  }

  /** A file beside the model's. Throws `FileError` if it cannot be read. */
  async open(location: string): Promise<ByteSource> {
    const file =
      this.opened.get(location) ?? (await bytesOf(this.source.folder, location, this.source.limits));
    this.opened.set(location, file);
    return file;
  }

  /** Throws `TensorFileError` for a tensor that is not what its shape and type say, `FileError` for a missing file. */
  async constantOf({ tensor, left }: Initializer): Promise<Constant> {
    const stored = left.length > 0 ? { file: this.bytes, ranges: left } : await this.external(tensor);
    return stored ? await this.stored(tensor, stored.file, stored.ranges) : inlineConstant(tensor);
  }

  private async external(
    tensor: TensorProto,
  ): Promise<{ readonly file: ByteSource; readonly ranges: readonly Range[] } | undefined> {
    const location = locationOf(tensor);
    if (location === undefined) return undefined;
    const expected = bytesIn(tensor);
    const start = wholeNumber(tensor, 'offset', entryOf(tensor, 'offset') ?? '0');
    const length = wholeNumber(tensor, 'length', entryOf(tensor, 'length') ?? String(expected));
    if (length !== expected) throw wrongLength(tensor, expected, length);
    const file = await this.open(location);
    if (start + length <= file.size) return { file, ranges: [[start, start + length]] };
    throw new TensorFileError(
      say`tensor ${quote(tensor.name)} ends at offset ${start + length} of ${quote(location)}, which has ${file.size} bytes`,
    );
  }

  private async stored(tensor: TensorProto, file: ByteSource, ranges: readonly Range[]): Promise<Constant> {
    const shape = shapeOf(tensor);
    const expected = bytesIn(tensor);
    const found = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    if (found !== expected) throw wrongLength(tensor, expected, found);
    const integer = tensor.dataType in INTEGERS;
    if (elementCount(shape) > MAX_NUMBERS) {
      const floats = async () => {
        const values = new Float32Array(elementCount(shape));
        await readStored(tensor, file, ranges, values);
        return values;
      };
      const whole = constant(shape, integer, floats);
      const [[start]] = ranges;
      const size = sizeOfType(tensor);
      const copy = (from: number, count: number, to: Float32Array) =>
        readStored(tensor, file, [[start + from * size, start + (from + count) * size]], to);
      return ranges.length === 1 && size >= 1 ? { ...whole, copy } : whole;
    }
    const { dataType } = tensor;
    const numbers = (await readNumbers(tensor, file, ranges)).slice(0, elementCount(shape));
    return { ...numbersOf(shape, integer, numbers), dataType };
  }
}

/** The file beside the model's that has a tensor's values; undefined where they stand in the model's own. */
export function locationOf(tensor: TensorProto): string | undefined {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return undefined;
  return entryOf(tensor, 'location') ?? '';
}

function entryOf({ externalData }: TensorProto, key: string): string | undefined {
  return externalData.find((one) => one.key === key)?.value;
}

/** A tensor whose values stand with it. Throws `TensorFileError` if they are not as many as its shape says. */
export function inlineConstant(tensor: TensorProto): Constant {
  const shape = shapeOf(tensor);
  const count = elementCount(shape);
  const integer = tensor.dataType in INTEGERS;
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    throw new TensorFileError(say`tensor ${quote(tensor.name)} inside a node lies in another file`);
  }
  const values = inlineValues(tensor, count);
  if (values.length !== count) throw wrongLength(tensor, count, values.length, say`numbers`);
  return count <= MAX_NUMBERS
    ? { ...numbersOf(shape, integer, Array.from(values)), dataType: tensor.dataType }
    : constant(shape, integer, async () => Float32Array.from(values));
}

function inlineValues(tensor: TensorProto, count: number): ArrayLike<number> {
  const { dataType, rawData } = tensor;
  if (rawData.byteLength > 0) {
    const expected = bytesIn(tensor);
    if (rawData.byteLength !== expected) throw wrongLength(tensor, expected, rawData.byteLength);
    return numbersIn(dataType, rawData, count);
  }
  switch (dataType) {
    case Type.FLOAT:
      return tensor.floatData;
    case Type.DOUBLE:
      return tensor.doubleData;
    case Type.INT64:
      return tensor.int64Data.map(Number);
    case Type.UINT32:
    case Type.UINT64:
      return tensor.uint64Data.map(Number);
    case Type.FLOAT16:
    case Type.BFLOAT16:
      return numbersIn(
        dataType,
        new Uint8Array(Uint16Array.from(tensor.int32Data).buffer),
        tensor.int32Data.length,
      );
    default:
      if (sizeOfType(tensor) < 1 || SMALL_FLOATS[dataType]) return inBytes(tensor, count);
      return tensor.int32Data;
  }
}

/** Each of `int32_data` has a byte of numbers that are no larger. */
function inBytes(tensor: TensorProto, count: number): ArrayLike<number> {
  const { int32Data, dataType } = tensor;
  const expected = bytesIn(tensor);
  if (int32Data.length !== expected) throw wrongLength(tensor, expected, int32Data.length);
  return numbersIn(dataType, Uint8Array.from(int32Data), count);
}

/** Little-endian values of any type. */
function numbersIn(dataType: number, bytes: Uint8Array, count: number): Float32Array | number[] {
  const type = FLOATS[dataType];
  if (type) {
    const values = new Float32Array(count);
    convert(type, bytes, values, 0);
    return values;
  }
  const [, read] = INTEGERS[dataType] ?? SMALL_FLOATS[dataType];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, k) => read(view, k));
}

async function readNumbers(
  tensor: TensorProto,
  file: ByteSource,
  ranges: readonly Range[],
): Promise<number[]> {
  const numbers: number[] = [];
  for (const [start, end] of ranges) {
    const bytes = await exactly(tensor, file, start, end);
    numbers.push(...numbersIn(tensor.dataType, bytes, bytes.byteLength / sizeOfType(tensor)));
  }
  return numbers;
}

async function readStored(
  tensor: TensorProto,
  file: ByteSource,
  ranges: readonly Range[],
  values: Float32Array,
): Promise<void> {
  const size = sizeOfType(tensor);
  let at = 0;
  for (const [start, end] of ranges) {
    for (let from = start; from < end; from += PIECE_BYTES) {
      const bytes = await exactly(tensor, file, from, Math.min(from + PIECE_BYTES, end));
      const count = Math.min(bytes.byteLength / size, values.length - at);
      const type = FLOATS[tensor.dataType];
      if (type) convert(type, bytes, values, at);
      else values.set(numbersIn(tensor.dataType, bytes, count), at);
      at += count;
    }
  }
}

async function exactly(
  tensor: TensorProto,
  file: ByteSource,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = await file.read(start, end);
  if (bytes.byteLength === end - start) return bytes;
  throw new TensorFileError(
    say`tensor ${quote(tensor.name)}: expected ${end - start} bytes at offset ${start}, found ${bytes.byteLength}: the file is truncated`,
  );
}

function shapeOf(tensor: TensorProto): number[] {
  const shape = tensor.dims.map(Number);
  const count = elementCount(shape);
  if (shape.every((size) => size >= 0) && Number.isSafeInteger(count)) return shape;
  throw new TensorFileError(
    say`tensor ${quote(tensor.name)} has the shape [${shape.join(', ')}], which none can have`,
  );
}

function sizeOfType({ name, dataType }: TensorProto): number {
  const [size] = FLOATS[dataType]
    ? [FLOAT_BYTES[FLOATS[dataType]]]
    : (INTEGERS[dataType] ?? SMALL_FLOATS[dataType] ?? []);
  if (size) return size;
  throw new TensorFileError(
    say`tensor ${quote(name)} has type ${Type[dataType] ?? dataType}; expected numbers`,
  );
}

function bytesIn(tensor: TensorProto): number {
  return Math.ceil(elementCount(shapeOf(tensor)) * sizeOfType(tensor));
}

function wholeNumber({ name }: TensorProto, key: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new TensorFileError(
    say`tensor ${quote(name)}: expected a whole number as ${key}, found ${quote(text)}`,
  );
}

function wrongLength(tensor: TensorProto, expected: number, found: number, of = say`bytes`): TensorFileError {
  const shape = shapeOf(tensor).join(', ');
  return new TensorFileError(
    say`tensor ${quote(tensor.name)} of shape [${shape}] and type ${Type[tensor.dataType] ?? tensor.dataType}: expected ${expected} ${of}, found ${found}`,
  );
}

/** A tensor of which the values cannot be read, which was reported; undefined if its shape is none either. */
export function shapeOnly(tensor: TensorProto): Constant | undefined {
  try {
    const shape = shapeOf(tensor);
    return constant(shape, tensor.dataType in INTEGERS, () =>
      Promise.reject(new TensorFileError(say`tensor ${quote(tensor.name)} could not be read`)),
    );
  } catch {
    return undefined;
  }
}
