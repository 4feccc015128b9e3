import type { ByteSource, Folder } from '../../files/folder';
import { inUnits, limitInWords, type Limits } from '../memory';

/** What is wrong with a tensor file; the message gives the offset in bytes where there is one. */
export class TensorFileError extends Error {
  override readonly name = 'TensorFileError';
}

/** A file of a folder; no piece takes more memory than the limit. Throws `FileError`; `read` throws `TensorFileError` too. */
export async function bytesOf(folder: Folder, path: string, limits: Limits): Promise<ByteSource> {
  return {
    size: await folder.size(path),
    read(start, end) {
      if (end - start > limits.memory) {
        throw new TensorFileError(
          `${inUnits(end - start)} at offset ${start} are beyond the limit of ${limitInWords(limits)}`,
        );
      }
      return folder.read(path, start, end);
    },
  };
}
