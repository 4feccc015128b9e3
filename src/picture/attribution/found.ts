/** What was found, as it is looked at: one input of it. */
import { inputOf, type Network } from '../../model/network';
import type { AttributionFound, InputAttribution, Inputs, SequenceSummary } from '../../protocol';
import { fill } from '../words';
import { words } from './words';

export interface Looked {
  readonly found: AttributionFound;
  readonly input: InputAttribution;
  /** How far the colours reach: the largest size of a number that is one. */
  readonly reach: number;
  readonly nameOf: (feature: number) => string;
  /** Of the steps, where tokens are read. */
  readonly tokens: readonly string[] | null;
}

/** `wanted` is an input; where it brings nothing there, the network's own. */
export function lookedAt(
  network: Network,
  sequence: Pick<SequenceSummary, 'inputs' | 'further'>,
  found: AttributionFound,
  wanted: string,
): Looked {
  const input = found.inputs.find(({ layer }) => layer === wanted) ?? found.inputs[0];
  let reach = 0;
  for (const value of input.values) if (Number.isFinite(value)) reach = Math.max(reach, Math.abs(value));
  const of = inputOf(network, input.layer);
  const names = of.kind === 'vector' ? of.features : undefined;
  const nameOf = (feature: number) => names?.[feature] ?? fill(words.feature, feature);
  const tokens = input.tokens ? tokensOf(sequence, input.layer) : null;
  return { found, input, reach: reach || 1, nameOf, tokens };
}

/** What an input reads, token by token; none where it reads vectors. */
function tokensOf(
  { inputs, further }: Pick<SequenceSummary, 'inputs' | 'further'>,
  layer: string,
): readonly string[] {
  const own: Inputs | undefined = further?.find((one) => one.layer === layer)?.inputs ?? inputs;
  return own.kind === 'token' ? own.tokens : [];
}

/** 0 where a step was not looked at: it brings nothing. */
export function valueAt(
  { from, rows, features, values }: InputAttribution,
  feature: number,
  step: number,
): number {
  const row = step - from;
  return row < 0 || row >= rows ? 0 : values[row * features + feature];
}

/** All features of a step together. */
export function sumAt(input: InputAttribution, step: number): number {
  let sum = 0;
  for (let feature = 0; feature < input.features; feature++) sum += valueAt(input, feature, step);
  return sum;
}

export interface Place {
  readonly feature: number;
  readonly step: number;
  readonly value: number;
}

/** The `count` largest in size, the largest first. */
export function largestOf({ from, features, values }: InputAttribution, count: number): Place[] {
  const best: number[] = [];
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k]);
    if (!(size > 0) || (best.length === count && size <= Math.abs(values[best[count - 1]]))) continue;
    const at = best.findIndex((other) => Math.abs(values[other]) < size);
    best.splice(at < 0 ? best.length : at, 0, k);
    best.length = Math.min(best.length, count);
  }
  return best.map((k) => ({
    feature: k % features,
    step: from + Math.floor(k / features),
    value: values[k],
  }));
}
