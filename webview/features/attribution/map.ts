/** Features × steps on a canvas, with the playhead, the output's step and the cursor over it. */
import type { ColorScale } from '../../../src/picture/colour/scale';
import { readTheme } from '../../colour/theme';
import { sizedCanvas } from '../../ui/canvas';
import { h } from '../../ui/dom';
import { canvasPress } from '../../ui/press';
import { drawMap } from '../../../src/picture/attribution/draw';
import type { Looked } from '../../../src/picture/attribution/found';
import {
  cellAt,
  layoutOf,
  namesRoom,
  rowsWith,
  type Layout,
  type Size,
} from '../../../src/picture/attribution/layout';
import type { Cursor } from './state';

export interface AttributionMap {
  readonly element: HTMLElement;
  /** Null hides it. */
  show(looked: Looked | null, theme: number): void;
  mark(marks: Marks): void;
}

export interface Marks {
  readonly playhead: number;
  readonly cursor: Cursor | null;
}

interface MapEvents {
  /** Rows under the pointer, the last included; the feature is −1 in the profile. Null when it leaves. */
  onHover(spot: { readonly feature: number; readonly from: number; readonly to: number } | null): void;
  onChoose(step: number): void;
}

export function createMap(scale: () => ColorScale, { onHover, onChoose }: MapEvents): AttributionMap {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const playhead = h('div', { class: 'attribution-playhead', hidden: true });
  const target = h('div', { class: 'attribution-target', hidden: true });
  const cursor = h('div', { class: 'attribution-cursor', hidden: true });
  const element = h('div', { class: 'attribution-map', hidden: true }, canvas, playhead, target, cursor);
  let size: Size = { width: 0, height: 0 };
  let shown: Looked | null = null;
  let layout: Layout | null = null;
  let marks: Marks = { playhead: -1, cursor: null };
  let drawn: readonly unknown[] = [];
  let theme = -1;

  function draw(): void {
    if (!shown || size.width === 0) return;
    const reads = [shown, size, theme];
    if (reads.every((one, k) => one === drawn[k])) return;
    drawn = reads;
    const { input, nameOf, tokens } = shown;
    const { features, rows } = input;
    layout = layoutOf(size, { features, rows }, namesRoom(input, tokens ? null : nameOf));
    const surface = getComputedStyle(element.closest('.dock') ?? document.body).backgroundColor;
    const paint = { theme: readTheme(), scale: scale(), surface, ratio: window.devicePixelRatio };
    drawMap(sizedCanvas(canvas, size), canvasPress, shown, layout, paint);
    place();
  }

  function place(): void {
    if (!shown || !layout) return;
    const { from, rows } = shown.input;
    const { left, top, cellWidth, cellHeight, bottom, profileBottom } = layout;
    const column = (mark: HTMLElement, step: number) => {
      mark.hidden = step < from || step >= from + rows;
      mark.style.left = `${left + (step - from) * cellWidth}px`;
      mark.style.width = `${Math.max(2, cellWidth)}px`;
    };
    column(playhead, marks.playhead);
    playhead.style.top = `${top}px`;
    playhead.style.height = `${profileBottom - top}px`;
    column(target, shown.found.target.step);
    target.style.top = `${bottom}px`;
    cursor.hidden = true;
    if (!marks.cursor) return;
    column(cursor, marks.cursor.step);
    cursor.style.top = `${top + marks.cursor.feature * cellHeight}px`;
    cursor.style.height = `${Math.max(3, cellHeight)}px`;
  }

  const under = ({ clientX, clientY }: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return shown && layout && cellAt(layout, clientX - box.left, clientY - box.top);
  };
  element.addEventListener('pointermove', (event) => {
    const cell = under(event);
    element.style.cursor = cell ? 'pointer' : '';
    if (!cell) return onHover(null);
    const [from, to] = rowsWith(layout!, cell.row).map((row) => row + shown!.input.from);
    onHover({ feature: cell.feature, from, to: to - 1 });
  });
  element.addEventListener('pointerleave', () => onHover(null));
  element.addEventListener('click', (event) => {
    const cell = under(event);
    if (cell) onChoose(cell.row + shown!.input.from);
  });
  new ResizeObserver(([{ contentRect }]) => {
    const { width, height } = contentRect;
    if (width === 0 || height === 0) return;
    size = { width: Math.floor(width), height: Math.floor(height) };
    draw();
  }).observe(element);

  return {
    element,
    show(looked, at) {
      element.hidden = looked === null;
      shown = looked;
      theme = at;
      draw();
    },
    mark(next) {
      marks = next;
      place();
    },
  };
}
