/**
 * TensorFlow's tensor bundles (tensorflow/core/util/tensor_bundle, tensor_bundle.proto): `PREFIX.index`, a table of what
 * there is, and `PREFIX.data-00000-of-0000N`, the values one after the other. Knows nothing of networks.
 */
import type { Folder } from '../../../files/folder';
import { say } from '../../../words/say';
import { quote } from '../../json/decode';
import type { Limits } from '../../limits';
import { elementCount } from '../../weights';
import { bytesOf, TensorFileError } from '../bytes';
import { convert, FLOAT_BYTES, type FloatType } from '../floats';
import { bytesIn, fieldsIn, lastBytes, lastNumber } from '../protobuf';
import { maskedCrc32c } from './crc32c';
import { readTable } from './table';

/** Of types.proto: those whose values are read. */
const FLOATS = new Map<number, FloatType>([
  [1, 'F32'],
  [2, 'F64'],
  [14, 'BF16'],
  [19, 'F16'],
]);
const TYPE_NAMES = new Map<number, string>([
  ...([
    [3, 'int32'],
    [4, 'uint8'],
    [5, 'int16'],
    [6, 'int8'],
    [7, 'text'],
    [8, 'complex64'],
  ] as const),
  ...([
    [9, 'int64'],
    [10, 'bool'],
    [17, 'uint16'],
    [18, 'complex128'],
    [22, 'uint32'],
    [23, 'uint64'],
  ] as const),
]);
const TEXT = 7;
/** Fields of tensor_bundle.proto and tensor_shape.proto. */
const HEADER = { shards: 1, endianness: 2 };
const ENTRY = { type: 1, shape: 2, shard: 3, offset: 4, size: 5, crc32c: 6, slices: 7 };
const SHAPE = { dimension: 2, size: 1 };
const MOST_SHARDS = 100_000;
const MOST_AXES = 32;

/** A first entry with an empty key, whose value, the header, is short and begins with the number of files of values. */
export function looksLikeIndex(head: Uint8Array): boolean {
  const [shared, own, length, first] = head;
  return shared === 0 && own === 0 && length > 0 && length < 64 && first === HEADER.shards << 3;
}

export interface BundleEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** Number in types.proto. */
  readonly type: number;
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly crc32c?: number;
  /** Into how many parts the tensor is cut, each kept by itself; 0 if it is whole. */
  readonly slices: number;
}

export interface TensorBundle {
  readonly entries: ReadonlyMap<string, BundleEntry>;
  /** Files of values, in order. */
  readonly files: readonly string[];
  /** The values of a tensor of floating-point numbers, row-major. Throws `TensorFileError` or `FileError`. */
  read(entry: BundleEntry): Promise<Float32Array>;
  /** The bytes of a single text. Throws as `read` does. */
  readText(entry: BundleEntry): Promise<Uint8Array>;
}

/** Throws `TensorFileError` or `FileError`; values are checked as they are read. */
export async function openBundle(folder: Folder, prefix: string, limits: Limits): Promise<TensorBundle> {
  const index = await bytesOf(folder, `${prefix}.index`, limits);
  const table = readTable(await index.read(0, index.size));
  const shards = shardsIn(table.get(''));
  const files = Array.from({ length: shards }, (_, k) => shardName(prefix, k, shards));
  const entries = new Map<string, BundleEntry>();
  for (const [name, value] of table) {
    // The parts of a tensor that is cut have keys that begin so (saved_tensor_slice_util.cc).
    if (name !== '' && !name.startsWith('\0')) entries.set(name, entryOf(name, value));
  }
  const bytes = (entry: BundleEntry) => bytesFor(entry, files, folder, limits);
  return {
    entries,
    files,
    read: (entry) => naming(entry, async () => valuesOf(entry, await bytes(entry), limits)),
    readText: (entry) => naming(entry, async () => textIn(entry, await bytes(entry))),
  };
}

function shardsIn(header: Uint8Array | undefined): number {
  if (!header) throw new TensorFileError(say`the table has no header: it is no tensor bundle`);
  if ((lastNumber(header, HEADER.endianness) ?? 0) !== 0) {
    throw new TensorFileError(say`its values are big-endian, which is not read`);
  }
  const shards = lastNumber(header, HEADER.shards) ?? 0;
  if (shards >= 0 && shards <= MOST_SHARDS) return shards;
  throw new TensorFileError(say`expected at most ${MOST_SHARDS} files of values, found ${shards}`);
}

