/** `--set ADDRESS=VALUE`: what a run holds fixed. */
import type { Values } from './command';
import { type Clamp, checkClamps } from '../engine/clamps';
import { type Direction, INPUT, type Layer, type Network, inputWidth } from '../model/network';
import { didYouMean } from '../model/near';
import { signalUnits } from '../model/signals';
import type { Sequence, TokenSequence } from '../model/samples';
import { firstDirection, layerOf } from './address';
import { EXIT, Failure, oneLine } from './output';

export interface WhatIf {
  readonly sequence: Sequence;
  readonly clamps: readonly Clamp[];
}

/** What `--set` was given. */
export function setsOf({ set }: Values): readonly string[] {
  return Array.isArray(set) ? set : [];
}

/** LEVEL. direction. SIGNAL [UNIT] or [UNIT..UNIT] @STEP or @STEP..STEP = VALUE, after a layer's name and a dot. */
const OF_LAYER =
  /^\.(?:(\d+)\.)?(?:(forward|backward)\.)?(\w+)(?:\[(\d+)(?:\.\.(\d+))?\])?(?:@(\d+)(?:\.\.(\d+))?)?=(.*)$/s;
const OF_INPUT = /^()()(?:\.(x))?(?:\[(\d+)(?:\.\.(\d+))?\])?(?:@(\d+)(?:\.\.(\d+))?)?=(.*)$/s;

/** Fails, naming what it could not read or has no place for, if one of `sets` cannot be done. */
export function whatIf(network: Network, sequence: Sequence, sets: readonly string[]): WhatIf {
  let changed = sequence;
  const clamps: Clamp[] = [];
  for (const set of sets) {
    const token = changed.kind === 'token' ? tokenChange(network, changed, set) : undefined;
    if (token) changed = token;
    else clamps.push(...checked(network, sequence, set, assignment(network, set)));
  }
  return { sequence: changed, clamps };
}

function checked(network: Network, sequence: Sequence, set: string, clamps: Clamp[]): Clamp[] {
  try {
    checkClamps(network, sequence, clamps);
    return clamps;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(EXIT.usage, `--set ${oneLine(set)}: ${error.message}`);
  }
}

function assignment(network: Network, set: string): Clamp[] {
  const layer = layerOf(network, set);
  const name = layer?.name ?? (set.startsWith(INPUT) ? INPUT : undefined);
  const found = name && (layer ? OF_LAYER : OF_INPUT).exec(set.slice(name.length));
  if (!found) throw new Failure(EXIT.usage, `--set ${oneLine(set)}: ${oneLine(faultOf(network, set, name))}`);
  const [, level, direction, signal = 'x', unit, lastUnit, step, lastStep, value] = found;
  const address = {
    layer: name,
    level: Number(level ?? 0),
    direction: (direction as Direction | undefined) ?? firstDirection(layer),
    signal,
    steps: range(step, lastStep),
  };
  const units = range(unit, lastUnit);
  const values = valuesOf(set, value);
  if (!Array.isArray(values)) return [{ ...address, units, value: values }];
  const [first, last] = units ?? [0, width(network, layer, signal) - 1];
  if (last - first + 1 !== values.length) {
    throw new Failure(
      EXIT.usage,
      `--set ${oneLine(set)}: expected ${last - first + 1} values, found ${values.length}`,
    );
  }
  return values.map((one, k) => ({ ...address, units: [first + k, first + k] as const, value: one }));
}

/** What is wrong with an assignment that cannot be read. `name` is the layer's, if one begins it. */
function faultOf(network: Network, set: string, name: string | undefined): string {
  const known = [INPUT, ...network.layers.map((layer) => layer.name)];
  const word = /^[^.[@=]*/.exec(set)![0];
  if (name === undefined && !known.includes(word)) {
    return `expected one of the layers ${known.join(', ')}, found ${word || 'none'}${didYouMean(word, known)}`;
  }
  if (!set.includes('=')) return `expected =VALUE at the end, such as ${set}=0, found none`;
  const found = name === undefined ? set.slice(word.length) : set.slice(name.length);
  const before = (name ?? word) === INPUT ? '' : '.SIGNAL, then ';
  return `after ${name ?? word}: expected ${before}[UNIT] and @STEP where wanted, then =VALUE; found ${found}`;
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
  throw new Failure(
    EXIT.usage,
    `--set ${oneLine(set)}: expected a number or a list of numbers after =, found ${oneLine(text)}`,
  );
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
    throw new Failure(
      EXIT.usage,
      `--set ${oneLine(set)}: expected a token of the vocabulary after =, found ${JSON.stringify(token)}`,
    );
  }
  if (last >= sequence.steps || first > last) {
    throw new Failure(
      EXIT.usage,
      `--set ${oneLine(set)}: expected steps from 0 to ${sequence.steps - 1}, found ${first} to ${last}`,
    );
  }
  return {
    ...sequence,
    ids: sequence.ids.slice().fill(id, first, last + 1),
    tokens: sequence.tokens.map((old, step) => (step >= first && step <= last ? token : old)),
  };
}
