/** What mattered as a standalone SVG: features and steps, or the text; below it the colours, and whether it adds up. */
import type { NetworkInput } from '../../model/network';
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { colouredTextSheet } from '../colouredTextSvg';
import { drawLegend, LEGEND } from '../legend';
import { SvgBrush, svgPress } from '../svgBrush';
import { titledSheet, TITLE_HEIGHT, type Around, type Sheet } from '../svgText';
import { areWords } from '../textLayout';
import { words } from '../words';
import { drawMap, drawTarget } from './draw';
import { valueAt, type Looked } from './found';
import { fitCells, layoutOf, namesRoom, roomySize, type Size } from './layout';
import { completenessOf, endsOf, lagsInWords } from './say';

/** Pixels of an image in one of the picture, so that it can be printed. */
const RATIO = 2;

interface Room {
  readonly width: number;
  readonly height?: number;
}

/**
 * @param as what the tokens, or numbers, are read as.
 * @param room as large as it is in the panel, or only how wide it may become.
 */
export function attributionSheet(
  title: string,
  looked: Looked,
  as: NetworkInput,
  room: Room,
  theme: Theme,
): Sheet {
  const { tokens, input, reach, found } = looked;
  if (tokens === null || fitCells(tokens, room.width)) return mapSheet(title, looked, room, theme);
  const { step } = found.target;
  const text = {
    ...({ tokens, apart: areWords(as, tokens), palette: 'signed', reach } as const),
    values: Float32Array.from(tokens, (_, token) => valueAt(input, 0, token)),
    ...({ playhead: -1, range: [step, step] } as const),
  };
  const notes = around(title, looked, words.stepsFromOne);
  return colouredTextSheet(notes, text, endsOf(looked), room.width, theme);
}

function mapSheet(title: string, looked: Looked, { width, height }: Room, theme: Theme): Sheet {
  const { input, tokens, nameOf } = looked;
  const names = namesRoom(input, tokens ? null : nameOf);
  const size: Size = height === undefined ? roomySize(input, width, names) : { width, height };
  const bottom = TITLE_HEIGHT + size.height;
  const notes = around(title, looked, `${words.stepsFromOne} ${lagsInWords(looked)}`);
  const sheet = titledSheet({ width: size.width, height: bottom + LEGEND.height }, notes, theme);
  const layout = layoutOf(size, input, names);
  const brush = new SvgBrush(sheet, TITLE_HEIGHT);
  const paint = { theme, scale: createScale(theme), surface: css(theme.background), ratio: RATIO };
  drawMap(brush, svgPress, looked, layout, paint);
  drawTarget(brush, looked, layout, paint);
  const legend = { name: '', palette: 'signed', ...endsOf(looked) } as const;
  drawLegend(new SvgBrush(sheet, bottom), LEGEND.left, LEGEND.height / 2, legend, paint);
  return sheet;
}

function around(title: string, { found }: Looked, ...notes: string[]): Around {
  return { title, notes: [completenessOf(found), ...found.text, ...notes] };
}
