import { FileError, type ByteSource, type Folder } from '../../src/files/folder';
import { checkInside } from '../../src/files/inside';

/** A model's folder in memory. */
export class Files implements Folder {
  private readonly files: ReadonlyMap<string, Uint8Array>;

  constructor(files: Readonly<Record<string, Uint8Array>> | ReadonlyMap<string, Uint8Array>) {
    this.files = new Map(files instanceof Map ? files : Object.entries(files));
  }

  async size(path: string): Promise<number> {
    return this.file(path).byteLength;
  }

  async read(path: string, start = 0, end?: number): Promise<Uint8Array> {
    return this.file(path).subarray(start, end);
  }

  source(path: string): ByteSource {
    return { size: this.file(path).byteLength, read: (start, end) => this.read(path, start, end) };
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  private file(path: string): Uint8Array {
    checkInside(path);
    const bytes = this.files.get(path);
    if (!bytes) throw new FileError('missing', path, `${JSON.stringify(path)} does not exist`);
    return bytes;
  }
}
