/** The heat map on screen. */
import { rowOfStep, stepOfRow } from '../../../src/model/time';
import type { Rows, UnitOrder } from '../../../src/protocol';
import { visible } from '../../../src/unroll/mermaid';
import type { Context, Moment, View } from '../../feature';
import { paletteOf } from '../../shared/measure';
import { unitInWords } from '../../shared/signals';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { tokenText } from '../../ui/text';
import { bracketsOf } from './brackets';
import { binsOf, paintCells, shadesOf } from './cells';
import type { Marks, Picture } from './draw';
import { createHeader } from './header';
import { spotOfKey } from './keys';
import { columnsOf, frameOf, linesOf, type Size } from './layout';
import { createPlot } from './plot';
import { endsInWords, exact, readingInWords, sizeInWords } from './say';
import {
  pannedBy,
  zoomShowing,
  zoomedBy,
  type Cursor,
  type HeatMap,
  type HeatMapAction,
  type Order,
} from './state';
import { NAME, cursorOf, hasText, nearestRow, obstacle, readingAt, subjectOf, type Subject } from './subject';
import { words } from './words';

/** What is on screen: of one signal of one run. */
interface Shown {
  readonly subject: Subject;
  readonly rows: Rows;
  readonly order: UnitOrder;
  /** What the order is by: the numbers while another is on its way. */
  readonly by: Order;
  readonly lineOf: Int32Array;
}

const ROOM_STEP = 256;
const ZOOM_FACTOR = 1.5;
const CURSOR_ID = 'heatmap-cursor';

