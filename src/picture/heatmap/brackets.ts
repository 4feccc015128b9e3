/** The brackets beside the lines: how they were put together. */
import type { UnitOrder } from '../../protocol';
import { topOfLine, type Frame, type Lines } from './layout';

/** From the upper cluster's end to the bracket, down, and to the lower cluster's end. */
export interface Bracket {
  readonly x: number;
  readonly upper: { readonly x: number; readonly y: number };
  readonly lower: { readonly x: number; readonly y: number };
}

/** Smaller ones are not seen. */
const LEAST_HEIGHT = 2;

export function bracketsOf({ units, clusters }: UnitOrder, lines: Lines, frame: Frame): Bracket[] {
  if (!clusters) return [];
  const { left, right, height } = clusters.merges;
  const n = units.length;
  const highest = height[n - 2] || 1;
  const width = frame.treeRight - frame.treeLeft;
  const x = new Float64Array(2 * n - 1).fill(frame.treeRight);
  const y = new Float64Array(2 * n - 1);
  units.forEach((unit, line) => (y[unit] = topOfLine(lines, line) + lines.height / 2));
  const brackets: Bracket[] = [];
  for (let k = 0; k < n - 1; k++) {
    const [a, b, cluster] = [left[k], right[k], n + k];
    x[cluster] = frame.treeRight - (height[k] / highest) * width;
    y[cluster] = (y[a] + y[b]) / 2;
    if (Math.abs(y[b] - y[a]) < LEAST_HEIGHT) continue;
    brackets.push({ x: x[cluster], upper: { x: x[a], y: y[a] }, lower: { x: x[b], y: y[b] } });
  }
  return brackets;
}
