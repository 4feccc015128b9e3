/** Titles of commands in the language that extensions speak: those of VS Code itself are in English. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths';
import type { Language } from './server';

const CATEGORY = 'Gatescope: ';

/** `Gatescope: New Model File…` in another language. */
export function titleIn(language: Language, english: string): string {
  if (language === 'en' || !english.startsWith(CATEGORY)) return english;
  const [said, wanted] = ['', `.${language}`].map(
    (suffix) => JSON.parse(readFileSync(join(ROOT, `package.nls${suffix}.json`), 'utf8')) as object,
  );
  const names = new Map(Object.entries(said).map(([name, text]) => [text as string, name]));
  const name = names.get(english.slice(CATEGORY.length));
  if (name === undefined) throw new Error(`no command has the title ${english}`);
  return CATEGORY + (wanted as Record<string, string>)[name];
}
