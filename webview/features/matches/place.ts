/** A place of a sequence with what is around it: text with the place marked, or a line; labels under it. */
import type { Surroundings } from '../../../src/protocol';
import { visible } from '../../../src/unroll/mermaid';
import { h } from '../../ui/dom';
import { make, page } from '../../ui/svg';
import { textWidth } from '../../../src/picture/text';
import { HEIGHT, indexOf, pathOf, written, type LabelNames, type Steps } from './placeLayout';

/** Pixels of a step at most. */
const STEP_WIDTH = 9;

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
  const svg = make('svg', {
    viewBox: `0 0 ${values.length} ${HEIGHT}`,
    preserveAspectRatio: 'none',
  });
  box.append(svg);
  page.append(svg, 'rect', { class: 'match-mark', x: from, y: 0, width: to - from + 1, height: HEIGHT });
  page.append(svg, 'path', { d: pathOf(values) });
  return box;
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
