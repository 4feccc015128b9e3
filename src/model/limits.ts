import { say } from '../words/say';
import type { At, Report } from './report';

/** Sizes that are checked before memory is taken. */
export interface Limits {
  /** Bytes that the weights or one sample may take. */
  readonly memory: number;
  /** What raises the limit where the message is read, such as "setting gatescope.memoryLimit". */
  readonly raisedBy?: string;
}

/** Reports `bytes` that are beyond the limit; true if they are not. Call before taking the memory. */
export function checkMemory(bytes: number, limits: Limits, what: string, at: At, report: Report): boolean {
  if (bytes <= limits.memory) return true;
  const message = say`${what} would take ${inUnits(bytes)} of memory; the limit is ${limitInWords(limits)}`;
  report.error(at, 'memory-limit', message);
  return false;
}

/** The limit, and what raises it. */
export function limitInWords({ memory, raisedBy }: Limits): string {
  return raisedBy === undefined ? inUnits(memory) : `${inUnits(memory)} (${raisedBy})`;
}

/** `1.5 MB`, in powers of 1024. */
export function inUnits(bytes: number): string {
  const units = [say`bytes`, 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(bytes) / Math.log(1024))));
  const amount = bytes / 1024 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${units[power]}`;
}
