/** Parameters of a network, apart from its structure. */

export interface Tensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/** Keyed by PyTorch's names (`lstm.weight_ih_l0_reverse`), rows in PyTorch's gate order. */
export type Weights = ReadonlyMap<string, Tensor>;

/** How many numbers a tensor of this shape holds; 1 for the empty shape of a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
