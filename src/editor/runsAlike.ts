import { isDeepStrictEqual } from 'node:util';
import type { Network, Weights } from '../model/network';
import type { Sample } from '../model/samples';

/** What runs of a model. */
export interface Runnable {
  readonly network: Network;
  readonly weights?: Weights;
  readonly samples: readonly Sample[];
}

/** Whether two versions of a model, which may differ in name and description, give the same numbers for the same samples. */
export function runsAlike(a: Runnable, b: Runnable): boolean {
  return isDeepStrictEqual(withoutWords(a), withoutWords(b));
}

function withoutWords({ network, weights, samples }: Runnable): Runnable {
  return { network: { ...network, name: '', description: '' }, weights, samples };
}
