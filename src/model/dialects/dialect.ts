import type { Folder } from '../../files/folder';
import type { DialectId, Network } from '../network';
import { START_OF_FILE, type Problem } from '../problem';
import type { Sample } from '../samples';
import type { Weights } from '../weights';

/** What a reader is given: a model's text and the folder it lies in. */
export interface Source {
  readonly text: string;
  /** The file's own name, for messages and as the model's name where it has none. */
  readonly fileName: string;
  readonly folder: Folder;
  readonly limits: Limits;
  /** Weights to use in place of those that the model names. */
  readonly weights?: { readonly folder: Folder; readonly path: string };
  readonly signal?: AbortSignal;
}

/** Sizes that are checked before memory is taken. */
export interface Limits {
  /** Bytes that the weights or one sample may take. */
  readonly memory: number;
}

export const DEFAULT_LIMITS: Limits = { memory: 1 << 30 };

/** What a reader found. Whatever could be read is there even where problems are too. */
export interface Reading {
  /** Absent if the structure has errors. */
  readonly network?: Network;
  /** Absent if the weights have errors. */
  readonly weights?: Weights;
  /** False exactly if any weight was seeded. */
  readonly trained: boolean;
  /** The samples that could be read, in the file's order. */
  readonly samples: readonly Sample[];
  /** The names of all samples that the file declares, unreadable ones included, in its order. */
  readonly declaredSamples: readonly string[];
  readonly problems: readonly Problem[];
  /** Files beside the model that were read, or should have been: what to watch. */
  readonly files: readonly string[];
  /** The weights file's name, where there is one, for the footer. */
  readonly weightsFile?: string;
}

/** The reading of a text of which nothing could be read. */
export function unreadable(problems: readonly Problem[]): Reading {
  return { trained: true, samples: [], declaredSamples: [], problems, files: [] };
}

export interface Dialect {
  readonly id: DialectId;
  /** Whether the text looks like this dialect, by content. */
  matches(source: Source): boolean;
  /** Never throws for a fault in the input: faults are problems. Throws only if `source.signal` is aborted. */
  read(source: Source): Promise<Reading>;
}

/** The reading of a model of which nothing could be read. */
export function failedReading(code: string, message: string): Reading {
  const problem: Problem = { severity: 'error', code, message, place: START_OF_FILE, about: 'structure' };
  return unreadable([problem]);
}
