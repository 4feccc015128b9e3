/** The card that says all about one signal at one step. */
import { furtherInputs, inputOf, INPUT, type Network, type StepAddress } from '../../src/model/network';
import { signalFacts } from '../../src/model/signals';
import type { SignalSummary, Values } from '../../src/protocol';
import { equationOf, plainText, signalName } from '../../src/unroll/equations';
import type { ColorScale } from '../colour/scale';
import { h, setAttribute, setText } from '../dom';
import { formatPrecise } from '../format';
import { icons } from '../icons';
import { layerInWords, notRunReason, quoted, signalOf, unitInWords } from '../signals';
import { lacksWeights, tokenAt, type Action, type Card, type State } from '../state';
import { fill, strings } from '../strings';
import { button } from '../toolkit';
import { equationElement } from './equation';
import { placeCard } from './placement';
import { createStrip } from './strip';
import type { Commands, View } from './view';

const STRIP_WIDTH = 344;
const CARD_ID = 'signal-card';
const COPIED_MILLISECONDS = 1500;

type Statistic = 'mean' | 'min' | 'max' | 'saturated';

/** `anchorOf` finds the signal's node in the diagram. */
export function createHoverCard(
  dispatch: (action: Action) => void,
  commands: Commands,
  scale: () => ColorScale,
  anchorOf: (address: StepAddress) => Element | null,
): View {
  const head = createHead(dispatch, commands);
  const body = createBody(dispatch, scale);
  const element = h(
    'div',
    { class: 'card', role: 'tooltip', id: CARD_ID, hidden: true },
    head.element,
    body.element,
  );
  let shown: Pick<State, 'card' | 'theme' | 'run' | 'scene' | 'unit'> | null = null;
  let anchor: Element | null = null;

  function describe(next: Element | null): void {
    if (next === anchor) return;
    anchor?.removeAttribute('aria-describedby');
    next?.setAttribute('aria-describedby', CARD_ID);
    anchor = next;
  }

  return {
    element,
    render(state) {
      const { card, theme, run, scene, unit } = state;
      const now = { card, theme, run, scene, unit };
      if (shown && Object.entries(now).every(([name, value]) => shown![name as keyof typeof now] === value))
        return;
      const moved =
        !shown?.card || !card || shown.card.address !== card.address || shown.card.values !== card.values;
      shown = now;
      element.hidden = !card || !scene;
      if (!card || !scene) return describe(null);
      for (const name of ['layer', 'level', 'direction', 'signal', 'step'] as const) {
        setAttribute(element, `data-${name}`, String(card.address[name]));
      }
      element.classList.toggle('pinned', card.pinned);
      element.classList.toggle(
        'waiting',
        !!run && !!signalOf(run, card.address) && !card.values && !card.failure,
      );
      head.render(state);
      body.render(state);
      describe(anchorOf(card.address));
      if (moved && anchor) moveTo(element, anchor);
    },
  };
}

function moveTo(card: HTMLElement, anchor: Element): void {
  const { width, height } = card.getBoundingClientRect();
  const place = placeCard(
    anchor.getBoundingClientRect(),
    { width, height },
    document.documentElement.getBoundingClientRect(),
  );
  card.style.left = `${place.left}px`;
  card.style.top = `${place.top}px`;
}

