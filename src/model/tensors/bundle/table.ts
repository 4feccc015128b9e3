/**
 * Tables of sorted keys, as LevelDB and TensorFlow keep them (leveldb doc/table_format.md; tensorflow/core/lib/io/format.cc,
 * block.cc): blocks of entries, an index of the blocks, and a footer. Knows nothing of what the values are.
 */
import { say } from '../../../words/say';
import { TensorFileError } from '../bytes';
import { maskedCrc32c } from './crc32c';

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Behind each block: how it is packed, and its checksum. */
const TRAILER_BYTES = 5;
const PACKINGS = ['plain', 'Snappy'];
/** Far longer than names are. */
const MOST_KEY_BYTES = 4096;
const MOST_ENTRIES = 200_000;
/** Of all keys together, which a file can repeat from one to the next. */
const MOST_BYTES = 64 << 20;

/** The values by their keys, of a whole file. Throws `TensorFileError`. */
export function readTable(file: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const at = file.byteLength - FOOTER_BYTES;
  const footer = at >= 0 ? new Cursor(file, at, file.byteLength) : undefined;
  const magic =
    footer && new DataView(file.buffer, file.byteOffset + file.byteLength - 8).getBigUint64(0, true);
  if (!footer || magic !== MAGIC) {
    throw new TensorFileError(
      say`expected the end of a table of TensorFlow, found other bytes: it is truncated or damaged`,
    );
  }
  handleAt(footer);
  const found = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const [, handle] of entriesIn(file, handleAt(footer))) {
    for (const [key, value] of entriesIn(file, handleAt(new Cursor(handle, 0, handle.byteLength)))) {
      bytes += key.length;
      if (found.size >= MOST_ENTRIES || bytes > MOST_BYTES) {
        throw new TensorFileError(say`the table has more than ${found.size} entries`);
      }
      found.set(key, value);
    }
  }
  return found;
}

/** Where a block is, without its trailer. */
interface Handle {
  readonly start: number;
  readonly end: number;
}

function handleAt(cursor: Cursor): Handle {
  const start = cursor.varint();
  return { start, end: start + cursor.varint() };
}

function* entriesIn(file: Uint8Array, { start, end }: Handle): Generator<[string, Uint8Array]> {
  checkBlock(file, start, end);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const restarts = view.getUint32(end - 4, true);
  const cursor = new Cursor(file, start, end - 4 - 4 * restarts);
  let key = new Uint8Array();
  while (cursor.left > 0) {
    const shared = cursor.varint();
    const own = cursor.varint();
    const length = cursor.varint();
    if (shared > key.byteLength || shared + own > MOST_KEY_BYTES) {
      throw new TensorFileError(
        say`an entry at offset ${cursor.at} has a key that cannot be: the table is damaged`,
      );
    }
    const next = new Uint8Array(shared + own);
    next.set(key.subarray(0, shared));
    next.set(cursor.bytes(own), shared);
    key = next;
    yield [decoder.decode(key), cursor.bytes(length)];
  }
}

const decoder = new TextDecoder();

function checkBlock(file: Uint8Array, start: number, end: number): void {
  if (end + TRAILER_BYTES > file.byteLength || end - start < 4) {
    throw new TensorFileError(
      say`expected a block of ${end - start} bytes at offset ${start}: the table is truncated or damaged`,
    );
  }
  const packing = file[end];
  if (packing !== 0) {
    const name = PACKINGS[packing] ?? say`type ${packing}`;
    throw new TensorFileError(
      say`a block at offset ${start} is packed (${name}); TensorFlow writes plain blocks, and only those are read`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(end + 1, true) !== maskedCrc32c(file.subarray(start, end + 1))) {
    throw new TensorFileError(
      say`the block at offset ${start} does not have its checksum: the file is damaged`,
    );
  }
  const restarts = view.getUint32(end - 4, true);
  if (4 + 4 * restarts > end - start) {
    throw new TensorFileError(say`the block at offset ${start} has no room for its entries: it is damaged`);
  }
}

class Cursor {
  constructor(
    private readonly file: Uint8Array,
    public at: number,
    private readonly end: number,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  /** Of at most 2^53. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 128) {
      const [byte] = this.bytes(1);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new TensorFileError(say`a number at offset ${this.at} is too long: the table is damaged`);
  }

  bytes(length: number): Uint8Array {
    if (length > this.left) {
      throw new TensorFileError(
        say`expected ${length} bytes at offset ${this.at}, found ${this.left}: the table is damaged`,
      );
    }
    return this.file.subarray(this.at, (this.at += length));
  }
}
