/** Where the numbers of the memory chart stand. */
import { scaleLinear, scaleLog, type ScaleLinear, type ScaleLogarithmic } from 'd3-scale';

/** A line's numbers, row after row, and the step that each row belongs to. */
export interface Values {
  readonly norms: Float64Array;
  readonly steps: Int32Array;
}

export interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLogarithmic<number, number>;
  readonly xTicks: readonly number[];
  /** Powers of ten. */
  readonly yTicks: readonly number[];
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Least room between two ticks, in pixels. */
const TICK_WIDTH = 64;
const TICK_HEIGHT = 22;

/**
 * Steps `from` … `steps` − 1 from left to right, of long sequences those that the gradient reaches; norms upwards between powers of
 * ten; null where no norm is above 0.
 */
export function chartScales(rows: readonly Values[], steps: number, frame: Frame, from = 0): Scales | null {
  const [least, most] = extent(rows);
  if (least === undefined || most === undefined) return null;
  const low = Math.floor(Math.log10(Math.max(least, most * DEPTH, SMALLEST)));
  const x = scaleLinear(stepsShown(rows, [from, steps], 10 ** low), [frame.left, frame.right]).clamp(true);
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const y = scaleLog([10 ** low, 10 ** high], [frame.bottom, frame.top]);
  return {
    x,
    y,
    xTicks: x
      .ticks(Math.max(1, Math.floor((frame.right - frame.left) / TICK_WIDTH)))
      .filter(Number.isInteger),
    yTicks: powers(low, high, Math.max(1, Math.floor((frame.bottom - frame.top) / TICK_HEIGHT))),
  };
}

/** Sequences that are not longer are shown whole. */
const SHORT = 2000;
/** Room beside the steps that are reached, as a share of them. */
const MARGIN = 0.05;

/** The first step and the last. */
function stepsShown(
  rows: readonly Values[],
  [from, steps]: readonly [number, number],
  least: number,
): [number, number] {
  // One alone stands in the middle.
  if (steps - from < 2) return [from - 0.5, from + 0.5];
  const whole: [number, number] = [from, steps - 1];
  if (steps - from <= SHORT) return whole;
  let [first, last] = [Infinity, -Infinity];
  for (const { norms, steps: at } of rows) {
    for (let row = 0; row < norms.length; row++) {
      if (!(norms[row] >= least)) continue;
      first = Math.min(first, at[row]);
      last = Math.max(last, at[row]);
    }
  }
  if (first > last) return whole;
  const margin = Math.max(1, Math.ceil((last - first) * MARGIN));
  return [Math.max(from, first - margin), Math.min(whole[1], last + margin)];
}

/** What is smaller than the largest by this much is left out: a line that has left the picture has been seen to fall. */
const DEPTH = 1e-20;
/** Numbers below it lose their digits. */
export const SMALLEST = 1e-300;

/** Whether the chart has a place for a norm. */
export function isShown(norm: number, { y }: Scales): boolean {
  return norm >= y.domain()[0] && Number.isFinite(norm);
}

/** The norms that a logarithm can show: the least and the most. */
function extent(rows: readonly Values[]): [number?, number?] {
  let least: number | undefined;
  let most: number | undefined;
  for (const { norms } of rows) {
    for (const norm of norms) {
      if (!(norm > 0) || !Number.isFinite(norm)) continue;
      least = Math.min(least ?? norm, norm);
      most = Math.max(most ?? norm, norm);
    }
  }
  return [least, most];
}

/** 10^low … 10^high, at most `count` + 1 of them, evenly spaced from the top. */
function powers(low: number, high: number, count: number): number[] {
  const apart = Math.ceil((high - low) / count);
  return Array.from({ length: Math.floor((high - low) / apart) + 1 }, (_, k) => 10 ** (high - k * apart));
}
