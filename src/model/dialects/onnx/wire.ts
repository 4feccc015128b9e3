/** Protocol buffers as they lie in a file: fields one after the other, found without reading what they hold. */
import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { ByteSource } from '../../../files/folder';
import { say } from '../../../words/say';
import { limitInWords, type Limits } from '../../limits';
import { TensorFileError } from '../../tensors/bytes';

export interface Field {
  readonly number: number;
  readonly wireType: WireType;
  /** Of the whole field, in bytes. */
  readonly start: number;
  /** Of what it holds, behind tag and length. */
  readonly contentStart: number;
  readonly end: number;
}

/** From `start` (inclusive) to `end` (exclusive). */
export type Range = readonly [start: number, end: number];

const WINDOW_BYTES = 1 << 16;
/** A tag and a length take at most five and ten bytes. */
const HEAD_BYTES = 16;
const MAX_FIELDS = 250_000;

/** A file that is read from its beginning to its end, in pieces that small fields share. */
export class WireFile {
  private window: Uint8Array = new Uint8Array();
  private windowStart = 0;

  constructor(private readonly bytes: ByteSource) {}

  get size(): number {
    return this.bytes.size;
  }

  /** Throws `TensorFileError` if the file is shorter. */
  async read([start, end]: Range): Promise<Uint8Array> {
    const inWindow = start >= this.windowStart && end <= this.windowStart + this.window.byteLength;
    if (!inWindow && end - start < WINDOW_BYTES) {
      this.window = await this.bytes.read(start, Math.min(start + WINDOW_BYTES, this.size));
      this.windowStart = start;
    }
    const bytes =
      end - start < WINDOW_BYTES || inWindow
        ? this.window.subarray(start - this.windowStart, end - this.windowStart)
        : await this.bytes.read(start, end);
    if (bytes.byteLength === end - start) return bytes;
    throw new TensorFileError(
      say`expected ${end - start} bytes at offset ${start}, found ${bytes.byteLength}: the file is truncated`,
    );
  }

  /** The fields of a message. Throws `TensorFileError` for bytes that are none. */
  async fields([start, end]: Range): Promise<Field[]> {
    const fields: Field[] = [];
    for (let at = start; at < end; at = fields[fields.length - 1].end) {
      if (fields.length === MAX_FIELDS)
        throw new TensorFileError(say`more than ${MAX_FIELDS} fields at offset ${start}`);
      const head = await this.read([at, Math.min(at + HEAD_BYTES, end)]);
      fields.push(fieldAt(head, at, end));
    }
    return fields;
  }

  /** Several stretches as one piece of memory; neighbours are read at once. */
  async joined(ranges: readonly Range[]): Promise<Uint8Array> {
    const joined = new Uint8Array(ranges.reduce((sum, [start, end]) => sum + end - start, 0));
    let at = 0;
    for (const [start, end] of neighboursJoined(ranges)) {
      joined.set(await this.read([start, end]), at);
      at += end - start;
    }
    return joined;
  }
}

function neighboursJoined(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const [start, end] of ranges) {
    const last = joined.at(-1);
    if (last && last[1] === start) joined[joined.length - 1] = [last[0], end];
    else joined.push([start, end]);
  }
  return joined;
}

function fieldAt(head: Uint8Array, start: number, limit: number): Field {
  const reader = new BinaryReader(head);
  const fault = (what: string) =>
    new TensorFileError(say`${what} at offset ${start}: the file is damaged or no ONNX model`);
  try {
    const [number, wireType] = reader.tag();
    const length = lengthOf(reader, wireType);
    const contentStart = start + reader.pos;
    const end = contentStart + length;
    if (end > limit) throw fault(say`expected ${length} bytes, found ${limit - contentStart}`);
    return { number, wireType, start, contentStart, end };
  } catch (error) {
    if (error instanceof TensorFileError) throw error;
    throw fault(say`expected a field of a protocol buffer, found none`);
  }
}

/** Bytes of what follows; a varint counts as read. */
function lengthOf(reader: BinaryReader, wireType: WireType): number {
  switch (wireType) {
    case WireType.Varint:
      reader.skip(WireType.Varint);
      return 0;
    case WireType.Bit32:
      return 4;
    case WireType.Bit64:
      return 8;
    case WireType.LengthDelimited:
      return reader.uint32();
    default:
      throw new RangeError(say`groups are not used`);
  }
}

const MESSAGE_BYTES = 500;
const VALUE_BYTES = 64;
/** What one byte of a packed list may become. */
const PACKED_BYTES = 32;
const MAX_DEPTH = 90;

/**
 * About how many bytes of memory a decoded message will take: a file of a few bytes a message could take a hundred times
 * its size. Throws `TensorFileError` beyond the limit, and for bytes that are no message.
 */
export function decodedBytes(desc: DescMessage, bytes: Uint8Array, limits: Limits): number {
  const reader = new BinaryReader(bytes);
  let total = 0;
  const message = (of: DescMessage, end: number, depth: number): void => {
    if (depth > MAX_DEPTH) throw new TensorFileError(say`messages are nested deeper than ${MAX_DEPTH}`);
    total += MESSAGE_BYTES;
    const fields = fieldsOf(of);
    while (reader.pos < end) {
      if (total > limits.memory) {
        throw new TensorFileError(say`decoding would take more memory than ${limitInWords(limits)}`);
      }
      const [number, wireType] = reader.tag();
      const field = fields.get(number);
      if (wireType !== WireType.LengthDelimited || !field) {
        reader.skip(wireType, number);
        total += VALUE_BYTES;
        continue;
      }
      const length = reader.uint32();
      if (reader.pos + length > end)
        throw new TensorFileError(say`a message ends within a field: the file is damaged`);
      if (field.message) message(field.message, reader.pos + length, depth + 1);
      else {
        const numbers = field.fieldKind === 'list' && field.packed;
        total += numbers ? PACKED_BYTES * length : VALUE_BYTES;
        reader.pos += length;
      }
    }
  };
  message(desc, bytes.byteLength, 0);
  return total;
}

const known = new WeakMap<DescMessage, ReadonlyMap<number, DescMessage['fields'][number]>>();

function fieldsOf(desc: DescMessage): ReadonlyMap<number, DescMessage['fields'][number]> {
  const fields = known.get(desc) ?? new Map(desc.fields.map((field) => [field.number, field]));
  known.set(desc, fields);
  return fields;
}
