/** The text under what was predicted of it. */
import { formatCount } from '../format';
import { fill } from '../words';
import { significant } from './forecast';
import { meanNats } from './rank';
import { words } from './words';

/** The probability of each token, NaN of the first, from those of what came next (see `nextTokens`). */
export function sharesOf(next: Float32Array): Float32Array {
  const shares = new Float32Array(next.length).fill(NaN);
  shares.set(next.subarray(0, -1), 1);
  return shares;
}

/** How well tokens were predicted, beside guessing among as many; null where none was. */
export function meanInWords(probabilities: Float32Array, vocabulary: number): string | null {
  const nats = meanNats(probabilities);
  if (nats === null) return null;
  const guessing = significant(Math.log(vocabulary));
  return fill(words.nextMean, significant(nats), guessing, formatCount(vocabulary));
}
