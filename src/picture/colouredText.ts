/** The text itself, each token in the colour of a number, line by line. */
import type { Brush } from './brush';
import { css, type Theme } from './colour/color';
import type { ColorScale } from './colour/scale';
import { written, type TextLayout } from './textLayout';

export interface TokenColours {
  readonly tokens: readonly string[];
  /** One of each token; null while they are on their way. */
  readonly values: Float32Array | null;
  readonly palette: 'gate' | 'signed';
  readonly reach: number;
  /** −1 where there is none. */
  readonly playhead: number;
  /** From and to, both included. */
  readonly range: readonly [number, number] | null;
  /** Tokens of a place that was found, likewise. */
  readonly found?: readonly [number, number] | null;
  /** Where the keyboard is, while it is there. */
  readonly cursor?: number | null;
}

interface Paint {
  readonly theme: Theme;
  readonly scale: ColorScale;
}

/** In pixels: letters and lines, and what is beside them. */
export const LETTER = 9;
export const LINE = 24;
export const INSET = 14;
const FONT = 13;
const BOX = 20;

/** The letters that a line has room for. */
export function lettersIn(width: number): number {
  return Math.max(8, Math.floor((width - 2 * INSET) / LETTER));
}

/** @param top the height in the text at which the picture begins: its lines from there on, as far as `height` goes. */
export function drawText(
  context: Brush,
  text: TokenColours,
  layout: TextLayout,
  { top, height }: { readonly top: number; readonly height: number },
  paint: Paint,
): void {
  context.font = `${FONT}px ${paint.theme.monoFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const { first, lines } = layout;
  const from = Math.max(0, Math.floor(top / LINE));
  const to = Math.min(lines, Math.ceil((top + height) / LINE) + 1);
  if (from >= to) return;
  const end = to < lines ? first[to] : text.tokens.length;
  for (let token = first[from]; token < end; token++) {
    const place = { x: INSET + layout.x[token] * LETTER, y: layout.line[token] * LINE - top };
    drawToken(context, text, token, { ...place, width: layout.width[token] * LETTER - 1 }, paint);
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function drawToken(
  context: Brush,
  text: TokenColours,
  token: number,
  place: Place,
  { theme, scale }: Paint,
): void {
  const { values, palette, reach, playhead, range, found, cursor } = text;
  const { x, y, width } = place;
  const value = values ? values[token] : NaN;
  const paint = value === value ? scale.swatch(palette, value / reach) : scale.empty;
  context.fillStyle = paint.fill;
  context.fillRect(x, y + 2, width, BOX);
  context.fillStyle = paint.ink;
  context.fillText(written(text.tokens[token]), x + width / 2, y + 2 + BOX / 2, width + 1);
  if (values && value !== value) strike(context, place, theme);
  if (range && token >= range[0] && token <= range[1]) {
    context.fillStyle = css(theme.accent);
    context.fillRect(x, y + BOX + 2, width + 1, 2);
  }
  if (found && token >= found[0] && token <= found[1]) {
    context.fillStyle = css(theme.accent);
    for (let dash = 0; dash + 3 <= width + 1; dash += 6) context.fillRect(x + dash, y + BOX + 2, 3, 2);
  }
  if (token === playhead) frame(context, css(theme.accent), place);
  if (token === cursor) frame(context, css(theme.focus), { x: x + 2, y: y + 2, width: width - 4 });
}

function frame(context: Brush, colour: string, { x, y, width }: Place): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(x - 1, y + 1, width + 2, BOX + 2);
}

/** What is not a number. */
function strike(context: Brush, { x, y, width }: Place, theme: Theme): void {
  context.strokeStyle = css(theme.foreground, 0.6);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y + 2 + BOX);
  context.lineTo(x + width, y + 2);
  context.stroke();
}
