/** Layers that stand for what cannot be run: what they read is drawn and run, what reads them runs where a sequence brings it. */
import { say } from '../../../words/say';
import { widthOf } from './axes';
import type { Draft, Flow } from './draft';
import { keyOf } from './flow';
import type { Unknown, Value } from './value';

/** The layer that gives a tensor which is not known; `wanted` is its name where no node gives that tensor alone. */
export function notRunDraft(
  { reason, from = [], operator, name }: Unknown,
  wanted: string,
  width: number,
  index: number,
  streaming: boolean,
): Draft {
  const readable = from.filter(({ pieces }) => !(streaming && pieces.some(({ at }) => at === 'cell')));
  const inputs = [...new Map(readable.map((flow) => [keyOf(flow.pieces), flow])).values()];
  return {
    ...{ wanted: name ?? wanted, inputs, tensors: {}, width, index },
    own: { type: 'not_run', kind: operator ?? say`not known`, reason, outputSize: width },
    inputSize: inputs.length > 0 ? widthOf(inputs[0]) : width,
  };
}

/** More would be too many lines to draw into one layer. */
const MAX_SOURCES = 16;

/** What is known of some values and of what they were computed from, each once, in the order of its layers: the latest of many. */
export function sourcesOf(values: readonly (Value | undefined)[]): readonly Flow[] {
  const known = values.flatMap((value) => {
    if (value?.kind === 'flow') return [value];
    return value?.kind === 'unknown' ? (value.from ?? []) : [];
  });
  const once = new Map(known.map((flow) => [flow.pieces, flow]));
  return [...once.values()].toSorted((a, b) => indexOf(a) - indexOf(b)).slice(-MAX_SOURCES);
}

/** They are asked for again and again, of tensors that may have a great many pieces. */
const indices = new WeakMap<Flow['pieces'], number>();

/** Of the last layer that a tensor comes from. */
export function indexOf({ pieces }: Flow): number {
  const index = indices.get(pieces) ?? Math.max(...pieces.map(({ draft }) => draft.index));
  indices.set(pieces, index);
  return index;
}
