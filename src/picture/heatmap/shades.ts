/** What a heat map shows of rows: for each unit in each column the shade of a number, in a byte instead of two numbers. */
import { NO_SHADE, SHADES, type Rows, type Shades } from '../../protocol';

/**
 * Of the numbers that share a column the one of the largest size counts.
 *
 * @param reach the number of the last shade: what lies beyond has it, too.
 */
export function shadesOf({ min, max = min, ...place }: Rows, reach: number): Shades {
  const shades = new Int8Array(min.length);
  let [least, largest] = [Infinity, -Infinity];
  for (let k = 0; k < min.length; k++) {
    const [low, high] = [min[k], max[k]];
    if (low < least) least = low;
    if (high > largest) largest = high;
    const extreme = -low > high ? low : high;
    if (extreme !== extreme) shades[k] = NO_SHADE;
    else shades[k] = Math.round(Math.max(-1, Math.min(extreme / reach, 1)) * SHADES);
  }
  const none = least > largest;
  return {
    ...{ from: place.from, to: place.to, units: place.units, columns: place.columns, shades },
    ...{ least: none ? NaN : least, largest: none ? NaN : largest },
  };
}
