/**
 * Zoom and scroll. The picture is an SVG of its zoomed size inside a scrolling element, so wheels, touchpads, scroll bars
 * and keys scroll as everywhere; Ctrl or Alt with the wheel zooms about the pointer, dragging pans.
 */
import type { Size } from './geometry';
import { clampZoom, fitZoom } from './zoom';

export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  readonly fitted: boolean;
}

const DRAG_THRESHOLD = 4;

export class Viewport {
  private zoom = 1;
  private fitted = true;
  private picture: (Size & { readonly svg: SVGSVGElement }) | null = null;
  private pending: View | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly onChange: () => void,
    signal: AbortSignal,
  ) {
    const options = { signal };
    element.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false });
    element.addEventListener('pointerdown', (event) => this.drag(event), options);
    element.addEventListener('scroll', () => this.onChange(), options);
    const observer = new ResizeObserver(() => {
      if (this.fitted) this.fit();
    });
    observer.observe(element);
    signal.addEventListener('abort', () => observer.disconnect());
  }

  /** Takes a new picture of the given size in pixels at zoom 1. */
  show(svg: SVGSVGElement, size: Size): void {
    const { scrollLeft, scrollTop } = this.element;
    this.picture = { svg, ...size };
    const pending = this.pending;
    this.pending = null;
    if (pending) this.setView(pending);
    else if (this.fitted) this.fit();
    else this.setView({ zoom: this.zoom, x: scrollLeft, y: scrollTop, fitted: false });
  }

  fit(): void {
    this.fitted = true;
    if (!this.picture) return;
    const room = { width: this.element.clientWidth, height: this.element.clientHeight };
    if (room.width === 0 || room.height === 0) return;
    this.apply(fitZoom(room, this.picture));
    // Where it does not fit, begin with the inputs, at the bottom.
    this.element.scrollTo(0, this.element.scrollHeight);
    this.onChange();
  }

  zoomBy(factor: number): void {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    this.zoomAt(factor, left + width / 2, top + height / 2);
  }

  getView(): View {
    return { zoom: this.zoom, x: this.element.scrollLeft, y: this.element.scrollTop, fitted: this.fitted };
  }

  setView(view: View): void {
    if (!this.picture) {
      this.pending = view;
      return;
    }
    if (view.fitted) {
      this.fit();
      return;
    }
    this.fitted = false;
    this.apply(clampZoom(view.zoom));
    this.element.scrollTo(view.x, view.y);
    this.onChange();
  }

  /** Scrolls as little as needed to show a rectangle, given by its middle in the picture's pixels. */
  reveal(box: { x: number; y: number; width: number; height: number }): void {
    if (!this.picture) return;
    const frame = this.element.getBoundingClientRect();
    const paper = this.picture.svg.getBoundingClientRect();
    const margin = 16;
    const left = paper.left - frame.left + (box.x - box.width / 2) * this.zoom - margin;
    const top = paper.top - frame.top + (box.y - box.height / 2) * this.zoom - margin;
    const right = left + box.width * this.zoom + 2 * margin;
    const bottom = top + box.height * this.zoom + 2 * margin;
    const shift = (low: number, high: number, room: number) => (low < 0 ? low : Math.max(0, high - room));
    this.element.scrollBy(
      shift(left, right, this.element.clientWidth),
      shift(top, bottom, this.element.clientHeight),
    );
  }

  private zoomAt(factor: number, x: number, y: number): void {
    if (!this.picture) return;
    const zoom = clampZoom(this.zoom * factor);
    const before = this.picture.svg.getBoundingClientRect();
    const at = { x: (x - before.left) / this.zoom, y: (y - before.top) / this.zoom };
    this.fitted = false;
    this.apply(zoom);
    const after = this.picture.svg.getBoundingClientRect();
    this.element.scrollBy(after.left + at.x * zoom - x, after.top + at.y * zoom - y);
    this.onChange();
  }

  private apply(zoom: number): void {
    this.zoom = zoom;
    this.picture!.svg.setAttribute('width', String(this.picture!.width * zoom));
    this.picture!.svg.setAttribute('height', String(this.picture!.height * zoom));
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.altKey) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoomAt(Math.exp(-event.deltaY * lines * 0.002), event.clientX, event.clientY);
  }

  private drag(down: PointerEvent): void {
    if (down.button !== 0 || down.pointerType === 'touch') return;
    const start = { x: this.element.scrollLeft, y: this.element.scrollTop };
    const drag = new AbortController();
    let dragging = false;
    const move = (event: PointerEvent) => {
      const dx = event.clientX - down.clientX;
      const dy = event.clientY - down.clientY;
      if (!dragging && Math.hypot(dx, dy) < DRAG_THRESHOLD) return;
      if (!dragging) {
        dragging = true;
        this.element.setPointerCapture(down.pointerId);
        this.element.classList.add('dragging');
      }
      this.element.scrollTo(start.x - dx, start.y - dy);
    };
    const end = () => {
      drag.abort();
      this.element.classList.remove('dragging');
    };
    this.element.addEventListener('pointermove', move, { signal: drag.signal });
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'])
      this.element.addEventListener(type, end, { signal: drag.signal });
  }
}
