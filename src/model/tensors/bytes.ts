import type { ByteSource, Folder } from '../../files/folder';
import { say } from '../../words/say';
import { inUnits, limitInWords, type Limits } from '../limits';
import { inWords, KIND_BYTES, otherFile, standIn } from '../otherFile';

/** What is wrong with a tensor file; the message gives the offset in bytes where there is one. */
export class TensorFileError extends Error {
  override readonly name = 'TensorFileError';
}

/**
 * A file of a folder; no piece takes more memory than the limit. Throws `FileError`, and `TensorFileError` if another text
 * stands in its place; `read` throws `TensorFileError` too.
 */
export async function bytesOf(folder: Folder, path: string, limits: Limits): Promise<ByteSource> {
  const size = await folder.size(path);
  await checkPresent(folder, path);
  return {
    size,
    read(start, end) {
      if (end - start > limits.memory) {
        throw new TensorFileError(
          say`${inUnits(end - start)} at offset ${start} are beyond the limit of ${limitInWords(limits)}`,
        );
      }
      return folder.read(path, start, end);
    },
  };
}

/** Throws `TensorFileError` if a file is a Git LFS pointer or a web page, whatever it should hold; `FileError` too. */
export async function checkPresent(folder: Folder, path: string): Promise<void> {
  const found = standIn(await folder.read(path, 0, KIND_BYTES));
  if (found) throw new TensorFileError(say`${JSON.stringify(path)} is ${inWords(found)}`);
}

export const UNKNOWN_KIND = say`found another kind of file`;

/** What is found where a file of another kind was expected: `found a pickle: …`. */
export async function foundKind(file: ByteSource): Promise<string> {
  const found = otherFile(await file.read(0, Math.min(KIND_BYTES, file.size)), '');
  return found ? say`found ${inWords(found)}` : UNKNOWN_KIND;
}

/** `size` bytes of a file from `start` on, as a file. */
export function partOf(file: ByteSource, start: number, size: number): ByteSource {
  return { size, read: (from, to) => file.read(start + from, start + Math.min(to, size)) };
}

/** Bytes in memory, as a file. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.byteLength, read: (from, to) => Promise.resolve(bytes.subarray(from, to)) };
}
