/** The norms of a gradient by step, one line per row of the picture and run, on a logarithmic scale. */
import { line } from 'd3-shape';
import type { MemoryRow, RunRole } from '../../protocol';
import { visible } from '../../unroll/mermaid';
import { formatCount } from '../format';
import { appendText, type Surface } from '../surface';
import { fill, words as common } from '../words';
import { chartScales, isShown, type Scales } from './scales';
import { shownRows } from './thin';

type Place = Pick<MemoryRow, 'layer' | 'level' | 'direction'>;

/** What is drawn of a row. */
export interface DrawnLine {
  readonly row: Place & Pick<MemoryRow, 'signal' | 'steps'>;
  /** The size of the gradient, row by row. */
  readonly values: Float64Array;
  /** Its classes: see `memoryStyle`. */
  readonly style: string;
  /** Null of the run on screen. */
  readonly role: RunRole | null;
}

export interface Chart {
  readonly lines: readonly DrawnLine[];
  /** The step whose output is followed back. */
  readonly target: number;
  /** Of the sequence: the end of what is shown. */
  readonly steps: number;
  /** The first step that is shown; 0 where absent. */
  readonly from?: number;
  /** What the lines are of: it stands over the numbers. */
  readonly name: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const MARGIN = { left: 46, right: 14, top: 26, bottom: 22 };
/** Where the names of the axes begin. */
const AXIS = { x: 14, y: 12 };

/** Draws into an element, from its upper left corner on; null where there is nothing to see, or no room. */
export function drawChart<E>(
  surface: Surface<E>,
  parent: E,
  { lines, target, steps, from, name }: Chart,
  { width, height }: Size,
): (Scales & { readonly top: number; readonly bottom: number }) | null {
  const frame = { ...MARGIN, right: width - MARGIN.right, bottom: height - MARGIN.bottom };
  if (frame.right <= frame.left || frame.bottom <= frame.top) return null;
  const drawn = lines.map(({ row, values }) => ({ norms: values, steps: row.steps }));
  const scales = chartScales(drawn, steps, frame, from);
  if (!scales) return null;
  const { x, y, xTicks, yTicks } = scales;
  const { left, right, top, bottom } = frame;
  for (const power of yTicks) {
    const at = y(power);
    surface.append(parent, 'line', { class: 'lens-grid', x1: left, x2: right, y1: at, y2: at });
    powerOfTen(surface, parent, left - 8, at + 4, Math.round(Math.log10(power)));
  }
  for (const step of xTicks) appendText(surface, parent, 'lens-step', x(step), height - 6, formatCount(step));
  appendText(surface, parent, 'lens-axis', AXIS.x, AXIS.y, name);
  appendText(surface, parent, 'lens-axis', AXIS.x, height - 6, 't');
  const at = x(target);
  surface.append(parent, 'line', { class: 'lens-target', x1: at, x2: at, y1: top, y2: bottom });
  for (const one of lines) drawLine(surface, parent, one, scales);
  return { ...scales, top, bottom };
}

function drawLine<E>(
  surface: Surface<E>,
  parent: E,
  { row, values: norms, style, role }: DrawnLine,
  scales: Scales,
): void {
  const { x, y } = scales;
  const { layer, level, direction, signal, steps } = row;
  const path = line<number>()
    .defined((k) => isShown(norms[k], scales))
    .x((k) => x(steps[k]))
    .y((k) => y(norms[k]));
  const [left, right] = x.range();
  const [first, last] = x.domain();
  const from = Math.max(
    0,
    steps.findIndex((step) => step >= first),
  );
  const to = steps.findLastIndex((step) => step <= last) + 1;
  const drawn = shownRows(norms.subarray(from, to), Math.max(1, Math.round(right - left)));
  surface.append(parent, 'path', {
    class: `lens-line ${style}`,
    d: path(drawn.map((k) => from + k)) ?? '',
    'data-layer': layer,
    'data-level': level,
    'data-direction': direction,
    'data-signal': signal,
    ...(role && { 'data-run': role }),
  });
  for (const k of alone(norms, (norm) => isShown(norm, scales))) {
    const place = { cx: x(steps[k]), cy: y(norms[k]), r: 3 };
    surface.append(parent, 'circle', { class: `lens-dot ${style}`, ...place });
  }
}

/** Those that no line leads to. */
function alone(norms: Float64Array, shown: (norm: number) => boolean): number[] {
  const has = (k: number) => k >= 0 && k < norms.length && shown(norms[k]);
  return [...norms.keys()].filter((k) => has(k) && !has(k - 1) && !has(k + 1));
}

/** A power of ten with its exponent raised. */
function powerOfTen<E>(surface: Surface<E>, parent: E, x: number, y: number, exponent: number): void {
  const text = appendText(surface, parent, 'lens-power', x, y, '10');
  const raised = surface.append(text, 'tspan', { dy: -4, class: 'lens-exponent' });
  surface.text(raised, exponent < 0 ? `−${-exponent}` : String(exponent));
}

/** Colours and dashes that follow one another. */
const SERIES = 6;

/** The classes of the line of a run's own row. */
export function seriesOf(k: number): string {
  return `series-${k % SERIES}`;
}

/** The layer, with level and direction where there is more than one. */
export function rowInWords({ layer, level, direction }: Place, rows: readonly Place[]): string {
  const others = rows.filter((one) => one.layer === layer);
  const name = [visible(layer)];
  if (others.some((one) => one.level !== level)) name.push(fill(common.level, level));
  if (others.some((one) => one.direction !== direction)) name.push(common[direction]);
  return name.join(' ');
}
