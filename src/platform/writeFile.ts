/** Files that are written as a whole or not at all. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, chmod, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Pieces } from '../files/pieces';

/** Pieces are put together until they are so many bytes. */
const PIECE = 1 << 18;

/**
 * Writes pieces one after the other into a new file beside, which takes the name at the end: whatever ends the process, the
 * file is the one before or the new one. Rejects, and leaves the one before, as the pieces or the disk do. What is no file,
 * such as a pipe, is written to as it is.
 */
export async function writeWhole(path: string, pieces: Pieces): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const there = await stat(target).catch(() => undefined);
  if (there && !there.isFile()) return fill(await open(target, 'w'), pieces);
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(beside, 'wx');
  try {
    await fill(file, pieces);
    if (there) await chmod(beside, there.mode);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Closes the file, too. */
async function fill(file: FileHandle, pieces: Pieces): Promise<void> {
  try {
    let held: Uint8Array[] = [];
    let length = 0;
    for await (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      held.push(bytes);
      length += bytes.length;
      if (length < PIECE) continue;
      await file.writeFile(Buffer.concat(held));
      held = [];
      length = 0;
    }
    await file.writeFile(Buffer.concat(held));
    await file.sync().catch(() => undefined);
  } finally {
    await file.close();
  }
}
