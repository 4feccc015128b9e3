/** The stretch of time that the strip shows. Steps may be parts of whole ones while it is moved. */

export interface Range {
  readonly from: number;
  /** The step behind the last one. */
  readonly to: number;
}

/** Fewer steps than that are never stretched over the strip. */
const LEAST_STEPS = 8;

/** All steps where nothing narrower is chosen; what is chosen stays within them. */
export function rangeWithin(chosen: Range | null, steps: number): Range {
  if (!chosen) return { from: 0, to: Math.max(1, steps) };
  const width = Math.min(chosen.to - chosen.from, Math.max(1, steps));
  const from = Math.max(0, Math.min(chosen.from, steps - width));
  return { from, to: from + width };
}

/** Narrower or wider by a factor, with the step `about` where it was; null where it is all there is. */
export function zoomed(range: Range, steps: number, about: number, factor: number): Range | null {
  const width = range.to - range.from;
  const next = Math.max(Math.min(LEAST_STEPS, steps), width * factor);
  if (next >= steps) return null;
  const share = (about - range.from) / width;
  return rangeWithin({ from: about - share * next, to: about - share * next + next }, steps);
}

/** Moved by some steps. */
export function panned(range: Range, steps: number, by: number): Range | null {
  if (range.to - range.from >= steps) return null;
  return rangeWithin({ from: range.from + by, to: range.to + by }, steps);
}

/** Moved just as far as it must be to show a step. */
export function showing(range: Range, steps: number, step: number): Range {
  if (step < range.from) return rangeWithin({ from: step, to: step + range.to - range.from }, steps);
  if (step + 1 <= range.to) return range;
  return rangeWithin({ from: step + 1 - (range.to - range.from), to: step + 1 }, steps);
}

export function xOfStep({ from, to }: Range, width: number, step: number): number {
  return ((step - from) / (to - from)) * width;
}

/** The step under a place, within the sequence. */
export function stepAtX({ from, to }: Range, width: number, steps: number, x: number): number {
  return Math.max(0, Math.min(steps - 1, Math.floor(from + (x / Math.max(1, width)) * (to - from))));
}

/** Steps to be named under the strip, about as far apart as `room` pixels, counted as people do: from 1. */
export function namedSteps({ from, to }: Range, width: number, room: number): number[] {
  const least = Math.max(1, ((to - from) * room) / Math.max(1, width));
  const power = 10 ** Math.floor(Math.log10(least));
  const apart = [1, 2, 5, 10].map((times) => times * power).find((distance) => distance >= least)!;
  const named: number[] = [];
  for (let number = Math.max(1, Math.ceil((from + 1) / apart) * apart); number <= to; number += apart) {
    named.push(number);
  }
  const first = Math.floor(from) + 1;
  return named[0] - first > apart / 2 ? [first, ...named] : named;
}
