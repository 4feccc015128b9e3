/** Sentences with values in them, in the user's language. */
import { fill } from './translate';
import { spoken } from './translated';

/** The sentence of a template, which is one object however often it is used. */
const sentences = new WeakMap<TemplateStringsArray, string>();

/**
 * say`tensor ${name} has ${count} values` is the translation of `tensor {0} has {1} values`, in which the values may
 * stand in another order; the text of the template where there is none. The words of a user's file are values: they
 * stay as they are.
 */
export function say(template: TemplateStringsArray, ...values: readonly unknown[]): string {
  const known = spoken().sentences;
  const sentence = sentenceOf(template);
  const texts = values.map(String);
  return Object.hasOwn(known, sentence)
    ? fill(known[sentence], ...texts)
    : template.reduce((text, part, k) => text + texts[k - 1] + part);
}

function sentenceOf(template: TemplateStringsArray): string {
  const known = sentences.get(template);
  if (known !== undefined) return known;
  const sentence = template.reduce((text, part, k) => `${text}{${k - 1}}${part}`);
  sentences.set(template, sentence);
  return sentence;
}
