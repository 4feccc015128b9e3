import { FileError, type ByteSource } from '../files/folder';
import { say } from '../words/say';
import { HEAD_BYTES, type BinarySource, type Source, type TextSource } from './dialects/dialect';
import { inUnits, limitInWords } from './limits';
import { isPickle } from './tensors/pickle';

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
      say`${JSON.stringify(fileName)} has ${inUnits(bytes.size)}; the limit is ${limitInWords(limits)}`,
    );
  }
  return { ...source, text: new TextDecoder().decode(await bytes.read(0, bytes.size)) };
}

/** Enough to tell a binary format that begins like text. */
const SIGNATURE_BYTES = 8;

/**
 * Every binary format that models come in has a control character in its first bytes. What does not begin like JSON is
 * looked at further; what does is read as such, so that its faults have their places.
 */
function isBinary(head: Uint8Array): boolean {
  if (head.subarray(0, SIGNATURE_BYTES).some(isControl) || isPickle(head)) return true;
  return !beginsLikeJson(head) && (head.some(isControl) || !isUtf8(head));
}

function isControl(byte: number): boolean {
  return byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d);
}

/** An object, a list or a comment, after a byte order mark and white space. */
function beginsLikeJson(head: Uint8Array): boolean {
  return /^(\u00ef\u00bb\u00bf)?\s*[[{/]/.test(
    Array.from(head, (byte) => String.fromCharCode(byte)).join(''),
  );
}

/** Of the beginning of a file, which may end within a character. */
function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
