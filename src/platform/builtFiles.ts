/** What is built, in Node. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of it, by its path there. */
export async function builtFile(file: string): Promise<Uint8Array> {
  return readFile(path.join(builtFolder(), file));
}

/** The folder of this program, or the one above its chunks; where it is run as it was written, the one that it is built into. */
function builtFolder(): string {
  const own = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  return [own, path.join(own, '..'), path.join(own, '../../dist')].find((folder) =>
    existsSync(path.join(folder, 'cli.js')),
  )!;
}
