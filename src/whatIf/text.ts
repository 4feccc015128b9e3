/** Changes as text: what `changes.ts` reads. */
import { INPUT, type SignalAddress } from '../model/network';

/** A signal, or, without one, a level and direction of a layer. */
type Place = Omit<Changed, 'signal'> & { readonly signal?: string };

/** What a change is of: a whole signal, perhaps one unit of it, perhaps at one step alone. */
export interface Changed extends SignalAddress {
  readonly unit?: number;
  readonly step?: number;
}

/** `lstm.1.backward.f[12]@21`. */
export function addressText({ layer, level, direction, signal, unit, step }: Place): string {
  const place = [...(level > 0 ? [level] : []), ...(direction === 'backward' ? [direction] : [])];
  const own = layer === INPUT ? [] : [...place, ...(signal === undefined ? [] : [signal])];
  const units = unit === undefined ? '' : `[${unit}]`;
  const steps = step === undefined ? '' : `@${step}`;
  return [layer, ...own].join('.') + units + steps;
}

/** `lstm.f[12]@21=0`, or `input@3=b` for a token. */
export function changeText(changed: Changed, value: number | string): string {
  return `${addressText(changed)}=${value}`;
}

/** Several changes as one text, a line each: what `splitChanges` takes apart. */
export function joinChanges(sets: readonly string[]): string {
  return sets.join('\n');
}

/** Changes of a text: a line each, or behind a semicolon and a space. */
export function splitChanges(text: string): string[] {
  return text
    .split(/\n|;\s+/)
    .filter((set) => set.trim() !== '')
    .map((set) => set.trimStart());
}
