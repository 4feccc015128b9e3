/** What mattered: the input, coloured by what each number or token of it brings to the output. */
import type { Attribution } from '../../../src/protocol';
import type { Context, Moment, View } from '../../feature';
import { common, fill } from '../../shared/words';
import { createLegendBar } from '../../shared/legendBar';
import { spotOfKey } from '../../shared/spots';
import { button } from '../../toolkit';
import { createColouredText } from '../../ui/colouredText';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount, formatScale } from '../../ui/format';
import { icons } from '../../ui/icons';
import { createControls } from './controls';
import { extremeIn } from './layout';
import { largestOf, lookedAt, sumAt, valueAt, type Looked } from './found';
import { createMap } from './map';
import { cellInWords, completenessOf, nameAt, lagInWords, progressInWords, signed, titleOf } from './say';
import { choiceOf, isAbout, keyOf, questionOf, type Cursor, type Own, type OwnAction } from './state';
import { words } from './words';

const CURSOR_ID = 'attribution-cursor';
/** Of all numbers, those that are named. */
const NAMED = 6;

/** Tokens so wide have room for their numbers. */
const TOKEN_WIDTH = 34;

/** What is under the pointer: features, −1 for all together, and steps, the last included. */
interface Spot {
  readonly feature: number;
  readonly from: number;
  readonly to: number;
}

