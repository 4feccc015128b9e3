/** Sequences that a network can be run on. */

interface SequenceBase {
  /** What the network's further inputs read, by the names of their layers; absent where there are none. */
  readonly more?: ReadonlyMap<string, Sequence>;
}

/** A sequence of feature vectors. */
export interface VectorSequence extends SequenceBase {
  readonly kind: 'vector';
  readonly steps: number;
  readonly size: number;
  /** steps × size, row-major. */
  readonly values: Float32Array;
  /** 1 for each step that counts, 0 for each masked one; absent where all count. */
  readonly mask?: Uint8Array;
  readonly table?: TableFacts;
}

/** What the table that a sequence was read from says of it. */
export interface TableFacts {
  /** The date of each step, as the table writes it. */
  readonly dates?: readonly string[];
  /** One per feature. */
  readonly columns: readonly Column[];
  /** Where each step stands in it, if a file of the model's has it. */
  readonly place?: TablePlace;
}

/** A table's file, and the line of each step in it, from 1. */
export interface TablePlace {
  readonly file: string;
  readonly lines: Int32Array;
}

/** Where a feature comes from: number × deviation + mean is what stands in the table. */
export interface Column {
  /** Absent where the table has no header. */
  readonly name?: string;
  readonly mean: number;
  readonly deviation: number;
}

/** A sequence of tokens. */
export interface TokenSequence extends SequenceBase {
  readonly kind: 'token';
  readonly steps: number;
  /** Rows of the embedding or positions of the one; one per step. */
  readonly ids: Int32Array;
  /** The tokens as the user wrote them, one per step (not replaced by `unknown`). */
  readonly tokens: readonly string[];
}

export type Sequence = VectorSequence | TokenSequence;

/** What a network is known to give for a sequence: rows × units, row-major; all of its rows, or the last one alone. */
export interface ExpectedOutput {
  readonly rows: number;
  readonly units: number;
  readonly values: Float32Array;
}

export interface Sample {
  readonly name: string;
  readonly sequence: Sequence;
  /** Where the file brings it. */
  readonly expected?: ExpectedOutput;
}
