import { say } from '../../../words/say';
import type { Pauses } from '../../pauses';
import { TensorFileError } from '../bytes';
import { inflate } from '../inflate';
import { MESSAGE, messageOf, type Message } from './messages';

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const CHECKSUM_BYTES = 4;
/** Filters below this number have no name of their own in version 2 of the message. */
const FIRST_NAMED = 256;

/** What was done to the chunks of a dataset before they were stored, in that order (IV.A.2.l). */
export function readFilters(messages: readonly Message[]): number[] {
  const message = messageOf(messages, MESSAGE.filters);
  if (!message) return [];
  const version = message.u8();
  const count = message.u8();
  if (version === 1) message.skip(6);
  const filters: number[] = [];
  for (let k = 0; k < count; k++) {
    const id = message.u16();
    const nameBytes = version === 1 || id >= FIRST_NAMED ? message.u16() : 0;
    const values = message.skip(2).u16();
    message.skip(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
    message.skip(4 * (version === 1 ? values + (values % 2) : values));
    filters.push(id);
  }
  return filters;
}

export interface Packing {
  /** What `readFilters` gives. */
  readonly filters: readonly number[];
  /** Bit k says that filter k was left out. */
  readonly mask: number;
  /** Bytes of the chunk before the filters, and of a value. */
  readonly size: number;
  readonly itemBytes: number;
}

/** A stored chunk as it was before the filters. */
export async function unfiltered(
  stored: Uint8Array,
  { filters, mask, size, itemBytes }: Packing,
  pauses: Pauses,
): Promise<Uint8Array> {
  let bytes = stored;
  for (const [k, filter] of [...filters.entries()].reverse()) {
    if (mask & (1 << k)) continue;
    if (filter === DEFLATE) {
      const checksum = filters.some((id, at) => id === FLETCHER32 && at < k && !(mask & (1 << at)));
      bytes = await inflate(bytes, size + (checksum ? CHECKSUM_BYTES : 0), 'zlib', say`a chunk`, pauses);
    } else if (filter === SHUFFLE) bytes = unshuffled(bytes, itemBytes);
    else if (filter === FLETCHER32) bytes = bytes.subarray(0, -CHECKSUM_BYTES);
    else
      throw new TensorFileError(
        say`its values are packed by filter ${filter}, which is not known here; gzip is`,
      );
  }
  if (bytes.byteLength === size) return bytes;
  throw new TensorFileError(say`a chunk has ${bytes.byteLength} bytes, expected ${size}`);
}

/** The shuffle filter puts the first bytes of all values first, then the second ones, … */
function unshuffled(shuffled: Uint8Array, itemBytes: number): Uint8Array {
  const count = Math.floor(shuffled.byteLength / itemBytes);
  const bytes = new Uint8Array(shuffled);
  for (let part = 0; part < itemBytes; part++) {
    for (let k = 0; k < count; k++) bytes[k * itemBytes + part] = shuffled[part * count + k];
  }
  return bytes;
}
