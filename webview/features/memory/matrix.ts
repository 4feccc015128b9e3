/** Every output against every state on a canvas: targets from top to bottom, the states they depend on from left to right. */
import type { Matrix } from '../../../src/protocol';
import type { Size } from '../../../src/picture/heatmap/layout';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { readTheme } from '../../colour/theme';
import { drawMatrix, matrixFrame } from '../../../src/picture/memory/matrix';
import { sizedCanvas } from '../../ui/canvas';
import { canvasPress } from '../../ui/press';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { common, fill } from '../../shared/words';
import { columnsOf, isInitial, moved, normOf, type Spot } from '../../../src/picture/memory/cells';
import { words } from './words';

export interface MatrixView {
  readonly element: HTMLElement;
  /** What is shown, and in which size; null while there is nothing. */
  readonly drawn: { readonly matrix: Matrix; readonly size: Size } | null;
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
  let size: Size = { width: 0, height: 0 };
  let matrix: Matrix | null = null;
  let cursor: Spot | null = null;
  let step = -1;
  let theme = -1;
  let drawn: readonly unknown[] = [];

  const frame = () => matrixFrame(size);

  function draw(): void {
    const reads = [matrix, size, theme];
    if (reads.every((one, k) => one === drawn[k]) || size.width === 0) return;
    drawn = reads;
    const context = sizedCanvas(canvas, size);
    if (!matrix) return;
    drawMatrix(context, canvasPress, matrix, size, { theme: readTheme(), scale: scale() });
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
    get drawn() {
      return matrix && { matrix, size };
    },
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
