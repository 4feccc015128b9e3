/** Wires as SVG path data. */
import type { Point, Route } from './geometry';

const CORNER = 6;
/** Mermaid's arrow head reaches this far beyond the end of its path. */
const ARROW = 4;

export function routePath({ points, curve }: Route): string {
  const end = points[points.length - 1];
  const before = points[points.length - 2];
  if (curve === 'rounded') return rounded([...points.slice(0, -1), toward(end, before, ARROW)]);
  return bumped([...points.slice(0, -1), { x: end.x, y: end.y + Math.sign(before.y - end.y) * ARROW }]);
}

function rounded(points: readonly Point[]): string {
  let path = `M${at(points[0])}`;
  for (let i = 1; i < points.length - 1; i++) {
    const corner = points[i];
    const radius = Math.min(CORNER, distance(points[i - 1], corner) / 2, distance(corner, points[i + 1]) / 2);
    path += `L${at(toward(corner, points[i - 1], radius))}Q${at(corner)} ${at(toward(corner, points[i + 1], radius))}`;
  }
  return `${path}L${at(points[points.length - 1])}`;
}

/** Each piece leaves and arrives upright. */
function bumped(points: readonly Point[]): string {
  let path = `M${at(points[0])}`;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const middle = (a.y + b.y) / 2;
    path += `C${at({ x: a.x, y: middle })} ${at({ x: b.x, y: middle })} ${at(b)}`;
  }
  return path;
}

function toward(from: Point, to: Point, length: number): Point {
  const share = Math.min(1, length / distance(from, to));
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function at({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
