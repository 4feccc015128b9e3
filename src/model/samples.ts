/** Sequences that a network can be run on. */

/** A sequence of feature vectors. */
export interface VectorSequence {
  readonly kind: 'vector';
  readonly steps: number;
  readonly size: number;
  /** steps × size, row-major. */
  readonly values: Float32Array;
}

/** A sequence of tokens. */
export interface TokenSequence {
  readonly kind: 'token';
  readonly steps: number;
  /** Rows of the embedding or positions of the one; one per step. */
  readonly ids: Int32Array;
  /** The tokens as the user wrote them, one per step (not replaced by `unknown`). */
  readonly tokens: readonly string[];
}

export type Sequence = VectorSequence | TokenSequence;

export interface Sample {
  readonly name: string;
  readonly sequence: Sequence;
}
