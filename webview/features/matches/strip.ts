/** The chosen steps with those beside them; at their edges a handle each, by which the margins are dragged. */
import type { Surroundings } from '../../../src/protocol';
import { h } from '../../ui/dom';
import { lineOf, trackOf } from './place';
import { LabelNames, countOf, indexOf, written, type Steps } from './placeLayout';
import type { Own } from './state';
import { words } from './words';

/** Pixels of a step of numbers at most. */
const MOST_WIDTH = 28;

type Margins = Pick<Own, 'offBefore' | 'offAfter'>;

export interface PatternStrip {
  readonly element: HTMLElement;
  /** Null hides it. What is the same by its `key` is not drawn anew, so that a handle stays in the hand. */
  show(around: Surroundings | null, range: Steps, margins: Margins, key: string): void;
}

export function createStrip(onDrag: (margins: Margins) => void): PatternStrip {
  const before = handle();
  const after = handle();
  const steps = h('div', { class: 'pattern-steps' });
  const element = h('div', { class: 'pattern', 'aria-hidden': 'true' }, steps);
  let cells: readonly HTMLElement[] = [];
  let shown: { readonly around: Surroundings; readonly range: Steps; readonly margins: Margins } | null =
    null;
  let drawn = '';

  /** The step whose cell is nearest. */
  function stepAt(x: number, { first, ...around }: Surroundings): number {
    const stride = around.kind === 'vector' ? around.stride : 1;
    const found = cells.findIndex((cell) => x < cell.getBoundingClientRect().right);
    return first + (found < 0 ? cells.length - 1 : found) * stride;
  }

  for (const [grip, side] of [
    [before, 'offBefore'],
    [after, 'offAfter'],
  ] as const) {
    grip.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener('pointermove', (event) => {
      if (!shown || !grip.hasPointerCapture(event.pointerId)) return;
      const { around, range, margins } = shown;
      const step = stepAt(event.clientX, around);
      const off = side === 'offBefore' ? range.from - step : step - range.to;
      onDrag({ ...margins, [side]: Math.max(0, off) });
    });
  }

  function draw(around: Surroundings, range: Steps): void {
    const count = countOf(around);
    const isText = around.kind === 'token';
    cells = Array.from({ length: count }, (_, at) => {
      const text = isText ? written(around.tokens[at]) : '';
      const cell = h(
        'span',
        { class: isText ? 'pattern-token' : 'pattern-number' },
        text === ' ' ? ' ' : text,
      );
      if (isText && around.apart) cell.classList.add('apart');
      cell.style.order = String(2 * at + 1);
      return cell;
    });
    steps.replaceChildren(before, ...cells, after);
    steps.classList.toggle('numbers', !isText);
    if (!isText) {
      const [from, to] = [indexOf(around, range.from), indexOf(around, range.to)];
      const line = lineOf(around, from, to);
      line.style.width = '';
      steps.append(line);
    }
    const track = around.labels ? trackOf(around, around.labels, new LabelNames()) : null;
    const row = h('div', { class: 'pattern-row' }, steps, track);
    if (!isText) row.style.maxWidth = `${count * MOST_WIDTH}px`;
    element.replaceChildren(row);
  }

  function mark(around: Surroundings, range: Steps, { offBefore, offAfter }: Margins): void {
    const stride = around.kind === 'vector' ? around.stride : 1;
    cells.forEach((cell, at) => {
      const step = around.first + at * stride;
      cell.classList.toggle('on', step + stride > range.from && step <= range.to);
      cell.classList.toggle('off', isOff(step, stride, range, offBefore, offAfter));
    });
    const first = Math.max(0, Math.floor((range.from - offBefore - around.first) / stride));
    const last = Math.min(cells.length - 1, Math.floor((range.to + offAfter - around.first) / stride));
    before.style.order = String(2 * first);
    after.style.order = String(2 * last + 2);
    // What is cut off has no edge to be dragged.
    after.hidden = range.to >= around.first + cells.length * stride;
  }

  return {
    element,
    show(around, range, margins, key) {
      element.hidden = around === null;
      shown = around && { around, range, margins };
      if (!around) return;
      if (key !== drawn) draw(around, range);
      drawn = key;
      mark(around, range, margins);
    },
  };
}

function isOff(
  step: number,
  stride: number,
  { from, to }: Steps,
  offBefore: number,
  offAfter: number,
): boolean {
  const isBefore = step + stride <= from && step + stride > from - offBefore;
  return isBefore || (step > to && step <= to + offAfter);
}

function handle(): HTMLElement {
  return h('span', { class: 'pattern-handle', title: words.handle });
}
