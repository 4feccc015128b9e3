import { quote } from '../../json/decode';
import { Pauses } from '../../pauses';
import { elementCount } from '../../weights';
import { partOf, sourceOf, TensorFileError } from '../bytes';
import { convert, type FloatType } from '../floats';
import type { ByteSource } from '../../../files/folder';
import type { Records } from './records';
import type { PickledTensor } from './values';

/** Read and converted at once; a whole number of every type's values. */
const PIECE_BYTES = 4 << 20;

/** Bytes that reading it takes beside its float32 values. */
export function bytesToRead(tensor: PickledTensor): number {
  const span = spanOf(tensor);
  return Math.min(PIECE_BYTES, span * tensor.type.bytes) + (isContiguous(tensor) ? 0 : 4 * span);
}

/**
 * A tensor's values, row-major whatever its strides are. Throws `TensorFileError` if its type is not a floating-point one, or
 * the storage is missing or too short.
 */
export async function readTensor(
  name: string,
  tensor: PickledTensor,
  records: Records,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { type, shape, strides } = tensor;
  if (!type.float) {
    throw new TensorFileError(
      `tensor ${quote(name)} has type ${type.name}; expected float32, float64, float16 or bfloat16`,
    );
  }
  const bytes = await bytesOf(name, tensor, records);
  const values = await readFloats(bytes, type.float, type.bytes, bigEndian(tensor, records));
  return isContiguous(tensor) ? values : gather(values, shape, strides, new Pauses(signal));
}

/** How many elements of the storage lie from the first to the last of the view. */
function spanOf({ shape, strides }: PickledTensor): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, size, axis) => last + (size - 1) * strides[axis], 0) + 1;
}

/** Whether its elements stand row by row without gaps; the stride of an axis of one element tells nothing. */
function isContiguous({ shape, strides }: PickledTensor): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return shape.includes(0);
    step *= shape[axis];
  }
  return true;
}

function bigEndian({ storage: { bytes } }: PickledTensor, records: Records): boolean {
  return bytes.in === 'pickle' ? bytes.bigEndian : records.bigEndian;
}

/** The part of the storage that the view spans. */
async function bytesOf(name: string, tensor: PickledTensor, records: Records): Promise<ByteSource> {
  const { storage, type, offset } = tensor;
  const start = offset * type.bytes;
  const size = spanOf(tensor) * type.bytes;
  const fault = (found: string) =>
    new TensorFileError(
      `tensor ${quote(name)} takes the bytes ${start} to ${start + size} of ${inWords(tensor)}, ${found}`,
    );
  if (size === 0) return sourceOf(new Uint8Array());
  const declared = storage.count * storage.type.bytes;
  if (start + size > declared) throw fault(`which has ${declared}`);
  const { bytes } = storage;
  const record = bytes.in === 'record' ? await records.open(bytes.key) : sourceOf(bytes.bytes);
  if (!record) throw fault('which is missing');
  const first = storage.start * storage.type.bytes + start;
  if (first + size > record.size) throw fault(`of which the file has ${record.size}`);
  return partOf(record, first, size);
}

function inWords({ storage: { bytes } }: PickledTensor): string {
  return bytes.in === 'record' ? `storage ${quote(bytes.key)}` : 'its array';
}

async function readFloats(
  bytes: ByteSource,
  type: FloatType,
  width: number,
  swapped: boolean,
): Promise<Float32Array> {
  const values = new Float32Array(bytes.size / width);
  for (let from = 0; from < bytes.size; from += PIECE_BYTES) {
    const to = Math.min(from + PIECE_BYTES, bytes.size);
    const piece = await bytes.read(from, to);
    if (piece.byteLength < to - from) {
      throw new TensorFileError(
        `expected ${to - from} bytes, found ${piece.byteLength}: the file is truncated`,
      );
    }
    convert(type, swapped ? turnedRound(piece, width) : piece, values, from / width);
  }
  return values;
}

/** A copy with the bytes of every number in the other order. */
function turnedRound(bytes: Uint8Array, width: number): Uint8Array {
  const turned = new Uint8Array(bytes.byteLength);
  for (let at = 0; at < bytes.byteLength; at += width) {
    for (let k = 0; k < width; k++) turned[at + k] = bytes[at + width - 1 - k];
  }
  return turned;
}

/** Row-major, the elements that stand `strides` apart. */
async function gather(
  values: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  pauses: Pauses,
): Promise<Float32Array> {
  const gathered = new Float32Array(elementCount(shape));
  const outer = shape.length - 1;
  const index = shape.map(() => 0);
  let row = 0;
  for (let filled = 0; filled < gathered.length; filled += shape[outer]) {
    for (let k = 0; k < shape[outer]; k++) gathered[filled + k] = values[row + k * strides[outer]];
    for (let axis = outer - 1; axis >= 0; axis--) {
      row += strides[axis];
      if (++index[axis] < shape[axis]) break;
      row -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    await pauses.take();
  }
  return gathered;
}
