/** Where steps stand in a picture over time, and what its axes say. No DOM. */
import { scaleLinear } from 'd3-scale';
import { formatPrecise } from '../format';
import { ticksApart, type Tick } from '../ticks';

/** The steps of a picture. */
export interface Steps {
  /** Which step each number of the lines is about. */
  readonly at: Int32Array;
  /** A step in words, for the axis; empty where it has none. */
  readonly named: (step: number) => string;
}

/** Around the lines, in pixels. */
export const MARGIN = { left: 52, right: 12, top: 6, bottom: 18 };
/** Least room between the words of two ticks, in pixels. */
const TICK_GAP = 20;

/** Where a step stands in a picture of a width. */
export function xOf({ at }: Pick<Steps, 'at'>, width: number, step: number): number {
  const [first, last] = [at[0], at[at.length - 1]];
  const room = Math.max(1, width - MARGIN.left - MARGIN.right);
  return MARGIN.left + (last > first ? (step - first) / (last - first) : 0.5) * room;
}

/** The row whose step is nearest to a place. */
export function rowAt({ at }: Pick<Steps, 'at'>, width: number, x: number): number {
  const room = Math.max(1, width - MARGIN.left - MARGIN.right);
  const share = Math.max(0, Math.min(1, (x - MARGIN.left) / room));
  return Math.round(share * (at.length - 1));
}

/** What stands under the picture and the middle of each; as many as do not touch. `widthOf` a text in pixels. */
export function stepTicks(steps: Steps, width: number, widthOf: (text: string) => number): readonly Tick[] {
  const { at, named } = steps;
  // Round numbers as people count, from 1.
  const scale = scaleLinear([at[0] + 1, at[at.length - 1] + 1], [0, 1]);
  const each = Math.max(...[at[0], at[at.length - 1]].map((step) => widthOf(named(step)))) + TICK_GAP;
  return ticksApart(Math.floor((width - MARGIN.left - MARGIN.right) / each), TICK_GAP, (count) =>
    scale
      .ticks(count)
      .filter(Number.isInteger)
      .flatMap((number): Tick[] => {
        const step = number - 1;
        const text = named(step);
        if (text === '') return [];
        const half = widthOf(text) / 2;
        const x = Math.min(width - half, Math.max(MARGIN.left + half - 20, xOf(steps, width, step)));
        return [{ text, half, x }];
      }),
  );
}

/** All ticks with as many digits after the point as their distance needs; very large and very small ones as anywhere. */
export function numbersOf(ticks: readonly number[]): (value: number) => string {
  const distance = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  const digits = Math.max(0, -Math.floor(Math.log10(distance) + 1e-9));
  if (digits > 4 || ticks.some((tick) => Math.abs(tick) >= 1e6)) return formatPrecise;
  const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return (value) => value.toLocaleString('en', shown).replace('-', '−');
}
