/**
 * What a model may have been meant to be where it does not give what is expected: the mistakes that are made when
 * weights go from one program to another, each undone.
 */
import { recurrentVariants } from './cellVariants';
import { exchangeVariants } from './exchangeVariants';
import { inputVariants } from './inputVariants';
import { layerVariants } from './layerVariants';
import { outputVariants } from './outputVariants';
import { PRECISION_NAMES, type Precision, roundedWeights } from './precision';
import { causeOf } from './remedy';
import type { Model, Variant } from './variant';

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
      if (causeOf(one) !== causeOf(other)) yield both(one, other);
    }
  }
}

function precisionVariant(precision: Precision): Variant {
  return {
    remedies: [{ cause: 'precision', precision }],
    rare: true,
    of: ({ network, weights }) => ({ network, weights: roundedWeights(weights, precision) }),
  };
}

function both(one: Variant, other: Variant): Variant {
  return {
    remedies: [...one.remedies, ...other.remedies],
    of: (model) => other.of(one.of(model)),
    // No two variants of one cause are put together, and one cause alone changes the input.
    input: one.input ?? other.input,
  };
}
