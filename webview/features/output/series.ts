/** Prediction, what came, and "as before", as lines over the steps that they are about. */
import { scaleLinear } from 'd3-scale';
import { css, type Theme } from '../../colour/color';
import { extremesIn } from '../../shared/bins';
import { formatPrecise } from '../../ui/format';
import type { Size } from './timeline';

export interface Line {
  readonly values: Float32Array;
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
}

export interface SeriesPicture {
  /** Which step each number of the lines is about. */
  readonly at: Int32Array;
  /** The last one stands on top. */
  readonly lines: readonly Line[];
  /** Whether all numbers are from 0 to 1. */
  readonly shares: boolean;
  /** A step in words, for the axis. */
  readonly named: (step: number) => string;
}

const MARGIN = { left: 52, right: 12, top: 6, bottom: 18 };
const TICK_HEIGHT = 26;
const TICK_WIDTH = 96;

/** Where a step stands in a picture of a width. */
export function xOf({ at }: Pick<SeriesPicture, 'at'>, width: number, step: number): number {
  const [first, last] = [at[0], at[at.length - 1]];
  const room = Math.max(1, width - MARGIN.left - MARGIN.right);
  return MARGIN.left + (last > first ? (step - first) / (last - first) : 0.5) * room;
}

/** The row whose step is nearest to a place. */
export function rowAt({ at }: Pick<SeriesPicture, 'at'>, width: number, x: number): number {
  const room = Math.max(1, width - MARGIN.left - MARGIN.right);
  const share = Math.max(0, Math.min(1, (x - MARGIN.left) / room));
  return Math.round(share * (at.length - 1));
}

export function paintSeries(
  context: CanvasRenderingContext2D,
  size: Size,
  picture: SeriesPicture,
  theme: Theme,
): void {
  const { width, height } = size;
  context.clearRect(0, 0, width, height);
  const extent = picture.shares ? ([0, 1] as const) : extentOf(picture.lines);
  const frame = { top: MARGIN.top, bottom: height - MARGIN.bottom };
  if (!extent || frame.bottom - frame.top < 10) return;
  const ticks = Math.max(2, Math.floor((frame.bottom - frame.top) / TICK_HEIGHT));
  const y = scaleLinear(extent, [frame.bottom, frame.top]).nice(ticks);
  context.font = `11px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const tick of y.ticks(ticks)) {
    context.fillStyle = css(theme.foreground, 0.16);
    context.fillRect(MARGIN.left, Math.round(y(tick)), width - MARGIN.left - MARGIN.right, 1);
    context.fillStyle = css(theme.dim);
    context.fillText(axisNumber(tick), MARGIN.left - 6, y(tick));
  }
  paintSteps(context, size, picture);
  for (const line of picture.lines) paintLine(context, width, picture, line, y);
}

/** Whole numbers as they are, others as anywhere. */
function axisNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e6
    ? value.toLocaleString('en').replace('-', '−')
    : formatPrecise(value);
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
  const { at, named } = picture;
  const count = Math.max(1, Math.floor((width - MARGIN.left - MARGIN.right) / TICK_WIDTH));
  const ticks = scaleLinear([at[0], at[at.length - 1]], [0, 1])
    .ticks(count)
    .filter(Number.isInteger);
  context.textAlign = 'center';
  for (const step of ticks) {
    const text = named(step);
    const half = context.measureText(text).width / 2;
    const x = Math.min(width - half, Math.max(MARGIN.left + half - 20, xOf(picture, width, step)));
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
