/** What a what-if, as people write it, is of. */
import { INPUT, type SignalAddress } from '../model/network';
import { addressText } from './text';

/** Whether a change is of a signal at a step, or of some of its units. */
export function isHeld(sets: readonly string[], address: SignalAddress, step: number): boolean {
  const signal = addressText(address);
  return sets.some((set) => {
    if (!set.startsWith(signal)) return false;
    const rest = /^(?:\[[\d.]+\])?(?:@(\d+)(?:\.\.(\d+))?)?=/.exec(set.slice(signal.length));
    if (!rest) return false;
    const [, first, last = first] = rest;
    return first === undefined || (step >= Number(first) && step <= Number(last));
  });
}

/** Whether a change is of single units of a layer's signal. */
export function isOfUnits(set: string): boolean {
  return /^[^=]*\[\d/.test(set) && !set.startsWith(INPUT);
}
