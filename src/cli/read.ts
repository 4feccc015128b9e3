import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { NodeFolder } from '../files/nodeFolder';
import { DEFAULT_LIMITS, failedReading, type Reading } from '../model/dialects/dialect';
import type { Network } from '../model/network';
import { hasErrors, type Problem, type ProblemSubject } from '../model/problem';
import { readModel } from '../model/read';
import { EXIT, Failure, problemLine, say } from './output';

/** Reads a model file. A file that cannot be read at all is a problem like any other. */
export async function read(model: string, weights?: string): Promise<Reading> {
  let text: string;
  try {
    text = await readText(model);
  } catch (error) {
    return failedReading('unreadable-file', error instanceof Error ? error.message : String(error));
  }
  return readModel({
    text,
    fileName: basename(model),
    folder: new NodeFolder(dirname(resolve(model))),
    limits: DEFAULT_LIMITS,
    ...(weights === undefined
      ? {}
      : { weights: { folder: new NodeFolder(dirname(resolve(weights))), path: basename(weights) } }),
  });
}

/** A text file's contents, if they fit into the limit. Throws an Error that names the file. */
export async function readText(file: string): Promise<string> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' ? `${file} does not exist` : error.message);
  });
  if (!found.isFile()) throw new Error(`${file} is not a file`);
  if (found.size > DEFAULT_LIMITS.memory) {
    throw new Error(`${file} has ${found.size} bytes; the limit is ${DEFAULT_LIMITS.memory}`);
  }
  return readFile(file, 'utf8');
}

/** The network of a reading; fails with the problems on stderr if anything named has errors. */
export function demand(model: string, reading: Reading, about: readonly ProblemSubject[]): Network {
  const failed = about.some((subject) => hasErrors(reading.problems, subject));
  report(model, failed ? reading.problems : []);
  if (failed || !reading.network) throw new Failure(EXIT.input, `${model} cannot be used: see above`);
  return reading.network;
}

export function report(model: string, problems: readonly Problem[]): void {
  for (const problem of problems) say(problemLine(model, problem));
}
