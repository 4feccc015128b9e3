/**
 * Colour scales. 0 … 1 runs from the paper to teal; signed values from blue through the paper to orange: two pairs that
 * colour-blind readers tell apart; probabilities to purple, so that nobody takes them for gates. The ink on top is whichever
 * of black and white reads better.
 */
import type { SignalRange } from '../../protocol';
import { css, isLight, mix, type Rgb, type Theme } from './color';

export interface Swatch {
  readonly fill: string;
  readonly ink: string;
}

/** What is coloured: a signal of a range, or how probable something was. */
export type Palette = SignalRange | 'probability';

export interface ColorScale {
  /** @param value 0 … 1 for gates and probabilities, −1 … 1 else: already divided by the signal's scale; clamped. */
  swatch(palette: Palette, value: number): Swatch;
  /** For what has no value. */
  readonly empty: Swatch;
}

const SHADES = 64;
/** Keeps the ink white past 0.5, about which many gates hover, so that it does not flicker there. */
const DARK_EASING = 1.3;

const PALETTE = {
  dark: { open: [94, 214, 190], positive: [255, 158, 84], negative: [98, 160, 255], likely: [196, 148, 255] },
  light: { open: [0, 104, 120], positive: [196, 88, 0], negative: [36, 92, 190], likely: [118, 60, 178] },
} as const satisfies Record<string, Record<string, Rgb>>;

export function createScale(theme: Theme): ColorScale {
  const light = isLight(theme.kind);
  const { open, positive, negative, likely } = PALETTE[light ? 'light' : 'dark'];
  const shades = (to: Rgb, easing = 1) =>
    Array.from({ length: SHADES + 1 }, (_, i) => swatchOf(mix(theme.paper, to, (i / SHADES) ** easing)));
  const gate = shades(open, light ? 1 : DARK_EASING);
  const [up, down, probable] = [shades(positive), shades(negative), shades(likely)];
  return {
    empty: { fill: css(theme.paper), ink: css(theme.foreground) },
    swatch(palette, value) {
      const shade = Math.round(Math.min(1, Math.abs(value)) * SHADES);
      if (palette === 'gate') return gate[value < 0 ? 0 : shade];
      if (palette === 'probability') return probable[value < 0 ? 0 : shade];
      return value < 0 ? down[shade] : up[shade];
    },
  };
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

function swatchOf(fill: Rgb): Swatch {
  return { fill: css(fill), ink: css(contrast(fill, WHITE) >= contrast(fill, BLACK) ? WHITE : BLACK) };
}

/** Contrast ratio, 1 … 21 (WCAG 2.1, 1.4.3). */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((v) => {
    const share = v / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
