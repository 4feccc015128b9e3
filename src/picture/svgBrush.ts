/** Draws what is drawn on canvases on a text. */
import type { Brush, Gradient, Press } from './brush';
import { imageUri } from './pngText';
import type { Attributes } from './surface';
import { paper, type Drawn, type Sheet } from './svgText';
import { textWidth } from './text';

/** What `save` keeps. */
interface State {
  readonly group: Drawn;
  readonly fillStyle: string | object;
  readonly strokeStyle: string | object;
  readonly lineWidth: number;
  readonly lineJoin: Brush['lineJoin'];
  readonly lineCap: Brush['lineCap'];
  readonly globalAlpha: number;
  readonly font: string;
  readonly textAlign: Brush['textAlign'];
  readonly textBaseline: Brush['textBaseline'];
  readonly dash: readonly number[];
}

/** A gradient or a pattern, by the id of its element. */
class Style {
  constructor(readonly id: string) {}
}

/** From the middle of a letter to its baseline, and its width, as shares of the size. */
const MIDDLE = 0.36;
const LETTER = 0.6;

export class SvgBrush implements Brush {
  fillStyle: string | object = '#000';
  strokeStyle: string | object = '#000';
  lineWidth = 1;
  lineJoin: Brush['lineJoin'] = 'miter';
  lineCap: Brush['lineCap'] = 'butt';
  globalAlpha = 1;
  font = '10px sans-serif';
  textAlign: Brush['textAlign'] = 'start';
  textBaseline: Brush['textBaseline'] = 'alphabetic';
  private dash: readonly number[] = [];
  private path = '';
  private rects: Attributes[] = [];
  private group: Drawn;
  private readonly saved: State[] = [];
  private readonly defs: Drawn;
  /** Of ids: several may draw on one sheet. */
  private readonly prefix: string;

  /** Draws on a sheet, from a height on. */
  constructor({ svg }: Sheet, top = 0) {
    this.prefix = `d${svg.children.length}-`;
    this.defs = paper.append(svg, 'defs');
    this.group = paper.append(svg, 'g', { transform: `translate(0,${top})` });
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, globalAlpha, font } = this;
    const { group, textAlign, textBaseline, dash } = this;
    const strokes = { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, globalAlpha, dash };
    this.saved.push({ ...strokes, group, font, textAlign, textBaseline });
  }

  restore(): void {
    const before = this.saved.pop();
    if (before) Object.assign(this, before);
  }

  beginPath(): void {
    this.path = '';
    this.rects = [];
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.rects.push(boxOf(x, y, width, height));
  }

  moveTo(x: number, y: number): void {
    this.path += `M${round(x)},${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.path += `L${round(x)},${round(y)}`;
  }

  /** To the rectangles of the path. */
  clip(): void {
    const clip = this.define('clipPath', {});
    for (const rect of this.rects) paper.append(clip.element, 'rect', rect);
    this.group = paper.append(this.group, 'g', { 'clip-path': `url(#${clip.id})` });
  }

  stroke(): void {
    if (this.path !== '') this.add('path', { d: this.path, fill: 'none', ...this.strokes() });
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    if (width > 0 && height > 0) this.add('rect', { ...boxOf(x, y, width, height), ...this.fills() });
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.add('rect', { ...boxOf(x, y, width, height), fill: 'none', ...this.strokes() });
  }

  fillText(text: string, x: number, y: number, most = Infinity): void {
    const { size, ...font } = fontOf(this.font);
    const anchors = { left: 'start', right: 'end', center: 'middle', start: 'start', end: 'end' };
    const element = this.add('text', {
      x: round(x),
      y: round(y + (this.textBaseline === 'middle' ? MIDDLE * size : 0)),
      'text-anchor': anchors[this.textAlign],
      'font-size': size,
      ...font,
      ...this.fills(),
      ...(this.measureText(text).width > most && {
        textLength: round(most),
        lengthAdjust: 'spacingAndGlyphs',
      }),
    });
    paper.text(element, text);
  }

  /** A guess: there is no font here. */
  measureText(text: string): { readonly width: number } {
    return { width: textWidth(text) * LETTER * fontOf(this.font).size };
  }

  setLineDash(lengths: number[]): void {
    this.dash = [...lengths];
  }

  createLinearGradient(x0: number, y0: number, x1: number, y1: number): Gradient & object {
    const { id, element } = this.define('linearGradient', {
      ...{ gradientUnits: 'userSpaceOnUse', x1: round(x0), y1: round(y0), x2: round(x1), y2: round(y1) },
    });
    return Object.assign(new Style(id), {
      addColorStop(offset: number, colour: string) {
        paper.append(element, 'stop', { offset, 'stop-color': colour });
      },
    });
  }

  /** A pattern of slanted lines. */
  hatch(pitch: number, behind: string, lines: string): object {
    const { id, element } = this.define('pattern', {
      ...{ patternUnits: 'userSpaceOnUse', width: pitch, height: pitch },
    });
    paper.append(element, 'rect', { width: pitch, height: pitch, fill: behind });
    const d = [-pitch, 0, pitch].map((shift) => `M${shift},${pitch}L${shift + pitch},0`).join('');
    paper.append(element, 'path', { d, stroke: lines });
    return new Style(id);
  }

  add(tag: string, attributes: Attributes): Drawn {
    return paper.append(this.group, tag, attributes);
  }

  private define(tag: string, attributes: Attributes): { readonly id: string; readonly element: Drawn } {
    const id = `${this.prefix}${this.defs.children.length}`;
    return { id, element: paper.append(this.defs, tag, { id, ...attributes }) };
  }

  private fills(): Attributes {
    return { fill: colourOf(this.fillStyle), ...(this.globalAlpha < 1 && { opacity: this.globalAlpha }) };
  }

  private strokes(): Attributes {
    const { lineWidth, lineJoin, lineCap, dash, globalAlpha } = this;
    return {
      ...{ stroke: colourOf(this.strokeStyle), 'stroke-width': lineWidth },
      ...(lineJoin !== 'miter' && { 'stroke-linejoin': lineJoin }),
      ...(lineCap !== 'butt' && { 'stroke-linecap': lineCap }),
      ...(dash.length > 0 && { 'stroke-dasharray': dash.join(' ') }),
      ...(globalAlpha < 1 && { opacity: globalAlpha }),
    };
  }
}

export const svgPress: Press<SvgBrush> = {
  image(brush, image, rows, { left, top, width, height }) {
    const place = boxOf(left, top, width, height);
    brush.add('image', {
      ...place,
      preserveAspectRatio: 'none',
      'image-rendering': 'pixelated',
      href: imageUri(image, rows),
    });
  },
  hatch: (brush, pitch, behind, lines) => brush.hatch(pitch, behind, lines),
};

function boxOf(x: number, y: number, width: number, height: number): Attributes {
  return { x: round(x), y: round(y), width: round(width), height: round(height) };
}

function colourOf(style: string | object): string {
  return style instanceof Style ? `url(#${style.id})` : String(style);
}

/** The family as a style, which the rule for all texts does not overrule. */
function fontOf(font: string): { readonly size: number; readonly style: string } {
  const [, bold, size, family] = /^(bold )?([\d.]+)px (.*)$/.exec(font)!;
  return { size: Number(size), style: `font-family:${family}`, ...(bold && { 'font-weight': 'bold' }) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
