/** Every output against every state on a canvas: targets from top to bottom, the states they depend on from left to right. */
import { scaleLinear } from 'd3-scale';
import type { Matrix } from '../../../src/protocol';
import { css, packedColor } from '../../../src/picture/colour/color';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { readTheme } from '../../colour/theme';
import { sizedCanvas } from '../../ui/canvas';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { common, fill } from '../../shared/words';
import {
  columnsOf,
  isInitial,
  moved,
  normOf,
  rangeOf,
  shadeOf,
  type Spot,
} from '../../../src/picture/memory/cells';
import { words } from './words';

export interface MatrixView {
  readonly element: HTMLElement;
  /** `theme` grows when colours change. */
  show(matrix: Matrix | null, cursor: Spot | null, playhead: number, theme: number): void;
}

interface MatrixEvents {
  readonly scale: () => ColorScale;
  /** What is under the pointer in words; empty when it leaves. */
  onHover(text: string): void;
  onChoose(target: number): void;
  onMove(to: Spot): void;
}

const MARGIN = { left: 46, right: 14, top: 8, bottom: 22 };
const TICK_WIDTH = 64;
const TICK_HEIGHT = 22;
const CURSOR_ID = 'memory-matrix-cursor';

export function createMatrix({ scale, onHover, onChoose, onMove }: MatrixEvents): MatrixView {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const playhead = h('div', { class: 'matrix-playhead', hidden: true });
  const mark = h('div', { class: 'matrix-cursor', hidden: true });
  const cell = h('div', { id: CURSOR_ID, role: 'gridcell', 'data-cursor': true, 'aria-live': 'off' });
  const element = h(
    'div',
    { class: 'lens-matrix', role: 'grid', tabindex: 0, 'aria-label': words.matrixLabel },
    canvas,
    playhead,
    mark,
    h('div', { role: 'row', class: 'visually-hidden' }, cell),
  );
  element.setAttribute('aria-activedescendant', CURSOR_ID);
  let size = { width: 0, height: 0 };
  let matrix: Matrix | null = null;
  let cursor: Spot | null = null;
  let step = -1;
  let theme = -1;
  let drawn: readonly unknown[] = [];

  const frame = () => ({
    ...{ left: MARGIN.left, top: MARGIN.top },
    width: size.width - MARGIN.left - MARGIN.right,
    height: size.height - MARGIN.top - MARGIN.bottom,
  });

  function draw(): void {
    const reads = [matrix, size, theme];
    if (reads.every((one, k) => one === drawn[k]) || size.width === 0) return;
    drawn = reads;
    const context = sizedCanvas(canvas, size);
    const { left, top, width, height } = frame();
    if (!matrix || width <= 0 || height <= 0) return;
    context.imageSmoothingEnabled = false;
    context.drawImage(picture(matrix, scale()), left, top, width, height);
    const colours = readTheme();
    context.strokeStyle = css(colours.line);
    context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
    context.font = `11px ${colours.fontFamily}`;
    context.fillStyle = css(colours.dim);
    const { from, steps } = matrix;
    const { first, count } = columnsOf(matrix);
    const ticks = (room: number, each: number) =>
      scaleLinear([from, from + steps - 1], [0, 1])
        .ticks(Math.max(1, Math.floor(room / each)))
        .filter(Number.isInteger);
    context.textAlign = 'center';
    for (const tick of ticks(width, TICK_WIDTH))
      context.fillText(formatCount(tick), left + ((tick - first + 0.5) / count) * width, size.height - 6);
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (const tick of ticks(height, TICK_HEIGHT))
      context.fillText(formatCount(tick), left - 8, top + ((tick - from + 0.5) / steps) * height);
  }

  function place(): void {
    const { left, top, width, height } = frame();
    const inWindow = (at: number) => matrix !== null && at >= matrix.from && at < matrix.from + matrix.steps;
    const at = (one: HTMLElement, x: number, y: number, w: number, tall: number) => {
      Object.assign(one.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${tall}px` });
    };
    playhead.hidden = !inWindow(step) || width <= 0;
    if (matrix && !playhead.hidden) {
      const tall = height / matrix.steps;
      at(playhead, left, top + (step - matrix.from) * tall, width, Math.max(1, tall));
    }
    mark.hidden = !matrix || !cursor || !inWindow(cursor.target) || width <= 0;
    if (matrix && cursor && !mark.hidden) {
      const { first, count } = columnsOf(matrix);
      const [w, tall] = [width / count, height / matrix.steps];
      const [x, y] = [(cursor.step - first) * w, (cursor.target - matrix.from) * tall];
      at(mark, left + x, top + y, Math.max(3, w), Math.max(3, tall));
    }
    const norm = matrix && cursor && normOf(matrix, cursor);
    setText(cell, matrix && cursor ? spotInWords(matrix, cursor) : '');
    setAttribute(cell, 'data-target', cursor && String(cursor.target));
    setAttribute(cell, 'data-step', cursor && String(cursor.step));
    setAttribute(cell, 'data-value', norm === null ? null : String(norm));
    setAttribute(cell, 'aria-live', document.activeElement === element ? 'polite' : 'off');
  }

  const under = ({ clientX, clientY }: MouseEvent): Spot | null => {
    const box = element.getBoundingClientRect();
    const { left, top, width, height } = frame();
    const [x, y] = [(clientX - box.left - left) / width, (clientY - box.top - top) / height];
    if (!matrix || x < 0 || x >= 1 || y < 0 || y >= 1) return null;
    const { first, count } = columnsOf(matrix);
    return { target: matrix.from + Math.floor(y * matrix.steps), step: first + Math.floor(x * count) };
  };
  element.addEventListener('pointermove', (event) => {
    const spot = under(event);
    element.style.cursor = spot ? 'pointer' : '';
    onHover(matrix && spot ? spotInWords(matrix, spot) : '');
  });
  element.addEventListener('pointerleave', () => onHover(''));
  element.addEventListener('click', (event) => {
    const spot = under(event);
    if (spot) onChoose(spot.target);
  });
  element.addEventListener('keydown', (event) => {
    if (!matrix || matrix.targets.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const first = { target: matrix.targets[matrix.targets.length - 1], step: matrix.from };
    const now = cursor && normOf(matrix, cursor) !== null ? cursor : first;
    const to = moved(matrix, now, event.key);
    if (to) {
      // The next key may come before the next frame.
      cursor = to;
      onMove(to);
    } else if (event.key === 'Enter') onChoose(now.target);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  new ResizeObserver(([{ contentRect }]) => {
    size = { width: Math.floor(contentRect.width), height: Math.floor(contentRect.height) };
    draw();
    place();
  }).observe(element);

  return {
    element,
    show(next, at, where, colours) {
      matrix = next;
      cursor = at;
      step = where;
      theme = colours;
      draw();
      place();
    },
  };
}

function spotInWords(matrix: Matrix, spot: Spot): string {
  const norm = normOf(matrix, spot);
  const value = norm === null ? common.none : formatPrecise(norm);
  if (isInitial(matrix, spot.step)) return fill(words.matrixInitial, formatCount(spot.target), value);
  return fill(words.matrixSpot, formatCount(spot.target), formatCount(spot.step), value);
}

function numberAt(matrix: Matrix, row: number, step: number): number {
  const { from, steps, norms, initial } = matrix;
  return isInitial(matrix, step) ? initial![row] : norms[row * steps + step - from];
}

/** A pixel for each number; nothing where it is not worked out. */
function picture(matrix: Matrix, scale: ColorScale): HTMLCanvasElement {
  const { from, steps, targets } = matrix;
  const { first, count } = columnsOf(matrix);
  const range = rangeOf(matrix);
  const image = new ImageData(count, steps);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = new Map<string, number>();
  for (const [row, target] of targets.entries()) {
    for (let column = 0; column < count; column++) {
      const shade = shadeOf(numberAt(matrix, row, first + column), range);
      if (Number.isNaN(shade)) continue;
      const { fill: colour } = scale.swatch('gate', shade);
      let pixel = colours.get(colour);
      if (pixel === undefined) colours.set(colour, (pixel = packedColor(colour)));
      pixels[(target - from) * count + column] = pixel;
    }
  }
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [count, steps];
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}
