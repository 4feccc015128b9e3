/** A picture of the output over time as a standalone SVG, its lines named above it. */
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import type { Brush } from '../brush';
import type { Size } from '../heatmap/layout';
import { SvgBrush } from '../svgBrush';
import { titledSheet, TITLE_HEIGHT, type Around, type Sheet } from '../svgText';
import { fitText } from '../text';
import { words } from '../words';
import type { OutputBars } from './bars';
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

const BARS = { width: 560, top: 6, row: 19, height: 13, left: 14, name: 150, number: 56, gap: 12 };
/** Of a letter at 12 pixels. */
const LETTER = 6.6;

/** The largest of one row. */
export function barsSheet(
  around: Around,
  { bars, share, note }: OutputBars,
  named: (unit: number) => string,
  theme: Theme,
): Sheet {
  const { width, top, row, left } = BARS;
  const notes = [...(note === null ? [] : [note]), ...(around.notes ?? [])];
  const size = { width, height: 2 * top + bars.length * row };
  return sheetOf({ ...around, notes }, [], size, theme, (brush) => {
    const scale = createScale(theme);
    const track = { from: left + BARS.name + BARS.gap, to: width - left - BARS.number - BARS.gap };
    const zero = share ? track.from : (track.from + track.to) / 2;
    brush.textBaseline = 'middle';
    brush.font = `12px ${theme.fontFamily}`;
    bars.forEach(({ unit, length, number }, k) => {
      const middle = top + (k + 0.5) * row;
      const end = zero + length * (track.to - zero);
      const sign = length < 0 ? -1 : 1;
      if (share) {
        brush.fillStyle = css(theme.grid);
        brush.fillRect(track.from, middle - BARS.height / 2, track.to - track.from, BARS.height);
      }
      brush.fillStyle = scale.swatch(share ? 'probability' : 'signed', share ? 1 : sign).fill;
      brush.fillRect(Math.min(zero, end), middle - BARS.height / 2, Math.abs(end - zero), BARS.height);
      brush.fillStyle = css(theme.foreground);
      brush.textAlign = 'left';
      brush.fillText(fitText(named(unit), Math.floor(BARS.name / LETTER)), left, middle);
      brush.textAlign = 'right';
      brush.fillText(number, width - left, middle);
    });
    if (share) return;
    brush.fillStyle = css(theme.grid);
    brush.fillRect(zero, top, 1, bars.length * row);
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