function shardName(prefix: string, shard: number, shards: number): string {
  const padded = (number: number) => String(number).padStart(5, '0');
  return `${prefix}.data-${padded(shard)}-of-${padded(shards)}`;
}

function entryOf(name: string, bytes: Uint8Array): BundleEntry {
  const numbers = new Map<number, number>();
  let slices = 0;
  for (const { number, value } of fieldsIn(bytes)) {
    if (typeof value === 'number') numbers.set(number, value);
    else if (number === ENTRY.slices) slices += 1;
  }
  const at = (number: number) => numbers.get(number) ?? 0;
  return {
    ...{ name, slices, shape: shapeOf(name, lastBytes(bytes, ENTRY.shape)) },
    ...{ type: at(ENTRY.type), shard: at(ENTRY.shard), offset: at(ENTRY.offset), size: at(ENTRY.size) },
    crc32c: numbers.get(ENTRY.crc32c),
  };
}

function shapeOf(name: string, shape: Uint8Array | undefined): number[] {
  const sizes: number[] = [];
  for (const dimension of shape ? bytesIn(shape, SHAPE.dimension) : []) {
    const size = lastNumber(dimension, SHAPE.size) ?? 0;
    if (sizes.length === MOST_AXES || !Number.isSafeInteger(size) || size < 0) {
      throw new TensorFileError(say`tensor ${quote(name)} has a shape that cannot be: the table is damaged`);
    }
    sizes.push(size);
  }
  return sizes;
}

async function naming<T>({ name }: BundleEntry, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    throw new TensorFileError(say`tensor ${quote(name)}: ${error.message}`);
  }
}

async function bytesFor(
  { shard, offset, size, slices }: BundleEntry,
  files: readonly string[],
  folder: Folder,
  limits: Limits,
): Promise<Uint8Array> {
  if (slices > 0) {
    throw new TensorFileError(
      say`it is partitioned, kept in ${slices} parts, which are not put together here`,
    );
  }
  const file = files[shard];
  if (file === undefined) {
    throw new TensorFileError(
      say`expected it in one of ${files.length} files of values, found file ${shard}`,
    );
  }
  const bytes = await bytesOf(folder, file, limits);
  if (!(offset >= 0 && size >= 0 && offset + size <= bytes.size)) {
    throw new TensorFileError(
      say`expected ${size} bytes at offset ${offset} of ${quote(file)}, which has ${bytes.size}: it is truncated`,
    );
  }
  return bytes.read(offset, offset + size);
}

function valuesOf(
  { type, shape, size, crc32c }: BundleEntry,
  bytes: Uint8Array,
  limits: Limits,
): Float32Array {
  const float = FLOATS.get(type);
  if (!float) {
    const found = TYPE_NAMES.get(type) ?? say`type ${type}`;
    throw new TensorFileError(say`expected floating-point numbers, found ${found}`);
  }
  const count = elementCount(shape);
  if (count * FLOAT_BYTES[float] !== size) {
    const expected = count * FLOAT_BYTES[float];
    throw new TensorFileError(say`its shape [${shape.join(', ')}] takes ${expected} bytes, found ${size}`);
  }
  if (4 * count > limits.memory)
    throw new TensorFileError(say`its shape [${shape.join(', ')}] is beyond the limit`);
  if (crc32c !== undefined && crc32c !== maskedCrc32c(bytes)) {
    throw new TensorFileError(say`its values do not have their checksum: the file is damaged`);
  }
  const values = new Float32Array(count);
  convert(float, bytes, values, 0);
  return values;
}

/** A length, a checksum of it, and the text. */
function textIn({ type, shape }: BundleEntry, bytes: Uint8Array): Uint8Array {
  if (type !== TEXT || elementCount(shape) !== 1) throw new TensorFileError(say`expected a single text`);
  let length = 0;
  let at = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++] ?? 0;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  const text = bytes.subarray(at + CHECKSUM_BYTES);
  if (text.byteLength === length) return text;
  throw new TensorFileError(say`expected a text of ${length} bytes, found ${text.byteLength}`);
}

const CHECKSUM_BYTES = 4;
