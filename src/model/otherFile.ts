/** What a file that is no model seems to be, where that is plain. */
import { quote } from './json/decode';
import type { JsonNode } from './json/parse';

const bytes = (text: string) => Array.from(text, (character) => character.charCodeAt(0));

/** Formats by their first bytes; most are listed in the "magic" files of file(1). */
const SIGNATURES: readonly (readonly [readonly number[], string])[] = [
  [[0x89, ...bytes('PNG')], 'a PNG image'],
  [[0xff, 0xd8, 0xff], 'a JPEG image'],
  [bytes('GIF8'), 'a GIF image'],
  [bytes('%PDF'), 'a PDF document'],
  [bytes('RIFF'), 'a RIFF file, such as WAV sound'],
  [[0x7f, ...bytes('ELF')], 'an ELF program'],
  [bytes('MZ'), 'a Windows program'],
  [[0x1f, 0x8b], 'a gzip archive: unpack it first'],
  [bytes('7z\xbc\xaf'), 'a 7-Zip archive: unpack it first'],
  [bytes('PK\x05\x06'), 'an empty ZIP archive'],
  [bytes('PK\x03\x04'), 'a ZIP archive, but none of Keras'],
  [bytes('\x93NUMPY'), 'a NumPy array'],
  [bytes('SQLite format 3'), 'an SQLite database'],
  [[0xff, 0xfe], 'text in UTF-16: save it as UTF-8'],
  [[0xfe, 0xff], 'text in UTF-16: save it as UTF-8'],
];

/** Of a file's first bytes; undefined where they tell nothing. */
export function kindOfBytes(head: Uint8Array): string | undefined {
  return SIGNATURES.find(([signature]) => signature.every((byte, k) => head[k] === byte))?.[1];
}

const LISTED_KEYS = 5;

export function kindOfJson(root: JsonNode): string {
  const { type, children = [] } = root;
  if (type === 'array') return 'a list';
  if (type !== 'object') return `a single ${type === 'null' ? 'null' : type}`;
  const keys = children.map((property) => String(property.children?.[0].value));
  if (keys.length === 0) return 'an empty object';
  if (
    keys.includes('name') &&
    ['dependencies', 'devDependencies', 'scripts'].some((key) => keys.includes(key))
  )
    return 'a package.json of npm';
  const more = keys.length > LISTED_KEYS ? ', …' : '';
  return `an object with ${keys.slice(0, LISTED_KEYS).map(quote).join(', ')}${more}`;
}
