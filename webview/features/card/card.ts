/** The card that says all about one signal at one step. */
import { inputOf, INPUT, type Network, type StepAddress } from '../../../src/model/network';
import { signalFacts } from '../../../src/model/signals';
import type { SignalSummary, Values, Why } from '../../../src/protocol';
import { equationOf, plainText, signalName } from '../../../src/unroll/equations';
import type { ColorScale } from '../../../src/picture/colour/scale';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { icons } from '../../ui/icons';
import { isGiven, notRunReason, signalOf, withoutStep } from '../../shared/signals';
import { layerInWords, quoted, unitInWords } from '../../../src/picture/names';
import { Hover, nodeOf } from './hover';
import { shownState, type Card, type CardAction } from './state';
import { tokenAt, type State } from '../../shared/state';
import { button } from '../../toolkit';
import { copyButton } from '../../shared/copyButton';
import { equationElement } from '../../shared/equation';
import { isExplained } from '../../shared/dock';
import { keptIn, placeCard } from './placement';
import { becauseOf, whyAsked } from './because';
import { createStrip } from './strip';
import { createWhatIf } from './whatIf';
import { createWhatIs } from './whatIs';
import type { Context, View } from '../../feature';
import { common, fill } from '../../shared/words';
import { words } from './words';

const STRIP_WIDTH = 344;
const CARD_ID = 'signal-card';

type Statistic = 'mean' | 'min' | 'max' | 'saturated';

/** What the card shows: of an open card, what all share and the signal's values. */
export interface Shown {
  readonly state: State;
  readonly card: Card;
  /** Null while they are on their way, or before a run. */
  readonly values: Values | null;
  /** Null while it is on its way, and where there is none. */
  readonly why: Why | null;
  /** Why there are no values. */
  readonly failure: string | null;
}

/** A piece of the card. */
interface CardPiece {
  readonly element: HTMLElement;
  render(shown: Shown): void;
}

export function createCard(context: Context<Card | null, CardAction>): View<Card | null> {
  const head = createHead(context);
  const body = createBody(context);
  const whatIf = createWhatIf(context.dispatch);
  const whatIs = createWhatIs();
  const element = h(
    'div',
    { class: 'card', role: 'tooltip', id: CARD_ID, hidden: true },
    head.element,
    body.element,
    whatIf.element,
    whatIs.element,
  );
  // It grows where it stands, as far as the window lets it.
  whatIs.element.addEventListener('toggle', () => moveTo(element, null));
  const { region, change, dispatch, prefetch } = context;
  const hover = new Hover({
    stage: region,
    card: element,
    change(action) {
      change(action);
      if (action.type !== 'openCard' || !action.pinned || action.compared) return;
      dispatch({ type: 'select', signal: withoutStep(action.address) });
      dispatch({ type: 'goTo', step: action.address.step });
    },
    prefetch(address, compared) {
      const { run } = shownState(context.now().state, { compared });
      if (run && signalOf(run, address)) prefetch('values', { trace: run.trace, address });
    },
  });
  let reads: readonly unknown[] = [];
  let before: (Pick<Shown, 'card' | 'values'> & Pick<State, 'width' | 'drawing'>) | null = null;
  let anchor: Element | null = null;

  function describe(next: Element | null): void {
    if (next === anchor) return;
    anchor?.removeAttribute('aria-describedby');
    next?.setAttribute('aria-describedby', CARD_ID);
    anchor = next;
  }

  return {
    elements: [element],
    render(now) {
      hover.follow(now.own);
      const { state: all, own: card, answer } = context.now();
      const state = shownState(all, card);
      const { value: values, failure } = answer('values');
      const { value: why } = answer('why');
      const { theme, run, scene, selection, measure, changes, width, drawing } = state;
      const said = [values, why, failure, isExplained(state)];
      const newest = [card, theme, run, scene, selection, measure, changes, width, drawing, ...said];
      if (newest.every((one, index) => one === reads[index])) return;
      reads = newest;
      const redrawn = before?.width !== width || before.drawing !== drawing;
      const moved = redrawn || before?.card.address !== card?.address || before?.values !== values;
      before = card && { card, values, width, drawing };
      element.hidden = !card || !scene;
      if (!card || !scene) return describe(null);
      for (const name of ['layer', 'level', 'direction', 'signal', 'step'] as const) {
        setAttribute(element, `data-${name}`, String(card.address[name]));
      }
      element.classList.toggle('pinned', card.pinned);
      const expected = !!run && !!signalOf(run, card.address);
      element.classList.toggle('waiting', expected && !values && failure === null);
      const shown = { state, card, values, why, failure };
      head.render(shown);
      body.render(shown);
      whatIf.render(shown);
      if (card.compared) whatIf.element.hidden = true;
      whatIs.render(shown);
      describe(nodeOf(region, card));
      if (moved) moveTo(element, anchor);
    },
  };
}