export function createView(context: Context<Own, OwnAction>): View<Own> {
  const { dispatch, change, now, scale } = context;
  const title = h('h2', { class: 'attribution-title' });
  const computing = h('span', { class: 'attribution-computing dim', role: 'status' });
  const cancel = button({
    title: words.cancelTitle,
    label: words.cancel,
    onClick: () => {
      const choice = choiceOf(now());
      if (choice) change({ type: 'giveUp', question: keyOf(choice) });
    },
  });
  const again = button({
    title: words.again,
    label: words.again,
    onClick: () => change({ type: 'giveUp', question: null }),
  });
  const close = button({
    title: words.close,
    icon: icons.close,
    appearance: 'icon',
    onClick: () => dispatch({ type: 'showView', view: 'attribution', on: false }),
  });
  const controls = createControls(context);
  const readout = h('span', { class: 'attribution-readout dim' });
  const legend = createLegendBar();
  const complete = h('span', { class: 'attribution-complete' });
  const sentences = h('div', { class: 'attribution-sentences dim' });
  const list = h('ol', { class: 'attribution-largest', 'aria-label': words.largestList });
  const cell = h('div', { id: CURSOR_ID, role: 'gridcell', 'data-cursor': true, 'aria-live': 'off' });
  const row = h('div', { role: 'row', class: 'visually-hidden' }, cell);
  const note = h('div', { class: 'attribution-note dim' }, h('span'), again);
  let held: Attribution | null = null;
  let looked: Looked | null = null;
  let hovered: Spot | null = null;
  let shown: readonly unknown[] = [];
  let room = 0;

  /** Stays with the output whose picture this is. */
  function choose(step: number): void {
    if (held?.found && now().own.pinned === null) change({ type: 'pin', step: held.found.target.step });
    dispatch({ type: 'goTo', step });
  }
  const map = createMap(scale, {
    onHover(spot) {
      hovered = spot;
      read();
    },
    onChoose: choose,
  });
  const text = createColouredText(scale, {
    onHover(token) {
      hovered = token === null ? null : { feature: 0, from: token, to: token };
      read();
    },
    onChoose: choose,
  });
  for (const body of [map.element, text.element]) {
    setAttribute(body, 'role', 'grid');
    setAttribute(body, 'tabindex', '0');
    setAttribute(body, 'aria-activedescendant', CURSOR_ID);
    body.addEventListener('keydown', (event) => {
      if (event.altKey || event.metaKey || !press(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    for (const name of ['focus', 'blur']) body.addEventListener(name, () => render(now()));
  }
  const picture = h('div', { class: 'attribution-picture' }, map.element, text.element);
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === 0 || contentRect.width === room) return;
    room = contentRect.width;
    render(now());
  }).observe(picture);
  const foot = h('div', { class: 'attribution-foot' }, complete, legend.element, sentences);
  const body = h('div', { class: 'attribution-body' }, picture, list);
  const element = h(
    'div',
    { class: 'attribution' },
    h(
      'div',
      { class: 'attribution-head' },
      h('div', { class: 'attribution-name' }, title, computing, cancel, readout),
      controls.element,
      close,
    ),
    body,
    foot,
    note,
  );

  function cursorOf({ own }: Moment<Own>, at: Looked): Cursor {
    const { feature, step } = own.cursor ?? { feature: 0, step: at.found.target.step };
    return {
      feature: Math.min(feature, at.input.features - 1),
      step: Math.max(0, Math.min(step, lastStep(at))),
    };
  }

  /** Of texts every token can be gone to; of vectors, the steps that were looked at. */
  function lastStep({ tokens, input: { from, rows } }: Looked): number {
    return tokens ? tokens.length - 1 : from + rows - 1;
  }

  /** Whether the key does something here. */
  function press({ key, ctrlKey }: KeyboardEvent): boolean {
    if (!looked) return false;
    const cursor = cursorOf(now(), looked);
    if (key === 'Enter' || key === ' ') {
      choose(cursor.step);
      return true;
    }
    const first = looked.input.tokens ? 0 : looked.input.from;
    const spot = { line: cursor.feature, row: cursor.step - first };
    const extent = { lines: looked.input.features, rows: lastStep(looked) + 1 - first };
    const to = spotOfKey(key, ctrlKey, spot, extent);
    if (to) change({ type: 'moveCursor', to: { feature: to.line, step: to.row + first } });
    return to !== null;
  }

  /** What the pointer is at. */
  function read(): void {
    setText(readout, hovered && looked ? spotInWords(looked, hovered) : '');
  }

  function spotInWords(at: Looked, { feature, from, to }: Spot): string {
    const { input, found } = at;
    const numberOf = (step: number) =>
      feature < 0
        ? step < input.from || step >= input.from + input.rows
          ? 0
          : sumAt(input, step - input.from)
        : valueAt(input, feature, step);
    const value = extremeIn((_, step) => numberOf(step), [0, 1], [from, to + 1]);
    if (from < to) {
      const name = feature < 0 ? words.profile : at.nameOf(feature);
      return fill(words.cells, name, formatCount(from + 1), formatCount(to + 1), signed(value));
    }
    if (feature >= 0) return cellInWords(at, { feature, step: from, value });
    const lag = lagInWords(from, found.target.step);
    return fill(words.cell, words.profile, formatCount(from + 1), lag, signed(value));
  }

  function tell(moment: Moment<Own>): void {
    const has = [map.element, text.element].some((one) => one === document.activeElement);
    setAttribute(cell, 'aria-live', has ? 'polite' : 'off');
    const place = looked && cursorOf(moment, looked);
    const value = looked && place && valueAt(looked.input, place.feature, place.step);
    setAttribute(cell, 'data-feature', place ? String(place.feature) : null);
    setAttribute(cell, 'data-step', place ? String(place.step) : null);
    setAttribute(cell, 'data-value', value === null ? null : String(value));
    setText(cell, looked && place ? cellInWords(looked, { ...place, value: value! }) : '');
    map.mark({ playhead: moment.state.step, cursor: has ? place : null });
  }

  /** The newest that was found; what was found before stays until then. */
  function take(moment: Moment<Own>): void {
    const { latest } = moment.answer('attribution');
    if (latest?.found) held = latest;
    const choice = choiceOf(moment);
    if (!choice) held = null;
  }

  /** While it plays, nothing newer is asked for. */
  function isStale(moment: Moment<Own>): boolean {
    const choice = choiceOf(moment);
    const { run, playing } = moment.state;
    if (playing && held?.trace === run?.trace) return false;
    return held !== null && !(choice && run && isAbout(held, run.trace, choice));
  }

  function render(moment: Moment<Own>): void {
    const { state, own } = moment;
    const { scene, sequence, dock, theme } = state;
    if (!scene || !dock.open.includes('attribution')) return;
    const { network } = scene;
    take(moment);
    const found = held?.found ?? null;
    if (found !== (looked?.found ?? null) || own.input !== shown[0] || scene !== shown[1]) {
      looked = found && sequence && lookedAt(network, sequence, found, own.input);
      hovered = null;
    }
    controls.render(moment, network, found);
    const hindrance = hindranceTo(moment);
    setText(note.firstElementChild as HTMLElement, hindrance);
    again.hidden = own.given === null || hindrance !== words.cancelled;
    note.hidden = hindrance === '';
    body.hidden = foot.hidden = looked === null || hindrance !== '';
    const stale = isStale(moment);
    element.classList.toggle('stale', stale && looked !== null);
    const waits = isWaiting(moment);
    setText(computing, waits ? progressOf(moment) : '');
    cancel.hidden = !waits;
    setText(title, found ? titleOf(network, found) : words.attribution);
    setAttribute(title, 'title', title.textContent);
    const reads = [own.input, scene, looked, sequence, theme, own.cursor, state.step, body.hidden, room];
    const same = reads.every((one, k) => one === shown[k]);
    shown = reads;
    if (!same && looked) show(looked, moment);
    else if (!looked) {
      map.show(null, theme);
      text.show(null);
    }
    tell(moment);
    read();
    name(stale ? null : held);
  }

  function show(at: Looked, moment: Moment<Own>): void {
    const { state } = moment;
    const { input, found, reach, tokens } = at;
    // A few tokens have room for their numbers; more of them are a text.
    const written = tokens !== null && tokens.length * TOKEN_WIDTH > room ? tokens : null;
    (written ? text.element : map.element).append(row);
    const label = fill(words.grid, tokens ? words.tokens : words.features);
    const hasFocus = document.activeElement === text.element;
    map.show(written ? null : at, state.theme);
    setAttribute(map.element, 'aria-label', label);
    text.show(
      written && {
        tokens: written,
        apart: apartIn(state, written),
        values: Float32Array.from(written, (_, step) => valueAt(input, 0, step)),
        palette: 'signed',
        reach,
        playhead: state.step,
        range: [found.target.step, found.target.step],
        cursor: hasFocus ? cursorOf(moment, at).step : null,
        label,
        theme: state.theme,
      },
    );
    const end = formatScale(reach);
    legend.ends(`−${end}`, `+${end}`);
    legend.paint(scale(), 'signed', -1);
    setText(complete, completenessOf(found));
    sentences.replaceChildren(...found.text.map((sentence) => h('p', {}, sentence)));
    sentences.hidden = found.text.length === 0;
    list.replaceChildren(...largestOf(input, NAMED).map((place) => listed(at, place)));
  }

  function listed(at: Looked, place: ReturnType<typeof largestOf>[number]): HTMLElement {
    const number = formatCount(place.step + 1);
    const go = h(
      'button',
      { type: 'button', class: 'attribution-row', title: fill(words.goTo, number) },
      h('span', { class: 'attribution-of' }, nameAt(at, place)),
      h('span', { class: 'dim' }, lagInWords(place.step, at.found.target.step)),
      h('span', { class: 'attribution-number' }, signed(place.value)),
    );
    go.addEventListener('click', () => choose(place.step));
    return h('li', {}, go);
  }

  /** The contract's attributes. */
  function name(of: Attribution | null): void {
    const section = element.parentElement;
    if (!section) return;
    const found = of?.found;
    const { target, completeness, logit } = found ?? {};
    setAttribute(section, 'data-completeness', completeness ? String(completeness.error) : null);
    setAttribute(section, 'data-sum', completeness ? String(completeness.sum) : null);
    setAttribute(section, 'data-difference', completeness ? String(completeness.difference) : null);
    setAttribute(section, 'data-step', target ? String(target.step) : null);
    setAttribute(section, 'data-unit', target ? String(target.unit) : null);
    setAttribute(section, 'data-value', target ? String(target.value) : null);
    setAttribute(section, 'data-of', found ? (logit ? 'logit' : 'output') : null);
    setAttribute(section, 'data-method', of?.choice.method ?? null);
    setAttribute(section, 'data-baseline', of?.choice.baseline ?? null);
  }

  /** Why there is nothing to see; empty where there is something. */
  function hindranceTo(moment: Moment<Own>): string {
    const { failure } = moment.answer('attribution');
    if (!moment.state.run) return common.notRunYet;
    if (failure !== null) return failure;
    if (isGivenUp(moment) && (looked === null || isStale(moment))) return words.cancelled;
    return looked === null ? words.working : '';
  }

  return {
    elements: [element],
    render,
    phase(moment) {
      if (!moment.state.run) return 'empty';
      if (moment.answer('attribution').failure !== null) return 'error';
      if (isGivenUp(moment) && isStale(moment)) return 'empty';
      return held !== null && !isStale(moment) ? 'ready' : 'loading';
    },
  };
}

function isGivenUp(moment: Moment<Own>): boolean {
  const choice = choiceOf(moment);
  return choice !== null && moment.own.given === keyOf(choice);
}

/** Whether an answer is on its way. */
function isWaiting(moment: Moment<Own>): boolean {
  const { value, latest, failure } = moment.answer('attribution');
  const question = questionOf(moment, latest);
  return question !== null && failure === null && !value?.found;
}

function progressOf(moment: Moment<Own>): string {
  const { latest } = moment.answer('attribution');
  const choice = choiceOf(moment);
  const { run } = moment.state;
  const own = latest && choice && run && isAbout(latest, run.trace, choice) ? latest : null;
  return own ? progressInWords(own) : words.computing;
}

/** Whether tokens are words. */
function apartIn({ scene }: Moment<Own>['state'], tokens: readonly string[]): boolean {
  const input = scene?.network.input;
  if (input?.kind === 'token') return input.split === 'word';
  return tokens.some((token) => token.length > 1);
}
