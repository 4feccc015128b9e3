/** How the input may have been meant otherwise. */
import type { Network } from '../model/network';
import { furtherInputs } from '../model/network';
import type { Sequence } from '../model/samples';
import type { Variant } from './variant';

export function inputVariants(network: Network): Variant[] {
  if (furtherInputs(network).length > 0) return [];
  return [
    {
      remedies: [{ cause: 'reversed', change: 'input' }],
      of: (model) => model,
      input: turned,
    },
  ];
}

function turned(sequence: Sequence): Sequence {
  if (sequence.kind === 'token') {
    return { ...sequence, ids: sequence.ids.toReversed(), tokens: sequence.tokens.toReversed() };
  }
  const { steps, size } = sequence;
  const values = new Float32Array(steps * size);
  for (let step = 0; step < steps; step++) {
    values.set(sequence.values.subarray((steps - 1 - step) * size, (steps - step) * size), step * size);
  }
  return { ...sequence, values };
}
