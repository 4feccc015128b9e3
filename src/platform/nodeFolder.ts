import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, isAbsolute, sep } from 'node:path';
import { FileError, type ByteSource, type Folder } from '../files/folder';
import { checkInside } from '../files/inside';
import { say } from '../words/say';

/** A model's folder on disk, over Node. A link that leads out of the folder is refused like a path that does. */
export class NodeFolder implements Folder {
  constructor(private readonly directory: string) {}

  async size(path: string): Promise<number> {
    return (await this.fileAt(path)).size;
  }

  async read(path: string, start = 0, end = Infinity): Promise<Uint8Array> {
    const file = await this.fileAt(path);
    return readRange(path, file.realPath, start, Math.min(end, file.size) - start);
  }

  async list(): Promise<readonly string[]> {
    const entries = await readdir(this.directory, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name);
  }

  private async fileAt(path: string): Promise<{ readonly realPath: string; readonly size: number }> {
    checkInside(path);
    const [root, realPath] = await attempt(path, () =>
      Promise.all([realpath(this.directory), realpath(join(this.directory, path))]),
    );
    const inside = relative(root, realPath);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
      throw new FileError(
        'outside',
        path,
        say`${JSON.stringify(path)} is a link that leads out of the folder of the model`,
      );
    }
    const stats = await attempt(path, () => stat(realPath));
    if (!stats.isFile()) throw new FileError('not-a-file', path, say`${JSON.stringify(path)} is not a file`);
    return { realPath, size: stats.size };
  }
}

/** A file that the user named, wherever it lies. Throws `FileError`. */
export async function openNodeFile(path: string): Promise<ByteSource> {
  const stats = await attempt(path, () => stat(path));
  if (!stats.isFile()) throw new FileError('not-a-file', path, say`${JSON.stringify(path)} is not a file`);
  return {
    size: stats.size,
    read: (start, end) => readRange(path, path, start, Math.min(end, stats.size) - start),
  };
}

function readRange(path: string, realPath: string, start: number, length: number): Promise<Uint8Array> {
  return attempt(path, async () => {
    const handle = await open(realPath, 'r');
    try {
      return await readFully(handle, start, Math.max(0, length));
    } finally {
      await handle.close();
    }
  });
}

/** Reads `length` bytes from `start`; fewer where the file ends before. */
async function readFully(
  handle: Awaited<ReturnType<typeof open>>,
  start: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new FileError('missing', path, say`${JSON.stringify(path)} does not exist`);
    }
    throw new FileError('unreadable', path, say`${JSON.stringify(path)} cannot be read: ${message}`);
  }
}
