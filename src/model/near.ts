/** Words that are close to a mistyped one. */
import { say } from '../words/say';

/** What a message ends with where one of `known` is close to `word`: `; did you mean "lstm"?`; else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : say`; did you mean ${JSON.stringify(near)}?`;
}

/** The closest of `known`, separators and case aside; undefined if none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = plain(word);
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const other = plain(candidate);
    const allowed = Math.min(typed.length, other.length) < 4 ? 1 : 2;
    if (Math.abs(typed.length - other.length) > allowed || Math.min(typed.length, other.length) < 3) {
      if (typed === other) return candidate;
      continue;
    }
    const changes = distance(typed, other);
    if (changes <= allowed && changes < least) [best, least] = [candidate, changes];
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, '');
}

/** Insertions, deletions and substitutions that lead from one word to the other. */
function distance(x: string, y: string): number {
  let previous = Array.from({ length: y.length + 1 }, (_, column) => column);
  for (let row = 1; row <= x.length; row++) {
    const current = [row];
    for (let column = 1; column <= y.length; column++) {
      const change = previous[column - 1] + (x[row - 1] === y[column - 1] ? 0 : 1);
      current.push(Math.min(change, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[y.length];
}
