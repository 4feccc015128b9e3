/**
 * Zoom and scroll. The picture is an SVG of its zoomed size inside a scrolling element, so wheels, touchpads, scroll bars
 * and keys scroll as everywhere; Ctrl or Alt with the wheel zooms about the pointer, dragging pans.
 */
import type { Framing, Viewpoint } from './contract';
import type { Size } from '../../../src/picture/diagram/spacing';
import type { Box } from '../../../src/picture/diagram/geometry';
import { clampZoom, fitZoom, readingZoom } from './zoom';

/** An SVG and its size in pixels at zoom 1. */
export interface Sheet extends Size {
  readonly svg: SVGSVGElement;
  /** How far down stands what is to be in the middle of the view, where not all of it fits. */
  readonly middle?: number;
}

const DRAG_THRESHOLD = 4;
/** Kept clear around what is brought into view. */
const REVEAL_MARGIN = 16;

export class Viewport {
  private zoom = 1;
  private framing: Framing = 'read';
  /** Whether the picture is wider than the view. */
  private wider = false;
  private picture: Sheet | null = null;
  /** Stays at the left edge, over the picture. */
  private column: Sheet | null = null;
  private pending: Viewpoint | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly onChange: (to: Viewpoint) => void,
    signal: AbortSignal,
  ) {
    const options = { signal };
    element.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false });
    element.addEventListener('pointerdown', (event) => this.drag(event), options);
    element.addEventListener('scroll', () => this.changed(), options);
    const observer = new ResizeObserver(() => this.frame(this.atBottom));
    observer.observe(element);
    signal.addEventListener('abort', () => observer.disconnect());
  }

  show(picture: Sheet, column: Sheet): void {
    const { scrollLeft, scrollTop } = this.element;
    // Where it does not fit, begin with the outputs, at the top.
    const bottom = this.atBottom;
    const isOther = this.picture?.middle !== picture.middle;
    this.picture = picture;
    this.column = column;
    this.element.replaceChildren(picture.svg, column.svg);
    const pending = this.pending;
    this.pending = null;
    if (pending) this.lookFrom(pending);
    else if (this.framing === 'own') this.lookFrom({ ...this.viewpoint(), x: scrollLeft, y: scrollTop });
    else this.frame(bottom, isOther);
  }

  fit(): void {
    this.framing = 'whole';
    this.frame(true);
  }

  private get atBottom(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 2;
  }

  /** Brings the zoom in line with the room; the user's own stays. */
  private frame(bottom: boolean, about = true): void {
    if (!this.picture) return;
    // As large as it is without scroll bars; a pixel less than the room, for what is rounded.
    const room = { width: this.element.offsetWidth - 1, height: this.element.offsetHeight - 1 };
    if (room.width <= 0 || room.height <= 0) return;
    if (this.framing === 'own') this.measure();
    else this.apply(this.framing === 'whole' ? fitZoom(room, this.picture) : readingZoom(room, this.picture));
    if (this.framing !== 'own') {
      const { middle } = this.picture;
      if (middle === undefined && bottom) this.element.scrollTop = this.element.scrollHeight;
      if (middle !== undefined && about) this.element.scrollTop = middle * this.zoom - room.height / 2;
    }
    this.changed();
  }

  zoomBy(factor: number): void {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    this.zoomAt(factor, left + width / 2, top + height / 2);
  }

  private viewpoint(): Viewpoint {
    return { zoom: this.zoom, x: this.element.scrollLeft, y: this.element.scrollTop, framing: this.framing };
  }

  lookFrom(viewpoint: Viewpoint): void {
    if (!this.picture) {
      this.pending = viewpoint;
      return;
    }
    this.framing = viewpoint.framing;
    if (this.framing === 'own') this.apply(clampZoom(viewpoint.zoom));
    else this.frame(false);
    this.element.scrollTo(viewpoint.x, viewpoint.y);
    this.changed();
  }

  /** Scrolls as little as needed to show a rectangle, given by its middle in the picture's pixels. */
  reveal(box: Box): void {
    this.element.scrollBy(this.shiftAcross(box), this.shiftDown(box));
  }

  /** The same to the sides only. Costs nothing where the whole width is in view. */
  revealAcross(box: Box): void {
    if (this.wider) this.element.scrollBy(this.shiftAcross(box), 0);
  }

  /** How far to scroll sideways so that a rectangle is clear of the edge and of the row names. */
  private shiftAcross({ x, width }: Box): number {
    if (!this.picture) return 0;
    const { left: edge } = this.element.getBoundingClientRect();
    const paper = this.picture.svg.getBoundingClientRect().left - edge;
    const left = paper + (x - width / 2) * this.zoom - REVEAL_MARGIN;
    const right = paper + (x + width / 2) * this.zoom + REVEAL_MARGIN;
    return shift(left - this.column!.width * this.zoom, right, this.element.clientWidth);
  }

  private shiftDown({ y, height }: Box): number {
    if (!this.picture) return 0;
    const { top: edge } = this.element.getBoundingClientRect();
    const paper = this.picture.svg.getBoundingClientRect().top - edge;
    const top = paper + (y - height / 2) * this.zoom - REVEAL_MARGIN;
    const bottom = paper + (y + height / 2) * this.zoom + REVEAL_MARGIN;
    return shift(top, bottom, this.element.clientHeight);
  }

  private zoomAt(factor: number, x: number, y: number): void {
    if (!this.picture) return;
    const zoom = clampZoom(this.zoom * factor);
    const before = this.picture.svg.getBoundingClientRect();
    const at = { x: (x - before.left) / this.zoom, y: (y - before.top) / this.zoom };
    this.framing = 'own';
    this.apply(zoom);
    const after = this.picture.svg.getBoundingClientRect();
    this.element.scrollBy(after.left + at.x * zoom - x, after.top + at.y * zoom - y);
    this.changed();
  }

  private apply(zoom: number): void {
    this.zoom = zoom;
    for (const { svg, width, height } of [this.picture!, this.column!]) {
      svg.setAttribute('width', String(width * zoom));
      svg.setAttribute('height', String(height * zoom));
    }
    this.measure();
  }

  private measure(): void {
    this.wider = !!this.picture && this.picture.width * this.zoom > this.element.clientWidth;
  }

  private changed(): void {
    this.element.classList.toggle('scrolled', this.element.scrollLeft > 0);
    this.onChange(this.viewpoint());
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

/** The least movement that brings `low` … `high` into a room that begins at 0. */
function shift(low: number, high: number, room: number): number {
  return low < 0 ? low : Math.max(0, high - room);
}
