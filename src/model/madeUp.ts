/** Sequences for models whose files bring none, so that a first picture can run. They are no data: their names say so. */
import type { NetworkInput, TokenInput, VectorInput } from './network';
import type { Sample, Sequence } from './samples';

const STEPS = 16;
const CYCLE = 8;

/** Zeros with a single 1 and a sine wave, the same for every feature; or the vocabulary's first tokens in turn. */
export function madeUpSamples(input: NetworkInput): Sample[] {
  if (input.kind === 'token') return [{ name: 'first tokens (made up)', sequence: firstTokens(input) }];
  return [
    { name: 'impulse (made up)', sequence: vectors(input, (step) => (step === 1 ? 1 : 0)) },
    { name: 'sine (made up)', sequence: vectors(input, (step) => Math.sin((2 * Math.PI * step) / CYCLE)) },
  ];
}

function vectors({ size }: VectorInput, value: (step: number) => number): Sequence {
  const values = Float32Array.from({ length: STEPS * size }, (_, k) => value(Math.floor(k / size)));
  return { kind: 'vector', steps: STEPS, size, values };
}

function firstTokens({ vocabulary }: TokenInput): Sequence {
  const ids = Int32Array.from({ length: Math.min(STEPS, vocabulary.length) }, (_, step) => step);
  return { kind: 'token', steps: ids.length, ids, tokens: Array.from(ids, (id) => vocabulary[id]) };
}
