/** A picture of the output over time as a standalone SVG, its lines named above it. */
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import type { Brush } from '../brush';
import type { Size } from '../heatmap/layout';
import { SvgBrush } from '../svgBrush';
import { titledSheet, TITLE_HEIGHT, type Around, type Sheet } from '../svgText';
import { words } from '../words';
import { paintSeries, styleOf, type LineKind, type SeriesPicture } from './series';
import { paintTokenNumbers, paintTokens, type TokenPicture } from './tokens';

/** A line's name. */
export interface Key {
  readonly kind: LineKind;
  readonly text: string;
}

const KEY = { height: 20, line: 18, gap: 7, between: 24, left: 14 };
/** Of the numbers of steps below tokens. */
const NUMBERS = 18;

/** Lines over steps. */
export function seriesSheet(
  around: Around,
  keys: readonly Key[],
  picture: SeriesPicture,
  size: Size,
  theme: Theme,
): Sheet {
  const notes = [...(picture.dated ? [] : [words.stepsFromOne]), ...(around.notes ?? [])];
  return sheetOf({ ...around, notes }, keys, size, theme, (brush) =>
    paintSeries(brush, size, picture, theme),
  );
}

/** Tokens and their shares. @param from the step of the first. */
export function tokensSheet(
  around: Around,
  picture: Omit<TokenPicture, 'scale'>,
  size: Size,
  theme: Theme,
  from = 0,
): Sheet {
  const coloured = { ...picture, scale: createScale(theme) };
  const notes = [words.stepsFromOne, ...(around.notes ?? [])];
  const whole = { ...size, height: size.height + NUMBERS };
  return sheetOf({ ...around, notes }, [], whole, theme, (brush) => {
    paintTokens(brush, size, coloured, theme);
    paintTokenNumbers(brush, whole, { count: picture.tokens.length, from }, theme);
  });
}

function sheetOf(
  around: Around,
  keys: readonly Key[],
  size: Size,
  theme: Theme,
  paint: (brush: Brush) => void,
): Sheet {
  const top = TITLE_HEIGHT + (keys.length > 0 ? KEY.height : 0);
  const sheet = titledSheet({ width: size.width, height: size.height + top }, around, theme);
  drawKeys(new SvgBrush(sheet, TITLE_HEIGHT), keys, theme);
  paint(new SvgBrush(sheet, top));
  return sheet;
}
function drawKeys(brush: Brush, keys: readonly Key[], theme: Theme): void {
  let x = KEY.left;
  const y = KEY.height / 2;
  brush.font = `11px ${theme.fontFamily}`;
  brush.textBaseline = 'middle';
  for (const { kind, text } of keys) {
    const { colour, width, dash } = styleOf(kind, theme);
    brush.strokeStyle = colour;
    brush.lineWidth = width;
    brush.setLineDash([...dash]);
    brush.beginPath();
    brush.moveTo(x, y);
    brush.lineTo(x + KEY.line, y);
    brush.stroke();
    brush.fillStyle = css(theme.dim);
    brush.fillText(text, x + KEY.line + KEY.gap, y);
    x += KEY.line + KEY.gap + brush.measureText(text).width + KEY.between;
  }
}
