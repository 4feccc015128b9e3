/** Prediction, what came, and "as before", as lines over the steps that they are about. */
import { scaleLinear } from 'd3-scale';
import { css, type Theme } from '../colour/color';
import { createScale } from '../colour/scale';
import { extremesIn } from '../bins';
import { MARGIN, numbersOf, stepTicks, xOf, type Steps } from './axes';
import type { Brush } from '../brush';
import type { Size } from '../heatmap/layout';

export type LineKind = 'prediction' | 'truth' | 'before';

export interface Line {
  readonly kind: LineKind;
  readonly values: Float32Array;
}

export interface LineStyle {
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
}

export function styleOf(kind: LineKind, theme: Theme): LineStyle {
  switch (kind) {
    case 'prediction':
      return { colour: createScale(theme).swatch('signed', 1).fill, width: 1.75, dash: [] };
    case 'truth':
      return { colour: css(theme.foreground), width: 1.5, dash: [] };
    case 'before':
      return { colour: css(theme.dim), width: 1, dash: [1, 3] };
  }
}

export interface SeriesPicture extends Steps {
  /** The last one stands on top. */
  readonly lines: readonly Line[];
  /** Whether all numbers are from 0 to 1. */
  readonly shares: boolean;
  /** Whether its steps have dates, in place of numbers. */
  readonly dated: boolean;
}

const TICK_HEIGHT = 26;

export function paintSeries(context: Brush, size: Size, picture: SeriesPicture, theme: Theme): number {
  const { width, height } = size;
  const extent = picture.shares ? ([0, 1] as const) : extentOf(picture.lines);
  const frame = { top: MARGIN.top, bottom: height - MARGIN.bottom };
  if (!extent || frame.bottom - frame.top < 10) return frame.bottom;
  const ticks = Math.max(2, Math.floor((frame.bottom - frame.top) / TICK_HEIGHT));
  const y = scaleLinear(extent, [frame.bottom, frame.top]).nice(ticks);
  context.font = `11px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const values = y.ticks(ticks);
  const axisNumber = numbersOf(values);
  for (const tick of values) {
    context.fillStyle = css(theme.grid);
    context.fillRect(MARGIN.left, Math.round(y(tick)), width - MARGIN.left - MARGIN.right, 1);
    context.fillStyle = css(theme.dim);
    context.fillText(axisNumber(tick), MARGIN.left - 6, y(tick));
  }
  paintSteps(context, size, picture);
  for (const line of picture.lines) paintLine(context, width, picture, line, styleOf(line.kind, theme), y);
  return frame.bottom;
}

function extentOf(lines: readonly Line[]): [number, number] | null {
  let [least, most] = [Infinity, -Infinity];
  for (const { values } of lines) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (least > most) return null;
  return least < most ? [least, most] : [least - 1, most + 1];
}

function paintSteps(context: Brush, { width, height }: Size, picture: SeriesPicture): void {
  context.textAlign = 'center';
  for (const { text, x } of stepTicks(picture, width, (words) => context.measureText(words).width)) {
    context.fillText(text, x, height - MARGIN.bottom / 2 + 2);
  }
}

function paintLine(
  context: Brush,
  width: number,
  picture: SeriesPicture,
  { values }: Line,
  { colour, width: lineWidth, dash }: LineStyle,
  y: (value: number) => number,
): void {
  context.strokeStyle = context.fillStyle = colour;
  const room = Math.max(1, Math.floor(width - MARGIN.left - MARGIN.right));
  if (values.length > 2 * room) {
    const { min, max } = extremesIn(values, room);
    for (let place = 0; place < room; place++) {
      if (!Number.isFinite(min[place]) || !Number.isFinite(max[place])) continue;
      const upper = y(max[place]);
      context.fillRect(MARGIN.left + place, upper - 0.5, 1, Math.max(1, y(min[place]) - upper + 1));
    }
    return;
  }
  context.lineWidth = lineWidth;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.setLineDash([...dash]);
  context.beginPath();
  let drawing = false;
  values.forEach((value, row) => {
    if (!Number.isFinite(value)) {
      drawing = false;
      return;
    }
    const x = xOf(picture, width, picture.at[row]);
    if (drawing) context.lineTo(x, y(value));
    else {
      // A number between two that are none is a dot.
      context.moveTo(x, y(value));
      context.lineTo(x + 0.01, y(value));
      drawing = true;
    }
  });
  context.stroke();
  context.setLineDash([]);
}
