/** Times as people say them beforehand, when nobody knows them well. */
import { fill } from '../../shared/words';
import { words } from './words';

/** `about 2 s`: one digit that says something. */
export function aboutHowLong(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 0.95) return words.moment;
  if (seconds < 95) return fill(words.seconds, rounded(seconds));
  return fill(words.minutes, rounded(seconds / 60).toLocaleString('en'));
}

function rounded(count: number): number {
  return Number(count.toPrecision(count < 10 ? 1 : 2));
}
