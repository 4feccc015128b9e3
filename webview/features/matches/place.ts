/** A place of a sequence with what is around it: text with the place marked, or a line; labels under it. */
import type { Surroundings } from '../../../src/protocol';
import { visible } from '../../../src/unroll/mermaid';
import { h } from '../../ui/dom';
import { appendSvg } from '../../ui/svg';
import { textWidth } from '../../ui/text';

/** From the first to the last step. */
export interface Steps {
  readonly from: number;
  readonly to: number;
}

/** Height of a line in units of its own. */
const HEIGHT = 100;
/** Pixels of a step at most. */
const STEP_WIDTH = 9;
const LABEL_COLOURS = 6;

export function written(token: string): string {
  return token === '\n' ? '⏎' : visible(token) || '∅';
}

/** The index of the last of `around` that is not behind a step. */
export function indexOf({ first, ...around }: Surroundings, step: number): number {
  const stride = around.kind === 'vector' ? around.stride : 1;
  return Math.max(0, Math.min(countOf(around) - 1, Math.floor((step - first) / stride)));
}

export function countOf(
  around: Omit<Surroundings, 'first'> & { tokens?: unknown; values?: unknown },
): number {
  const items = (around.tokens ?? around.values) as { readonly length: number };
  return items.length;
}

export function drawPlace(around: Surroundings, place: Steps, names: LabelNames): HTMLElement {
  const [from, to] = [indexOf(around, place.from), indexOf(around, place.to)];
  const picture = around.kind === 'token' ? textOf(around, from, to) : lineOf(around, from, to);
  const labels = around.labels && trackOf(around, around.labels, names);
  return h('span', { class: `match-around ${around.kind}` }, picture, labels ?? null);
}

type Tokens = Extract<Surroundings, { kind: 'token' }>;
type Numbers = Extract<Surroundings, { kind: 'vector' }>;

function textOf({ tokens, apart }: Tokens, from: number, to: number): HTMLElement {
  const gap = apart ? ' ' : '';
  const part = (first: number, last: number) => tokens.slice(first, last).map(written).join(gap);
  const before = part(0, from) + (from > 0 ? gap : '');
  const after = (to + 1 < tokens.length ? gap : '') + part(to + 1, tokens.length);
  return h(
    'span',
    { class: 'match-text' },
    h('span', { class: 'dim' }, before),
    h('mark', {}, part(from, to + 1)),
    h('span', { class: 'dim' }, after),
  );
}

/** The line of the numbers in a box as wide as they are many. */
export function lineOf({ values }: Numbers, from: number, to: number): HTMLElement {
  const box = h('span', { class: 'match-line', 'aria-hidden': 'true' });
  box.style.width = `${values.length * STEP_WIDTH}px`;
  const svg = appendSvg(box, 'svg', {
    viewBox: `0 0 ${values.length} ${HEIGHT}`,
    preserveAspectRatio: 'none',
  });
  appendSvg(svg, 'rect', { class: 'match-mark', x: from, y: 0, width: to - from + 1, height: HEIGHT });
  appendSvg(svg, 'path', { d: pathOf(values) });
  return box;
}

/** From its least to its largest number: the shape is what is compared. Broken where a number is not finite. */
export function pathOf(values: Float32Array): string {
  const finite = values.filter(Number.isFinite);
  const least = finite.reduce((low, value) => Math.min(low, value), Infinity);
  const span = finite.reduce((high, value) => Math.max(high, value), -Infinity) - least || 1;
  let path = '';
  let pen = 'M';
  for (const [at, value] of values.entries()) {
    const isThere = Number.isFinite(value);
    const y = HEIGHT * (0.94 - 0.88 * ((value - least) / span));
    if (isThere) path += `${pen}${at + 0.5} ${y.toFixed(1)}`;
    pen = isThere ? 'L' : 'M';
  }
  return path;
}

/** The colours of labels, by the order in which they come. */
export class LabelNames {
  private readonly known = new Map<string, number>();

  /** 0 … 5; the seventh label has the first one's, and every label its name. */
  colourOf(label: string): number {
    let colour = this.known.get(label);
    if (colour === undefined) this.known.set(label, (colour = this.known.size % LABEL_COLOURS));
    return colour;
  }
}

/** Steps with the same label in one piece, with its name; as wide as what stands above it. */
export function trackOf(around: Surroundings, labels: readonly string[], names: LabelNames): HTMLElement {
  const width = (at: number) =>
    around.kind === 'token' ? textWidth(written(around.tokens[at])) + (around.apart ? 1 : 0) : 1;
  const pieces: { label: string; width: number }[] = [];
  labels.forEach((label, at) => {
    const last = pieces.at(-1);
    if (last?.label === label) last.width += width(at);
    else pieces.push({ label, width: width(at) });
  });
  return h(
    'span',
    { class: 'match-labels' },
    ...pieces.map((piece) => {
      const element = h(
        'span',
        { class: `match-label label-${names.colourOf(piece.label)}`, title: piece.label },
        visible(piece.label),
      );
      element.style.flexGrow = String(piece.width);
      return element;
    }),
  );
}