export function createView(context: Context<HeatMap, HeatMapAction>): View<HeatMap> {
  const { dispatch, change, now } = context;
  const header = createHeader(context);
  const note = h('div', { class: 'heatmap-note dim' });
  const cell = h('div', {
    id: CURSOR_ID,
    role: 'gridcell',
    'data-cursor': true,
    'aria-live': 'off',
    class: 'visually-hidden',
  });
  const cellRow = h('div', { role: 'row' }, cell);
  let size: Size = { width: 0, height: 0 };
  let shown: Shown | null = null;
  let hovered: { readonly line: number; readonly row: number } | null = null;
  let drawn: readonly unknown[] = [];
  let theme = -1;

  const plot = createPlot(context.scale, {
    onResize(next) {
      size = next;
      const columns = Math.ceil(next.width / ROOM_STEP) * ROOM_STEP;
      change({ type: 'makeRoom', columns });
      render(now());
    },
    onHover(spot) {
      hovered = spot;
      read(now());
    },
    onChoose(line, row) {
      if (shown) choose(shown.order.units[line], stepAt(shown.subject, row));
    },
    onRange(from, to) {
      if (shown) selectRows(shown.subject, from, to);
    },
    onPan: (by) => zoom((own, rows) => pannedBy(by, own, rows)),
    onZoom: (factor, about) => zoom((own, rows) => zoomedBy(factor, about, own, rows)),
  });
  const grid = h(
    'div',
    { class: 'heatmap-grid', role: 'grid', tabindex: 0, 'aria-activedescendant': CURSOR_ID },
    plot.element,
    cellRow,
  );
  const body = h('div', { class: 'heatmap-body' }, grid, note);
  const element = h('div', { class: 'heatmap' }, header.element, body);

  function zoom(to: (zoom: HeatMap['zoom'], rows: number) => HeatMap['zoom']): void {
    if (shown) change({ type: 'zoomTo', zoom: to(now().own.zoom, shown.subject.summary.rows) });
  }

  function choose(unit: number, step: number): void {
    dispatch({ type: 'selectUnit', unit });
    dispatch({ type: 'goTo', step });
  }

  function selectRows(subject: Subject, from: number, to: number): void {
    const [first, last] = [stepAt(subject, Math.min(from, to)), stepAt(subject, Math.max(from, to))];
    dispatch({ type: 'selectRange', range: { from: first, to: last } });
  }

  grid.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey || !shown) return;
    if (!keyed(event, shown)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  for (const name of ['focus', 'blur']) grid.addEventListener(name, () => render(now()));

  function keyed({ key, ctrlKey, shiftKey }: KeyboardEvent, { subject, order, lineOf }: Shown): boolean {
    const { state, own } = now();
    const { summary, run } = subject;
    const cursor = cursorOf(state, own, subject);
    const row = nearestRow(run.sequence, summary, cursor.step);
    if (key === 'Enter' || key === ' ') choose(cursor.unit, cursor.step);
    else if (key === 'Escape' && state.selection.range) dispatch({ type: 'selectRange', range: null });
    else if (key === '+' || key === '=') zoom((zoom, rows) => zoomedBy(ZOOM_FACTOR, row + 0.5, zoom, rows));
    else if (key === '-') zoom((zoom, rows) => zoomedBy(1 / ZOOM_FACTOR, row + 0.5, zoom, rows));
    else if (key === '0') change({ type: 'zoomTo', zoom: null });
    else {
      const extent = { lines: summary.units, rows: summary.rows };
      const spot = spotOfKey(key, ctrlKey, { line: lineOf[cursor.unit], row }, extent);
      if (!spot) return false;
      if (shiftKey) extendRange(subject, row, spot.row);
      change({
        type: 'moveCursor',
        to: { unit: order.units[spot.line], step: stepAt(subject, spot.row) },
      });
      zoom((zoom, rows) => zoomShowing(spot.row, zoom, rows));
    }
    return true;
  }

  /** From the end of the range that does not move. */
  function extendRange(subject: Subject, from: number, to: number): void {
    const { range } = now().state.selection;
    const { run, summary } = subject;
    const [first, last] = range
      ? [range.from, range.to].map((step) => nearestRow(run.sequence, summary, step))
      : [from, from];
    const anchor = from === first ? last : from === last ? first : from;
    selectRows(subject, anchor, to);
  }

  function render(moment: Moment<HeatMap>): void {
    const { state, own } = moment;
    if (!state.dock.open.includes(NAME) || !state.scene) return;
    const subject = subjectOf(state, own);
    shown = subject && shownOf(moment, subject, shown);
    if (theme !== state.theme) {
      theme = state.theme;
      plot.recolour();
    }
    const picture = draw(moment);
    name(moment, subject);
    const { words: said } = shown ? { words: '' } : whyNothing(moment, subject);
    setText(note, said);
    note.hidden = said === '';
    grid.hidden = shown === null;
    element.classList.toggle('stale', shown !== null && subject !== null && !isOf(shown, subject));
    const text = false;
    header.render(state, own, {
      size: sizeInWords(subject, picture && picture.cells),
      hasText: text,
    });
    if (shown) plot.mark(marksOf(moment, shown));
    tell(moment);
    read(moment);
  }

  let last: Picture | null = null;

  /** Draws where what is drawn has changed. */
  function draw({ state }: Moment<HeatMap>): Picture | null {
    const reads = [
      shown?.rows,
      shown?.order,
      shown?.subject.from,
      shown?.subject.to,
      size,
      theme,
      state.sequence,
    ];
    if (reads.length === drawn.length && reads.every((one, k) => one === drawn[k])) return last;
    drawn = reads;
    last = shown && size.width > 0 ? pictureOf(state, shown) : null;
    plot.show(last);
    return last;
  }

  function pictureOf(state: Moment<HeatMap>['state'], { subject, rows, order }: Shown): Picture {
    const { summary, run } = subject;
    const palette = paletteOf(summary, 'mean');
    const frame = frameOf(size, order.clusters !== undefined);
    const groups = order.clusters?.groups ?? [summary.units];
    const lines = linesOf(groups, frame.top, frame.bottom);
    const bins = binsOf(lines, window.devicePixelRatio);
    const shades = shadesOf(context.scale(), palette);
    const tokens = hasText(state, summary) ? run.sequence.inputs : null;
    return {
      ...{ frame, lines, bins, palette, held: rows },
      columns: columnsOf(subject.from, subject.to, frame),
      cells: paintCells(rows, { order: order.units, bins, reach: summary.scale, shades }),
      brackets: frame.treeRight > frame.treeLeft ? bracketsOf(order, lines, frame) : [],
      nameOf: (line) => String(order.units[line]),
      tokenAt: tokens?.kind === 'token' ? (row) => visible(tokenText(tokens.tokens[row] ?? '')) : null,
      numberOf: (row) => stepAt(subject, row) + 1,
      ends: endsInWords(summary),
    };
  }

  function marksOf({ state, own }: Moment<HeatMap>, { subject, lineOf }: Shown): Marks {
    const { selection, step, start, columns } = state;
    const { run, summary } = subject;
    const cursor = cursorOf(state, own, subject);
    const rowsOf = (from: number, to: number) =>
      [nearestRow(run.sequence, summary, from), nearestRow(run.sequence, summary, to) + 1] as const;
    const all = columns >= run.sequence.steps || summary.rows === 1 || summary.time === 'own';
    const focused = grid === document.activeElement;
    return {
      line: selection.unit === null ? -1 : lineOf[selection.unit],
      playhead: rowOfStep(run.sequence, summary, step),
      window: all ? null : rowsOf(start, start + columns - 1),
      range: selection.range && rowsOf(selection.range.from, selection.range.to),
      cursor: focused
        ? { line: lineOf[cursor.unit], row: nearestRow(run.sequence, summary, cursor.step) }
        : null,
    };
  }

  /** The contract's attributes. */
  function name({ state }: Moment<HeatMap>, subject: Subject | null): void {
    const section = element.parentElement;
    if (!section) return;
    const { signal, unit } = state.selection;
    for (const part of ['layer', 'level', 'direction', 'signal'] as const) {
      setAttribute(section, `data-${part}`, signal && String(signal[part]));
    }
    setAttribute(section, 'data-unit', unit === null ? '' : String(unit));
    setAttribute(section, 'data-order', shown?.by ?? now().own.order);
    if (!subject || !signal) return;
    setAttribute(grid, 'aria-label', fill(words.grid, signal.layer, signal.signal));
    setAttribute(grid, 'aria-rowcount', String(subject.summary.units));
    setAttribute(grid, 'aria-colcount', String(subject.summary.rows));
  }

  /** Tells where the cursor is. */
  function tell(moment: Moment<HeatMap>): void {
    if (!shown) {
      for (const part of ['unit', 'step', 'value']) setAttribute(cell, `data-${part}`, '');
      return;
    }
    const { state, own } = moment;
    const { subject, lineOf } = shown;
    const { unit, step } = cursorOf(state, own, subject);
    const row = nearestRow(subject.run.sequence, subject.summary, step);
    const value = valueAt(moment, shown, { unit, step });
    setAttribute(cellRow, 'aria-rowindex', String(lineOf[unit] + 1));
    setAttribute(cell, 'aria-colindex', String(row + 1));
    setAttribute(cell, 'data-unit', String(unit));
    setAttribute(cell, 'data-step', String(step));
    setAttribute(cell, 'data-value', value === null ? '' : String(value));
    setAttribute(cell, 'aria-live', grid === document.activeElement ? 'polite' : 'off');
    const name = unitInWords(state.scene!.network, subject.signal, unit);
    setText(cell, fill(words.cell, name, step + 1, value === null ? '…' : exact(value)));
  }

  /** What the pointer is at; else where the cursor is. */
  function read(moment: Moment<HeatMap>): void {
    if (!shown) return header.read('');
    const { state, own } = moment;
    const { subject, order, rows, by } = shown;
    if (own.order !== by && !hovered) {
      const { failure } = moment.answer('order');
      return header.read(failure ?? words.ordering);
    }
    const cursor = cursorOf(state, own, subject);
    const unit = hovered ? order.units[hovered.line] : cursor.unit;
    const row = hovered ? hovered.row : nearestRow(subject.run.sequence, subject.summary, cursor.step);
    if (!hovered && state.selection.unit === null && !own.cursor) return header.read('');
    const value = hovered ? null : valueAt(moment, shown, cursor);
    const found =
      value === null ? readingAt(rows, unit, row) : { first: row, last: row, min: value, max: value };
    header.read(found ? readingInWords(state, subject, unit, found) : '');
  }

  return {
    elements: [element],
    render,
    phase(moment) {
      const subject = subjectOf(moment.state, moment.own);
      if (!subject || !shown) return whyNothing(moment, subject).phase;
      const waits = !isOf(shown, subject) || shown.by !== moment.own.order;
      return waits && moment.answer('order').failure === null ? 'loading' : 'ready';
    },
  };
}

