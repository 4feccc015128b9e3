/** What a quick fix says that it does. */
import type { Fix, FixCode } from '../model/fix';
import { type Translate, inEnglish } from './translate';
import { translated } from './translated';

const words: Readonly<Record<FixCode, string>> = translated({
  replace: 'Replace it with {0}',
  'rename-key': 'Change the key to {0}',
  'add-key': 'Add {0}',
  'add-element': 'Add {0}',
  'remove-key': 'Remove {0}',
  'remove-element': 'Remove {0}',
  set: 'Set {0} to {1}',
  'keep-only': 'Keep only {0}',
  'declare-unused': 'Say that {0} is unused on purpose',
  'declare-all-unused': 'Say that all {0} such tensors are unused on purpose',
  'read-tensors': 'Take the tensors of {0} from {1} in the file',
});

export function fixInWords({ code, values }: Fix, translate: Translate = inEnglish): string {
  return translate(words[code], ...values.map(short));
}

/** Longer ones are no help in a menu. */
const MOST_LETTERS = 60;

function short(value: string | number): string | number {
  return typeof value === 'string' && value.length > MOST_LETTERS
    ? `${value.slice(0, MOST_LETTERS - 1)}…`
    : value;
}
