import { Inflate, Unzlib } from 'fflate';
import { say } from '../../words/say';
import type { Pauses } from '../pauses';
import { TensorFileError } from './bytes';

/** Deflate makes at most 1032 bytes of one: a piece of this size takes 16 MB at worst. */
const PIECE_BYTES = 1 << 14;

/**
 * What `bytes` unpack to, which must be `size` bytes: raw deflate or, in the form `zlib`, with zlib's header. Throws
 * `TensorFileError`, and takes no more memory than `size` by much, whatever the bytes are.
 */
export async function inflate(
  bytes: Uint8Array,
  size: number,
  form: 'raw' | 'zlib',
  what: string,
  pauses: Pauses,
): Promise<Uint8Array> {
  const unpacked = new Uint8Array(size);
  let filled = 0;
  const take = (piece: Uint8Array) => {
    if (filled + piece.byteLength <= size) unpacked.set(piece, filled);
    filled += piece.byteLength;
  };
  const stream = form === 'zlib' ? new Unzlib(take) : new Inflate(take);
  for (let at = 0; at < bytes.byteLength && filled <= size; at += PIECE_BYTES) {
    const end = Math.min(at + PIECE_BYTES, bytes.byteLength);
    try {
      stream.push(bytes.subarray(at, end), end === bytes.byteLength);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TensorFileError(say`${what} cannot be unpacked: ${reason}`);
    }
    await pauses.take();
  }
  if (filled === size) return unpacked;
  const found = filled > size ? say`more` : String(filled);
  throw new TensorFileError(say`${what}: expected ${size} bytes when unpacked, found ${found}`);
}