function createHead(dispatch: (action: Action) => void, commands: Commands): View {
  const title = h('span', { class: 'card-title' });
  const where = h('span', { class: 'dim' });
  let current: Card;
  const pin = button({
    title: strings.pin,
    icon: icons.pin,
    appearance: 'icon',
    onClick: () =>
      dispatch(
        current.pinned ? { type: 'unpinCard' } : { type: 'openCard', address: current.address, pinned: true },
      ),
  });
  pin.classList.add('pin');
  const copy = button({
    title: strings.copyTitle,
    icon: icons.copy,
    appearance: 'icon',
    onClick: () => {
      commands.copy(listOf(current.values!.values));
      copy.title = strings.copied;
      copy.classList.add('copied');
      setTimeout(() => {
        copy.title = strings.copyTitle;
        copy.classList.remove('copied');
      }, COPIED_MILLISECONDS);
    },
  });
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
    render(state) {
      const { network } = state.scene!;
      current = state.card!;
      const { address } = current;
      title.replaceChildren(signalName(network, address), ' ', h('i', {}, address.signal));
      const words = [...layerInWords(network, address), ...timeInWords(state, address)];
      where.replaceChildren(
        ...words.flatMap((word) => [' · ', h('span', { class: 'word', title: word }, word)]),
      );
      const found = equationOf(network, address);
      const source = found && /\bx/.test(plainText(found)) ? inputInWords(network, address) : null;
      equation.replaceChildren(
        ...(found ? [equationElement(found)] : []),
        ...(source ? [h('div', { class: 'where-from' }, source)] : []),
      );
      setAttribute(pin, 'aria-pressed', String(current.pinned));
      setAttribute(pin, 'title', current.pinned ? strings.unpin : strings.pin);
      setAttribute(pin, 'aria-label', current.pinned ? strings.unpin : strings.pin);
      copy.hidden = !current.values;
    },
  };
}

/** What x_t is in a signal's equation, where it is not the network's own input. */
function inputInWords({ layers }: Network, { layer: name, level }: StepAddress): string | null {
  if (level > 0) return fill(strings.inputIsLevel, level - 1);
  const layer = layers.find((one) => one.name === name);
  const sources = layer?.inputs.filter((input) => input !== INPUT) ?? [];
  return sources.length > 0 ? fill(strings.inputIsLayer, sources.join(', ')) : null;
}

/** The step, and the token that the network's input has there; a decoder's steps are its own. */
function timeInWords(state: State, address: StepAddress): string[] {
  const { step } = address;
  const own = state.run && signalOf(state.run, address)?.time === 'own';
  if (own) return [fill(strings.ownTime, step)];
  const token = tokenAt(state, step);
  const time = fill(strings.time, step);
  return token === null ? [time] : [time, quoted(token)];
}

