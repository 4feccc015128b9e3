/** A scale of colours with its ends, in a line. */
import type { Brush } from './brush';
import { css, type Theme } from './colour/color';
import type { ColorScale, Palette } from './colour/scale';

export interface Legend {
  /** What the colours stand for; empty where that is said elsewhere. */
  readonly name: string;
  readonly least: string;
  readonly most: string;
  readonly palette: Palette;
}

/** Its line in a picture, and where it begins. */
export const LEGEND = { height: 26, left: 14 };
const BAR = { width: 96, height: 9, stops: 16 };
const GAP = 7;

/** Draws it from a place on, by its middle; the width that it takes. */
export function drawLegend(
  context: Brush,
  x: number,
  y: number,
  { name, least, most, palette }: Legend,
  { scale, theme }: { readonly scale: ColorScale; readonly theme: Theme },
): number {
  context.font = `11px ${theme.fontFamily}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let at = x;
  const write = (text: string, colour: string) => {
    if (text === '') return;
    context.fillStyle = colour;
    context.fillText(text, at, y);
    at += context.measureText(text).width + GAP;
  };
  write(name, css(theme.dim));
  write(least, css(theme.foreground));
  const gradient = context.createLinearGradient(at, 0, at + BAR.width, 0);
  const low = palette === 'signed' ? -1 : 0;
  for (let stop = 0; stop <= BAR.stops; stop++) {
    const share = stop / BAR.stops;
    gradient.addColorStop(share, scale.swatch(palette, low + (1 - low) * share).fill);
  }
  context.fillStyle = gradient;
  context.fillRect(at, y - BAR.height / 2, BAR.width, BAR.height);
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.strokeRect(at + 0.5, y - BAR.height / 2 + 0.5, BAR.width - 1, BAR.height - 1);
  at += BAR.width + GAP;
  write(most, css(theme.foreground));
  return at - GAP - x;
}