/** To its anchor; where that is out of the window, the card stays where it is, but for what would be cut. */
function moveTo(card: HTMLElement, anchor: Element | null): void {
  const box = card.getBoundingClientRect();
  const viewport = document.documentElement.getBoundingClientRect();
  const place = anchor ? placeCard(anchor.getBoundingClientRect(), box, viewport) : keptIn(box, viewport);
  card.style.left = `${place.left}px`;
  card.style.top = `${place.top}px`;
}

function createHead({ change, post }: Context<Card | null, CardAction>): CardPiece {
  const title = h('span', { class: 'card-title' });
  const where = h('span', { class: 'dim' });
  let current: Shown;
  const pin = button({
    title: words.pin,
    icon: icons.pin,
    appearance: 'icon',
    onClick: () =>
      change(
        current.card.pinned
          ? { type: 'unpinCard' }
          : { type: 'openCard', address: current.card.address, pinned: true },
      ),
  });
  pin.classList.add('pin');
  const copy = copyButton(words.copyTitle, post, () => current.values && listOf(current.values.values));
  const equation = h('div', { class: 'equation-place' });
  const element = h(
    'div',
    {},
    h(
      'div',
      { class: 'card-head' },
      h('div', {}, title, where),
      h('div', { class: 'card-actions' }, copy, pin),
    ),
    equation,
  );
  return {
    element,
    render(shown) {
      current = shown;
      const { state, card, values } = shown;
      const { network } = state.scene!;
      const { address, pinned } = card;
      title.replaceChildren(signalName(network, address), ' ', h('i', {}, address.signal));
      const places = [...layerInWords(network, address), ...timeInWords(state, address)];
      where.replaceChildren(
        ...places.flatMap((word) => [' · ', h('span', { class: 'word', title: word }, word)]),
      );
      const found = equationOf(network, address);
      const source = found && /\bx/.test(plainText(found)) ? inputInWords(network, address) : null;
      equation.replaceChildren(
        ...(found ? [equationElement(found)] : []),
        ...(source ? [h('div', { class: 'where-from' }, source)] : []),
      );
      setAttribute(pin, 'aria-pressed', String(pinned));
      setAttribute(pin, 'title', pinned ? words.unpin : words.pin);
      setAttribute(pin, 'aria-label', pinned ? words.unpin : words.pin);
      copy.hidden = !values;
    },
  };
}

/** What x_t is in a signal's equation, where it is not the network's own input. */
function inputInWords({ layers }: Network, { layer: name, level }: StepAddress): string | null {
  if (level > 0) return fill(words.inputIsLevel, level - 1);
  const layer = layers.find((one) => one.name === name);
  const sources = layer?.inputs.filter((input) => input !== INPUT) ?? [];
  return sources.length > 0 ? fill(words.inputIsLayer, sources.join(', ')) : null;
}

/** The step, and the token that the network's input has there; a decoder's steps are its own. */
function timeInWords(state: State, address: StepAddress): string[] {
  const { step } = address;
  const own = state.run && signalOf(state.run, address)?.time === 'own';
  if (own) return [fill(words.ownTime, formatCount(step + 1), formatCount(step))];
  const token = tokenAt(state, step);
  const time = fill(words.time, formatCount(step + 1), formatCount(step));
  return token === null ? [time] : [time, quoted(token)];
}

