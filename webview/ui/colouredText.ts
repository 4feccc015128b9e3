/** The text itself, each token in the colour of a number: on a canvas, of which the lines in view are drawn. */
import type { Theme } from '../../src/picture/colour/color';
import { drawText, INSET, LETTER, lettersIn, LINE, type TokenColours } from '../../src/picture/colouredText';
import type { ColorScale } from '../../src/picture/colour/scale';
import { readTheme } from '../colour/theme';
import { sizedCanvas } from './canvas';
import { h, setAttribute } from './dom';
import { layoutText, tokenAt, type TextLayout } from '../../src/picture/textLayout';

export interface ColouredText extends TokenColours {
  /** Whether they are words. */
  readonly apart: boolean;
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
    const room = lettersIn(size.width);
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
    drawText(context, shown, layout!, { top, height: size.height }, { theme, scale: scale() });
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
