import type { At, Report } from './report';

/** Reports `bytes` that are beyond the limit; true if they are not. Call before taking the memory. */
export function checkMemory(bytes: number, limit: number, what: string, at: At, report: Report): boolean {
  if (bytes <= limit) return true;
  const message = `${what} would take ${inUnits(bytes)} of memory; the limit is ${inUnits(limit)} (setting gatescope.memoryLimit)`;
  report.error(at, 'memory-limit', message);
  return false;
}

function inUnits(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(bytes) / Math.log(1024))));
  const amount = bytes / 1024 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${units[power]}`;
}
