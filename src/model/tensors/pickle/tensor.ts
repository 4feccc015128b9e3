import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import { Pauses } from '../../pauses';
import { elementCount } from '../../weights';
import { partOf, sourceOf, TensorFileError } from '../bytes';
import { convert } from '../floats';
import type { ElementType } from './elementTypes';
import type { ByteSource } from '../../../files/folder';
import type { Records } from './records';
import type { PickledTensor, Quantiser } from './values';

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
  const { type, quantiser } = tensor;
  if (!isReal(tensor)) {
    throw new TensorFileError(
      say`tensor ${quote(name)} has type ${type.name}; expected float32, float64, float16 or bfloat16`,
    );
  }
  const values = await readNumbers(name, tensor, records, signal);
  return quantiser ? dequantised(name, values, tensor, quantiser, records, signal) : values;
}

/** Whether its numbers are floating-point ones, or stand for such. */
export function isReal({ type, quantiser }: PickledTensor): boolean {
  return type.float !== undefined || (quantiser !== undefined && type.whole !== undefined);
}

/** As they are stored, row-major. */
async function readNumbers(
  name: string,
  tensor: PickledTensor,
  records: Records,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { type, shape, strides } = tensor;
  const bytes = await bytesOf(name, tensor, records);
  const values = await readStored(bytes, type, bigEndian(tensor, records));
  return isContiguous(tensor) ? values : gather(values, shape, strides, new Pauses(signal));
}

/** What whole numbers stand for, in their place. */
async function dequantised(
  name: string,
  values: Float32Array,
  { shape }: PickledTensor,
  { scales, zeros, axis }: Quantiser,
  records: Records,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const each = async (of: number | PickledTensor, what: string) => {
    if (typeof of === 'number') return undefined;
    if (
      axis < shape.length &&
      of.shape.length === 1 &&
      of.shape[0] === shape[axis] &&
      (of.type.float ?? of.type.whole)
    )
      return readNumbers(name, of, records, signal);
    throw new TensorFileError(
      say`tensor ${quote(name)}: expected a ${what} for each of the ${shape[axis] ?? 0} places of its axis ${axis}, found [${of.shape.join(', ')}] of type ${of.type.name}`,
    );
  };
  const [ownScales, ownZeros] = [await each(scales, say`scale`), await each(zeros, say`zero point`)];
  const inner = elementCount(shape.slice(axis + 1));
  const places = shape[axis] ?? 1;
  const pauses = new Pauses(signal);
  for (let from = 0; from < values.length; from += inner) {
    const place = (from / inner) % places;
    const scale = ownScales?.[place] ?? (scales as number);
    const zero = ownZeros?.[place] ?? (zeros as number);
    for (let k = from; k < from + inner; k++) values[k] = (values[k] - zero) * scale;
    if (place === 0) await pauses.take();
  }
  return values;
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
      say`tensor ${quote(name)} takes the bytes ${start} to ${start + size} of ${inWords(tensor)}, ${found}`,
    );
  if (size === 0) return sourceOf(new Uint8Array());
  const declared = storage.count * storage.type.bytes;
  if (start + size > declared) throw fault(say`which has ${declared}`);
  const { bytes } = storage;
  const record = bytes.in === 'record' ? await records.open(bytes.key) : sourceOf(bytes.bytes);
  if (!record) throw fault(say`which is missing`);
  const first = storage.start * storage.type.bytes + start;
  if (first + size > record.size) throw fault(say`of which the file has ${record.size}`);
  return partOf(record, first, size);
}

function inWords({ storage: { bytes } }: PickledTensor): string {
  return bytes.in === 'record' ? say`storage ${quote(bytes.key)}` : say`its array`;
}

async function readStored(
  bytes: ByteSource,
  { float, whole, bytes: width }: ElementType,
  swapped: boolean,
): Promise<Float32Array> {
  const values = new Float32Array(bytes.size / width);
  for (let from = 0; from < bytes.size; from += PIECE_BYTES) {
    const to = Math.min(from + PIECE_BYTES, bytes.size);
    const piece = await bytes.read(from, to);
    if (piece.byteLength < to - from) {
      throw new TensorFileError(
        say`expected ${to - from} bytes, found ${piece.byteLength}: the file is truncated`,
      );
    }
    const ordered = swapped ? turnedRound(piece, width) : piece;
    if (float) convert(float, ordered, values, from / width);
    else if (whole) readWhole(whole, ordered, width, values, from / width);
  }
  return values;
}

function readWhole(
  whole: NonNullable<ElementType['whole']>,
  { buffer, byteOffset, byteLength }: Uint8Array,
  width: number,
  values: Float32Array,
  at: number,
): void {
  const view = new DataView(buffer, byteOffset, byteLength);
  for (let k = 0; k * width < byteLength; k++) values[at + k] = whole(view, k * width);
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
