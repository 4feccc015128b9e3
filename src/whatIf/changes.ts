/** What a run has otherwise, as people write it: `lstm.f[12]=0`, `lstm.h0=[1,0]`, `input@3=[0.5,1]`, `input@3=b`. */
import { type Clamp, checkClamps } from '../engine/clamps';
import { INPUT, type Layer, type Network, inputWidth } from '../model/network';
import { signalUnits } from '../model/signals';
import type { Sequence, TokenSequence } from '../model/samples';
import { say } from '../words/say';
import { SIGNAL_OF_LAYER, directionOf, layerOf, layerWord } from './address';

export interface WhatIf {
  readonly sequence: Sequence;
  readonly clamps: readonly Clamp[];
}

/** LEVEL. direction. SIGNAL [UNIT] or [UNIT..UNIT] @STEP or @STEP..STEP = VALUE, after a layer's name and a dot. */
const RANGES = String.raw`(?:\[(\d+)(?:\.\.(\d+))?\])?(?:@(\d+)(?:\.\.(\d+))?)?=(.*)$`;
const OF_LAYER = new RegExp(`^${SIGNAL_OF_LAYER}${RANGES}`, 's');
const OF_INPUT = new RegExp(String.raw`^()()(?:\.(x))?${RANGES}`, 's');

/** Throws RangeError, saying what it could not read or has no place for, if one of `sets` cannot be done. */
export function whatIf(network: Network, sequence: Sequence, sets: readonly string[]): WhatIf {
  return sets.reduce<WhatIf>((changed, set) => withChange(network, changed, set), { sequence, clamps: [] });
}

/** With one more change. Throws as `whatIf` does. */
export function withChange(network: Network, { sequence, clamps }: WhatIf, set: string): WhatIf {
  const token = sequence.kind === 'token' ? tokenChange(network, sequence, set) : undefined;
  if (token) return { sequence: token, clamps };
  const more = assignment(network, set);
  try {
    checkClamps(network, sequence, more);
  } catch (error) {
    throw error instanceof RangeError ? new ChangeError(set, error.message) : error;
  }
  return { sequence: withValues(sequence, more), clamps: [...clamps, ...more] };
}

/** The sequence as it is read once values of it are held. */
function withValues(sequence: Sequence, clamps: readonly Clamp[]): Sequence {
  const own = clamps.filter(({ layer }) => layer === INPUT);
  if (sequence.kind !== 'vector' || own.length === 0) return sequence;
  const { size } = sequence;
  const values = sequence.values.slice();
  for (const { value, units = [0, size - 1], steps = [0, sequence.steps - 1] } of own) {
    for (let step = steps[0]; step <= steps[1]; step++) {
      values.fill(value, step * size + units[0], step * size + units[1] + 1);
    }
  }
  return { ...sequence, values };
}

/** Why a change cannot be done. */
export class ChangeError extends RangeError {
  constructor(
    /** The change, as it was written. */
    readonly set: string,
    readonly reason: string,
  ) {
    super(`${set}: ${reason}`);
  }
}

function assignment(network: Network, set: string): Clamp[] {
  const layer = layerOf(network, set);
  const name = layer?.name ?? (set.startsWith(INPUT) ? INPUT : undefined);
  const found = name && (layer ? OF_LAYER : OF_INPUT).exec(set.slice(name.length));
  if (!found) throw new ChangeError(set, faultOf(network, set, name));
  const [, level, direction, signal = 'x', unit, lastUnit, step, lastStep, value] = found;
  const address = {
    layer: name,
    level: Number(level ?? 0),
    direction: directionOf(layer, direction),
    signal,
    steps: range(step, lastStep),
  };
  const units = range(unit, lastUnit);
  const values = valuesOf(set, value);
  if (!Array.isArray(values)) return [{ ...address, units, value: values }];
  const [first, last] = units ?? [0, width(network, layer, signal) - 1];
  if (last - first + 1 !== values.length) {
    throw new ChangeError(set, say`expected ${last - first + 1} values, found ${values.length}`);
  }
  return values.map((one, k) => ({ ...address, units: [first + k, first + k] as const, value: one }));
}

/** What is wrong with an assignment that cannot be read. `name` is the layer's, if one begins it. */
function faultOf(network: Network, set: string, name: string | undefined): string {
  const { word, fault } = layerWord(network, set);
  if (name === undefined && fault) return fault;
  if (!set.includes('=')) return say`expected =VALUE at the end, such as ${set}=0, found none`;
  const found = name === undefined ? set.slice(word.length) : set.slice(name.length);
  const before = (name ?? word) === INPUT ? '' : say`.SIGNAL, then `;
  return say`after ${name ?? word}: expected ${before}[UNIT] and @STEP where wanted, then =VALUE; found ${found}`;
}

/** Units of a signal, or of a state before the first step. */
function width({ input }: Network, layer: Layer | undefined, signal: string): number {
  return layer ? signalUnits(layer, signal.replace(/0$/, '')) : inputWidth(input);
}

function range(first: string | undefined, last = first): readonly [number, number] | undefined {
  return first === undefined ? undefined : [Number(first), Number(last)];
}

function valuesOf(set: string, text: string): number | number[] {
  const parsed = parseJson(text);
  const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
  if (isNumber(parsed)) return parsed as number;
  if (Array.isArray(parsed) && parsed.length > 0 && parsed.every(isNumber)) return parsed as number[];
  throw new ChangeError(set, say`expected a number or a list of numbers after =, found ${text}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `input@3=b`: another token in place of one or several; undefined if the text is about something else. */
function tokenChange(network: Network, sequence: TokenSequence, set: string): TokenSequence | undefined {
  const { input } = network;
  const found = /^input@(\d+)(?:\.\.(\d+))?=(.*)$/s.exec(set);
  if (!found || input.kind !== 'token') return undefined;
  const [first, last] = range(found[1], found[2])!;
  const token = found[3];
  const id = input.vocabulary.findIndex((entry) => entry.normalize('NFC') === token.normalize('NFC'));
  if (id < 0) {
    throw new ChangeError(
      set,
      say`expected a token of the vocabulary after =, found ${JSON.stringify(token)}`,
    );
  }
  if (last >= sequence.steps || first > last) {
    throw new ChangeError(
      set,
      say`expected steps from 0 to ${sequence.steps - 1}, found ${first} to ${last}`,
    );
  }
  return {
    ...sequence,
    ids: sequence.ids.slice().fill(id, first, last + 1),
    tokens: sequence.tokens.map((old, step) => (step >= first && step <= last ? token : old)),
  };
}
