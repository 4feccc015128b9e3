/** The folders that a client may have files read of. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Paths } from '../tools/tools';

export class Roots implements Paths {
  private constructor(private readonly folders: readonly string[]) {}

  /** Rejects where there is no such folder. */
  static async of(folders: readonly string[]): Promise<Roots> {
    return new Roots(await Promise.all(folders.map((folder) => realpath(folder))));
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

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
