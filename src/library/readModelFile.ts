import { basename, dirname, resolve } from 'node:path';
import { FileError } from '../files/folder';
import { DEFAULT_LIMITS, failedReading, type Reading } from '../model/dialects/dialect';
import type { Limits } from '../model/limits';
import { openSource } from '../model/open';
import { readModel } from '../model/read';
import { NodeFolder, openNodeFile } from '../platform/nodeFolder';
import { modelFile } from './modelFile';

export interface ReadOptions {
  /** Values of `Choice` where a file can be read in several ways: `--as` of the command line. */
  readonly choices?: readonly string[];
  /** A file of weights in place of those that a native or Keras model names or finds. */
  readonly weights?: string;
  /** The most memory that weights and samples may take; 1 GB where absent. */
  readonly limits?: Limits;
}

/**
 * Reads a model of any format, and the files beside it that it names: what is wrong with it is in `problems`, and what
 * could be read in the rest. Of the folder of a SavedModel, the file that says what is in it.
 */
export async function readModelFile(
  model: string,
  { choices, weights, limits = DEFAULT_LIMITS }: ReadOptions = {},
): Promise<Reading> {
  const given = {
    limits,
    ...(choices && { choices }),
    ...(weights !== undefined && { weights: fileAt(weights) }),
  };
  try {
    const file = await modelFile(model);
    const { folder, path: fileName } = fileAt(file);
    const source = { folder, fileName, folderName: basename(dirname(resolve(file))), ...given };
    return await readModel(await openSource(await openNodeFile(file), source));
  } catch (error) {
    if (FileError.is(error)) return failedReading('unreadable-file', error.message);
    throw error;
  }
}

function fileAt(path: string) {
  return { folder: new NodeFolder(dirname(resolve(path))), path: basename(path) };
}
