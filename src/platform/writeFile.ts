/** Files that are written as a whole or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import {
  type FileHandle,
  access,
  chmod,
  constants,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Pieces } from '../files/pieces';

/** Pieces are put together until they are so many bytes. */
const PIECE = 1 << 18;

/** Whose the unfinished files are: of this machine, of this process. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const UNFINISHED = new RegExp(`^\\..+\\.gatescope-${MACHINE}-(\\d+)-[0-9a-f]+\\.tmp$`);

function unfinishedName(name: string): string {
  // Names may have 255 bytes.
  return `.${name.slice(0, 50)}.gatescope-${MACHINE}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
}

/**
 * Writes pieces one after the other into a new file beside, which takes the name at the end: whatever ends the process, the
 * file is the one before or the new one. Rejects, and leaves the one before, as the pieces or the disk do; so it does where
 * the one before is read-only. What is no file, such as a pipe, is written to as it is. What processes that were killed left
 * unfinished in the folder is removed.
 */
export async function writeWhole(path: string, pieces: Pieces): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const there = await stat(target).catch(() => undefined);
  if (there && !there.isFile()) return fill(await open(target, 'w'), pieces);
  if (there) await demandWritable(target, there.mode);
  await removeUnfinished(dirname(target));
  const beside = join(dirname(target), unfinishedName(basename(target)));
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

/** A new file may take the name of a read-only one, which is not what its owner wants, whatever the process may. */
async function demandWritable(file: string, mode: number): Promise<void> {
  if (mode & 0o222) return access(file, constants.W_OK);
  throw Object.assign(new Error(`${file} is read-only`), { code: 'EACCES' });
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = UNFINISHED.exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
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
