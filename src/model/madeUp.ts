/** Sequences for models whose files bring none, so that a first picture can run. They are no data: their names say so. */
import type { NetworkInput, TokenInput, VectorInput } from './network';
import type { Sample, Sequence } from './samples';

const STEPS = 16;
const CYCLE = 8;

/**
 * Zeros with a single 1 and a sine wave, the same for every feature; or the vocabulary's first tokens in turn, between
 * the input's prefix and suffix.
 */
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

function firstTokens({ vocabulary, unknown, prefix = [], suffix = [] }: TokenInput): Sequence {
  const special = new Set([...prefix, ...suffix, unknown]);
  const ordinary = vocabulary.filter((token) => !special.has(token)).slice(0, STEPS);
  const tokens = [...prefix, ...ordinary, ...suffix];
  const ids = Int32Array.from(tokens, (token) => vocabulary.indexOf(token));
  return { kind: 'token', steps: ids.length, ids, tokens };
}
