/** What stands at a place of a sequence, and around it, as a list shows it. */
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import type { Surroundings } from '../protocol';

/** Letters of text on each side; steps at most. */
const LETTERS = 26;
const MOST_BESIDE = 24;
/** Steps of numbers on each side at least. */
const LEAST_BESIDE = 8;
/** Steps of a place that are shown of text, and points of numbers in all. */
const MOST_TOKENS = 40;
const MOST_POINTS = 160;

/** Steps `from` to `to` of a sequence and those beside them: tokens, or the first feature; with the labels of all its steps, theirs. */
export function surroundings(
  network: Network,
  sequence: Sequence,
  from: number,
  to: number,
  labels?: readonly string[],
): Surroundings {
  if (sequence.kind === 'token') {
    const { tokens } = sequence;
    const first = from - reach(tokens, from, -1);
    const last = Math.min(to, from + MOST_TOKENS - 1);
    const end = last < to ? last : to + reach(tokens, to, 1);
    return {
      ...{ kind: 'token', first, tokens: tokens.slice(first, end + 1) },
      apart: network.input.kind === 'token' && network.input.split === 'word',
      ...(labels && { labels: labels.slice(first, end + 1) }),
    };
  }
  const { steps, size, values } = sequence;
  const beside = Math.min(MOST_BESIDE, Math.max(LEAST_BESIDE, to - from + 1));
  const [first, last] = [Math.max(0, from - beside), Math.min(steps - 1, to + beside)];
  const stride = Math.ceil((last - first + 1) / MOST_POINTS);
  const points = Math.ceil((last - first + 1) / stride);
  const at = (point: number) => first + point * stride;
  return {
    ...{ kind: 'vector', first, stride },
    values: Float32Array.from({ length: points }, (_, point) => {
      const end = Math.min(at(point) + stride, last + 1);
      let sum = 0;
      for (let step = at(point); step < end; step++) sum += values[step * size];
      return sum / (end - at(point));
    }),
    ...(labels && { labels: Array.from({ length: points }, (_, point) => labels[at(point)]) }),
  };
}

/** Tokens beside one, as many as make up a stretch of text. */
function reach(tokens: readonly string[], from: number, by: 1 | -1): number {
  let letters = 0;
  let count = 0;
  for (
    let at = from + by;
    count < MOST_BESIDE && letters < LETTERS && at >= 0 && at < tokens.length;
    at += by
  ) {
    letters += tokens[at].length + 1;
    count++;
  }
  return count;
}
