/** The norms of a gradient by step, and the step under the pointer. */
import type { Memory } from '../../../src/protocol';
import { make, page } from '../../ui/svg';
import { h, setText } from '../../ui/dom';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { drawChart } from '../../../src/picture/memory/chart';
import { type Scales, SMALLEST } from '../../../src/picture/memory/scales';
import { normAt } from '../../../src/picture/memoryNorms';
import { common, fill } from '../../shared/words';
import type { Line } from './lines';
import { words } from './words';

interface Drawable {
  readonly target: number;
  readonly steps: number;
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number };
}

export interface Chart {
  readonly element: HTMLElement;
  /** The norms at the step under the pointer. */
  readonly readout: HTMLElement;
  /** What is shown, and in which size; null while there is nothing. */
  readonly drawn: (Drawable & { readonly lines: readonly Line[] }) | null;
  /** `steps` of the sequence; `name` of what the lines are of. */
  show(memory: Memory | null, lines: readonly Line[], steps: number, name: string): void;
}

/** `onSelect` hears of the step that is clicked. */
export function createChart(onSelect: (step: number) => void): Chart {
  const readout = h('div', { class: 'lens-readout' });
  const element = h('div', { class: 'lens-chart' });
  const svg = make('svg', { role: 'img', 'aria-label': words.memoryChart });
  element.append(svg);
  let memory: Memory | null = null;
  let lines: readonly Line[] = [];
  let steps = 0;
  let name = '';
  let scales: Scales | null = null;
  let size = { width: 0, height: 0 };
  let pointer: SVGElement | null = null;

  function draw(): void {
    svg.replaceChildren();
    setText(readout, '');
    const { width, height } = size;
    svg.setAttribute('viewBox', `0 0 ${Math.max(1, width)} ${Math.max(1, height)}`);
    const drawn = memory && drawChart(page, svg, { lines, target: memory.target.step, steps, name }, size);
    scales = drawn;
    if (!drawn) return;
    const { top, bottom } = drawn;
    pointer = page.append(svg, 'line', { class: 'lens-pointer', y1: top, y2: bottom, visibility: 'hidden' });
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
    get drawn() {
      return memory && { lines, target: memory.target.step, steps, name, size };
    },
    show(next, drawn, count, of) {
      memory = next;
      lines = drawn;
      steps = count;
      name = of;
      draw();
    },
  };
}

function normInWords({ row, values }: Line, step: number): string {
  const norm = normAt(row, values, step);
  if (norm === null || Number.isNaN(norm)) return common.none;
  return norm > 0 && norm < SMALLEST ? words.below : formatPrecise(norm);
}
