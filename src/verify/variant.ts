import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import type { Weights } from '../model/weights';

export interface Model {
  readonly network: Network;
  readonly weights: Weights;
}

export type Cause =
  | (
      | 'gate-order'
      | 'update-gate'
      | 'reset-placement'
      | 'gate-activation'
      | 'activation'
      | 'biases'
      | 'forget-bias'
    )
  | ('forget-gate' | 'transposed' | 'directions' | 'steps' | 'reversed' | 'output-activation' | 'skip')
  | ('hidden-activation' | 'exchanged' | 'precision' | 'mask');

/** One thing changed. */
export interface Variant {
  readonly cause: Cause;
  /** What is changed, in words that end a sentence: `with the gates in ONNX's order i, o, f, c`. */
  readonly text: string;
  /** Less likely ones are not combined with others. */
  readonly rare?: boolean;
  readonly of: (model: Model) => Model;
  /** What is changed of the input; nothing where absent. */
  readonly input?: (sequence: Sequence) => Sequence;
}
