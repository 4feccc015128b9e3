/** The text itself, each token in the colour of a number: on a canvas, of which the lines in view are drawn. */
import { css, type Theme } from '../../src/picture/colour/color';
import type { ColorScale } from '../../src/picture/colour/scale';
import { readTheme } from '../colour/theme';
import { sizedCanvas } from './canvas';
import { h, setAttribute } from './dom';
import { layoutText, tokenAt, written, type TextLayout } from './textLayout';

export interface ColouredText {
  readonly tokens: readonly string[];
  /** Whether they are words. */
  readonly apart: boolean;
  /** One of each token; null while they are on their way. */
  readonly values: Float32Array | null;
  readonly palette: 'gate' | 'signed';
  readonly reach: number;
  readonly playhead: number;
  /** From and to, both included. */
  readonly range: readonly [number, number] | null;
  /** Tokens of a place that was found, likewise. */
  readonly found?: readonly [number, number] | null;
  /** Where the keyboard is, while it is there. */
  readonly cursor?: number | null;
  readonly label: string;
  /** Grows with the editor's colours. */
  readonly theme: number;
}

export interface TextView {
  readonly element: HTMLElement;
  /** Null hides it. */
  show(text: ColouredText | null): void;
}

interface TextEvents {
  /** The token under the pointer; null when it leaves. */
  onHover(token: number | null): void;
  onChoose(token: number): void;
  /** Tokens from and to, the last included, while they are dragged. */
  onRange?(from: number, to: number): void;
}

const FONT = 13;
const LETTER = 9;
const LINE = 24;
const BOX = 20;
const INSET = 14;

export function createColouredText(
  scale: () => ColorScale,
  { onHover, onChoose, onRange }: TextEvents,
): TextView {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const spacer = h('div', { class: 'coloured-text-lines' }, canvas);
  const element = h('div', { class: 'coloured-text', role: 'group', tabindex: 0, hidden: true }, spacer);
  let size = { width: 0, height: 0 };
  let shown: ColouredText | null = null;
  let layout: TextLayout | null = null;
  let theme: Theme;
  let of: { readonly tokens: readonly string[]; readonly room: number } | null = null;
  let seen = -1;
  let asked = false;

  function arrange({ tokens, apart }: ColouredText): void {
    const room = Math.max(8, Math.floor((size.width - 2 * INSET) / LETTER));
    if (of?.tokens === tokens && of.room === room) return;
    of = { tokens, room };
    layout = layoutText(tokens, room, apart);
    spacer.style.height = `${Math.max(size.height, layout.lines * LINE + INSET)}px`;
    seen = -1;
  }

  function draw(): void {
    if (!shown || size.width === 0) return;
    arrange(shown);
    follow(shown.cursor ?? shown.playhead);
    const context = sizedCanvas(canvas, size);
    const top = element.scrollTop;
    canvas.style.top = '0';
    context.font = `${FONT}px ${theme.monoFamily}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const from = Math.max(0, Math.floor(top / LINE));
    const to = Math.min(layout!.lines, Math.ceil((top + size.height) / LINE) + 1);
    if (from >= to) return;
    const end = to < layout!.lines ? layout!.first[to] : shown.tokens.length;
    for (let token = layout!.first[from]; token < end; token++) {
      drawToken(context, shown, token, INSET + layout!.x[token] * LETTER, layout!.line[token] * LINE - top);
    }
  }

  function drawToken(
    context: CanvasRenderingContext2D,
    text: ColouredText,
    token: number,
    x: number,
    y: number,
  ) {
    const { values, palette, reach, playhead, range, found, cursor } = text;
    const value = values ? values[token] : NaN;
    const paint = value === value ? scale().swatch(palette, value / reach) : scale().empty;
    const width = layout!.width[token] * LETTER - 1;
    context.fillStyle = paint.fill;
    context.fillRect(x, y + 2, width, BOX);
    context.fillStyle = paint.ink;
    context.fillText(written(text.tokens[token]), x + width / 2, y + 2 + BOX / 2, width + 1);
    if (values && value !== value) strike(context, x, y + 2, width);
    if (range && token >= range[0] && token <= range[1]) {
      context.fillStyle = css(theme.accent);
      context.fillRect(x, y + BOX + 2, width + 1, 2);
    }
    if (found && token >= found[0] && token <= found[1]) {
      context.fillStyle = css(theme.accent);
      for (let dash = 0; dash + 3 <= width + 1; dash += 6) context.fillRect(x + dash, y + BOX + 2, 3, 2);
    }
    if (token === playhead) frame(context, css(theme.accent), x, y, width);
    if (token === cursor) frame(context, css(theme.focus), x + 2, y + 2, width - 4);
  }

  function frame(
    context: CanvasRenderingContext2D,
    colour: string,
    x: number,
    y: number,
    width: number,
  ): void {
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.strokeRect(x - 1, y + 1, width + 2, BOX + 2);
  }

  /** What is not a number. */
  function strike(context: CanvasRenderingContext2D, x: number, y: number, width: number): void {
    context.strokeStyle = css(theme.foreground, 0.6);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, y + BOX);
    context.lineTo(x + width, y);
    context.stroke();
  }

  /** Scrolls to the playhead, or the cursor, where it has moved out of view. */
  function follow(token: number): void {
    if (token === seen || token < 0) return;
    seen = token;
    const y = layout!.line[token] * LINE;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + LINE > element.scrollTop + size.height) element.scrollTop = y + LINE - size.height + 4;
  }

  function drawSoon(): void {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  }

  const tokenUnder = ({ offsetX, offsetY }: MouseEvent) => {
    if (!layout) return null;
    const token = tokenAt(layout, Math.floor(offsetY / LINE), Math.floor((offsetX - INSET) / LETTER));
    return token < 0 ? null : token;
  };
  let dragged: { readonly from: number; moved: boolean } | null = null;
  spacer.addEventListener('pointerdown', (event) => {
    const from = event.button === 0 ? tokenUnder(event) : null;
    dragged = from === null ? null : { from, moved: false };
  });
  spacer.addEventListener('pointermove', (event) => {
    const token = tokenUnder(event);
    onHover(token);
    if (!onRange || !dragged || token === null || event.buttons !== 1) return;
    dragged.moved ||= token !== dragged.from;
    if (dragged.moved) onRange(dragged.from, token);
  });
  spacer.addEventListener('pointerleave', () => onHover(null));
  spacer.addEventListener('click', (event) => {
    const token = tokenUnder(event);
    if (token !== null && !dragged?.moved) onChoose(token);
  });
  element.addEventListener('scroll', drawSoon);
  new ResizeObserver(([{ contentRect }]) => {
    const { width, height } = contentRect;
    if (width === 0 || height === 0) return;
    size = { width, height };
    of = null;
    draw();
  }).observe(element);

  return {
    element,
    show(text) {
      element.hidden = text === null;
      if (text && text.theme !== shown?.theme) theme = readTheme();
      shown = text;
      if (text) setAttribute(element, 'aria-label', text.label);
      draw();
    },
  };
}
