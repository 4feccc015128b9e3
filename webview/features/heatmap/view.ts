/** The heat map on screen: its head, and below it the map, or the text itself, or why there is neither. */
import type { Theme } from '../../../src/picture/colour/color';
import { colouredTextSheet } from '../../../src/picture/colouredTextSvg';
import { formatScale, formatValue } from '../../../src/picture/format';
import { heatmapSheet } from '../../../src/picture/heatmap/svg';
import { signalInWords } from '../../../src/picture/names';
import type { Sheet } from '../../../src/picture/svgText';
import type { Context, Look, Moment, View } from '../../feature';
import { numbersOf, paletteOf, reachOf, type Numbers } from '../../../src/picture/measure';
import { askedFor } from '../../shared/numbersAsked';
import type { Spot } from '../../shared/spots';
import { pictureHead, type State } from '../../shared/state';
import { fill } from '../../shared/words';
import { createColouredText, type ColouredText } from '../../ui/colouredText';
import { h, setAttribute, setText } from '../../ui/dom';
import { createHeader } from './header';
import { heldNow, isWhole, readingAt, valueAt, type Held } from './held';
import { createMap } from './map';
import { drawnOf, marksOf } from './picture';
import { nameOf, readingInWords, sizeInWords, type Of } from './say';
import { zoomShowing, type HeatMap, type HeatMapAction } from './state';
import { NAME, cursorOf, hasText, nearestRow, obstacle, subjectOf, type Subject } from './subject';
import { words } from './words';

export function createView(context: Context<HeatMap, HeatMapAction>): View<HeatMap> {
  const { dispatch, change, now } = context;
  const header = createHeader(context);
  const note = h('div', { class: 'heatmap-note dim' });
  let held: Held | null = null;
  let hovered: Spot | null = null;
  let playhead: number | null = null;

  const map = createMap(context, {
    hover(spot) {
      hovered = spot;
      change({ type: 'pointAt', unit: spot && held ? held.order.units[spot.line] : null });
      read(now());
    },
    again: () => render(now()),
  });
  const text = createColouredText(context.scale, {
    onHover(token) {
      const { selection } = now().state;
      hovered = token === null ? null : { line: selection.unit ?? 0, row: token };
      read(now());
    },
    onChoose: (step) => dispatch({ type: 'goTo', step }),
    onRange: (from, to) => dispatch({ type: 'selectRange', range: { from, to } }),
  });
  const body = h('div', { class: 'heatmap-body' }, map.element, text.element, note);
  const element = h('div', { class: 'heatmap' }, header.element, body);

  new ResizeObserver(
    ([
      {
        contentRect: { width },
      },
    ]) => {
      const { devicePixelRatio: ratio } = window;
      if (width > 0) change({ type: 'makeRoom', room: { width, ratio } });
    },
  ).observe(body);

  function render(moment: Moment<HeatMap>): void {
    const { state, own } = moment;
    if (!state.dock.open.includes(NAME) || !state.scene) return;
    const subject = subjectOf(state, own);
    if (subject) follow(moment, subject);
    held = subject && heldNow(moment, subject, held);
    const texts = isText(moment, subject);
    const { phase, words: said } = stateOf(moment, subject, held);
    const awaited = phase === 'loading' && subject !== null && !texts;
    map.render(moment, texts ? null : held, awaited);
    map.tell(moment, subject);
    text.show(texts ? colouredText(moment, subject!) : null);
    setText(note, said);
    note.hidden = said === '' || (awaited && map.picture !== null);
    element.classList.toggle('stale', held !== null && !isWhole(moment, held, held.by));
    header.render(state, own, {
      size: sizeInWords(subject, held?.shades ?? null),
      hasText: subject !== null && hasText(state, subject.summary),
    });
    name(moment);
    read(moment);
  }

  /** The zoom goes along with a playhead that moves out of it. */
  function follow({ state, own }: Moment<HeatMap>, { run, summary }: Subject): void {
    const moved = playhead !== null && playhead !== state.step;
    playhead = state.step;
    if (!moved) return;
    const row = nearestRow(run.sequence, summary, state.step);
    const zoom = zoomShowing(row, own.zoom, summary.rows);
    if (zoom !== own.zoom) change({ type: 'zoomTo', zoom });
  }

  /** The contract's attributes. */
  function name({ state, own }: Moment<HeatMap>): void {
    const section = element.parentElement;
    if (!section) return;
    const { signal, unit } = state.selection;
    for (const part of ['layer', 'level', 'direction', 'signal'] as const) {
      setAttribute(section, `data-${part}`, signal && String(signal[part]));
    }
    setAttribute(section, 'data-unit', unit === null ? '' : String(unit));
    setAttribute(section, 'data-order', held?.by ?? own.order);
  }

  /** What the pointer is at; else where the cursor is. */
  function read(moment: Moment<HeatMap>): void {
    const { state, own } = moment;
    const subject = subjectOf(state, own);
    const reading = !subject
      ? ''
      : isText(moment, subject)
        ? textReading(moment, subject)
        : mapReading(moment);
    // What stands says itself where it was read.
    if (reading !== null) header.read(reading);
  }

  /** Null while it is on its way. */
  function mapReading(moment: Moment<HeatMap>): string | null {
    if (!held) return '';
    const { state, own, answer } = moment;
    const { subject, order, by } = held;
    if (hovered) {
      const unit = order.units[hovered.line];
      const found = readingAt(moment, held, unit, hovered.row);
      return found && readingInWords(state, subject, unit, found);
    }
    if (own.order !== by) return answer('order').failure ?? words.ordering;
    if (state.selection.unit === null && !own.cursor) return '';
    const cursor = cursorOf(state, own, subject);
    const value = valueAt(moment, subject, cursor);
    if (value === null) return '';
    const row = nearestRow(subject.run.sequence, subject.summary, cursor.step);
    return readingInWords(state, subject, cursor.unit, { first: row, last: row, min: value, max: value });
  }

  function textReading(moment: Moment<HeatMap>, subject: Subject): string {
    const { state } = moment;
    const numbers = textNumbers(moment, subject);
    if (!numbers) return '';
    const row = hovered?.row ?? nearestRow(subject.run.sequence, subject.summary, state.step);
    const value = numbers.values[subject.summary.offset + row];
    const reading = { first: row, last: row, min: value, max: value };
    return readingInWords(state, subject, shownIn(state), reading);
  }

  function draw({ theme }: Look): Sheet | null {
    const moment = now();
    const { state } = moment;
    const subject = subjectOf(state, moment.own);
    if (subject && isText(moment, subject)) return drawText(moment, subject, theme);
    if (!held || map.size.width === 0) return null;
    const { signal } = held.subject;
    const name = signalInWords(state.scene!.network, signal);
    const title = pictureHead(state, name, sizeInWords(held.subject, held.shades));
    return heatmapSheet(title, drawnOf(held), map.size, theme, marksOf(state, held, null));
  }

  function drawText(moment: Moment<HeatMap>, subject: Subject, theme: Theme): Sheet | null {
    const shown = colouredText(moment, subject);
    const { clientWidth: width } = text.element;
    if (!shown?.values || width === 0) return null;
    const { palette, reach, label } = shown;
    const end = formatScale(reach);
    const ends =
      palette === 'gate' ? { least: '0.00', most: formatValue(reach) } : { least: `−${end}`, most: end };
    const around = { title: pictureHead(moment.state, label) };
    return colouredTextSheet(around, shown, ends, width, theme);
  }

  return {
    elements: [element],
    render,
    drawing: { label: words.heatmap, draw },
    phase: (moment) => stateOf(moment, subjectOf(moment.state, moment.own), held).phase,
  };
}

