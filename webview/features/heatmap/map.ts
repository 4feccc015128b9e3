/** The map with its keyboard: a grid of which one cell at a time, the cursor's, is there for screen readers. */
import type { Context, Moment } from '../../feature';
import { unitInWords } from '../../../src/picture/names';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import type { MapPicture } from '../../../src/picture/heatmap/draw';
import { valueAt, type Held } from './held';
import { spotOfKey, type Spot } from '../../shared/spots';
import type { Size } from '../../../src/picture/heatmap/layout';
import { mapPicture } from '../../../src/picture/heatmap/picture';
import { drawnOf, marksOf, stepAt } from './picture';
import { createPlot } from './plot';
import { exact } from './say';
import { pannedBy, zoomShowing, zoomedBy, type HeatMap, type HeatMapAction } from './state';
import { cursorOf, nearestRow, type Subject } from './subject';
import { words } from './words';

export interface HeatMapGrid {
  readonly element: HTMLElement;
  /**
   * Brings the map in line. Without anything held it is hidden; but what was drawn last stays in its place, stepped
   * back, while what is to come is awaited.
   */
  render(moment: Moment<HeatMap>, held: Held | null, awaited: boolean): void;
  /** Tells where the cursor is. */
  tell(moment: Moment<HeatMap>, subject: Subject | null): void;
  readonly picture: MapPicture | null;
  /** Of the map, in pixels; 0 by 0 while it is out of sight. */
  readonly size: Size;
}

const ZOOM_FACTOR = 1.5;
const CURSOR_ID = 'heatmap-cursor';