function createBody(dispatch: (action: Action) => void, scale: () => ColorScale): View {
  const colourBy = (unit: number) => dispatch({ type: 'colourBy', unit });
  let current: State;
  const readout = h('span', { class: 'readout' });
  const strip = createStrip(STRIP_WIDTH, {
    onHover(unit) {
      setText(readout, unit === null ? '' : unitAndValue(current, unit));
      ends.classList.toggle('reading', unit !== null);
    },
    onSelect: colourBy,
  });
  const first = h('span');
  const last = h('span');
  const ends = h('div', { class: 'strip-ends' }, first, last, readout);
  const stats = createStatistics();
  const lowest = createExtremes(strings.lowest, colourBy);
  const highest = createExtremes(strings.highest, colourBy);
  const vector = h('data', { 'data-values': '', hidden: true });
  const figures = h(
    'div',
    { class: 'figures' },
    h('div', { class: 'strip-place' }, strip.element, ends),
    h('dl', { class: 'stats' }, ...stats.elements, ...lowest.elements, ...highest.elements),
    vector,
  );
  const note = h('p', { class: 'note' });

  return {
    element: h('div', {}, figures, note),
    render(state) {
      current = state;
      const { run, card, unit } = state;
      const values = card!.values;
      const signal = run && signalOf(run, card!.address);
      const isToken = isTokenInput(state.scene!.network, card!.address);
      figures.hidden = !signal || !!card!.failure || (isToken && !!values);
      setAttribute(vector, 'data-values', values ? listOf(values.values) : '');
      setText(vector, values ? listOf(values.values) : '');
      setText(note, noteInWords(state));
      note.hidden = note.textContent === '';
      stats.render(state);
      if (!values || !signal) return;
      strip.show(values.values, painter(scale(), signal), unit);
      setAttribute(
        strip.element,
        'aria-label',
        fill(strings.stripLabel, values.values.length, formatPrecise(values.min), formatPrecise(values.max)),
      );
      setText(first, '0');
      setText(last, values.values.length > 1 ? String(values.values.length - 1) : '');
      ends.style.width = strip.element.style.width;
      lowest.show(state, values.smallest);
      highest.show(state, values.largest);
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
  const isInput = layer === INPUT || furtherInputs(network).some(({ name }) => name === layer);
  return isInput && inputOf(network, layer).kind === 'token';
}

function noteInWords(state: State): string {
  const { run, card, scene } = state;
  const idle = notRunReason(scene!.network, run, card!.address);
  if (idle !== undefined) return idle;
  if (!run) return lacksWeights(state) ? strings.notRunnable : strings.notRunYet;
  const { values, failure, address } = card!;
  if (failure) return failure;
  if (!values) return '';
  if (isTokenInput(scene!.network, address)) return fill(strings.tokenId, values.values[0]);
  return values.nonFinite > 0 ? fill(strings.nonFinite, values.nonFinite, values.values.length) : '';
}

function createStatistics() {
  const mean = createStatistic('mean');
  const saturated = createStatistic('saturated');
  const min = createStatistic('min');
  const max = createStatistic('max');
  return {
    elements: [mean, saturated, min, max].flatMap(({ elements }) => elements),
    render({ card, scene }: State) {
      const { values, address } = card!;
      const { network } = scene!;
      mean.show(values?.mean);
      min.show(values?.min, extremeInWords(network, address, values?.smallest[0]));
      max.show(values?.max, extremeInWords(network, address, values?.largest[0]));
      saturated.show(values?.saturated ?? undefined);
      if (values && values.saturated !== null) saturated.say(shareInWords(values));
      saturated.label(isDeadOrAlive(network, address) ? strings.dead : strings.saturated);
    },
  };
}

function createStatistic(name: Statistic) {
  const label = h('dt', {}, strings[name]);
  const figure = h('b', { 'data-stat': name });
  const unit = h('span', { class: 'dim' });
  return {
    elements: [label, h('dd', {}, figure, unit)],
    label: (text: string) => setText(label, text),
    say: (text: string) => setText(figure, text),
    show(value: number | undefined, of = '') {
      setAttribute(figure, 'data-value', value === undefined ? null : String(value));
      setText(figure, value === undefined ? strings.none : formatPrecise(value));
      setText(unit, of);
    },
  };
}

function extremeInWords(network: Network, address: StepAddress, unit: number | undefined): string {
  return unit === undefined ? '' : ` ${unitInWords(network, address, unit)}`;
}

function shareInWords({ saturated, values }: Values): string {
  return fill(strings.shareOf, Math.round(saturated! * values.length), values.length);
}

/** Whether saturation means that a relu gives exactly 0. */
function isDeadOrAlive(network: Network, { layer: name, signal }: StepAddress): boolean {
  const layer = network.layers.find((candidate) => candidate.name === name);
  return !!layer && signalFacts(layer, signal).saturation === 'dead';
}

function createExtremes(label: string, colourBy: (unit: number) => void) {
  const units = h('dd', { class: 'units' });
  return {
    elements: [h('dt', {}, label), units],
    show(state: State, extremes: readonly number[]) {
      if (extremes.length === 0) return units.replaceChildren(strings.none);
      units.replaceChildren(
        ...extremes.map((unit) => {
          const title = fill(strings.colourByUnit, unit, formatPrecise(state.card!.values!.values[unit]));
          const chip = h('button', {
            type: 'button',
            class: 'unit-chip',
            title,
            'aria-pressed': String(unit === state.unit),
          });
          chip.textContent = String(unit);
          chip.addEventListener('click', () => colourBy(unit));
          return chip;
        }),
      );
    },
  };
}

function unitAndValue({ scene, card }: State, unit: number): string {
  const { address, values } = card!;
  return fill(
    strings.unitValue,
    unitInWords(scene!.network, address, unit),
    formatPrecise(values!.values[unit]),
  );
}

/** Comma-separated and unrounded. */
function listOf(values: Float32Array): string {
  return Array.from(values, String).join(',');
}
