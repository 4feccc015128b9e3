/** Features of an input that have no place in its node, by name. No DOM. */
import type { VectorInput } from '../../model/network';
import { visible } from '../../unroll/mermaid';
import { fill } from '../words';
import { formatCount } from '../format';
import { words } from './words';

/** More are counted. */
const NAMED = 24;

/** Features `from` to `to` − 1: their names, or their numbers where they have none. */
export function featuresInWords(
  { features }: Pick<VectorInput, 'features'>,
  from: number,
  to: number,
): string {
  if (!features) {
    const [first, last] = [formatCount(from), formatCount(to - 1)];
    return from + 1 === to ? fill(words.oneFeature, first) : fill(words.features, first, last);
  }
  const names = features
    .slice(from, Math.min(to, from + NAMED))
    .map(visible)
    .join(', ');
  const more = to - from - NAMED;
  return more > 0 ? fill(words.moreFeatures, names, formatCount(more)) : names;
}
