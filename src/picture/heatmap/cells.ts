/** The cells as pixels: one for each column and line, or for the lines that share a pixel. */
import { NO_SHADE, SHADES, type Shades } from '../../protocol';
import { packedColor } from '../colour/color';
import type { ColorScale } from '../colour/scale';
import type { LineGroup, Lines } from './layout';

/** The colours of all shades as a canvas keeps them, from the lowest. */
export function coloursOf(scale: ColorScale, palette: 'gate' | 'signed'): Uint32Array {
  return Uint32Array.from({ length: 2 * SHADES + 1 }, (_, k) =>
    packedColor(scale.swatch(palette, (k - SHADES) / SHADES).fill),
  );
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
}

/**
 * A pixel has the shade that is farthest from 0 among those that share it.
 *
 * @param order the unit of each line.
 * @param colours of all shades.
 */
export function paintCells(
  { columns, units, shades }: Pick<Shades, 'columns' | 'units' | 'shades'>,
  { order, bins, colours }: { order: Int32Array; bins: Bins; colours: Uint32Array },
): Cells {
  const { starts } = bins;
  const height = starts.length - 1;
  const pixels = new Uint32Array(columns * height);
  let holes = false;
  for (let column = 0; column < columns; column++) {
    const at = column * units;
    for (let bin = 0; bin < height; bin++) {
      let farthest = 0;
      // What stands for NaN is the farthest of all.
      for (let line = starts[bin]; line < starts[bin + 1]; line++) {
        const shade = shades[at + order[line]];
        if (Math.abs(shade) > Math.abs(farthest)) farthest = shade;
      }
      if (farthest === NO_SHADE) holes = true;
      else pixels[bin * columns + column] = colours[SHADES + farthest];
    }
  }
  return { width: columns, height, pixels, holes };
}
