/**
 * The safetensors format (github.com/huggingface/safetensors): the header's length as a little-endian unsigned
 * 64-bit number, a JSON header of that length, then the tensors' bytes, without gaps. Knows nothing of networks.
 */
import type { ByteSource } from '../../files/folder';
import { say } from '../../words/say';
import { entries, integer, listOf, quote, string, type Decoder } from '../json/decode';
import type { JsonNode } from '../json/node';
import { parseJson } from '../json/parse';
import { Report } from '../report';
import { elementCount, type Weights } from '../weights';
import { foundKind, TensorFileError, UNKNOWN_KIND } from './bytes';
import { convert, FLOAT_BYTES, type FloatType } from './floats';

export interface StoredTensor {
  readonly name: string;
  /** As the file has it: `F32`, `I64`, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Absolute offsets in the file, in bytes. */
  readonly start: number;
  readonly end: number;
}

const LENGTH_BYTES = 8;
/** Read and converted at once, so that no stretch of work is long; a whole number of every type's values. */
const PIECE_BYTES = 4 << 20;
/** The official implementation's own bound. */
const MAX_HEADER_BYTES = 100_000_000;

/** Bits per element; sizes of other types cannot be checked. */
const DTYPE_BITS = new Map(
  Object.entries({
    ...{ BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
    ...{ I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, F64: 64, I64: 64, U64: 64, C64: 64 },
    ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  }),
);

/** Whether a file of so many bytes that starts with `head` seems to be one. */
export function isSafetensors(head: Uint8Array, fileSize: number): boolean {
  if (head.byteLength <= LENGTH_BYTES || head[LENGTH_BYTES] !== 0x7b) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getBigUint64(0, true) < 2n ** 40n || fileSize < LENGTH_BYTES;
}

/** The tensors that a file declares, checked against its size. Throws `TensorFileError`. */
export async function readHeader(file: ByteSource): Promise<ReadonlyMap<string, StoredTensor>> {
  const headerBytes = await readHeaderLength(file);
  const dataStart = LENGTH_BYTES + headerBytes;
  const bytes = await readExactly(file, LENGTH_BYTES, dataStart, say`the header`);
  const tensors = parseHeader(decodeUtf8(bytes), dataStart);
  checkLayout(tensors, dataStart, file.size);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/** Whether a tensor's type converts to float32. */
export function isFloat(dtype: string): dtype is FloatType {
  return Object.hasOwn(FLOAT_BYTES, dtype);
}

/** A tensor's values, row-major. Throws `TensorFileError` if its type is not a floating-point one or bytes are missing. */
export async function readTensor(file: ByteSource, tensor: StoredTensor): Promise<Float32Array> {
  const { name, dtype, start, end } = tensor;
  if (!isFloat(dtype)) {
    throw new TensorFileError(
      say`tensor ${quote(name)} has type ${quote(dtype)}; expected F32, F64, F16 or BF16`,
    );
  }
  const size = FLOAT_BYTES[dtype];
  const values = new Float32Array((end - start) / size);
  for (let from = start; from < end; from += PIECE_BYTES) {
    const bytes = await readExactly(
      file,
      from,
      Math.min(from + PIECE_BYTES, end),
      say`tensor ${quote(name)}`,
    );
    convert(dtype, bytes, values, (from - start) / size);
  }
  return values;
}

async function readHeaderLength(file: ByteSource): Promise<number> {
  if (file.size < LENGTH_BYTES) {
    throw new TensorFileError(
      say`expected at least ${LENGTH_BYTES} bytes at offset 0 for the header's length, found ${file.size}: the file is truncated or of another kind`,
    );
  }
  const bytes = await readExactly(file, 0, LENGTH_BYTES, say`the header's length`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const most = Math.min(MAX_HEADER_BYTES, file.size - LENGTH_BYTES);
  if (declared > BigInt(most)) {
    const fault = say`the header's length at offset 0 says ${declared} bytes, ${lengthFault(declared, most)}`;
    throw new TensorFileError((await foreignKind(file)) ?? fault);
  }
  return Number(declared);
}

/** What a file is instead, where its first bytes tell that: as a header's length they are out of bounds. */
async function foreignKind(file: ByteSource): Promise<string | undefined> {
  const found = await foundKind(file);
  return found === UNKNOWN_KIND ? undefined : say`expected a safetensors file, ${found}`;
}

function lengthFault(declared: bigint, most: number): string {
  return declared > BigInt(MAX_HEADER_BYTES)
    ? say`but at most ${MAX_HEADER_BYTES} are allowed: the file is damaged or of another kind`
    : say`but only ${most} follow it: the file is truncated or of another kind`;
}

async function readExactly(file: ByteSource, start: number, end: number, what: string): Promise<Uint8Array> {
  const bytes = await file.read(start, end);
  if (bytes.byteLength === end - start) return bytes;
  throw new TensorFileError(
    say`${what}: expected ${end - start} bytes at offset ${start}, found ${bytes.byteLength}: the file is truncated`,
  );
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TensorFileError(say`the header at offset ${LENGTH_BYTES} is not UTF-8 text`);
  }
}

function parseHeader(text: string, dataStart: number): StoredTensor[] {
  const report = Report.of(text, { schema: false, about: 'weights' });
  const root = parseJson(text, report, 'json');
  const found = root && entries(root, report);
  const tensors: StoredTensor[] = [];
  for (const [name, node] of found ?? []) {
    if (name === '__metadata__') continue;
    const tensor = decodeTensor(name, node, dataStart, report);
    if (tensor) tensors.push(tensor);
  }
  const [first] = report.problems;
  if (!first) return tensors;
  throw new TensorFileError(say`the header at offset ${LENGTH_BYTES + first.place.offset}: ${first.message}`);
}

function decodeTensor(
  name: string,
  node: JsonNode,
  dataStart: number,
  report: Report,
): StoredTensor | undefined {
  const found = entries(node, report);
  if (!found) return undefined;
  const field = <T>(key: string, decoder: Decoder<T>): T | undefined => {
    const value = found.get(key);
    if (value) return decoder(value, report);
    report.error(node, 'missing-key', say`tensor ${quote(name)}: expected the key "${key}"`);
    return undefined;
  };
  const dtype = field('dtype', string);
  const shape = field('shape', listOf(integer(0)));
  const offsets = field('data_offsets', listOf(integer(0)));
  if (dtype === undefined || !shape || !offsets) return undefined;
  const [start, end] = offsets;
  const fault = offsetFault(dtype, shape, offsets);
  if (fault) {
    report.error(node, 'wrong-offsets', say`tensor ${quote(name)}: ${fault}`);
    return undefined;
  }
  return { name, dtype, shape, start: dataStart + start, end: dataStart + end };
}

function offsetFault(
  dtype: string,
  shape: readonly number[],
  offsets: readonly number[],
): string | undefined {
  const found = say`found [${offsets.join(', ')}]`;
  const [start, end] = offsets;
  if (offsets.length !== 2 || start > end)
    return say`expected data_offsets [start, end] with start ≤ end, ${found}`;
  const bits = DTYPE_BITS.get(dtype);
  if (bits === undefined) return undefined;
  const bytes = (elementCount(shape) * bits) / 8;
  if (!Number.isSafeInteger(bytes))
    return say`shape [${shape.join(', ')}] of ${dtype} has more elements than can be stored`;
  return bytes === end - start
    ? undefined
    : say`shape [${shape.join(', ')}] of ${dtype} takes ${bytes} bytes, but data_offsets span ${end - start}`;
}

/** The tensors must fill the rest of the file one after the other. */
function checkLayout(tensors: readonly StoredTensor[], dataStart: number, fileSize: number): void {
  let expected = dataStart;
  for (const { name, start, end } of tensors.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (end > fileSize) {
      throw new TensorFileError(
        say`tensor ${quote(name)} ends at offset ${end}, but the file has ${fileSize} bytes: it is truncated or its offsets are wrong`,
      );
    }
    if (start !== expected) {
      const fault =
        start < expected ? say`overlaps the tensor before it` : say`leaves a gap after the tensor before it`;
      throw new TensorFileError(
        say`tensor ${quote(name)} ${fault}: expected it at offset ${expected}, found ${start}`,
      );
    }
    expected = end;
  }
  if (expected !== fileSize) {
    throw new TensorFileError(say`the tensors end at offset ${expected}, but the file has ${fileSize} bytes`);
  }
}

/** A file of float32 tensors, in the order of their names: the same tensors always give the same bytes. */
export function writeSafetensors(weights: Weights): Uint8Array {
  const tensors = [...weights].sort(([a], [b]) => (a < b ? -1 : 1));
  let end = 0;
  const header = tensors.map(([name, { shape, data }]) => {
    const start = end;
    end += data.length * Float32Array.BYTES_PER_ELEMENT;
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  file.fill(SPACE, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(json, LENGTH_BYTES);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  let at = LENGTH_BYTES + headerBytes;
  for (const [, { data }] of tensors) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += Float32Array.BYTES_PER_ELEMENT;
    }
  }
  return file;
}

/** The header is filled up with spaces, as the official implementation does, so that the tensors are aligned. */
const ALIGNMENT = 8;
const SPACE = 0x20;
