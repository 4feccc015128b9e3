/** A vector as cells in a row, or in several rows if it is long. */
import { h } from '../dom';

/** How the cells lie: `rows` rows of up to `perRow` cells, in CSS pixels. */
export interface StripLayout {
  readonly perRow: number;
  readonly rows: number;
  readonly pitch: number;
  readonly rowHeight: number;
}

const LONGEST_ROW = 128;
const WIDEST_CELL = 24;
const TALLEST_CELL = 22;
const TALLEST_CELL_OF_MANY = 10;
const TALLEST_STRIP = 192;

/** One row up to 128 units; beyond that rows of 64 or 128, as tall as leaves room for all. */
export function layoutStrip(units: number, width: number): StripLayout {
  if (units <= LONGEST_ROW) {
    const pitch = Math.min(WIDEST_CELL, width / Math.max(1, units));
    return { perRow: Math.max(1, units), rows: 1, pitch, rowHeight: TALLEST_CELL };
  }
  const perRow = units <= 1024 ? 64 : LONGEST_ROW;
  const rows = Math.ceil(units / perRow);
  return {
    perRow,
    rows,
    pitch: width / perRow,
    rowHeight: Math.min(TALLEST_CELL_OF_MANY, TALLEST_STRIP / rows),
  };
}

/** The unit whose cell lies at a point of the strip, or null between and beyond the cells. */
export function unitAt(layout: StripLayout, units: number, x: number, y: number): number | null {
  const column = Math.floor(x / layout.pitch);
  const row = Math.floor(y / layout.rowHeight);
  if (column < 0 || column >= layout.perRow || row < 0 || row >= layout.rows) return null;
  const unit = row * layout.perRow + column;
  return unit < units ? unit : null;
}

export interface Strip {
  readonly element: HTMLElement;
  /** `paint` gives a value's colour, null for one that is not a number. */
  show(values: Float32Array, paint: (value: number) => string | null, marked: number | null): void;
}

interface StripEvents {
  /** The cell under the pointer, null when it leaves. */
  onHover(unit: number | null): void;
  onSelect(unit: number): void;
}

export function createStrip(width: number, { onHover, onSelect }: StripEvents): Strip {
  const canvas = h('canvas', { class: 'strip', role: 'img' });
  let units = 0;
  let layout = layoutStrip(0, width);

  const unitUnder = (event: MouseEvent) => unitAt(layout, units, event.offsetX, event.offsetY);
  canvas.addEventListener('pointermove', (event) => {
    const unit = unitUnder(event);
    canvas.style.cursor = unit === null ? '' : 'pointer';
    onHover(unit);
  });
  canvas.addEventListener('pointerleave', () => onHover(null));
  canvas.addEventListener('click', (event) => {
    const unit = unitUnder(event);
    if (unit !== null) onSelect(unit);
  });

  return {
    element: canvas,
    show(values, paint, marked) {
      units = values.length;
      layout = layoutStrip(units, width);
      const context = resize(canvas, layout);
      const { color } = getComputedStyle(canvas);
      values.forEach((value, unit) => {
        const colour = paint(value);
        if (colour) fillCell(context, layout, unit, colour);
        else strikeCell(context, layout, unit, color);
      });
      if (marked !== null && marked < units) markCell(context, layout, marked, color);
    },
  };
}

function resize(
  canvas: HTMLCanvasElement,
  { perRow, rows, pitch, rowHeight }: StripLayout,
): CanvasRenderingContext2D {
  const [width, height] = [perRow * pitch, rows * rowHeight];
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  return context;
}

function fillCell(
  context: CanvasRenderingContext2D,
  layout: StripLayout,
  unit: number,
  colour: string,
): void {
  const [x, y, width, height] = cellBox(layout, unit);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(1.5, width / 4));
  context.fill();
}

function strikeCell(
  context: CanvasRenderingContext2D,
  layout: StripLayout,
  unit: number,
  colour: string,
): void {
  const [x, y, width, height] = cellBox(layout, unit);
  context.strokeStyle = colour;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y + height);
  context.lineTo(x + width, y);
  context.stroke();
  context.globalAlpha = 1;
}

function markCell(
  context: CanvasRenderingContext2D,
  layout: StripLayout,
  unit: number,
  colour: string,
): void {
  const [x, y, width, height] = cellBox(layout, unit);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.strokeRect(x + 0.75, y + 0.75, Math.max(1, width - 1.5), Math.max(1, height - 1.5));
}

function cellBox({ perRow, pitch, rowHeight }: StripLayout, unit: number): [number, number, number, number] {
  const gap = Math.min(0.9, pitch * 0.15, rowHeight * 0.15);
  return [(unit % perRow) * pitch, Math.floor(unit / perRow) * rowHeight, pitch - gap, rowHeight - gap];
}
