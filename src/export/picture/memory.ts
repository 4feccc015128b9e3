/** How far back the last output reaches. */
import { gradient } from '../../engine/gradient';
import type { SliceOptions } from '../../engine/slices';
import { outputNames } from '../../model/outputs';
import type { Theme } from '../../picture/colour/color';
import { formatCount } from '../../picture/format';
import { rowInWords, seriesOf } from '../../picture/memory/chart';
import { memorySheet } from '../../picture/memory/svg';
import type { Sheet } from '../../picture/svgText';
import { visible } from '../../unroll/mermaid';
import type { Translate } from '../../words/translate';
import type { ExportedRun } from '../exported';
import type { ExportOptions } from '../format';
import { words } from '../words';
import { figuresOf } from './figures';

const SIZE = { width: 960, height: 320 };

/** Of the largest number of the last output, as in the panel. */
export async function memoryOf(
  { network, kept, ran, fileName }: ExportedRun,
  _: ExportOptions,
  theme: Theme,
  how: SliceOptions & { readonly translate: Translate },
): Promise<Sheet> {
  const { unit } = (await figuresOf(kept, network, how)).top;
  const options = { ...how, clamps: ran.clamps ?? [], unit: Math.max(0, unit[unit.length - 1]) };
  const { target, layers } = await gradient(ran.network, ran.weights, ran.sequence, options);
  const { steps } = ran.sequence;
  const lines = layers.map(({ layer, level, direction, rows, dh, dc }, k) => ({
    row: {
      ...{ layer, level, direction, signal: dc ? ('c' as const) : ('h' as const) },
      steps: Int32Array.from({ length: rows }, (__, row) => (rows === 1 ? steps - 1 : row)),
    },
    ...{ values: dc ?? dh, style: seriesOf(k), role: null },
    name: rowInWords({ layer, level, direction }, layers),
  }));
  const name = outputNames(network)?.[target.unit];
  const output = name === undefined ? `y[${target.unit}]` : visible(name);
  const title = how.translate(words.memoryReach, output, formatCount(target.step));
  const chart = { lines, target: target.step, steps };
  const sheet = memorySheet(`${fileName} · ${title}`, chart, SIZE, theme);
  if (!sheet) throw new RangeError(how.translate(words.nothingToDraw, title));
  return sheet;
}
