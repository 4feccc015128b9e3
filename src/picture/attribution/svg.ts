/** What mattered as a standalone SVG: features and steps, or the text; below it the colours, and whether it adds up. */
import type { NetworkInput } from '../../model/network';
import { drawText, LETTER, lettersIn, LINE } from '../colouredText';
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { formatScale } from '../format';
import { drawLegend } from '../legend';
import { SvgBrush, svgPress } from '../svgBrush';
import { titledSheet, TITLE_HEIGHT, type Around, type Sheet } from '../svgText';
import { areWords, layoutText } from '../textLayout';
import { words } from '../words';
import { drawMap, drawTarget, type Paint } from './draw';
import { valueAt, type Looked } from './found';
import { fitCells, layoutOf, namesRoom, roomySize, type Size } from './layout';
import { completenessOf } from './say';
import { words as own } from './words';

const FOOT = { height: 26, left: 14 };
/** Pixels of an image in one of the picture, so that it can be printed. */
const RATIO = 2;
/** Of a longer text those before the output are drawn. */
const MOST_TOKENS = 10_000;

/**
 * @param input what the tokens, or numbers, are read as.
 * @param size as large as it is in the panel, or only how wide it may become.
 */
export function attributionSheet(
  title: string,
  looked: Looked,
  input: NetworkInput,
  size: { readonly width: number; readonly height?: number },
  theme: Theme,
): Sheet {
  const paint = { theme, scale: createScale(theme), surface: css(theme.background), ratio: RATIO };
  const { tokens } = looked;
  const isText = tokens !== null && !fitCells(tokens, size.width);
  const { sheet, bottom } = isText
    ? textSheet(title, looked, input, size.width, paint)
    : mapSheet(title, looked, size, paint);
  const brush = new SvgBrush(sheet, bottom);
  const ends = formatScale(looked.reach);
  const legend = { name: '', least: `−${ends}`, most: `+${ends}`, palette: 'signed' } as const;
  drawLegend(brush, FOOT.left, FOOT.height / 2, legend, paint);
  return sheet;
}

function around(title: string, { found }: Looked, ...notes: string[]): Around {
  return { title, notes: [completenessOf(found), ...found.text, ...notes] };
}

interface Begun {
  readonly sheet: Sheet;
  /** Below what is drawn. */
  readonly bottom: number;
}

function mapSheet(
  title: string,
  looked: Looked,
  { width, height }: { readonly width: number; readonly height?: number },
  paint: Paint,
): Begun {
  const { input, tokens, nameOf } = looked;
  const names = namesRoom(input, tokens ? null : nameOf);
  const size: Size = height === undefined ? roomySize(input, width, names) : { width, height };
  const bottom = TITLE_HEIGHT + size.height;
  const sheet = titledSheet(
    { width: size.width, height: bottom + FOOT.height },
    around(title, looked, `${words.stepsFromOne} ${own.lags}`),
    paint.theme,
  );
  const layout = layoutOf(size, input, names);
  const brush = new SvgBrush(sheet, TITLE_HEIGHT);
  drawMap(brush, svgPress, looked, layout, paint);
  drawTarget(brush, looked, layout, paint);
  return { sheet, bottom };
}

function textSheet(title: string, looked: Looked, as: NetworkInput, width: number, paint: Paint): Begun {
  const { tokens, input, found, reach } = looked;
  const { step } = found.target;
  const first = Math.max(0, Math.min(tokens!.length - MOST_TOKENS, step + 1 - MOST_TOKENS));
  const shown = tokens!.slice(first, first + MOST_TOKENS);
  const layout = layoutText(shown, lettersIn(width), areWords(as, tokens!));
  const height = layout.lines * LINE + LETTER;
  const bottom = TITLE_HEIGHT + height;
  const sheet = titledSheet(
    { width, height: bottom + FOOT.height },
    around(title, looked, words.stepsFromOne),
    paint.theme,
  );
  const text = {
    tokens: shown,
    values: Float32Array.from(shown, (_, k) => valueAt(input, 0, first + k)),
    ...({ palette: 'signed', reach, playhead: -1 } as const),
    range: [step - first, step - first] as const,
  };
  drawText(new SvgBrush(sheet, TITLE_HEIGHT), text, layout, { top: 0, height }, paint);
  return { sheet, bottom };
}
