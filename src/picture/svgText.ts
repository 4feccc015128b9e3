/** A picture as a text: a standalone SVG, with no script, no link and nothing from elsewhere. */
import { css, type Theme } from './colour/color';
import { visible } from '../unroll/mermaid';
import type { Attributes, Surface } from './surface';
import { fitText, textWidth, wrapText } from './text';
import { fill, words } from './words';

/** An element on its way to being a text. */
export interface Drawn {
  readonly tag: string;
  readonly attributes: Map<string, string>;
  readonly children: Drawn[];
  text: string;
}

/** Draws on a text. */
export const paper: Surface<Drawn> = {
  append(parent, tag, attributes) {
    const element = drawn(tag, attributes);
    parent.children.push(element);
    return element;
  },
  prepend(parent, tag, attributes) {
    const element = drawn(tag, attributes);
    parent.children.unshift(element);
    return element;
  },
  attribute({ attributes }, name, value) {
    if (value === null) attributes.delete(name);
    else attributes.set(name, value);
  },
  text(element, value) {
    element.text = value;
  },
};

function drawn(tag: string, attributes: Attributes = {}): Drawn {
  const named = Object.entries(attributes).map(([name, value]) => [name, String(value)] as const);
  return { tag, attributes: new Map(named), children: [], text: '' };
}

/** What all pictures begin with. */
export interface Sheet {
  readonly svg: Drawn;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * @param title what the picture shows, for those who do not see it.
 * @param style CSS rules.
 */
export function createSheet(
  { width, height }: Pick<Sheet, 'width' | 'height'>,
  { title, style, background }: { title: string; style: string; background: string },
): Sheet {
  const svg = drawn('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}` });
  paper.text(paper.append(svg, 'title'), title);
  paper.text(paper.append(svg, 'style'), style);
  paper.append(svg, 'rect', { class: 'background', width, height, fill: background });
  return { svg, width, height };
}

export const TITLE_HEIGHT = 26;
/** Of a letter of a title. */
const LETTER = 6.2;
const NOTE = { left: 14, height: 17, size: 11, letter: 6, below: 6 };

/** What stands around a picture. */
export interface Around {
  readonly title: string;
  /** Sentences below it. */
  readonly notes?: readonly string[];
  /** CSS rules. */
  readonly style?: string;
}

/** With its title above what is drawn, and its notes below. @param size with the title's height, without that of the notes. */
export function titledSheet(
  { width, height }: Pick<Sheet, 'width' | 'height'>,
  { title, notes = [], style = '' }: Around,
  theme: Theme,
): Sheet {
  const lines = notes.flatMap((note) => wrapText(note, Math.floor((width - 2 * NOTE.left) / NOTE.letter)));
  const below = lines.length > 0 ? lines.length * NOTE.height + NOTE.below : 0;
  const sheet = createSheet(
    { width, height: height + below },
    {
      title,
      style: `text { font-family: ${theme.fontFamily}; }${style}`,
      background: css(theme.background),
    },
  );
  const place = { x: 14, y: 19, 'font-size': 12, fill: css(theme.foreground) };
  paper.text(
    paper.append(sheet.svg, 'text', place),
    fitText(title, Math.floor((width - 2 * place.x) / LETTER)),
  );
  lines.forEach((line, k) => {
    const y = height + (k + 0.7) * NOTE.height;
    const at = { x: NOTE.left, y, 'font-size': NOTE.size, fill: css(theme.dim) };
    paper.text(paper.append(sheet.svg, 'text', at), line);
  });
  return sheet;
}

const CHANGE = { line: 16, size: 11, left: 34, letter: 6.2, key: 12 };

/** With a line below it, or several, on what is held fixed; marked as that is in pictures. */
export function withChanges(sheet: Sheet, changes: readonly string[], theme: Theme): Sheet {
  if (changes.length === 0) return sheet;
  const { svg, width } = sheet;
  const room = Math.max(8, Math.floor((width - CHANGE.left - 14) / CHANGE.letter));
  const lines = linesOf(
    changes.map((change) => visible(change)),
    room,
  );
  const height = sheet.height + lines.length * CHANGE.line + 8;
  paper.attribute(svg, 'viewBox', `0 0 ${width} ${height}`);
  const background = svg.children.find(({ attributes }) => attributes.get('class') === 'background');
  if (background) paper.attribute(background, 'height', String(height));
  const caption = paper.append(svg, 'g', { class: 'changes', transform: `translate(0,${sheet.height})` });
  const { key, left, line, size } = CHANGE;
  const style = `fill:none;stroke:${css(theme.accent)};stroke-width:2px;stroke-dasharray:4 2`;
  paper.append(caption, 'rect', { x: 14, y: (line - key) / 2, width: key, height: key, rx: 2, style });
  lines.forEach((text, k) => {
    const place = {
      x: left,
      y: (k + 0.5) * line + 4,
      style: `font-size:${size}px;fill:${css(theme.foreground)}`,
    };
    paper.text(paper.append(caption, 'text', place), text);
  });
  return { svg, width, height };
}

/** Broken between changes. */
function linesOf(changes: readonly string[], room: number): string[] {
  const lines: string[] = [];
  let begun = '';
  for (const [k, change] of changes.entries()) {
    const next = begun === '' ? change : `${begun}; ${change}`;
    if (k > 0 && textWidth(next) > room) {
      lines.push(`${begun};`);
      begun = change;
    } else begun = next;
  }
  const [first, ...more] = [...lines, begun];
  return [fill(words.whatIf, first), ...more].map((line) => fitText(line, room));
}

/** @param scale pixels for each of the picture's own. */
export function svgText({ svg, width, height }: Sheet, scale = 1): string {
  paper.attribute(svg, 'width', String(round(width * scale)));
  paper.attribute(svg, 'height', String(round(height * scale)));
  const parts: string[] = [];
  write(svg, parts);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${parts.join('')}\n`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function write({ tag, attributes, children, text }: Drawn, parts: string[]): void {
  const named = [...attributes].map(([name, value]) => ` ${name}="${escape(value)}"`);
  if (children.length === 0 && text === '') {
    parts.push(`<${tag}${named.join('')}/>`);
    return;
  }
  parts.push(`<${tag}${named.join('')}>${escape(text)}`);
  for (const child of children) write(child, parts);
  parts.push(`</${tag}>`);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As XML 1.0 (2.2 and 2.4) has it: characters that it does not know become U+FFFD. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
