/** What can be done with a model, above the places of its text that it is done with. */
import { stringAt, valueAt } from '../../model/json/decode';
import type { ModelText } from './modelText';
import { stretchOf, type Stretch } from './symbols';

export interface Lens {
  readonly at: Stretch;
  readonly does: 'open' | 'run';
  /** The sample that is run; without one it is asked what. */
  readonly sample?: string;
}

/** More would be in the way. */
const MOST_SAMPLES = 50;

export function lensesOf({ root, layers }: ModelText): Lens[] {
  if (layers.length === 0) return [];
  const start = { offset: root.offset, length: 1 };
  const samples = valueAt(root, 'samples')?.children ?? [];
  const named = samples.flatMap((node): Lens[] => {
    const sample = stringAt(node, 'name');
    return sample === undefined ? [] : [{ at: stretchOf(node), does: 'run', sample }];
  });
  const first: Lens = { at: start, does: 'run', ...(named[0] && { sample: named[0].sample }) };
  return [first, { at: start, does: 'open' }, ...named.slice(0, MOST_SAMPLES)];
}
