/** Draws the strip: the selected signal's numbers as colours, and below them the sequence itself. */
import { css, type Theme } from '../../../src/picture/colour/color';
import type { ColorScale, Swatch } from '../../../src/picture/colour/scale';
import { formatCount } from '../../../src/picture/format';
import { tokenText } from '../../../src/picture/text';
import { visible } from '../../../src/unroll/mermaid';
import type { Inputs, Rows, SignalSummary } from '../../../src/protocol';
import type { Change } from '../../../src/picture/change';
import { paletteOf, reachOf, type Numbers } from '../../../src/picture/measure';
import { rowOfStep } from '../../../src/model/time';
import { extremesIn, largestIn } from '../../../src/picture/bins';
import { HEIGHTS, heightOf, inputHeight, lineCount, linesHeight, wayOf } from './lines';
import type { Outputs, RunOutput } from './outputs';
import { namedSteps, xOfStep, type Range } from './range';

/** What is painted. */
export interface Strip {
  readonly steps: number;
  readonly range: Range;
  readonly inputs: Inputs | null;
  /** What is predicted of its only feature, step by step. */
  readonly predicted: Float32Array | null;
  /** Of two runs that are compared. */
  readonly outputs: Outputs | null;
  readonly signal: SignalSummary | null;
  readonly numbers: Numbers | null;
  /** Of a what-if. */
  readonly change?: Change;
  /** In place of the numbers, where they are too many: the extremes of one unit of the signal. */
  readonly track: Rows | null;
}

/** Where it is painted. */
interface Area {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly range: Range;
}

