/** A text, each token in the colour of a number, as a standalone SVG; below it what the colours stand for. */
import { drawText, LETTER, lettersIn, LINE, type TokenColours } from './colouredText';
import type { Theme } from './colour/color';
import { createScale } from './colour/scale';
import { drawLegend, LEGEND, type Legend } from './legend';
import { SvgBrush } from './svgBrush';
import { titledSheet, TITLE_HEIGHT, type Around, type Sheet } from './svgText';
import { layoutText } from './textLayout';

/** Of a longer text those about the playhead, or before the end of the range, are drawn. */
const MOST_TOKENS = 10_000;

/** @param apart whether there is a blank between tokens. */
export function colouredTextSheet(
  around: Around,
  text: TokenColours & { readonly apart: boolean },
  legend: Pick<Legend, 'least' | 'most'>,
  width: number,
  theme: Theme,
): Sheet {
  const paint = { theme, scale: createScale(theme) };
  const part = partOf(text);
  const layout = layoutText(part.tokens, lettersIn(width), text.apart);
  const height = layout.lines * LINE + LETTER;
  const bottom = TITLE_HEIGHT + height;
  const sheet = titledSheet({ width, height: bottom + LEGEND.height }, around, theme);
  drawText(new SvgBrush(sheet, TITLE_HEIGHT), part, layout, { top: 0, height }, paint);
  const colours = { name: '', palette: text.palette, ...legend };
  drawLegend(new SvgBrush(sheet, bottom), LEGEND.left, LEGEND.height / 2, colours, paint);
  return sheet;
}

function partOf({ tokens, values, playhead, range, found, ...text }: TokenColours): TokenColours {
  const focus = playhead < 0 && range ? range[1] : playhead + MOST_TOKENS / 2;
  const first = Math.max(0, Math.min(tokens.length, focus + 1) - MOST_TOKENS);
  const inPart = (of: readonly [number, number] | null) => of && ([of[0] - first, of[1] - first] as const);
  return {
    ...text,
    tokens: tokens.slice(first, first + MOST_TOKENS),
    values: values && values.subarray(first, first + MOST_TOKENS),
    ...{ playhead: playhead - first, range: inPart(range), found: inPart(found ?? null) },
  };
}
