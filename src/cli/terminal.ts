/** What a command reads from and prints on. */
import type { ReadOptions } from '../library/readModelFile';
import type { RunOptions } from '../engine/run';
import type { ByteSource } from '../files/folder';
import type { Reading } from '../model/dialects/dialect';

/** Files by the paths that a user gives. All reject with `FileError`. */
export interface Files {
  /** A model and what it names beside it; what is wrong with it is in the problems. */
  readModel(path: string, options: ReadOptions): Promise<Reading>;
  open(path: string): Promise<ByteSource>;
  /** Names of the files in the folder of a file. */
  beside(path: string): Promise<readonly string[]>;
  /** The path of a file in the folder of another. */
  sibling(path: string, name: string): string;
  /** The last part of a path. */
  nameOf(path: string): string;
}

/** This machine's, or that of a program which asks for what the command line says. */
export interface Terminal {
  readonly files: Files;
  /** How models are run: on which threads, and until when. */
  readonly running: Pick<RunOptions, 'helper' | 'signal'>;
  /** Prints what is a result, chunk after chunk. */
  write(chunks: Iterable<string>): Promise<void>;
  /** Says something that is not a result. */
  say(text: string): void;
}
