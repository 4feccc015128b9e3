import { furtherInputs, type Network } from './network';
import type { Sample, Sequence } from './samples';

/**
 * A sequence that a user gave for the network's own input, with what the model's first sample has for the further ones.
 * Throws RangeError, naming the input, if there is no sample, or it does not go with a sequence of this length.
 */
export function withFurtherInputs(
  network: Network,
  sequence: Sequence,
  samples: readonly Sample[],
): Sequence {
  const inputs = furtherInputs(network);
  if (inputs.length === 0 || sequence.more) return sequence;
  const [sample] = samples;
  const more = sample?.sequence.more;
  if (!more) {
    const names = inputs.map(({ name }) => JSON.stringify(name)).join(', ');
    throw new RangeError(`the model also reads ${names}, and has no sample to take that from`);
  }
  for (const { name, clock } of inputs) {
    const { steps } = more.get(name)!;
    if (clock !== 'shared' || steps === sequence.steps) continue;
    throw new RangeError(
      `the model also reads ${JSON.stringify(name)}, step by step: the sample ${JSON.stringify(sample.name)} has ${steps} steps of it, expected ${sequence.steps}`,
    );
  }
  return { ...sequence, more };
}
