/** The map itself: two canvases, the marks over them, and what the pointer does there. */
import { readTheme } from '../../colour/theme';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { h } from '../../ui/dom';
import { canvasPress } from '../../ui/press';
import {
  drawChosen,
  drawPicture,
  type Marks,
  type Paint,
  type MapPicture,
} from '../../../src/picture/heatmap/draw';
import { lineAt, placeAt, rowAt, type Size } from '../../../src/picture/heatmap/layout';
import { createMarks } from './marks';

export interface PlotEvents {
  onResize(size: Size): void;
  /** A line and a row under the pointer; null when it leaves. */
  onHover(spot: { readonly line: number; readonly row: number } | null): void;
  onChoose(line: number, row: number): void;
  /** Rows from and to, the last included, while they are dragged. */
  onRange(from: number, to: number): void;
  onPan(rows: number): void;
  /** About a place: a row and the part of it. */
  onZoom(factor: number, about: number): void;
}

export interface Plot {
  readonly element: HTMLElement;
  /** Null where there is nothing to see. */
  show(picture: MapPicture | null): void;
  mark(marks: Marks): void;
  /** The editor's colours have changed. */
  recolour(): void;
}

const DRAG_THRESHOLD = 4;
const WHEEL_PIXELS = 240;

export function createPlot(scale: () => ColorScale, events: PlotEvents): Plot {
  const under = h('canvas', { 'aria-hidden': 'true' });
  const over = h('canvas', { 'aria-hidden': 'true' });
  const moving = createMarks();
  const element = h('div', { class: 'heatmap-plot' }, under, over, moving.element);
  let size: Size = { width: 0, height: 0 };
  let picture: MapPicture | null = null;
  let marks: Marks | null = null;
  let paint: Paint | null = null;

  const painted = (): Paint =>
    (paint ??= { theme: readTheme(), scale: scale(), surface: surfaceOf(element) });

  function drawUnder(): void {
    const context = cleared(under, size);
    if (context && picture) drawPicture(context, canvasPress, picture, painted());
  }

  function drawOver(): void {
    const context = cleared(over, size);
    if (context && picture && marks) drawChosen(context, picture, marks, painted());
  }

  new ResizeObserver(([{ contentRect }]) => {
    const { width, height } = contentRect;
    size = { width, height };
    if (width > 0 && height > 0) events.onResize(size);
  }).observe(element);

  listen(element, () => picture, events);

  return {
    element,
    show(next) {
      picture = next;
      marks = null;
      drawUnder();
      drawOver();
      moving.show(picture, painted());
    },
    mark(next) {
      const before = marks;
      marks = next;
      moving.move(next);
      if (!before || chosenText(before) !== chosenText(next)) drawOver();
    },
    recolour() {
      paint = null;
    },
  };
}

function chosenText({ line, range, found }: Marks): string {
  return JSON.stringify([line, range, found]);
}

/** The colour behind an element. */
function surfaceOf(element: HTMLElement): string {
  return getComputedStyle(element.closest('.dock') ?? document.body).backgroundColor;
}

/** The canvas in its size, empty; null where it has none. */
function cleared(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D | null {
  if (width === 0 || height === 0) return null;
  const ratio = window.devicePixelRatio;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext('2d')!;
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

interface Drag {
  readonly x: number;
  readonly row: number;
  /** Under the cells: it pans. */
  readonly axis: boolean;
  moved: boolean;
  /** Where it has panned to. */
  place: number;
}

function listen(element: HTMLElement, shown: () => MapPicture | null, events: PlotEvents): void {
  let drag: Drag | null = null;

  const isOver = ({ columns, lines, frame }: MapPicture, { offsetX: x, offsetY: y }: MouseEvent) =>
    x >= columns.left && x < columns.right && y >= frame.top - 4 && y <= lines.bottom + 3;

  element.addEventListener('pointerdown', (event) => {
    const picture = shown();
    if (!picture || event.button !== 0) return;
    const { columns, lines } = picture;
    const axis = event.offsetY > lines.bottom + 3;
    if (!axis && !isOver(picture, event)) return;
    const place = placeAt(columns, event.offsetX);
    drag = { x: event.offsetX, row: rowAt(columns, event.offsetX), axis, moved: false, place };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    const picture = shown();
    if (!picture) return;
    const { columns, lines } = picture;
    if (drag) {
      drag.moved ||= Math.abs(event.offsetX - drag.x) > DRAG_THRESHOLD;
      if (!drag.moved) return;
      if (drag.axis) {
        const by = Math.round(drag.place - placeAt(columns, event.offsetX));
        if (by !== 0) events.onPan(by);
      } else events.onRange(drag.row, rowAt(columns, event.offsetX));
      return;
    }
    const inside = isOver(picture, event);
    element.style.cursor = inside ? 'crosshair' : event.offsetY > lines.bottom + 3 ? 'ew-resize' : '';
    events.onHover(
      inside ? { line: lineAt(lines, event.offsetY), row: rowAt(columns, event.offsetX) } : null,
    );
  });
  element.addEventListener('pointerup', (event) => {
    const picture = shown();
    const was = drag;
    drag = null;
    if (!picture || !was || was.moved || was.axis) return;
    events.onChoose(lineAt(picture.lines, event.offsetY), rowAt(picture.columns, event.offsetX));
  });
  element.addEventListener('pointercancel', () => (drag = null));
  element.addEventListener('pointerleave', () => events.onHover(null));
  element.addEventListener(
    'wheel',
    (event) => {
      const picture = shown();
      if (!picture) return;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        events.onZoom(2 ** (-event.deltaY / WHEEL_PIXELS), placeAt(picture.columns, event.offsetX));
      } else if (event.deltaX !== 0 || event.shiftKey) {
        event.preventDefault();
        const pixels = event.deltaX || event.deltaY;
        events.onPan(Math.sign(pixels) * Math.max(1, Math.round(Math.abs(pixels) / picture.columns.width)));
      }
    },
    { passive: false },
  );
}