/** Whether the text itself is shown. */
function isText({ state, own }: Moment<HeatMap>, subject: Subject | null): boolean {
  return own.text && subject !== null && hasText(state, subject.summary);
}

/** Whether a unit is shown whose numbers nobody has for the whole text. */
function isTooLong({ run, measure }: State): boolean {
  return run !== null && run.recorded && measure === 'unit';
}

/** What the text shows of a token: what the diagram shows. */
function shownIn({ measure, selection }: State): Of {
  return measure === 'unit' ? (selection.unit ?? 0) : measure;
}

/** Null while they are on their way. */
function textNumbers({ state, answer }: Moment<HeatMap>, { run }: Subject): Numbers | null {
  return numbersOf(run, state.measure, askedFor(answer));
}

function colouredText(moment: Moment<HeatMap>, subject: Subject): ColouredText | null {
  const { state } = moment;
  const { inputs } = subject.run.sequence;
  if (inputs.kind !== 'token' || isTooLong(state)) return null;
  const { input } = state.scene!.network;
  const { signal, summary } = subject;
  const numbers = textNumbers(moment, subject);
  const { found, selection } = state;
  const { range } = selection;
  return {
    tokens: inputs.tokens,
    apart: input.kind === 'token' && input.split === 'word',
    values: numbers && numbers.values.subarray(summary.offset, summary.offset + summary.rows),
    palette: paletteOf(summary, state.measure),
    reach: reachOf(summary, state.measure, state.run?.change),
    playhead: state.step,
    range: range && [range.from, range.to],
    found: found && [found.from, found.to],
    label: fill(words.colouredText, nameOf(state, signal, shownIn(state)), signal.layer, signal.signal),
    theme: state.theme,
  };
}

/** What the section says of itself; words where there is nothing to see. */
function stateOf(
  moment: Moment<HeatMap>,
  subject: Subject | null,
  held: Held | null,
): { readonly phase: 'loading' | 'ready' | 'empty' | 'error'; readonly words: string } {
  const { own, state, answer } = moment;
  if (!subject) return obstacle(state);
  const kind = !isText(moment, subject) ? 'shades' : state.measure === 'size' ? 'sizes' : 'unit';
  const { failure } = answer(kind);
  if (failure !== null) return { phase: 'error', words: failure };
  if (kind !== 'shades') {
    if (isTooLong(state)) return { phase: 'empty', words: words.textTooLong };
    return { phase: textNumbers(moment, subject) ? 'ready' : 'loading', words: '' };
  }
  if (!held) return { phase: 'loading', words: words.reading };
  const waits = !isWhole(moment, held, own.order) && answer('order').failure === null;
  return { phase: waits ? 'loading' : 'ready', words: '' };
}
