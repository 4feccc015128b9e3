/** Prediction, what came, and "as before", as lines over the steps that they are about. */
import { scaleLinear } from 'd3-scale';
import { css, type Theme } from '../../../src/picture/colour/color';
import { extremesIn } from '../../shared/bins';
import { MARGIN, numbersOf, stepTicks, xOf, type Steps } from './axes';
import type { Size } from './timeline';

export interface Line {
  readonly values: Float32Array;
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
}

export interface SeriesPicture extends Steps {
  /** The last one stands on top. */
  readonly lines: readonly Line[];
  /** Whether all numbers are from 0 to 1. */
  readonly shares: boolean;
}

const TICK_HEIGHT = 26;

export function paintSeries(
  context: CanvasRenderingContext2D,
  size: Size,
  picture: SeriesPicture,
  theme: Theme,
): number {
  const { width, height } = size;
  context.clearRect(0, 0, width, height);
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
  for (const line of picture.lines) paintLine(context, width, picture, line, y);
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

function paintSteps(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  picture: SeriesPicture,
): void {
  context.textAlign = 'center';
  for (const { text, x } of stepTicks(picture, width, (words) => context.measureText(words).width)) {
    context.fillText(text, x, height - MARGIN.bottom / 2 + 2);
  }
}

function paintLine(
  context: CanvasRenderingContext2D,
  width: number,
  picture: SeriesPicture,
  { values, colour, width: lineWidth, dash }: Line,
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
