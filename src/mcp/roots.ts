/** The folders that a client may have files read of. */
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Paths } from '../tools/tools';

export class Roots implements Paths {
  private constructor(private readonly folders: readonly string[]) {}

  /** Rejects with a RangeError where there is no such folder. */
  static async of(folders: readonly string[]): Promise<Roots> {
    return new Roots(await Promise.all(folders.map(folderAt)));
  }

  /**
   * The path of a file in one of the folders, links followed; a relative one is looked for in each. Rejects with a
   * RangeError for any other.
   */
  async file(path: string): Promise<string> {
    for (const folder of this.folders) {
      const found = await realpath(resolve(folder, path)).catch(() => undefined);
      if (found !== undefined && this.folders.some((one) => isInside(one, found))) return found;
    }
    throw new RangeError(`there is no file ${JSON.stringify(path)} in ${this.folders.join(', ')}`);
  }
}

async function folderAt(path: string): Promise<string> {
  const found = await realpath(path).catch(() => undefined);
  if (found !== undefined && (await stat(found)).isDirectory()) return found;
  throw new RangeError(`expected a folder, found ${found === undefined ? 'none' : 'a file'} at ${path}`);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
