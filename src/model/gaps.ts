/** Numbers that the names of a PyTorch Sequential's parts leave out: its modules without parameters have no tensors. */
import { say } from '../words/say';

/** Of names that a file has, what stands for nothing between two parts of one Sequential, or before its first. */
export interface Gap {
  /** The Sequential's own name. */
  readonly of: string;
  /** The numbers that no part has, at least one. */
  readonly numbers: readonly number[];
}

/** More are no activations and dropouts. */
const MOST = 8;

/** The gap between two parts that follow each other; `taken` are all names that the file has for parts. */
export function gapBetween(before: string, after: string, taken: readonly string[] = []): Gap | undefined {
  const [one, other] = [before.split('.'), after.split('.')];
  const at = other.findIndex((part, k) => part !== one[k]);
  // The first part of a Sequential, read by what stands outside, has a number too; before it numbers may be left out.
  const inside = other.findIndex((part, k) => k > at && isNumber(part));
  const same = at >= 0 && isNumber(other[at]) && isNumber(one[at] ?? '');
  const place = same ? at : inside;
  if (place < 1 && !(same && place === 0)) return undefined;
  const from = same ? Number(one[at]) + 1 : 0;
  const to = Number(other[place]);
  if (to <= from || to - from > MOST) return undefined;
  const of = other.slice(0, place).join('.');
  const numbers = Array.from({ length: to - from }, (_, k) => from + k).filter(
    (number) => !taken.some((name) => isBelow(name, of === '' ? String(number) : `${of}.${number}`)),
  );
  return numbers.length > 0 ? { of, numbers } : undefined;
}

/** Where the names are those of a Sequential, and nothing else stands in its numbers: in words. */
export function gapInWords({ of, numbers }: Gap): string {
  const owner = of === '' ? '' : say` of ${JSON.stringify(of)}`;
  const last = numbers.at(-1);
  if (numbers.length === 1) return say`the number ${last}${owner} stands for a module without parameters`;
  return say`the numbers ${numbers.slice(0, -1).join(', ')} and ${last}${owner} stand for modules without parameters`;
}

function isNumber(part: string): boolean {
  return /^\d{1,4}$/.test(part);
}

function isBelow(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}.`);
}
