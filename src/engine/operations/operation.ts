import type { Work } from '../slices';

/** What a layer without state makes of the rows that it reads, and what flows back through it. */
export interface Operation {
  /** Fills `y`, the layer's rows × outputSize. */
  forward(y: Float32Array): Work<void>;
  /**
   * From ∂target/∂y: adds to `into`, one per input where it is wanted, and to the gradients of the parameters, which
   * go by their names within the layer.
   */
  backward(
    y: Float32Array,
    dy: Float64Array,
    into: readonly (Float64Array | undefined)[],
    parameter: (name: string) => Float64Array | undefined,
  ): Work<void>;
}

/** A tensor of the layer by its name within it. */
export type TensorOf = (name: string) => Float32Array | undefined;
