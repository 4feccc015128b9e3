/**
 * The model's folder, as the readers see it. They never touch the disk themselves: the editor hands in one over
 * `workspace.fs`, the command line one over Node, tests one in memory.
 */
export interface Folder {
  /** Size of a file in bytes. Throws `FileError` if it is missing, not a file, or outside the folder. */
  size(path: string): Promise<number>;
  /**
   * Bytes `start` (inclusive) to `end` (exclusive) of a file, the whole file by default; fewer if it is shorter.
   * Throws `FileError` as `size` does.
   */
  read(path: string, start?: number, end?: number): Promise<Uint8Array>;
  /** Names of the files right in the folder, in no order; none where it cannot be listed. */
  list(): Promise<readonly string[]>;
}

/** A file that is read piece by piece. */
export interface ByteSource {
  readonly size: number;
  /** Bytes `start` (inclusive) to `end` (exclusive); fewer if the file is shorter. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export type FileErrorReason = 'missing' | 'outside' | 'not-a-file' | 'unreadable';

export class FileError extends Error {
  override readonly name = 'FileError';

  /** In place of `instanceof`: who throws and who catches may be bundled apart, each with a class of its own. */
  static is(error: unknown): error is FileError {
    return error instanceof Error && error.name === 'FileError';
  }

  constructor(
    readonly reason: FileErrorReason,
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}
