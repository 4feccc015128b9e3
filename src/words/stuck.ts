/** What is said of units that stay at an end of their range over a run. */
import type { StuckUnits } from '../engine/stuckUnits';
import { quote } from '../model/json/decode';
import { type Translate, inEnglish } from './translate';
import { translated } from './translated';

/** `{0}` names the signal, `{1}` the run; `{2}` of `{3}` units, `{4}` being the first of them. */
const words = translated({
  dead: '{0}: {2} of {3} units are 0 at every step of {1} ({4}): behind relu nothing brings them back',
  saturated:
    '{0}: {2} of {3} units are saturated at every step of {1} ({4}): they say the same whatever is read, and hardly learn',
});

const MOST_NAMED = 8;

export function stuckInWords(
  { layer, level, direction, signal, saturation, stuck, units }: StuckUnits,
  title: string,
  translate: Translate = inEnglish,
): string {
  const place = `${level > 0 ? `.${level}` : ''}${direction === 'backward' ? '.backward' : ''}`;
  const named = stuck.slice(0, MOST_NAMED).join(', ') + (stuck.length > MOST_NAMED ? ', …' : '');
  const sentence = saturation === 'dead' ? words.dead : words.saturated;
  return translate(sentence, `${layer}${place}.${signal}`, quote(title), stuck.length, units, named);
}
