import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import type { Weights } from '../model/weights';
import type { Undone } from './remedy';

export interface Model {
  readonly network: Network;
  readonly weights: Weights;
}

/** One thing changed, or two. */
export interface Variant extends Undone {
  /** Less likely ones are not combined with others. */
  readonly rare?: boolean;
  readonly of: (model: Model) => Model;
  /** What is changed of the input; nothing where absent. */
  readonly input?: (sequence: Sequence) => Sequence;
}
