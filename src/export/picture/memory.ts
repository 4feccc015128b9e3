/** How far back the last output reaches. */
import { gradient } from '../../engine/gradient';
import type { SliceOptions } from '../../engine/slices';
import { windowBounds } from '../../model/sequences/window';
import type { Theme } from '../../picture/colour/color';
import { rowInWords, seriesOf } from '../../picture/memory/chart';
import { normsInWords, reachInWords } from '../../picture/memory/say';
import { memorySheet } from '../../picture/memory/svg';
import { pictureTitle } from '../../picture/names';
import type { Sheet } from '../../picture/svgText';
import type { Translate } from '../../words/translate';
import type { ExportedRun } from '../exported';
import { byChoice, type ExportOptions } from '../format';
import { words } from '../words';
import { figuresOf } from './figures';

const SIZE = { width: 960, height: 320 };

/** Of the output at the last step of the range, of the unit that is chosen or else the largest there, as in the panel. */
export async function memoryOf(
  { network, kept, ran, fileName, origin }: ExportedRun,
  { range, unit }: ExportOptions,
  theme: Theme,
  how: SliceOptions & { readonly translate: Translate },
): Promise<Sheet> {
  const { steps } = ran.sequence;
  const [from, to] = range ? windowBounds(range, steps) : [0, steps];
  const { top } = await figuresOf(kept, network, how);
  const largest = top.unit[top.unit.length === steps ? to - 1 : top.unit.length - 1];
  const options = {
    ...{ ...how, clamps: ran.clamps ?? [], unit: unit ?? Math.max(0, largest) },
    ...(to < steps && { step: to - 1 }),
  };
  const { target, layers } = await byChoice(() => gradient(ran.network, ran.weights, ran.sequence, options));
  const lines = layers.map(({ layer, level, direction, rows, dh, dc }, k) => ({
    row: {
      ...{ layer, level, direction, signal: dc ? ('c' as const) : ('h' as const) },
      steps: Int32Array.from({ length: rows }, (__, row) => (rows === 1 ? steps - 1 : row)),
    },
    ...{ values: dc ?? dh, style: seriesOf(k), role: null },
    name: rowInWords({ layer, level, direction }, layers),
  }));
  const title = reachInWords(network, target);
  const name = normsInWords(lines.map(({ row }) => row.signal));
  const chart = { lines, target: target.step, steps: to, from, name };
  const sheet = memorySheet(pictureTitle(fileName, origin.sample, title), chart, SIZE, theme);
  if (!sheet) throw new RangeError(how.translate(words.nothingToDraw, title));
  return sheet;
}
