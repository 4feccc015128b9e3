/** A heat map, as it is drawn. */
import { stepOfRow } from '../../model/time';
import type { Inputs, Shades, SignalSummary, UnitOrder } from '../../protocol';
import { visible } from '../../unroll/mermaid';
import type { ColorScale } from '../colour/scale';
import { formatScale } from '../format';
import { paletteOf } from '../measure';
import { tokenText } from '../text';
import { bracketsOf } from './brackets';
import { binsOf, coloursOf, paintCells } from './cells';
import type { MapPicture } from './draw';
import { columnsOf, frameOf, linesOf, type Size } from './layout';

/** What a heat map is of. */
export interface MapSubject {
  readonly summary: SignalSummary;
  readonly sequence: { readonly steps: number; readonly inputs: Inputs };
  /** The rows that are shown: from, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly shades: Shades;
  readonly order: UnitOrder;
}

/** Whether the text of the sequence is what the signal's rows belong to. */
export function hasText(
  { inputs, steps }: MapSubject['sequence'],
  { rows, time }: Pick<SignalSummary, 'rows' | 'time'>,
): boolean {
  return inputs.kind === 'token' && !time && rows === steps;
}

/** @param ratio pixels of the screen, or of the file, in one of the picture. */
export function mapPicture(
  { summary, sequence, from, to, shades, order }: MapSubject,
  size: Size,
  scale: ColorScale,
  ratio: number,
): MapPicture {
  const palette = paletteOf(summary, 'mean');
  const frame = frameOf(size, order.clusters !== undefined);
  const lines = linesOf(order.clusters?.groups ?? [summary.units], frame.top, frame.bottom);
  const bins = binsOf(lines, ratio);
  const { inputs } = sequence;
  const tokens = inputs.kind === 'token' && hasText(sequence, summary) ? inputs.tokens : null;
  return {
    ...{ frame, lines, bins, palette, held: shades },
    columns: columnsOf(from, to, frame, summary.rows),
    cells: paintCells(shades, { order: order.units, bins, colours: coloursOf(scale, palette) }),
    brackets: frame.treeRight > frame.treeLeft ? bracketsOf(order, lines, frame) : [],
    nameOf: (line) => String(order.units[line]),
    tokenAt: tokens && ((row) => visible(tokenText(tokens[row] ?? ''))),
    numberOf: (row) => stepOfRow(sequence, summary, row) + 1,
    ends: endsInWords(summary),
  };
}

/** Where the colours end. */
function endsInWords(summary: SignalSummary): readonly [least: string, most: string] {
  if (paletteOf(summary, 'mean') === 'gate') return ['0.00', '1.00'];
  const reach = formatScale(summary.scale);
  return [`−${reach}`, reach];
}
