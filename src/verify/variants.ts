/**
 * What a model may have been meant to be where it does not give what is expected: the mistakes that are made when
 * weights go from one program to another, each undone.
 */
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import type { Weights } from '../model/weights';
import { recurrentVariants } from './cellVariants';
import { exchangeVariants } from './exchangeVariants';
import { inputVariants } from './inputVariants';
import { layerVariants } from './layerVariants';
import { outputVariants } from './outputVariants';
import { PRECISION_NAMES, type Precision, roundedWeights } from './precision';

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
  | ('hidden-activation' | 'exchanged' | 'precision');

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

/** Every single change, likely ones first; then those of one recurrent layer alone; then two changes together. */
export function* variantsOf({ network, weights }: Model): Generator<Variant> {
  const { together, apart } = recurrentVariants(network, weights);
  const single = [
    ...together,
    ...layerVariants(network),
    ...outputVariants(network),
    ...inputVariants(network),
    ...exchangeVariants(network, weights),
    ...PRECISION_NAMES.map(precisionVariant),
  ];
  yield* single.filter(({ rare }) => !rare);
  yield* single.filter(({ rare }) => rare);
  yield* apart;
  const common = single.filter(({ rare }) => !rare);
  for (const [k, one] of common.entries()) {
    for (const other of common.slice(k + 1)) {
      if (one.cause !== other.cause) yield both(one, other);
    }
  }
}

function precisionVariant(precision: Precision): Variant {
  return {
    cause: 'precision',
    text: `with the weights rounded to ${precision}`,
    rare: true,
    of: ({ network, weights }) => ({ network, weights: roundedWeights(weights, precision) }),
  };
}

function both(one: Variant, other: Variant): Variant {
  return {
    cause: one.cause,
    text: `${one.text} and ${other.text}`,
    of: (model) => other.of(one.of(model)),
    // No two variants of one cause are put together, and one cause alone changes the input.
    input: one.input ?? other.input,
  };
}
