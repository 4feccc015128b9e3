import type { ByteSource, Folder } from '../../files/folder';
import { say } from '../../words/say';
import type { Outline } from '../json/outline';
import type { Limits } from '../limits';
import type { CellType, DialectId, Network } from '../network';
import { START_OF_FILE, type Problem } from '../problem';
import type { Sample } from '../samples';
import type { Weights } from '../weights';

/** A model file and the folder it lies in. */
export interface Source {
  /** The file's own name, for messages and as the model's name where it has none. */
  readonly fileName: string;
  /** The folder's, for a model whose file's name says nothing. */
  readonly folderName?: string;
  readonly folder: Folder;
  readonly limits: Limits;
  /** Weights to use in place of those that the model names. */
  readonly weights?: { readonly folder: Folder; readonly path: string };
  /** What was chosen where a file can be read in several ways: values of `Choice`. */
  readonly choices?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A model file that is text. */
export interface TextSource extends Source {
  readonly text: string;
}

/** A model file that is not text, read piece by piece. */
export interface BinarySource extends Source {
  readonly bytes: ByteSource;
}

export const DEFAULT_LIMITS: Limits = { memory: 1 << 30 };

/** One of several ways in which a file can be read. */
export interface Choice {
  /** What it decides: of each kind one is chosen. */
  readonly kind:
    | 'dialect'
    | 'state-dict'
    | 'order'
    | 'concatenation'
    | 'reset'
    | 'update'
    | `activation ${string}`
    | `argument ${string}`
    | `input ${string}`;
  /** Put into `Source.choices`, it takes this way. */
  readonly value: string;
  /** What a user is shown of it. */
  readonly label: string;
}

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
  /** The ways in which the file can be read, where there are several: one is to be chosen, or was. */
  readonly choices?: readonly Choice[];
}

/** The reading of a file of which nothing could be read. */
export function unreadable(problems: readonly Problem[]): Reading {
  return { trained: true, samples: [], declaredSamples: [], problems, files: [] };
}

interface DialectBase {
  readonly id: DialectId;
  /** What it is called where the user must choose among several, and where a file is none of them. */
  readonly label: string;
  /** What the names of its files end in, without the dot. */
  readonly endings: readonly string[];
  /** The order in which its files stack a cell's sums, where that is not the order of the weights in here: `zrn`. */
  readonly gateOrders?: Readonly<Partial<Record<CellType, string>>>;
  /** Whether `Source.weights` are used; others say that they are not. */
  readonly takesWeights?: boolean;
}

/** `read` never throws for a fault in the input: faults are problems. It throws only if `source.signal` is aborted. */
export interface TextDialect extends DialectBase {
  /** Whether the text looks like this dialect, by its content. */
  matches(outline: Outline, source: TextSource): boolean;
  read(source: TextSource): Promise<Reading>;
}

/** `read` never throws for a fault in the input, as of `TextDialect`. */
export interface BinaryDialect extends DialectBase {
  /** Whether the file looks like this dialect; `head` is its first bytes, at most `HEAD_BYTES`. */
  matches(head: Uint8Array, source: BinarySource): boolean;
  read(source: BinarySource): Promise<Reading>;
}

export type Dialect = TextDialect | BinaryDialect;

/** How much of a binary file tells what it is. */
export const HEAD_BYTES = 4096;

/** The reading of a model of which nothing could be read. */
export function failedReading(code: string, message: string): Reading {
  const problem: Problem = { severity: 'error', code, message, place: START_OF_FILE, about: 'structure' };
  return unreadable([problem]);
}

/** Kinds of choices that the others depend on, the outermost first. */
const OUTER_KINDS: readonly Choice['kind'][] = ['dialect', 'state-dict'];

/** What is chosen once `picked` is too: it takes the place of others of its kind, and of those that depend on that kind. */
export function chosenWith(
  picked: Choice,
  chosen: readonly string[],
  choices: readonly Choice[],
): readonly string[] {
  if (chosen.includes(picked.value)) return chosen;
  const outer = OUTER_KINDS.indexOf(picked.kind);
  const stays = ({ kind }: Choice) =>
    outer < 0 ? kind !== picked.kind : OUTER_KINDS.slice(0, outer).includes(kind);
  const kept = choices.filter((choice) => stays(choice) && chosen.includes(choice.value));
  return [...kept.map(({ value }) => value), picked.value];
}

/** What a user is told of a file that can be read in several ways, none of which was chosen. */
export function chooseOne(message: string, choices: readonly Choice[]): string {
  return say`${message}; choose one: ${choices.map(({ value, label }) => `${value}: ${label}`).join('; ')}`;
}