export function paint(
  context: CanvasRenderingContext2D,
  width: number,
  strip: Strip,
  scale: ColorScale,
  theme: Theme,
): void {
  const { inputs, outputs, range } = strip;
  const height = heightOf(inputs, outputs);
  context.clearRect(0, 0, width, height);
  const colourOf = coloursOf(strip, scale);
  const area = { context, width, range };
  paintSignal(area, strip, colourOf, scale);
  const top = HEIGHTS.signal + HEIGHTS.gap;
  if (inputs?.kind === 'token') paintTokens(area, inputs.tokens, { top, colourOf, theme });
  if (inputs?.kind === 'vector')
    paintLines(area, strip, inputs, { top, colours: lineColours(scale, theme), theme });
  const below = top + inputHeight(inputs) + HEIGHTS.gap;
  if (outputs?.form === 'lines') paintOutputLines(area, outputs, below, theme);
  if (outputs?.form === 'names') paintOutputNames(area, outputs, { top: below, scale, theme });
  context.fillStyle = css(theme.dim);
  context.font = `11px ${theme.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  for (const number of namedSteps(range, width, 70)) {
    const x = xOfStep(range, width, number - 0.5);
    const text = formatCount(number);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(width - half, Math.max(half, x)), height - 3);
  }
}

interface Paint extends Swatch {
  /** It is not a finite number. */
  readonly broken?: boolean;
}

/** The colour at a step. */
type Colours = (step: number) => Paint;

function coloursOf({ steps, signal, numbers, change, track }: Strip, scale: ColorScale): Colours {
  if (signal && track) {
    const palette = paletteOf(signal, 'unit');
    return (step) => swatchOf(scale, palette, largestOn(track, step, step + 1) / signal.scale);
  }
  if (!signal || !numbers) return () => scale.empty;
  const palette = paletteOf(signal, numbers.measure);
  const reach = reachOf(signal, numbers.measure, change);
  return (step) => {
    const row = rowOfStep({ steps }, signal, step);
    return row < 0 ? scale.empty : swatchOf(scale, palette, numbers.values[signal.offset + row] / reach);
  };
}

function swatchOf(scale: ColorScale, palette: 'gate' | 'signed', share: number): Paint {
  return Number.isFinite(share) ? scale.swatch(palette, share) : { ...scale.empty, broken: true };
}

/** What is not a number has a line in its middle. */
function paintCell(
  context: CanvasRenderingContext2D,
  x: number,
  width: number,
  { fill, ink, broken }: Paint,
): void {
  context.fillStyle = fill;
  context.fillRect(x, 0, width, HEIGHTS.signal);
  if (!broken) return;
  context.fillStyle = ink;
  context.fillRect(x, HEIGHTS.signal / 2 - 1, width, 2);
}

/** The number of the largest size in the columns that hold rows `from` to `to` − 1; NaN where there are none, or one is. */
function largestOn(
  { from: first, to: end, columns, min, max = min }: Rows,
  from: number,
  to: number,
): number {
  const columnAt = (row: number) => Math.floor(((row - first) * columns) / (end - first));
  let largest = NaN;
  for (let k = Math.max(0, columnAt(from)); k <= columnAt(to - 1) && k < columns; k++) {
    const own = -min[k] > max[k] ? min[k] : max[k];
    if (Number.isNaN(own)) return NaN;
    if (!(Math.abs(own) <= Math.abs(largest))) largest = own;
  }
  return largest;
}

function paintSignal(
  { context, width, range }: Area,
  { signal, numbers, track, steps }: Strip,
  colourOf: Colours,
  scale: ColorScale,
): void {
  const shown = range.to - range.from;
  if (signal && track && shown > width) return paintTrack({ context, width, range }, signal, track, scale);
  if (shown <= width || !signal || !numbers || signal.rows !== steps) {
    for (let step = Math.floor(range.from); step < range.to && step < steps; step++) {
      const [x, next] = [xOfStep(range, width, step), xOfStep(range, width, step + 1)];
      paintCell(context, x, Math.max(1, next - x - (next - x > 4 ? 1 : 0)), colourOf(step));
    }
    return;
  }
  const from = signal.offset + Math.floor(range.from);
  const values = numbers.values.subarray(from, signal.offset + Math.ceil(range.to));
  const places = Math.max(1, Math.floor(width));
  const starts = largestAt(values, places);
  for (let place = 0; place < places; place++) {
    paintCell(context, place, 1.5, colourOf(Math.floor(range.from) + starts[place]));
  }
}

/** A pixel has the number of the largest size among those that fall on it. */
function paintTrack(
  { context, width, range }: Area,
  signal: SignalSummary,
  track: Rows,
  scale: ColorScale,
): void {
  const palette = paletteOf(signal, 'unit');
  const each = (range.to - range.from) / width;
  for (let place = 0; place < width; place++) {
    const from = Math.floor(range.from + place * each);
    const largest = largestOn(track, from, Math.max(from + 1, Math.floor(range.from + (place + 1) * each)));
    paintCell(context, place, 1.5, swatchOf(scale, palette, largest / signal.scale));
  }
}

/** Where the largest number of each place stands. */
function largestAt(values: Float32Array, places: number): Int32Array {
  const largest = largestIn(values, places);
  const at = new Int32Array(places);
  for (let place = 0; place < places; place++) {
    let k = Math.floor((place * values.length) / places);
    while (k + 1 < values.length && !Object.is(values[k], largest[place])) k++;
    at[place] = k;
  }
  return at;
}

/** Radius of what stands alone. */
const DOT = 1.5;

/** Narrower cells have no letters. */
export const LETTER_ROOM = 10;

function paintTokens(
  { context, width, range }: Area,
  tokens: readonly string[],
  { top, colourOf, theme }: { readonly top: number; readonly colourOf: Colours; readonly theme: Theme },
): void {
  const room = width / (range.to - range.from);
  context.font = `12px ${theme.monoFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const every = Math.max(1, Math.floor(1 / room));
  for (let step = Math.floor(range.from); step < range.to && step < tokens.length; step += every) {
    const x = xOfStep(range, width, step);
    const { fill, ink } = colourOf(step);
    context.fillStyle = fill;
    context.fillRect(x, top, Math.max(1, room * every - (room > 4 ? 1 : 0)), HEIGHTS.tokens);
    if (room < LETTER_ROOM) continue;
    context.fillStyle = ink;
    context.fillText(fitted(context, tokens[step], room - 2), x + room / 2, top + HEIGHTS.tokens / 2 + 1);
  }
}

function fitted(context: CanvasRenderingContext2D, token: string, room: number): string {
  const text = visible(tokenText(token));
  if (context.measureText(text).width <= room) return text;
  const characters = [...text];
  while (characters.length > 1) {
    characters.pop();
    const cut = `${characters.join('')}…`;
    if (context.measureText(cut).width <= room) return cut;
  }
  return characters[0] ?? '';
}

/** Of the line that stands for a prediction, as in the output view. */
export const PREDICTION = 1;

/** Four that are told apart in every theme; the accent is the playhead's. */
export function lineColours(scale: ColorScale, theme: Theme): string[] {
  const values = [scale.swatch('signed', 1), scale.swatch('gate', 1), scale.swatch('signed', -1)];
  return [css(theme.foreground), ...values.map(({ fill }) => fill)];
}

/** So that lines that lie over one another are all seen. */
const LINE_OPACITY = 0.8;

/**
 * Each feature on a scale of its own: they may have any units. The one that covers most lies under the others, so that
 * none hides another.
 */
function paintLines(
  area: Area,
  { steps, predicted, outputs }: Strip,
  inputs: Extract<Inputs, { kind: 'vector' }>,
  {
    top,
    colours,
    theme,
  }: { readonly top: number; readonly colours: readonly string[]; readonly theme: Theme },
): void {
  const { context, range } = area;
  const { values, shown } = inputs;
  const from = Math.floor(range.from);
  const to = Math.min(steps, Math.ceil(range.to));
  const height = linesHeight(inputs, outputs) - 4;
  const lines = Array.from({ length: lineCount(inputs) }, (_, feature) => {
    const own = Float32Array.from({ length: steps }, (_, step) => values[step * shown + feature]);
    const colour = colours[feature % colours.length];
    return { own, extent: extentOf(own), colour, covers: wayOf(own.subarray(from, to)) };
  });
  lines.sort((a, b) => b.covers - a.covers);
  context.globalAlpha = lines.length > 1 ? LINE_OPACITY : 1;
  for (const { own, extent, colour } of lines) paintLine(area, own, { top, height, extent }, colour);
  // On the scale of what it predicts, and over it.
  const [{ extent }] = lines;
  const place = { top, height, extent };
  if (outputs?.form === 'over') paintBoth(area, outputs, place, theme);
  else if (predicted) paintLine(area, predicted, place, colours[PREDICTION]);
  context.globalAlpha = 1;
}

/** The run on screen over the other one, whose dashes show where they part. */
function paintBoth(area: Area, { shown, compared }: Outputs, place: LinePlace, { runs }: Theme): void {
  paintLine(area, shown.values, place, css(runs[0]));
  paintLine(area, compared.values, place, css(runs[1]), DASHES);
}

/** On one scale. */
function paintOutputLines(area: Area, outputs: Outputs, top: number, theme: Theme): void {
  const { shown, compared, shares } = outputs;
  const [one, other] = [extentOf(shown.values), extentOf(compared.values)];
  const extent = shares
    ? ([0, 1] as const)
    : ([Math.min(one[0], other[0]), Math.max(one[1], other[1])] as const);
  paintBoth(area, outputs, { top, height: HEIGHTS.outputs - 4, extent }, theme);
}

/** Of a row of names; between two of them a line marks where they differ. */
const NAME_ROW = 15;

function paintOutputNames(
  area: Area,
  { shown, compared, shares }: Outputs,
  { top, scale, theme }: { readonly top: number; readonly scale: ColorScale; readonly theme: Theme },
): void {
  const { context, width, range } = area;
  const room = width / (range.to - range.from);
  const every = Math.max(1, Math.floor(1 / room));
  context.font = `12px ${theme.monoFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const nameAt = ({ units, names }: RunOutput, step: number) => names![units![step]];
  for (let step = Math.floor(range.from); step < range.to && step < shown.values.length; step += every) {
    const x = xOfStep(range, width, step);
    const cell = Math.max(1, room * every - (room > 4 ? 1 : 0));
    for (const [k, run] of [shown, compared].entries()) {
      const name = nameAt(run, step);
      if (name === undefined) continue;
      const y = top + k * (HEIGHTS.outputs - NAME_ROW);
      const { fill, ink } = shares ? scale.swatch('probability', run.values[step]) : scale.empty;
      context.fillStyle = fill;
      context.fillRect(x, y, cell, NAME_ROW);
      if (room < LETTER_ROOM) continue;
      context.fillStyle = ink;
      context.fillText(fitted(context, name, room - 2), x + room / 2, y + NAME_ROW / 2 + 1);
    }
    if (nameAt(shown, step) === nameAt(compared, step)) continue;
    context.fillStyle = css(theme.foreground);
    context.fillRect(x, top + NAME_ROW + 1, cell, 2);
  }
}

/** The least and the most. */
type Extent = readonly [low: number, high: number];

function extentOf(values: Float32Array): Extent {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

interface LinePlace {
  readonly top: number;
  readonly height: number;
  readonly extent: Extent;
}

/** Of a dashed line: how much is drawn and how much is left. */
const DASHES = [5, 3] as const;

function paintLine(
  { context, width, range }: Area,
  values: Float32Array,
  { top, height, extent }: LinePlace,
  colour: string,
  dashes: readonly number[] = [],
): void {
  const [low, high] = extent;
  if (low > high) return;
  // What lies beyond its scale stands at the edge.
  const shareOf = (value: number) => Math.max(0, Math.min(1, (value - low) / (high - low)));
  const y = (value: number) => top + 2 + (high > low ? (1 - shareOf(value)) * height : height / 2);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.25;
  const from = Math.floor(range.from);
  const to = Math.min(values.length, Math.ceil(range.to));
  if (to - from > 2 * width) {
    const places = Math.max(1, Math.floor(width));
    const { min, max } = extremesIn(values.subarray(from, to), places);
    for (let place = 0; place < places; place++) {
      if (!Number.isFinite(min[place]) || !Number.isFinite(max[place])) continue;
      if (dashes.length > 0 && place % (dashes[0] + dashes[1]) >= dashes[0]) continue;
      const upper = Math.floor(y(max[place]) - 0.5);
      context.fillRect(place, upper, 1, Math.max(2, Math.ceil(y(min[place]) + 0.5) - upper));
    }
    return;
  }
  context.setLineDash([...dashes]);
  context.beginPath();
  let drawing = false;
  for (let step = from; step < to; step++) {
    const x = xOfStep(range, width, step + 0.5);
    if (!Number.isFinite(values[step])) drawing = false;
    else if (drawing) context.lineTo(x, y(values[step]));
    else if (Number.isFinite(values[step + 1])) {
      context.moveTo(x, y(values[step]));
      drawing = true;
    } else {
      // No line leads from it or to it.
      context.moveTo(x + DOT, y(values[step]));
      context.arc(x, y(values[step]), DOT, 0, 2 * Math.PI);
    }
  }
  context.stroke();
  context.setLineDash([]);
}
