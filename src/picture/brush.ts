/**
 * The part of a canvas's context that charts are drawn with. A canvas of the page has it; what has it, too, and makes an SVG
 * of it, is in `svgBrush.ts`.
 */
export interface Brush {
  fillStyle: string | object;
  strokeStyle: string | object;
  lineWidth: number;
  lineJoin: 'bevel' | 'miter' | 'round';
  lineCap: 'butt' | 'round' | 'square';
  globalAlpha: number;
  /** `bold 11px FAMILIES`. */
  font: string;
  textAlign: 'center' | 'end' | 'left' | 'right' | 'start';
  textBaseline: 'alphabetic' | 'bottom' | 'hanging' | 'ideographic' | 'middle' | 'top';
  save(): void;
  restore(): void;
  beginPath(): void;
  rect(x: number, y: number, width: number, height: number): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  clip(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  /** Narrower where it would be wider than `most`. */
  fillText(text: string, x: number, y: number, most?: number): void;
  measureText(text: string): { readonly width: number };
  setLineDash(lengths: number[]): void;
  createLinearGradient(x0: number, y0: number, x1: number, y1: number): Gradient;
}

export interface Gradient {
  addColorStop(offset: number, colour: string): void;
}

/** Pixels, row by row, red in the lowest byte; 0 is transparent. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What a canvas and an SVG do each in its own way. */
export interface Press<B extends Brush> {
  /** Draws rows `first` to `first` + `size` − 1 of an image, each pixel a rectangle with sharp edges. */
  image(brush: B, image: Pixels, rows: { readonly first: number; readonly size: number }, to: Place): void;
  /** A style that fills with slanted lines, `pitch` pixels from one to the next. */
  hatch(brush: B, pitch: number, behind: string, lines: string): string | object;
}
