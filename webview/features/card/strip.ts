/** A vector as cells in a row, or in several rows if it is long: on a canvas, so that any length costs one element. */
import { sizedCanvas } from '../../ui/canvas';
import { h } from '../../ui/dom';
import { cellBox, layoutStrip, unitAt, type CellBox } from './stripLayout';

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
      const { perRow, rows, pitch, rowHeight } = layout;
      const context = sizedCanvas(canvas, { width: perRow * pitch, height: rows * rowHeight });
      const { color } = getComputedStyle(canvas);
      values.forEach((value, unit) => {
        const colour = paint(value);
        if (colour) fillCell(context, cellBox(layout, unit), colour);
        else strikeCell(context, cellBox(layout, unit), color);
      });
      if (marked !== null && marked < units) markCell(context, cellBox(layout, marked), color);
    },
  };
}

function fillCell(context: CanvasRenderingContext2D, [x, y, width, height]: CellBox, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(1.5, width / 4));
  context.fill();
}

function strikeCell(context: CanvasRenderingContext2D, [x, y, width, height]: CellBox, colour: string): void {
  context.strokeStyle = colour;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y + height);
  context.lineTo(x + width, y);
  context.stroke();
  context.globalAlpha = 1;
}

function markCell(context: CanvasRenderingContext2D, [x, y, width, height]: CellBox, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.strokeRect(x + 0.75, y + 0.75, Math.max(1, width - 1.5), Math.max(1, height - 1.5));
}
