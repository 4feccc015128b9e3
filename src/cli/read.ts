import { basename, dirname, resolve } from 'node:path';
import type { Values } from '../cli';
import { FileError } from '../files/folder';
import { NodeFolder, openNodeFile } from '../files/nodeFolder';
import { DEFAULT_LIMITS, failedReading, type Reading } from '../model/dialects/dialect';
import type { Network } from '../model/network';
import { hasErrors, type Problem, type ProblemSubject } from '../model/problem';
import { openSource } from '../model/open';
import { readModel } from '../model/read';
import { EXIT, Failure, problemLine, say } from './output';

/** Reads a model file. A file that cannot be read at all is a problem like any other. */
export async function read(model: string, { weights, as }: Values = {}): Promise<Reading> {
  const at = typeof weights === 'string' ? fileAt(weights) : undefined;
  const choices = typeof as === 'string' ? as.split(',') : [];
  const { folder, path: fileName } = fileAt(model);
  const source = { folder, fileName, limits: DEFAULT_LIMITS, choices, ...(at && { weights: at }) };
  try {
    return await readModel(await openSource(await openNodeFile(model), source));
  } catch (error) {
    if (FileError.is(error)) return failedReading('unreadable-file', error.message);
    throw error;
  }
}

function fileAt(path: string) {
  return { folder: new NodeFolder(dirname(resolve(path))), path: basename(path) };
}

/** The network of a reading; fails with the problems on stderr if anything named has errors. */
export function demand(model: string, reading: Reading, about: readonly ProblemSubject[]): Network {
  const failed = about.some((subject) => hasErrors(reading.problems, subject));
  report(model, failed ? reading.problems : []);
  if (failed || !reading.network) throw new Failure(EXIT.input, `${model} cannot be used: see above`);
  return reading.network;
}

/** Fails, with `advice` if there is any, if something would take more memory than the limit. */
export function demandMemory(what: string, bytes: number, advice?: string): void {
  const { memory } = DEFAULT_LIMITS;
  if (bytes <= memory) return;
  const message = `${what} would take ${bytes} bytes; the limit is ${memory}`;
  throw new Failure(EXIT.input, advice === undefined ? message : `${message}: ${advice}`);
}

export function report(model: string, problems: readonly Problem[]): void {
  for (const problem of problems) say(problemLine(model, problem));
}
