/** The norms of a gradient by step, one line per row of the picture and run, on a logarithmic scale. */
import { line } from 'd3-shape';
import type { Memory } from '../../../src/protocol';
import { appendText } from '../../../src/picture/surface';
import { make, page } from '../../ui/svg';
import { h, setText } from '../../ui/dom';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { type Scales, SMALLEST, chartScales, isShown } from './scales';
import { normAt } from '../../../src/picture/memoryNorms';
import { common, fill } from '../../shared/words';
import type { Line } from './lines';
import { shownRows } from './thin';
import { words } from './words';

export interface Chart {
  readonly element: HTMLElement;
  /** The norms at the step under the pointer. */
  readonly readout: HTMLElement;
  /** `steps` of the sequence. */
  show(memory: Memory | null, lines: readonly Line[], steps: number): void;
}

const MARGIN = { left: 46, right: 14, top: 8, bottom: 22 };

/** `onSelect` hears of the step that is clicked. */
export function createChart(onSelect: (step: number) => void): Chart {
  const readout = h('div', { class: 'lens-readout' });
  const element = h('div', { class: 'lens-chart' });
  const svg = make('svg', { role: 'img', 'aria-label': words.memoryChart });
  element.append(svg);
  let memory: Memory | null = null;
  let lines: readonly Line[] = [];
  let steps = 0;
  let scales: Scales | null = null;
  let size = { width: 0, height: 0 };
  let pointer: SVGElement | null = null;

  function draw(): void {
    svg.replaceChildren();
    setText(readout, '');
    const { width, height } = size;
    const frame = { ...MARGIN, right: width - MARGIN.right, bottom: height - MARGIN.bottom };
    scales =
      memory && frame.right > frame.left && frame.bottom > frame.top
        ? chartScales(
            lines.map(({ row, values }) => ({ norms: values, steps: row.steps })),
            steps,
            frame,
          )
        : null;
    svg.setAttribute('viewBox', `0 0 ${Math.max(1, width)} ${Math.max(1, height)}`);
    if (!memory || !scales) return;
    const { x, y, xTicks, yTicks } = scales;
    for (const power of yTicks) {
      page.append(svg, 'line', {
        class: 'lens-grid',
        x1: frame.left,
        x2: frame.right,
        y1: y(power),
        y2: y(power),
      });
      powerOfTen(svg, frame.left - 8, y(power) + 4, Math.round(Math.log10(power)));
    }
    for (const step of xTicks) appendText(page, svg, 'lens-step', x(step), height - 6, formatCount(step));
    const at = x(memory.target.step);
    page.append(svg, 'line', { class: 'lens-target', x1: at, x2: at, y1: frame.top, y2: frame.bottom });
    for (const one of lines) drawLine(svg, one, scales);
    pointer = page.append(svg, 'line', {
      class: 'lens-pointer',
      y1: frame.top,
      y2: frame.bottom,
      visibility: 'hidden',
    });
  }

  const stepUnder = ({ offsetX }: MouseEvent) =>
    Math.max(0, Math.min(steps - 1, Math.round(scales!.x.invert(offsetX))));

  svg.addEventListener('pointermove', (event) => {
    if (!memory || !scales || !pointer) return;
    const step = stepUnder(event);
    for (const end of ['x1', 'x2']) pointer.setAttribute(end, String(scales.x(step)));
    pointer.setAttribute('visibility', 'visible');
    const values = lines.map((line) => `${line.name} ${normInWords(line, step)}`);
    setText(readout, [fill(common.time, formatCount(step)), ...values].join('  ·  '));
  });
  svg.addEventListener('pointerleave', () => {
    pointer?.setAttribute('visibility', 'hidden');
    setText(readout, '');
  });
  svg.addEventListener('click', (event) => {
    if (scales) onSelect(stepUnder(event));
  });
  new ResizeObserver(() => {
    size = { width: svg.clientWidth, height: svg.clientHeight };
    draw();
  }).observe(element);

  return {
    element,
    readout,
    show(next, drawn, count) {
      memory = next;
      lines = drawn;
      steps = count;
      draw();
    },
  };
}

function drawLine(svg: SVGSVGElement, { row, values: norms, style, role }: Line, scales: Scales): void {
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
  page.append(svg, 'path', {
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
    page.append(svg, 'circle', { class: `lens-dot ${style}`, ...place });
  }
}

/** Those that no line leads to. */
function alone(norms: Float64Array, shown: (norm: number) => boolean): number[] {
  const has = (k: number) => k >= 0 && k < norms.length && shown(norms[k]);
  return [...norms.keys()].filter((k) => has(k) && !has(k - 1) && !has(k + 1));
}

/** A power of ten with its exponent raised. */
function powerOfTen(svg: SVGSVGElement, x: number, y: number, exponent: number): void {
  const text = appendText(page, svg, 'lens-power', x, y, '10');
  const raised = page.append(text, 'tspan', { dy: -4, class: 'lens-exponent' });
  page.text(raised, exponent < 0 ? `−${-exponent}` : String(exponent));
}

function normInWords({ row, values }: Line, step: number): string {
  const norm = normAt(row, values, step);
  if (norm === null || Number.isNaN(norm)) return common.none;
  return norm > 0 && norm < SMALLEST ? words.below : formatPrecise(norm);
}
