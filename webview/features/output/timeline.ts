/** What the pictures over time share: a canvas as wide as its room, the playhead over it, and the step under the pointer. */
import type { Theme } from '../../../src/picture/colour/color';
import { readTheme } from '../../colour/theme';
import type { Size } from '../../../src/picture/heatmap/layout';
import { h } from '../../ui/dom';

export interface Timeline<Picture> {
  readonly element: HTMLElement;
  /** Paints only where the picture, its size or the theme differ. */
  show(picture: Picture | null, theme: number): void;
  /** Moves the playhead; null hides it. */
  place(x: number | null): void;
  readonly width: number;
  /** What it shows, and in which size; null while there is nothing to see. */
  readonly drawn: { readonly picture: Picture; readonly size: Size } | null;
}

export interface Painter<Picture> {
  /** Returns where its baseline is, in pixels from the top: the playhead ends there. */
  paint(context: CanvasRenderingContext2D, size: Size, picture: Picture, theme: Theme): number;
  /** Hears of the place under the pointer, of a click there, and with null that it left. */
  onPoint(x: number | null, clicked: boolean): void;
  /** The size has changed, and the picture is painted anew. */
  onSize(): void;
}

export function createTimeline<Picture>({ paint, onPoint, onSize }: Painter<Picture>): Timeline<Picture> {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const playhead = h('div', { class: 'output-playhead', hidden: true });
  const element = h('div', { class: 'output-canvas' }, canvas, playhead);
  let size: Size = { width: 0, height: 0 };
  let shown: Picture | null = null;
  let painted: Picture | null = null;
  let theme = { at: -1, colours: null as Theme | null };

  function draw(): void {
    const { width, height } = size;
    if (width === 0 || height === 0 || !shown || !theme.colours || painted === shown) return;
    painted = shown;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    playhead.style.height = `${paint(context, size, shown, theme.colours)}px`;
  }

  const point = (event: PointerEvent | MouseEvent, clicked: boolean) =>
    onPoint(event.clientX - element.getBoundingClientRect().left, clicked);
  element.addEventListener('pointermove', (event) => point(event, event.buttons === 1));
  element.addEventListener('click', (event) => point(event, true));
  element.addEventListener('pointerleave', () => onPoint(null, false));
  new ResizeObserver(([{ contentRect }]) => {
    size = { width: Math.floor(contentRect.width), height: Math.floor(contentRect.height) };
    painted = null;
    draw();
    onSize();
  }).observe(element);

  return {
    element,
    get drawn() {
      return shown && size.width > 0 && size.height > 0 && !element.hidden ? { picture: shown, size } : null;
    },
    get width() {
      return size.width;
    },
    show(picture, at) {
      if (theme.at !== at) {
        theme = { at, colours: readTheme() };
        painted = null;
      }
      shown = picture;
      if (!picture) canvas.width = 0;
      draw();
    },
    place(x) {
      playhead.hidden = x === null;
      if (x !== null) playhead.style.transform = `translateX(${x}px)`;
    },
  };
}
