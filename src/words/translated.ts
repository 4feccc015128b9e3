/** The language that catalogues of words are in: English, unless the user's is spoken before they are made. */

/** Sentences of a language by the English ones. */
export type Sentences = Readonly<Record<string, string>>;

/** Of the whole process: the extension's chunks, each with modules of its own, speak the same. */
const SPOKEN = Symbol.for('gatescope.sentences');

type Speaker = { [SPOKEN]?: { readonly language: string; readonly sentences: Sentences } };

/** Catalogues that are made from now on are in this language, of which `en` has no sentences. */
export function speak(language: string, sentences: Sentences): void {
  (globalThis as Speaker)[SPOKEN] = { language, sentences };
}

/** The language that is spoken, as pages name it, and its sentences. */
export function spoken(): { readonly language: string; readonly sentences: Sentences } {
  return (globalThis as Speaker)[SPOKEN] ?? { language: 'en', sentences: {} };
}

/** A catalogue in the user's language: texts, also in lists and in catalogues of it. What has no translation stays. */
export function translated<T>(words: T): T {
  const { sentences } = spoken();
  const inLanguage = (part: unknown): unknown => {
    if (typeof part === 'string') return Object.hasOwn(sentences, part) ? sentences[part] : part;
    if (Array.isArray(part)) return part.map(inLanguage);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, inLanguage(one)]));
  };
  return inLanguage(words) as T;
}

/** As the text of a `<script>` that is data: it holds nothing that would end it. */
export function dataBlock(sentences: Sentences): string {
  return JSON.stringify(sentences).replaceAll('<', '\\u003c');
}
