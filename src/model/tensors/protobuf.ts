/** Messages of protocol buffers, of which few fields are wanted: read without a schema (protobuf.dev, "Encoding"). */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { say } from '../../words/say';
import { TensorFileError } from './bytes';

export interface WireField {
  readonly number: number;
  /** Numbers beyond 2^53 are not exact. */
  readonly value: number | Uint8Array;
}

/** The fields of a message one after the other; bytes are views. Throws `TensorFileError` for bytes that are no message. */
export function* fieldsIn(bytes: Uint8Array): Generator<WireField> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const field = attempt(reader, () => nextField(reader));
    if (field) yield field;
  }
}

function attempt<T>(reader: BinaryReader, read: () => T): T {
  const at = reader.pos;
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new TensorFileError(
      say`expected a protocol buffer at offset ${at}, found other bytes: it is damaged`,
    );
  }
}

/** Undefined for a group, which is passed over. */
function nextField(reader: BinaryReader): WireField | undefined {
  const [number, wireType] = reader.tag();
  switch (wireType) {
    case WireType.Varint:
      return { number, value: Number(reader.int64()) };
    case WireType.Bit32:
      return { number, value: reader.fixed32() };
    case WireType.LengthDelimited:
      return { number, value: reader.bytes() };
    default:
      reader.skip(wireType, number);
      return undefined;
  }
}

/** The bytes of every field of this number that holds some. */
export function* bytesIn(message: Uint8Array, number: number): Generator<Uint8Array> {
  for (const field of fieldsIn(message)) {
    if (field.number === number && typeof field.value !== 'number') yield field.value;
  }
}

/** The last of a field's values that is of the type wanted, as protocol buffers have it. */
export function lastBytes(message: Uint8Array, number: number): Uint8Array | undefined {
  let last: Uint8Array | undefined;
  for (const bytes of bytesIn(message, number)) last = bytes;
  return last;
}

export function lastNumber(message: Uint8Array, number: number): number | undefined {
  let last: number | undefined;
  for (const field of fieldsIn(message)) {
    if (field.number === number && typeof field.value === 'number') last = field.value;
  }
  return last;
}

const decoder = new TextDecoder();

export function textOf(bytes: Uint8Array | undefined): string {
  return bytes ? decoder.decode(bytes) : '';
}
