/** One unit of the output over time, beside what it is compared with. */
import type { Network } from '../../../src/model/network';
import type { Forecast, SequenceSummary } from '../../../src/protocol';
import type { Context, Moment } from '../../feature';
import { fill } from '../../shared/words';
import { dropdown, setItems } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { percent } from '../../../src/picture/format';
import { choiceOf, choices } from './comparisons';
import { aheadOf, formatOf, stepInWords } from '../../../src/picture/output/forecast';
import {
  keysOf,
  linesPicture,
  notesOf,
  numbersOf,
  remarksOn,
  unitTitle,
  type Numbers,
} from '../../../src/picture/output/lines';
import { isShare } from '../../../src/picture/output/rank';
import { rowAt, xOf } from '../../../src/picture/output/axes';
import { paintSeries, type LineKind, type SeriesPicture } from '../../../src/picture/output/series';
import type { Chosen, Own } from './state';
import { seriesSheet } from '../../../src/picture/output/svg';
import { createTimeline } from './timeline';
import type { TimePane } from './pane';
import { words } from './words';

const KINDS: readonly LineKind[] = ['prediction', 'truth', 'before'];

/** A forecast, and its numbers in the data's units. */
interface Shown {
  readonly forecast: Forecast;
  readonly sequence: SequenceSummary;
  readonly theme: number;
  readonly numbers: Numbers;
  readonly picture: SeriesPicture;
  readonly format: (value: number) => string;
}

export function createSeriesPane({
  now,
  dispatch,
  change,
  scale,
}: Context<Own, Chosen>): TimePane & { readonly controls: HTMLElement } {
  const keys = {
    prediction: h('span', { class: 'output-key prediction' }, words.prediction),
    truth: h('span', { class: 'output-key truth' }, words.truth),
    before: h('span', { class: 'output-key before' }, words.asBefore),
  };
  const against = dropdown(words.against, (value) => {
    const shownNow = shown && now().state.scene;
    if (!shown || !shownNow) return;
    const chosen = choices(shownNow.network, shown.forecast.canExpect).find((one) => one.value === value);
    if (chosen) change({ type: 'compareWith', against: chosen.against });
  });
  const controls = h(
    'label',
    { class: 'output-against' },
    h('span', { class: 'dim' }, words.against),
    against,
  );
  const name = h('span', { class: 'output-caption dim' });
  const current = h('div', { class: 'output-sentence', 'data-forecast': true });
  const error = h('div', { class: 'output-sentence' });
  const taken = h('div', { class: 'output-sentence dim' });
  let hovered: number | null = null;
  let shown: Shown | null = null;
  const line = createTimeline<SeriesPicture>({
    paint: paintSeries,
    onPoint(x, clicked) {
      hovered = x === null || !shown ? null : rowAt(shown.picture, line.width, x);
      if (clicked && hovered !== null) {
        dispatch({ type: 'goTo', step: shown!.forecast.steps[hovered] });
      }
      say(now());
    },
    onSize: () => place(now()),
  });
  line.element.setAttribute('role', 'img');
  const element = h(
    'div',
    { class: 'output-time' },
    h('div', { class: 'output-legend' }, name, ...KINDS.map((kind) => keys[kind])),
    line.element,
    current,
    error,
    taken,
  );

  function place({ state: { step } }: Moment<Own>): void {
    line.place(shown && line.width > 0 ? xOf(shown.picture, line.width, withinOf(shown, step)) : null);
  }

  /** Of the row under the pointer, else of the one at the playhead. */
  function say({ state }: Moment<Own>): void {
    if (!shown) return;
    const { forecast, numbers, format, sequence } = shown;
    const row = hovered ?? rowOf(forecast, state.step);
    const step = forecast.steps[row];
    const about = step + aheadOf(forecast);
    const value = numbers.prediction![row];
    const truth = numbers.truth?.[row];
    setAttribute(current, 'data-step', String(step));
    setAttribute(current, 'data-value', String(forecast.prediction[row]));
    setAttribute(current, 'data-truth', truth === undefined ? null : String(forecast.truth![row]));
    const parts = [
      `${stepInWords(sequence, step)}:`,
      about === step ? format(value) : fill(words.predictsFor, format(value), aboutInWords(sequence, about)),
    ];
    if (truth !== undefined && !Number.isNaN(truth)) {
      parts.push('·', fill(words.was, format(truth), format(value - truth)));
    }
    setText(current, parts.join(' '));
  }

  return {
    element,
    controls,
    drawn(title, theme) {
      const { drawn } = line;
      if (!drawn || !shown) return null;
      const named = keysOf(shown.forecast, shown.numbers);
      const around = {
        title: [title, name.textContent].join(' · '),
        notes: notesOf([error.textContent, taken.textContent]),
      };
      return seriesSheet(around, named, drawn.picture, drawn.size, theme);
    },
    render(moment, network, reading) {
      const { state } = moment;
      const forecast = moment.answer('forecast').value ?? moment.answer('forecast').latest;
      // A single row of shares is all in the bars.
      if (!forecast || !state.sequence || (isShare(reading) && forecast.prediction.length < 2)) {
        shown = null;
        return false;
      }
      const { sequence, theme } = state;
      if (shown?.forecast !== forecast || shown.sequence !== sequence || shown.theme !== theme) {
        keys.prediction.style.setProperty('--key', scale().swatch('signed', 1).fill);
        shown = toShown(forecast, sequence, theme, network);
        const { numbers } = shown;
        for (const kind of KINDS) keys[kind].hidden = !numbers[kind];
        for (const { kind, text } of keysOf(forecast, numbers)) setText(keys[kind], text);
        const named = unitTitle(network, forecast.unit);
        const remarks = remarksOn(network, forecast);
        setText(name, named);
        line.element.setAttribute('aria-label', fill(words.overTime, named));
        setText(error, remarks.error ?? '');
        setText(taken, remarks.taken ?? '');
        for (const text of [error, taken]) text.hidden = text.textContent === '';
        setAttribute(element, 'data-rmse', forecast.error ? String(forecast.error.model) : null);
        setAttribute(element, 'data-rmse-before', forecast.error ? String(forecast.error.before) : null);
        setAttribute(element, 'data-unit', String(forecast.unit));
        const offered = choices(network, forecast.canExpect);
        setItems(against, offered, choiceOf(forecast.against));
        controls.hidden = offered.length < 2;
        line.element.hidden = forecast.prediction.length < 2;
      }
      line.show(shown.picture, theme);
      place(moment);
      say(moment);
      return true;
    },
  };
}

function toShown(forecast: Forecast, sequence: SequenceSummary, theme: number, network: Network): Shown {
  const numbers = numbersOf(forecast);
  const picture = linesPicture(network, forecast, numbers, sequence);
  const format = picture.shares ? percent : formatOf(forecast);
  return { forecast, sequence, theme, numbers, picture, format };
}

/** The row at a step, else the one before it. */
function rowOf({ steps }: Forecast, step: number): number {
  let row = Math.min(steps.length - 1, step);
  if (steps[row] === step) return row;
  while (row > 0 && steps[row] > step) row--;
  return row;
}

/** The playhead's step, within the picture. */
function withinOf({ picture: { at } }: Shown, step: number): number {
  return Math.max(at[0], Math.min(at[at.length - 1], step));
}

/** What comes after the end has no date. */
function aboutInWords(sequence: SequenceSummary, step: number): string {
  const { dates } = sequence.table ?? {};
  return dates && step >= dates.length
    ? fill(words.after, dates[dates.length - 1])
    : stepInWords(sequence, step);
}
