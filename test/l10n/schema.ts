/** The JSON schema of the native format in Korean: made of the English one and of what its texts are in Korean. */
import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { faultsOf, type Faults, read, type Sentences } from './sentences';

const ENGLISH = 'media/rnn-model.schema.json';
export const KOREAN = 'media/rnn-model.schema.ko.json';
/** Apart from what the extension says: no program reads it. */
export const SCHEMA_TEXTS = 'test/l10n/schema.ko.json';

/** What people read in a schema. A snippet's label is what they type. */
const TEXTS = ['title', 'description', 'enumDescriptions'];

/** The schema with its texts in another language. */
export function translatedSchema(schema: unknown, sentences: Sentences): unknown {
  const inLanguage = (text: unknown): unknown =>
    typeof text === 'string' ? (sentences[text] ?? text) : (text as unknown[]).map(inLanguage);
  if (Array.isArray(schema)) return schema.map((part) => translatedSchema(part, sentences));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, part]) => [
      key,
      isText(key, part) ? inLanguage(part) : translatedSchema(part, sentences),
    ]),
  );
}

/** A key of that name may also be a property that is described. */
function isText(key: string, part: unknown): boolean {
  return TEXTS.includes(key) && (typeof part === 'string' || Array.isArray(part));
}

/** The texts of a schema. */
export function textsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, part]) =>
    isText(key, part) ? [part as string | string[]].flat() : textsOf(part),
  );
}

export function englishSchema(): unknown {
  return JSON.parse(readFileSync(ENGLISH, 'utf8'));
}

export function schemaFaults(): Faults {
  return faultsOf(textsOf(englishSchema()), read(SCHEMA_TEXTS));
}

/** The Korean schema as it is to be, as a file. */
export function koreanSchema(): Promise<string> {
  const schema = translatedSchema(englishSchema(), read(SCHEMA_TEXTS));
  return format(JSON.stringify(schema, null, 2), { parser: 'json', printWidth: 110 });
}
