/** The numbers in words. */
import type { Attribution } from '../../../src/protocol';
import { signed } from '../../../src/picture/attribution/say';
import { words as common } from '../../../src/picture/attribution/words';
import { quoted } from '../../../src/picture/names';
import { fill } from '../../shared/words';
import { formatCount } from '../../../src/picture/format';
import { sumAt, valueAt, type Looked, type Place } from '../../../src/picture/attribution/found';
import { extremeIn } from '../../../src/picture/attribution/layout';
import { words } from './words';

/** How far before the output's step. */
export function lagInWords(step: number, target: number): string {
  const before = target - step;
  if (before === 0) return words.here;
  if (Math.abs(before) === 1) return before > 0 ? words.oneBefore : words.oneAfter;
  return fill(before > 0 ? words.before : words.after, formatCount(Math.abs(before)));
}

/** A feature, or the token of a step. */
export function nameAt({ tokens, nameOf }: Looked, { feature, step }: Omit<Place, 'value'>): string {
  return tokens ? quoted(tokens[step] ?? '') : nameOf(feature);
}

export function cellInWords(looked: Looked, place: Place): string {
  const lag = lagInWords(place.step, looked.found.target.step);
  const name = nameAt(looked, place);
  return fill(words.cell, name, formatCount(place.step + 1), lag, signed(place.value));
}

/** What is under the pointer: a feature, −1 for all together, and steps, the last included. */
export interface Spot {
  readonly feature: number;
  readonly from: number;
  readonly to: number;
}

/** Of several steps the largest in size. */
export function spotInWords(looked: Looked, { feature, from, to }: Spot): string {
  const { input, found } = looked;
  const numberAt = (step: number) => (feature < 0 ? sumAt(input, step) : valueAt(input, feature, step));
  const value = extremeIn((_, step) => numberAt(step), [0, 1], [from, to + 1]);
  const [first, last] = [from, to].map((step) => formatCount(step + 1));
  if (from < to) {
    const name = feature < 0 ? common.profile : looked.nameOf(feature);
    return fill(words.cells, name, first, last, signed(value));
  }
  if (feature >= 0) return cellInWords(looked, { feature, step: from, value });
  return fill(words.cell, common.profile, first, lagInWords(from, found.target.step), signed(value));
}

/** How far an answer is that has nothing yet. */
export function progressInWords({ done, total }: Pick<Attribution, 'done' | 'total'>): string {
  return total > 1 ? fill(words.computingPoints, formatCount(done), formatCount(total)) : words.computing;
}