function createBody({ dispatch, scale }: Context<Card | null, CardAction>): CardPiece {
  const selectUnit = (unit: number) => {
    dispatch({ type: 'select', signal: withoutStep(current.card.address), unit });
    dispatch({ type: 'show', measure: 'unit' });
  };
  let current: Shown;
  const readout = h('span', { class: 'readout' });
  const strip = createStrip(STRIP_WIDTH, {
    onHover(unit) {
      setText(readout, unit === null ? '' : unitAndValue(current, unit));
      ends.classList.toggle('reading', unit !== null);
    },
    onSelect: selectUnit,
  });
  const first = h('span');
  const last = h('span');
  const ends = h('div', { class: 'strip-ends' }, first, last, readout);
  const stats = createStatistics();
  const lowest = createExtremes(words.lowest, selectUnit);
  const highest = createExtremes(words.highest, selectUnit);
  const saturated = h('p', { class: 'card-saturated dim' });
  const vector = h('data', { 'data-values': '', hidden: true });
  const figures = h(
    'div',
    { class: 'figures' },
    h('div', { class: 'strip-place' }, strip.element, ends),
    h('dl', { class: 'stats' }, ...stats.elements, ...lowest.elements, ...highest.elements),
    saturated,
    vector,
  );
  const because = h('p', { class: 'card-because dim', 'data-because': '' });
  const note = h('p', { class: 'note' });

  return {
    element: h('div', {}, figures, because, note),
    render(shown) {
      current = shown;
      const { state, card, values, why, failure } = shown;
      const { run, selection } = state;
      const signal = run && signalOf(run, card.address);
      const chosen = selection.signal?.layer === card.address.layer ? selection.unit : null;
      const isToken = isTokenInput(state.scene!.network, card.address);
      figures.hidden = !signal || failure !== null || (isToken && !!values);
      setAttribute(vector, 'data-values', values ? listOf(values.values) : '');
      setText(vector, values ? listOf(values.values) : '');
      setText(note, noteInWords(shown));
      note.hidden = note.textContent === '';
      because.hidden = whyAsked(state, card) === null || failure !== null;
      setText(because, why ? becauseOf(state.scene!.network, why) : '');
      stats.render(shown);
      const definition = saturationInWords(state.scene!.network, card.address);
      setText(saturated, definition ?? '');
      saturated.hidden = definition === null || !isExplained(state);
      if (!values || !signal) return;
      strip.show(values.values, painter(scale(), signal), chosen);
      setAttribute(
        strip.element,
        'aria-label',
        fill(words.stripLabel, values.values.length, formatPrecise(values.min), formatPrecise(values.max)),
      );
      setText(first, '0');
      setText(last, values.values.length > 1 ? String(values.values.length - 1) : '');
      ends.style.width = strip.element.style.width;
      for (const element of [...lowest.elements, ...highest.elements]) element.hidden = isSingle(values);
      lowest.show(chosen, values, values.smallest);
      highest.show(chosen, values, values.largest);
    },
  };
}

/** The diagram's colours: a value that is no number has none. */
function painter(colours: ColorScale, { range, scale }: SignalSummary): (value: number) => string | null {
  return (value) => {
    if (Number.isNaN(value)) return null;
    return colours.swatch(range, value === 0 ? 0 : value / scale).fill;
  };
}

/** The ids of tokens are names, not amounts: no statistics for them. */
function isTokenInput(network: Network, { layer }: StepAddress): boolean {
  return isGiven(network, { layer }) && inputOf(network, layer).kind === 'token';
}

function noteInWords({ state, card, values, failure }: Shown): string {
  const { run, scene } = state;
  const { address } = card;
  const idle = notRunReason(scene!.network, run, address);
  if (idle !== undefined) return idle;
  if (!run) return scene!.lacksWeights ? common.notRunnable : common.notRunYet;
  if (failure !== null) return failure;
  if (!values) return '';
  if (isTokenInput(scene!.network, address)) return fill(words.tokenId, values.values[0]);
  if (values.nonFinite > 0) return fill(words.nonFinite, values.nonFinite, values.values.length);
  return scene!.trained || address.signal === 'x' ? '' : common.untrainedNote;
}

