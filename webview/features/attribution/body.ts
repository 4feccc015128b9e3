/** The picture with its keyboard: a map of features and steps, or the text itself where there are many tokens. */
import type { Context, Moment } from '../../feature';
import { spotOfKey } from '../../shared/spots';
import type { State } from '../../shared/state';
import { fill } from '../../shared/words';
import { createColouredText, type ColouredText } from '../../ui/colouredText';
import { h, setAttribute, setText } from '../../ui/dom';
import { areWords } from '../../../src/picture/textLayout';
import { fitCells, type Size } from '../../../src/picture/attribution/layout';
import { valueAt, type Looked } from '../../../src/picture/attribution/found';
import { createMap } from './map';
import { cellInWords, spotInWords, type Spot } from './say';
import type { Cursor, Own, OwnAction } from './state';
import { words } from './words';

export interface Body {
  readonly element: HTMLElement;
  /** In pixels. */
  size(): Size;
  /** What the pointer is at, in words. */
  readonly readout: HTMLElement;
  render(moment: Moment<Own>, looked: Looked | null): void;
}

const CURSOR_ID = 'attribution-cursor';

/** `choose` hears of the step that is clicked; `again` asks to be rendered. */
export function createBody(
  { change, now, scale }: Context<Own, OwnAction>,
  { choose, again }: { readonly choose: (step: number) => void; readonly again: () => void },
): Body {
  const cell = h('div', { id: CURSOR_ID, role: 'gridcell', 'data-cursor': true, 'aria-live': 'off' });
  const row = h('div', { role: 'row', class: 'visually-hidden' }, cell);
  const readout = h('span', { class: 'attribution-readout dim' });
  let looked: Looked | null = null;
  let room = 0;
  let shown: readonly unknown[] = [];

  const hover = (spot: Spot | null) => setText(readout, spot && looked ? spotInWords(looked, spot) : '');
  const map = createMap(scale, { onHover: hover, onChoose: choose });
  const text = createColouredText(scale, {
    onHover: (token) => hover(token === null ? null : { feature: 0, from: token, to: token }),
    onChoose: choose,
  });
  const bodies = [map.element, text.element];
  const element = h('div', { class: 'attribution-picture' }, ...bodies);
  for (const body of bodies) {
    setAttribute(body, 'role', 'grid');
    setAttribute(body, 'tabindex', '0');
    setAttribute(body, 'aria-activedescendant', CURSOR_ID);
    body.addEventListener('keydown', (event) => {
      if (event.altKey || event.metaKey || !looked || !press(event, looked)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    for (const name of ['focus', 'blur']) body.addEventListener(name, again);
  }
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === 0 || contentRect.width === room) return;
    room = contentRect.width;
    again();
  }).observe(element);

  /** Whether the key does something here. */
  function press({ key, ctrlKey }: KeyboardEvent, at: Looked): boolean {
    const cursor = cursorOf(now().own, at);
    if (key === 'Enter' || key === ' ') {
      choose(cursor.step);
      return true;
    }
    const first = at.tokens ? 0 : at.input.from;
    const spot = { line: cursor.feature, row: cursor.step - first };
    const extent = { lines: at.input.features, rows: lastStep(at) + 1 - first };
    const to = spotOfKey(key, ctrlKey, spot, extent);
    if (to) change({ type: 'moveCursor', to: { feature: to.line, step: to.row + first } });
    return to !== null;
  }

  /** The cell that the cursor is at, for screen readers. */
  function tell(own: Own, focused: boolean): Cursor | null {
    const cursor = looked && cursorOf(own, looked);
    const value = looked && cursor && valueAt(looked.input, cursor.feature, cursor.step);
    setAttribute(cell, 'aria-live', focused ? 'polite' : 'off');
    setAttribute(cell, 'data-feature', cursor && String(cursor.feature));
    setAttribute(cell, 'data-step', cursor && String(cursor.step));
    setAttribute(cell, 'data-value', value === null ? null : String(value));
    setText(cell, looked && cursor ? cellInWords(looked, { ...cursor, value: value! }) : '');
    return cursor;
  }

  function draw(at: Looked, state: State, cursor: Cursor | null): void {
    // A few tokens have a cell and a bar each; more of them are a text.
    const isText = at.tokens !== null && !fitCells(at.tokens, room);
    const label = fill(words.grid, at.tokens ? words.tokens : words.features);
    (isText ? text.element : map.element).append(row);
    setAttribute(map.element, 'aria-label', label);
    map.show(isText ? null : at, state.theme);
    text.show(isText ? { ...textOf(at, state), label, cursor: cursor && cursor.step } : null);
  }

  return {
    element,
    size: () => ({ width: room, height: map.element.clientHeight }),
    readout,
    render({ state, own }, next) {
      if (next !== looked) hover(null);
      looked = next;
      const focused = bodies.some((body) => body === document.activeElement);
      const cursor = tell(own, focused);
      const marked = focused ? cursor : null;
      const reads = [looked, state.theme, state.step, marked?.step, room];
      if (!looked) {
        map.show(null, state.theme);
        text.show(null);
      } else if (reads.some((one, k) => one !== shown[k])) draw(looked, state, marked);
      shown = reads;
      map.mark({ playhead: state.step, cursor: marked });
    },
  };
}

function cursorOf({ cursor }: Own, at: Looked): Cursor {
  const { feature, step } = cursor ?? { feature: 0, step: at.found.target.step };
  return {
    feature: Math.min(feature, at.input.features - 1),
    step: Math.max(at.tokens ? 0 : at.input.from, Math.min(step, lastStep(at))),
  };
}

/** Of texts every token can be gone to; of vectors, the steps that were looked at. */
function lastStep({ tokens, input: { from, rows } }: Looked): number {
  return tokens ? tokens.length - 1 : from + rows - 1;
}

function textOf({ tokens, input, found, reach }: Looked, state: State): Omit<ColouredText, 'label'> {
  const { step } = found.target;
  return {
    tokens: tokens!,
    apart: areWords(state.scene!.network.input, tokens!),
    values: Float32Array.from(tokens!, (_, token) => valueAt(input, 0, token)),
    palette: 'signed',
    ...{ reach, playhead: state.step, range: [step, step], theme: state.theme },
  };
}