function stepAt({ run, summary }: Subject, row: number): number {
  return stepOfRow(run.sequence, summary, row);
}

/** Whether what is shown is all that is wanted. */
function isOf({ rows, subject: { run, summary } }: Shown, wanted: Subject): boolean {
  const same = run === wanted.run && summary === wanted.summary;
  return same && rows.from === wanted.from && rows.to === wanted.to;
}

/** What was shown of the same signal stands until newer is there. */
function shownOf({ answer, own }: Moment<HeatMap>, subject: Subject, before: Shown | null): Shown | null {
  const same = before?.subject.run === subject.run && before.subject.summary === subject.summary;
  const rows = answer('rows').value ?? (same ? before.rows : null);
  if (!rows) return null;
  const { order, by, lineOf } = orderNow(answer('order').value, own.order, subject, same ? before : null);
  return { subject, rows, order, by, lineOf };
}

type Ordered = Pick<Shown, 'order' | 'by' | 'lineOf'>;

function orderNow(
  found: UnitOrder | null,
  wanted: Order,
  { summary }: Subject,
  before: Ordered | null,
): Ordered {
  if (wanted === 'unit') return before?.by === 'unit' ? before : byNumber(summary.units);
  if (!found) return before ?? byNumber(summary.units);
  if (before?.order === found) return before;
  const lineOf = new Int32Array(found.units.length);
  found.units.forEach((unit, line) => (lineOf[unit] = line));
  return { order: found, by: wanted, lineOf };
}

function byNumber(units: number): Ordered {
  const numbers = Int32Array.from({ length: units }, (_, unit) => unit);
  return { order: { units: numbers }, by: 'unit', lineOf: numbers };
}

/** The very number at a place; null while it is on its way. */
function valueAt(
  { answer }: Moment<HeatMap>,
  { subject, rows }: Shown,
  { unit, step }: Cursor,
): number | null {
  const row = nearestRow(subject.run.sequence, subject.summary, step);
  const reading = readingAt(rows, unit, row);
  if (reading && reading.first === reading.last) return reading.min;
  return answer('values').value?.values[unit] ?? null;
}

/** Why there is nothing to see. */
function whyNothing(
  { state, answer }: Moment<HeatMap>,
  subject: Subject | null,
): ReturnType<typeof obstacle> {
  if (!subject) return obstacle(state);
  const { failure } = answer('rows');
  return failure === null ? { phase: 'loading', words: words.reading } : { phase: 'error', words: failure };
}
