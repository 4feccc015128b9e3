import type { ByteSource, Folder } from '../../files/folder';

/** What is wrong with a tensor file; the message gives the offset in bytes where there is one. */
export class TensorFileError extends Error {
  override readonly name = 'TensorFileError';
}

/** A file of a folder; no piece takes more than `memory` bytes. Throws `FileError`; `read` throws `TensorFileError` too. */
export async function bytesOf(folder: Folder, path: string, memory: number): Promise<ByteSource> {
  return {
    size: await folder.size(path),
    read(start, end) {
      if (end - start > memory) {
        throw new TensorFileError(
          `${end - start} bytes at offset ${start} are beyond the limit of ${memory} (setting gatescope.memoryLimit)`,
        );
      }
      return folder.read(path, start, end);
    },
  };
}
