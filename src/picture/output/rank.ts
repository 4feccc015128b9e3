/** The largest units of an output. */
import { readRow, type OutputReading } from '../../model/outputs';

export interface Ranked {
  readonly unit: number;
  readonly value: number;
}

/** As people compare them: shares by their size, numbers by their distance from 0. */
export function ranked(reading: OutputReading, row: Float32Array, count: number): Ranked[] {
  const values = readRow(reading, row);
  const size = (unit: number) => {
    const value = isShare(reading) ? values[unit] : Math.abs(values[unit]);
    // NaN stands last.
    return Number.isNaN(value) ? -Infinity : value;
  };
  const top: number[] = [];
  for (let unit = 0; unit < values.length; unit++) {
    let at = top.length;
    while (at > 0 && size(unit) > size(top[at - 1])) at--;
    if (at >= count) continue;
    top.splice(at, 0, unit);
    if (top.length > count) top.pop();
  }
  return top.map((unit) => ({ unit, value: values[unit] }));
}

/** Whether every number is from 0 to 1. */
export function isShare(reading: OutputReading): boolean {
  return reading !== 'numbers';
}

/** Of probabilities that are there: −mean ln p, in nats; null where there are none. */
export function meanNats(probabilities: Float32Array): number | null {
  let sum = 0;
  let count = 0;
  for (const probability of probabilities) {
    if (Number.isNaN(probability)) continue;
    sum -= Math.log(probability);
    count++;
  }
  return count === 0 ? null : sum / count;
}
