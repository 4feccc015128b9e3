/** Chooses one of several classes by their scores. */
import { say } from '../words/say';

export interface SamplingOptions {
  /** Above 1 evens the odds out, below 1 sharpens them; 0 always takes the likeliest. 1 by default. */
  readonly temperature?: number;
  /** Only that many of the likeliest are drawn from; all by default. */
  readonly topK?: number;
}

/** Throws RangeError for a temperature below 0 or not finite, or a `topK` that is not a whole number from 1. */
export function checkSampling({ temperature = 1, topK = 1 }: SamplingOptions): void {
  if (!(temperature >= 0 && Number.isFinite(temperature))) {
    throw new RangeError(say`temperature: expected a number from 0, found ${temperature}`);
  }
  if (!Number.isInteger(topK) || topK < 1) {
    throw new RangeError(say`top-k: expected a whole number from 1, found ${topK}`);
  }
}

/**
 * Draws from softmax(scores / temperature), cut to the `topK` highest; of equal scores the first counts as the
 * higher. `scores` are logits or the logarithms of probabilities, none of them NaN, one at least finite. `uniform`
 * gives a number in [0, 1).
 */
export function drawClass(
  scores: Float64Array,
  { temperature = 1, topK = scores.length }: SamplingOptions,
  uniform: () => number,
): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  const [likeliest] = order;
  if (temperature === 0) return likeliest;
  const drawn = order.slice(0, topK);
  const shares = drawn.map((unit) => Math.exp((scores[unit] - scores[likeliest]) / temperature));
  let left = uniform() * shares.reduce((sum, share) => sum + share, 0);
  const found = drawn.findIndex((_, k) => (left -= shares[k]) < 0);
  return found < 0 ? likeliest : drawn[found];
}