function createStatistics() {
  const mean = createStatistic('mean');
  const saturated = createStatistic('saturated');
  const min = createStatistic('min');
  const max = createStatistic('max');
  return {
    elements: [mean, saturated, min, max].flatMap(({ elements }) => elements),
    render({ state, card, values }: Shown) {
      const { address } = card;
      const { network } = state.scene!;
      mean.show(values?.mean);
      const single = !!values && isSingle(values);
      mean.label(single ? words.value : words.mean);
      for (const extreme of [min, max]) extreme.hide(single);
      saturated.hide(single && values.saturated === null);
      min.show(values?.min, extremeInWords(network, address, values?.smallest[0]));
      max.show(values?.max, extremeInWords(network, address, values?.largest[0]));
      saturated.show(values?.saturated ?? undefined);
      if (values && values.saturated !== null) saturated.say(shareInWords(values));
      saturated.label(isDeadOrAlive(network, address) ? words.dead : words.saturated);
      saturated.define(saturationInWords(network, address));
    },
  };
}

/** A single unit has a value, and no extremes beside it. */
function isSingle({ values }: Values): boolean {
  return values.length === 1;
}

function createStatistic(name: Statistic) {
  const label = h('dt', {}, words[name]);
  const figure = h('b', { 'data-stat': name });
  const unit = h('span', { class: 'dim' });
  const elements = [label, h('dd', {}, figure, unit)];
  return {
    elements,
    hide: (hidden: boolean) =>
      elements.forEach(({ classList }) => classList.toggle('visually-hidden', hidden)),
    label: (text: string) => setText(label, text),
    define: (text: string | null) => setAttribute(label, 'title', text),
    say: (text: string) => setText(figure, text),
    show(value: number | undefined, of = '') {
      setAttribute(figure, 'data-value', value === undefined ? null : String(value));
      setText(figure, value === undefined ? common.none : formatPrecise(value));
      setText(unit, of);
    },
  };
}

function extremeInWords(network: Network, address: StepAddress, unit: number | undefined): string {
  return unit === undefined ? '' : ` ${unitInWords(network, address, unit)}`;
}

function shareInWords({ saturated, values }: Values): string {
  return fill(words.shareOf, Math.round(saturated! * values.length), values.length);
}

/** Whether saturation means that a relu gives exactly 0. */
function isDeadOrAlive(network: Network, address: StepAddress): boolean {
  return saturationOf(network, address) === 'dead';
}

function saturationOf(network: Network, { layer: name, signal }: StepAddress) {
  const layer = network.layers.find((candidate) => candidate.name === name);
  return layer ? signalFacts(layer, signal).saturation : null;
}

/** What it is to be saturated, or dead; null where a signal cannot be. */
function saturationInWords(network: Network, address: StepAddress): string | null {
  switch (saturationOf(network, address)) {
    case 'sigmoid':
      return fill(words.saturatedIs, words.saturated, common.saturatedGate);
    case 'tanh':
      return fill(words.saturatedIs, words.saturated, common.saturatedValue);
    case 'dead':
      return fill(words.saturatedIs, words.dead, common.saturatedRelu);
    default:
      return null;
  }
}

function createExtremes(label: string, selectUnit: (unit: number) => void) {
  const units = h('dd', { class: 'units' });
  return {
    elements: [h('dt', {}, label), units],
    show(chosen: number | null, { values }: Values, extremes: readonly number[]) {
      if (extremes.length === 0) return units.replaceChildren(common.none);
      units.replaceChildren(
        ...extremes.map((unit) => {
          const title = fill(words.colourByUnit, unit, formatPrecise(values[unit]));
          const chip = h('button', {
            type: 'button',
            class: 'unit-chip',
            title,
            'aria-pressed': String(unit === chosen),
          });
          chip.textContent = String(unit);
          chip.addEventListener('click', () => selectUnit(unit));
          return chip;
        }),
      );
    },
  };
}

function unitAndValue({ state, card, values }: Shown, unit: number): string {
  return fill(
    words.unitValue,
    unitInWords(state.scene!.network, card.address, unit),
    formatPrecise(values!.values[unit]),
  );
}

/** Comma-separated and unrounded. */
function listOf(values: Float32Array): string {
  return Array.from(values, String).join(',');
}
