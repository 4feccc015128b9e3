/** Parameters of a network, apart from its structure. */

export interface Tensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/** Keyed by PyTorch's names (`lstm.weight_ih_l0_reverse`), rows in PyTorch's gate order. */
export type Weights = ReadonlyMap<string, Tensor>;
