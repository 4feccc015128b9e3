import { Fields, numberWithin, oneOf, type Decoder } from '../../json/decode';
import type { Activation, ParameterisedActivation, PlainActivation, UnitActivation } from '../../layer';

/** Beyond any real use, within what float32 holds. */
export const MAX_FACTOR = 1e6;
const factor = numberWithin(-MAX_FACTOR, MAX_FACTOR);

const PLAIN: readonly PlainActivation[] = [
  ...(['none', 'tanh', 'relu', 'sigmoid', 'softsign', 'softplus', 'selu', 'hard_tanh'] as const),
];

/** What a cell applies to its sums: a name, or an object where it has numbers of its own. */
export const unitActivation: Decoder<UnitActivation> = (node, report) =>
  node.type === 'object' ? parameterised(node, report) : oneOf(...PLAIN)(node, report);

export const activation: Decoder<Activation> = (node, report) =>
  node.type === 'object'
    ? parameterised(node, report)
    : oneOf<Extract<Activation, string>>(...PLAIN, 'softmax', 'log_softmax')(node, report);

const parameterised: Decoder<ParameterisedActivation> = (node, report) => {
  const fields = Fields.of(node, report, ['kind', 'alpha', 'beta']);
  const kind = fields?.required('kind', oneOf('hard_sigmoid', 'elu', 'leaky_relu'), 'leaky_relu');
  if (!fields || !kind) return undefined;
  if (kind === 'hard_sigmoid') {
    const alpha = fields.required('alpha', factor, 0.2);
    const beta = fields.required('beta', factor, 0.5);
    return alpha === undefined || beta === undefined ? undefined : { kind, alpha, beta };
  }
  fields.allowedOnlyFor(['beta'], 'hard_sigmoid');
  return { kind, alpha: fields.optional('alpha', factor) ?? (kind === 'elu' ? 1 : 0.01) };
};