/** `hover` hears which place is under the pointer; `again` asks to be rendered. */
export function createMap(
  { dispatch, change, now, scale }: Context<HeatMap, HeatMapAction>,
  { hover, again }: { readonly hover: (spot: Spot | null) => void; readonly again: () => void },
): HeatMapGrid {
  const cell = h('div', { id: CURSOR_ID, role: 'gridcell', 'data-cursor': true, 'aria-live': 'off' });
  const row = h('div', { role: 'row', class: 'visually-hidden' }, cell);
  let size: Size = { width: 0, height: 0 };
  let held: Held | null = null;
  let picture: MapPicture | null = null;
  let reads: readonly unknown[] = [];
  let theme = -1;

  const plot = createPlot(scale, {
    onResize(next) {
      size = next;
      again();
    },
    onHover: hover,
    onChoose(line, at) {
      if (held) choose(held.order.units[line], stepAt(held.subject, at));
    },
    onRange(from, to) {
      if (held) selectRows(held.subject, from, to);
    },
    onPan: (by) => zoom((own, rows) => pannedBy(by, own, rows)),
    onZoom: (factor, about) => zoom((own, rows) => zoomedBy(factor, about, own, rows)),
  });
  const element = h(
    'div',
    { class: 'heatmap-grid', role: 'grid', tabindex: 0, 'aria-activedescendant': CURSOR_ID },
    plot.element,
    row,
  );

  function zoom(to: (zoom: HeatMap['zoom'], rows: number) => HeatMap['zoom']): void {
    if (held) change({ type: 'zoomTo', zoom: to(now().own.zoom, held.subject.summary.rows) });
  }

  function choose(unit: number, step: number): void {
    dispatch({ type: 'selectUnit', unit });
    dispatch({ type: 'goTo', step });
  }

  function selectRows(subject: Subject, from: number, to: number): void {
    const [first, last] = [stepAt(subject, Math.min(from, to)), stepAt(subject, Math.max(from, to))];
    dispatch({ type: 'selectRange', range: { from: first, to: last } });
  }

  /** From the end of the range that does not move. */
  function extendRange(subject: Subject, from: number, to: number): void {
    const { range } = now().state.selection;
    const rowOf = (step: number) => nearestRow(subject.run.sequence, subject.summary, step);
    const [first, last] = range ? [rowOf(range.from), rowOf(range.to)] : [from, from];
    selectRows(subject, from === first ? last : from === last ? first : from, to);
  }

  /** Whether the key does something here. */
  function press({ key, ctrlKey, shiftKey }: KeyboardEvent, { subject, order, lineOf }: Held): boolean {
    const { state, own } = now();
    const { summary, run } = subject;
    const cursor = cursorOf(state, own, subject);
    const at = nearestRow(run.sequence, summary, cursor.step);
    if (key === 'Enter' || key === ' ') choose(cursor.unit, cursor.step);
    else if (key === 'Escape' && state.selection.range) dispatch({ type: 'selectRange', range: null });
    else if (key === '+' || key === '=') zoom((zoom, rows) => zoomedBy(ZOOM_FACTOR, at + 0.5, zoom, rows));
    else if (key === '-') zoom((zoom, rows) => zoomedBy(1 / ZOOM_FACTOR, at + 0.5, zoom, rows));
    else if (key === '0') change({ type: 'zoomTo', zoom: null });
    else {
      const extent = { lines: summary.units, rows: summary.rows };
      const spot = spotOfKey(key, ctrlKey, { line: lineOf[cursor.unit], row: at }, extent);
      if (!spot) return false;
      if (shiftKey) extendRange(subject, at, spot.row);
      change({ type: 'moveCursor', to: { unit: order.units[spot.line], step: stepAt(subject, spot.row) } });
      zoom((zoom, rows) => zoomShowing(spot.row, zoom, rows));
    }
    return true;
  }

  element.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey || !held || !press(event, held)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  for (const name of ['focus', 'blur']) element.addEventListener(name, again);

  const hasFocus = () => element === document.activeElement;

  /** Draws anew only what is drawn otherwise. */
  function draw(state: Moment<HeatMap>['state']): void {
    if (theme !== state.theme) plot.recolour();
    theme = state.theme;
    const newest = [held?.shades, held?.order, held?.subject.from, held?.subject.to, size, theme];
    if (reads.length > 0 && newest.every((one, k) => one === reads[k])) return;
    reads = newest;
    picture =
      held && size.width > 0 ? mapPicture(drawnOf(held), size, scale(), window.devicePixelRatio) : null;
    plot.show(picture);
  }

  return {
    element,
    get size() {
      return size;
    },
    get picture() {
      return picture;
    },
    render(moment, next, awaited) {
      const { state, own } = moment;
      held = next;
      const waits = held === null && awaited && picture !== null;
      element.hidden = held === null && !waits;
      element.classList.toggle('waits', waits);
      if (waits) return;
      draw(state);
      if (!held) return;
      const { subject } = held;
      setAttribute(element, 'aria-label', fill(words.grid, subject.signal.layer, subject.signal.signal));
      setAttribute(element, 'aria-rowcount', String(subject.summary.units));
      setAttribute(element, 'aria-colcount', String(subject.summary.rows));
      plot.mark(marksOf(state, held, hasFocus() ? cursorOf(state, own, subject) : null));
    },
    tell(moment, subject) {
      const { state, own } = moment;
      const cursor = subject && cursorOf(state, own, subject);
      const value = subject && valueAt(moment, subject, cursor!);
      setAttribute(cell, 'data-unit', cursor ? String(cursor.unit) : '');
      setAttribute(cell, 'data-step', cursor ? String(cursor.step) : '');
      setAttribute(cell, 'data-value', value === null ? '' : String(value));
      setAttribute(cell, 'aria-live', hasFocus() ? 'polite' : 'off');
      if (!subject || !cursor) return setText(cell, '');
      const at = nearestRow(subject.run.sequence, subject.summary, cursor.step);
      setAttribute(row, 'aria-rowindex', String((held?.lineOf[cursor.unit] ?? cursor.unit) + 1));
      setAttribute(cell, 'aria-colindex', String(at + 1));
      const name = unitInWords(state.scene!.network, subject.signal, cursor.unit);
      setText(cell, fill(words.cell, name, cursor.step + 1, value === null ? words.onItsWay : exact(value)));
    },
  };
}
