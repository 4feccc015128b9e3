/** Colours as numbers, and the set of them that a theme is. */

export type ThemeKind = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** Red, green and blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

export interface Theme {
  readonly kind: ThemeKind;
  readonly background: Rgb;
  readonly foreground: Rgb;
  /** For step numbers and row names. */
  readonly dim: Rgb;
  /** Borders of nodes. */
  readonly line: Rgb;
  /** Lines behind a chart. */
  readonly grid: Rgb;
  /** Wires. */
  readonly rail: Rgb;
  /** The playhead, the selection, what is active. */
  readonly accent: Rgb;
  readonly focus: Rgb;
  /** Inside of a cell. */
  readonly cell: Rgb;
  /** Nodes without a value; values fade into it at zero. */
  readonly paper: Rgb;
  /** Of two runs that are compared: the one on screen, and the other. */
  readonly runs: readonly [shown: Rgb, compared: Rgb];
  /** Of lines that stand for layers, in their order. */
  readonly series: readonly Rgb[];
  readonly fontFamily: string;
  readonly monoFamily: string;
}

export function isLight(kind: ThemeKind): boolean {
  return kind === 'light' || kind === 'high-contrast-light';
}

export function isHighContrast(kind: ThemeKind): boolean {
  return kind === 'high-contrast' || kind === 'high-contrast-light';
}

/** A computed colour that can be read, as `ImageData` keeps it in 32 bits. */
export function packedColor(text: string): number {
  const [r, g, b] = parseColor(text)!;
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** A computed colour, or null if it is fully transparent or not understood. */
export function parseColor(text: string): Rgb | null {
  const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [];
  if (text.startsWith('color(srgb'))
    return alpha(
      numbers.slice(0, 3).map((n) => Math.round(n * 255)),
      numbers[3],
    );
  return text.startsWith('rgb') ? alpha(numbers.slice(0, 3), numbers[3]) : null;
}

function alpha(rgb: readonly number[], opacity = 1): Rgb | null {
  return rgb.length === 3 && opacity > 0 ? [rgb[0], rgb[1], rgb[2]] : null;
}

/** From a to b by a share 0 … 1. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => Math.round(a[i] + (b[i] - a[i]) * share)) as unknown as Rgb;
}

export function css([r, g, b]: Rgb, opacity = 1): string {
  return opacity === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${opacity})`;
}

export function sameTheme(a: Theme, b: Theme): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
