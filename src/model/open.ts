import { FileError, type ByteSource } from '../files/folder';
import { HEAD_BYTES, type BinarySource, type Source, type TextSource } from './dialects/dialect';

/**
 * A model file as what it is, text or not, told by its first bytes. Throws `FileError` if it cannot be read, or is text
 * beyond the limit.
 */
export async function openSource(bytes: ByteSource, source: Source): Promise<TextSource | BinarySource> {
  const { fileName, limits } = source;
  if (isBinary(await bytes.read(0, Math.min(HEAD_BYTES, bytes.size)))) return { ...source, bytes };
  if (bytes.size > limits.memory) {
    throw new FileError(
      'unreadable',
      fileName,
      `${JSON.stringify(fileName)} has ${bytes.size} bytes; the limit is ${limits.memory}`,
    );
  }
  return { ...source, text: new TextDecoder().decode(await bytes.read(0, bytes.size)) };
}

const SIGNATURE_BYTES = 8;

/** Every binary format that models come in has a control character, or a byte that is no UTF-8, in its first bytes. */
function isBinary(head: Uint8Array): boolean {
  const control = (byte: number) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d);
  const continuation = head[0] >= 0x80 && head[0] < 0xc0;
  return continuation || head.subarray(0, SIGNATURE_BYTES).some(control);
}
