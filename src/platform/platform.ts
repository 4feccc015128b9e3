/** What the extension host takes from Node; platform.web.ts has the same for a web worker. */
import { randomBytes } from 'node:crypto';
import type { ByteSource, Folder } from '../files/folder';
import { NodeFolder, openNodeFile } from './nodeFolder';
import type { Pieces } from '../files/pieces';
import { writeWhole } from './writeFile';

export { nodeThreads as threads } from './nodeThreads';
export { nodeStretchThreads as stretchThreads } from './stretchThreads';

/** A folder of the machine that the host runs on; undefined where it has none. */
export function localFolder(path: string): Folder | undefined {
  return new NodeFolder(path);
}

/** A file of that machine; undefined where it has none. Rejects with `FileError`. */
export function openLocalFile(path: string): Promise<ByteSource> | undefined {
  return openNodeFile(path);
}

/** Writes a file of that machine as a whole or not at all; undefined where it has none. Rejects as the pieces do. */
export function writeLocalFile(path: string, pieces: Pieces): Promise<void> | undefined {
  return writeWhole(path, pieces);
}

/** A value that nobody can guess, in Base64. */
export function nonce(): string {
  return randomBytes(16).toString('base64');
}
