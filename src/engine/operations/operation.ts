import type { Activation, ElementFunction } from '../../model/network';
import type { BiasTerm } from '../cells/terms';
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
  /** One number of what it gives. */
  terms(row: number, unit: number): OperationTerms;
}

/** What a sum is handed to. */
export type SumFunction =
  Activation | ElementFunction | { readonly kind: 'power'; readonly exponent: number };

/** A number that is a function of the sum of these. */
export interface OperationTerms {
  /** The sum itself where absent. */
  readonly activation?: SumFunction;
  /** Bounds that the sum is kept within first. */
  readonly bounds?: { readonly min?: number; readonly max?: number };
  readonly biases?: readonly BiasTerm[];
  readonly inputs: readonly InputTerm[];
}

/** A number of one of the inputs, times a weight. */
export interface InputTerm {
  readonly input: number;
  readonly row: number;
  readonly unit: number;
  readonly weight: number;
}

/** One number of an input as it is. */
export function asItIs(row: number, unit: number, input = 0): OperationTerms {
  return { inputs: [{ input, row, unit, weight: 1 }] };
}

/** A tensor of the layer by its name within it. */
export type TensorOf = (name: string) => Float32Array | undefined;
