/** The what-ifs that the user has made, with undo and redo. */
import { record } from '../../src/untrusted';

export interface Changes {
  /** As people write them: `lstm.f[12]=0`. */
  readonly sets: readonly string[];
  readonly past: readonly (readonly string[])[];
  readonly future: readonly (readonly string[])[];
}

export const NO_CHANGES: Changes = { sets: [], past: [], future: [] };

const MOST_KEPT = 100;

/** What a change is of: all before its value. */
export function addressIn(set: string): string {
  return set.slice(0, set.indexOf('='));
}

/** A change of what is changed already takes the other's place. */
export function made({ sets }: Changes, more: readonly string[]): readonly string[] {
  const addresses = new Set(more.map(addressIn));
  return [...sets.filter((set) => !addresses.has(addressIn(set))), ...more];
}

export function restored({ sets }: Changes, address: string): readonly string[] {
  return sets.filter((set) => addressIn(set) !== address);
}

/** With other changes in their place, which can be undone. */
export function withSets(changes: Changes, sets: readonly string[]): Changes {
  if (sets.join('\n') === changes.sets.join('\n')) return changes;
  return { sets, past: [...changes.past, changes.sets].slice(-MOST_KEPT), future: [] };
}

export function undone(changes: Changes): Changes {
  const { sets, past, future } = changes;
  const before = past.at(-1);
  return before ? { sets: before, past: past.slice(0, -1), future: [sets, ...future] } : changes;
}

export function redone(changes: Changes): Changes {
  const [next, ...future] = changes.future;
  return next ? { sets: next, past: [...changes.past, changes.sets], future } : changes;
}

/** Of what was stored, nothing is trusted. */
export function restoreChanges(kept: unknown): Changes {
  const lists = (value: unknown) => (Array.isArray(value) ? value.filter(isTexts) : []);
  const { sets, past, future } = record(kept);
  if (!isTexts(sets)) return NO_CHANGES;
  return { sets, past: lists(past), future: lists(future) };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
