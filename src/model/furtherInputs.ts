import { say } from '../words/say';
import { counted, quote } from './json/decode';
import { furtherInputs, type InputLayer, type Network } from './network';
import type { Lengths } from './partial';
import type { Sample, Sequence } from './samples';

/** The network as if a further input were its only one: what a sequence for that input is read with. */
export function asOnlyInput(network: Network, { input }: InputLayer): Network {
  return { ...network, input, layers: [] };
}

/** The further inputs that a sequence says nothing of. */
export function missingInputs(network: Network, { more }: Sequence): InputLayer[] {
  return furtherInputs(network).filter(({ name }) => !more?.has(name));
}

/** The least that a sequence is with the further inputs of which it does not say how long they are. */
export function leastLengths(network: Network, { steps, more = new Map() }: Lengths): Lengths {
  const least = furtherInputs(network).map(
    ({ name, clock }) => [name, { steps: clock === 'shared' ? steps : 1 }] as const,
  );
  return { steps, more: new Map([...least, ...more]) };
}

/**
 * A sequence that a user gave, with what the model's first sample has for the further inputs that are missing in it.
 * Throws RangeError, naming the input, if there is no sample, or what one of them reads does not go with a sequence of
 * this length.
 */
export function withFurtherInputs(
  network: Network,
  sequence: Sequence,
  samples: readonly Sample[],
): Sequence {
  const inputs = furtherInputs(network);
  if (inputs.length === 0) return sequence;
  const missing = missingInputs(network, sequence);
  const [sample] = samples;
  if (missing.length > 0 && !sample?.sequence.more) {
    const names = missing.map(({ name }) => quote(name)).join(', ');
    throw new RangeError(say`the model also reads ${names}, and has no sample to take that from`);
  }
  const more = new Map([...(sample?.sequence.more ?? []), ...(sequence.more ?? [])]);
  for (const { name, clock } of inputs) {
    const { steps } = more.get(name)!;
    const expected = { own: steps, shared: sequence.steps, row: 1 }[clock];
    if (steps === expected) continue;
    const how = clock === 'row' ? say`, a single row` : say`, step by step`;
    const found = sequence.more?.has(name) ? say`found` : say`the sample ${quote(sample.name)} has`;
    throw new RangeError(
      say`the model also reads ${quote(name)}${how}: ${found} ${counted(steps, 'step')} of it, expected ${expected}`,
    );
  }
  return { ...sequence, more };
}
