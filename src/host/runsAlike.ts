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
  return same(withoutWords(a), withoutWords(b));
}

function withoutWords({ network, weights, samples }: Runnable): Runnable {
  return { network: { ...network, name: '', description: '' }, weights, samples };
}

/** Whether two values hold the same: lists, maps, numbers in arrays and plain objects of such. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (a.constructor !== b.constructor) return false;
  if (ArrayBuffer.isView(a)) return sameNumbers(a as Float32Array, b as Float32Array);
  if (a instanceof Map && b instanceof Map) return sameEntries([...a], [...b]);
  return sameEntries(Object.entries(a), Object.entries(b));
}

function sameEntries(a: readonly [unknown, unknown][], b: readonly [unknown, unknown][]): boolean {
  if (a.length !== b.length) return false;
  const others = new Map(b);
  return a.every(([key, value]) => others.has(key) && same(value, others.get(key)));
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, k) => Object.is(value, b[k]));
}
