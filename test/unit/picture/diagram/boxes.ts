import type { Box, Point } from '../../../../src/picture/diagram/geometry';

/** Points along a wire as it is drawn, corners and curves included, about a pixel apart. */
export function trace(path: string): Point[] {
  const numbers = /-?[\d.]+/g;
  const points: Point[] = [];
  let at: Point = { x: 0, y: 0 };
  for (const [, command, rest] of path.matchAll(/([MLQC])([^MLQC]*)/g)) {
    const flat = rest.match(numbers)!.map(Number);
    const controls = [at];
    for (let i = 0; i < flat.length; i += 2) controls.push({ x: flat[i], y: flat[i + 1] });
    const end = controls[controls.length - 1];
    const steps = command === 'M' ? 1 : Math.ceil(Math.hypot(end.x - at.x, end.y - at.y)) + 1;
    for (let i = 1; i <= steps; i++) points.push(command === 'M' ? end : bezier(controls, i / steps));
    at = end;
  }
  return points;
}

function bezier(points: readonly Point[], t: number): Point {
  if (points.length === 1) return points[0];
  const between = (a: Point, b: Point) => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
  return bezier(
    points.slice(1).map((point, i) => between(points[i], point)),
    t,
  );
}

export function inside({ x, y, width, height }: Box, point: Point, margin: number): boolean {
  return Math.abs(point.x - x) < width / 2 + margin && Math.abs(point.y - y) < height / 2 + margin;
}

export function overlap(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}
