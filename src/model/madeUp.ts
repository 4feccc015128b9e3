/** Sequences for models whose files bring none, so that a first picture can run. They are no data: their names say so. */
import { say } from '../words/say';
import {
  INPUT,
  furtherInputs,
  inputOf,
  inputWidth,
  type Network,
  type NetworkInput,
  type TokenInput,
  type VectorInput,
} from './network';
import type { Sample, Sequence } from './samples';

const STEPS = 16;
const CYCLE = 8;

const MOST_NUMBERS = 1_000_000;

/**
 * Zeros with a single 1 and a sine wave, the same for every feature; or the vocabulary's first tokens in turn, between
 * the input's prefix and suffix. `lengths` has the steps of inputs that must have so many, by name; none are made up for
 * inputs that are too long or too wide for that.
 */
export function madeUpSamples(network: Network, lengths: ReadonlyMap<string, number> = new Map()): Sample[] {
  const named = [INPUT, ...furtherInputs(network).map(({ name }) => name)];
  const inputs = named.map((name) => inputOf(network, name));
  const steps = lengths.get(INPUT) ?? STEPS;
  const numbers = named.map(
    (name, k) => (lengths.get(name) ?? steps) * (inputs[k].kind === 'vector' ? inputWidth(inputs[k]) : 1),
  );
  if (numbers.some((count) => count > MOST_NUMBERS)) return [];
  const names = inputs.some(({ kind }) => kind === 'vector')
    ? (['impulse', 'sine'] as const)
    : (['first tokens'] as const);
  return names.map((name) => ({
    name: say`${NAMES[name]} (made up)`,
    sequence: madeUp(network, name, lengths),
  }));
}

type Shape = 'impulse' | 'sine' | 'first tokens';

const NAMES: Readonly<Record<Shape, string>> = {
  impulse: say`impulse`,
  sine: say`sine`,
  'first tokens': say`first tokens`,
};

function madeUp(network: Network, shape: Shape, lengths: ReadonlyMap<string, number>): Sequence {
  const sequence = ofInput(network.input, shape, lengths.get(INPUT));
  const further = furtherInputs(network);
  if (further.length === 0) return sequence;
  const more = further.map(({ name, input, clock }) => {
    const own = clock === 'own' ? lengths.get(name) : undefined;
    const steps = clock === 'row' ? 1 : (own ?? sequence.steps);
    return [name, ofInput(input, shape, steps)] as const;
  });
  return { ...sequence, more: new Map(more) };
}

function ofInput(input: NetworkInput, shape: Shape, steps?: number): Sequence {
  if (input.kind === 'token') return firstTokens(input, steps);
  return shape === 'impulse'
    ? vectors(input, steps ?? STEPS, (step) => (step === 1 ? 1 : 0))
    : vectors(input, steps ?? STEPS, (step) => Math.sin((2 * Math.PI * step) / CYCLE));
}

function vectors({ size }: VectorInput, steps: number, value: (step: number) => number): Sequence {
  const values = Float32Array.from({ length: steps * size }, (_, k) => value(Math.floor(k / size)));
  return { kind: 'vector', steps, size, values };
}

/** Exactly `steps` of them where that is given. */
function firstTokens(
  { vocabulary, unknown, prefix = [], suffix = [] }: TokenInput,
  steps?: number,
): Sequence {
  const special = new Set([...prefix, ...suffix, unknown]);
  const ordinary = vocabulary.filter((token) => !special.has(token)).slice(0, STEPS);
  const whole = ordinary.length > 0 ? [...prefix, ...ordinary, ...suffix] : vocabulary;
  const tokens = Array.from({ length: steps ?? whole.length }, (_, step) => whole[step % whole.length]);
  const ids = Int32Array.from(tokens, (token) => vocabulary.indexOf(token));
  return { kind: 'token', steps: ids.length, ids, tokens };
}
