/** Options that several cells have, as the native format writes them. */
import { Fields, numberWithin, type Decoder } from '../../json/decode';
import type { GatedBase, SumNorm } from '../../layer';
import { unitActivation } from './activations';

export const epsilon = numberWithin(0, 1);
export const DEFAULT_EPSILON = 1e-5;

/** The least `clip` and `cell_clip`. */
export const LEAST_CLIP = 1e-6;

export const GATE_KEYS = ['activation', 'recurrent_activation'] as const;

export const sumNorm: Decoder<SumNorm> = (node, report) => {
  const fields = Fields.of(node, report, ['epsilon']);
  return fields && { epsilon: fields.optional('epsilon', epsilon) ?? DEFAULT_EPSILON };
};

export function gateActivations(fields: Fields): Pick<GatedBase, 'activation' | 'recurrentActivation'> {
  const activation = fields.optional('activation', unitActivation);
  const recurrentActivation = fields.optional('recurrent_activation', unitActivation);
  return { ...(activation && { activation }), ...(recurrentActivation && { recurrentActivation }) };
}

export function gateActivationsJson({ activation, recurrentActivation }: GatedBase) {
  return {
    ...unless(undefined, 'activation', activation),
    ...unless(undefined, 'recurrent_activation', recurrentActivation),
  };
}

/** A key whose value is not the format's default. */
export function unless<T>(value: T, key: string, found: T): Record<string, T> {
  return found === value ? {} : { [key]: found };
}
