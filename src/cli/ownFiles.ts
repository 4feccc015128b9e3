/** Files that a command reads, which it must not write. */
import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Reading } from '../model/dialects/dialect';
import type { Values } from './command';
import { EXIT, Failure, oneLine } from './output';

/** What the model was read from. */
export function filesOf(model: string, { files }: Reading, { weights }: Values): string[] {
  const beside = files.map((file) => join(dirname(model), file));
  return [model, ...beside, ...(typeof weights === 'string' ? [weights] : [])];
}

/** Fails if a file that would be written is one of those that were read. */
export async function refuseOwnFiles(read: readonly string[], written: readonly string[]): Promise<void> {
  const known = new Set(await Promise.all(read.map(truePath)));
  for (const file of written) {
    if (!known.has(await truePath(file))) continue;
    throw new Failure(EXIT.usage, `${oneLine(file)} is what the model is read from: choose another name`);
  }
}

/** Links followed where the file is there. */
async function truePath(file: string): Promise<string> {
  return realpath(file).catch(() => resolve(file));
}
