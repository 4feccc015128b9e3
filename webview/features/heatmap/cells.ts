/** The cells as pixels: one for each column and line, or for the lines that share a pixel. */
import type { Rows } from '../../../src/protocol';
import { parseColor } from '../../colour/color';
import type { ColorScale } from '../../colour/scale';
import type { LineGroup, Lines } from './layout';

const HALF = 64;

/** Colours as a canvas keeps them, from −1 to 1 in 129 shades. */
export function shadesOf(scale: ColorScale, palette: 'gate' | 'signed'): Uint32Array {
  return Uint32Array.from({ length: 2 * HALF + 1 }, (_, k) => {
    const [r, g, b] = parseColor(scale.swatch(palette, (k - HALF) / HALF).fill)!;
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

/** Pixels that stand for lines, group by group. */
export interface Bins {
  /** The line at which each begins, and behind the last the count of lines. */
  readonly starts: Int32Array;
  /** The bins of each group. */
  readonly groups: readonly { readonly first: number; readonly size: number; readonly of: LineGroup }[];
}

/** One for each line, or as many as there are pixels of the screen: `ratio` of them in one of the page. */
export function binsOf({ groups, height }: Lines, ratio: number): Bins {
  const starts: number[] = [];
  const binned = groups.map((of) => {
    const size = Math.max(1, Math.min(of.size, Math.round(of.size * height * ratio)));
    const first = starts.length;
    for (let bin = 0; bin < size; bin++) starts.push(of.first + Math.floor((bin * of.size) / size));
    return { first, size, of };
  });
  const last = groups[groups.length - 1];
  return { starts: Int32Array.from([...starts, last.first + last.size]), groups: binned };
}

export interface Cells {
  readonly width: number;
  readonly height: number;
  /** Row by row; 0, which is transparent, where there is a NaN. */
  readonly pixels: Uint32Array;
  /** Whether there is a NaN. */
  readonly holes: boolean;
  /** The least and the largest number, NaN where there is none. */
  readonly least: number;
  readonly largest: number;
}

/**
 * A pixel has the colour of the number of the largest size among those that share it.
 *
 * @param order the unit of each line.
 * @param reach where the colours end.
 */
export function paintCells(
  rows: Rows,
  { order, bins, reach, shades }: { order: Int32Array; bins: Bins; reach: number; shades: Uint32Array },
): Cells {
  const { columns, units, min, max = min } = rows;
  const { starts } = bins;
  const height = starts.length - 1;
  const pixels = new Uint32Array(columns * height);
  let [least, largest] = [Infinity, -Infinity];
  let holes = false;
  for (let column = 0; column < columns; column++) {
    const at = column * units;
    for (let bin = 0; bin < height; bin++) {
      let extreme = 0;
      for (let line = starts[bin]; line < starts[bin + 1]; line++) {
        const [low, high] = [min[at + order[line]], max[at + order[line]]];
        if (low < least) least = low;
        if (high > largest) largest = high;
        const one = -low > high ? low : high;
        // NaN stays once it is there.
        if (one !== one || Math.abs(one) > Math.abs(extreme)) extreme = one;
        if (extreme !== extreme) break;
      }
      if (extreme !== extreme) {
        holes = true;
        continue;
      }
      const share = Math.max(-1, Math.min(extreme / reach, 1));
      pixels[bin * columns + column] = shades[HALF + Math.round(share * HALF)];
    }
  }
  const none = least > largest;
  return {
    ...{ width: columns, height, pixels, holes },
    least: none ? NaN : least,
    largest: none ? NaN : largest,
  };
}
