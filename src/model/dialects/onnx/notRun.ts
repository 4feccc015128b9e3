/** Layers that stand for what cannot be run: what they read is drawn and run, what reads them runs where a sequence brings it. */
import type { Draft } from './draft';
import { widthOf } from './axes';
import type { Unknown } from './value';

/** The layer that gives a tensor which is not known; `wanted` is its name where no node gives that tensor alone. */
export function notRunDraft(
  { reason, from, operator, name }: Unknown,
  wanted: string,
  width: number,
  index: number,
  streaming: boolean,
): Draft {
  const readable = from && !(streaming && from.pieces.some(({ at }) => at === 'cell'));
  return {
    ...{ wanted: name ?? wanted, inputs: readable ? [from] : [], tensors: {}, width, index },
    own: { type: 'not_run', kind: operator ?? 'not known', reason, outputSize: width },
    inputSize: readable ? widthOf(from) : width,
  };
}
