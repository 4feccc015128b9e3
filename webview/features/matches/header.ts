/** What is looked for: the signal, the steps, the threshold, the margins; and what is searched for it. */
import type { Matches } from '../../../src/protocol';
import type { Context } from '../../feature';
import { signalOf } from '../../shared/signals';
import { unitsOf } from '../../shared/selection';
import { steps, type State } from '../../shared/state';
import { fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { icons } from '../../ui/icons';
import { fitText } from '../../../src/picture/text';
import { MOST_OFF, NAME, thresholds, type Own, type OwnAction } from './state';
import { words } from './words';

export interface Header {
  readonly element: HTMLElement;
  render(state: State, own: Own, known: Matches | null): void;
}

export function createHeader({ dispatch, change, post, now, alone }: Context<Own, OwnAction>): Header {
  const title = h('h2', { class: 'matches-title' });
  const place = h('span', { class: 'dim matches-steps' });
  const range = createRange((from, to) => dispatch({ type: 'selectRange', range: { from, to } }));
  const threshold = createThreshold((value) => change({ type: 'above', threshold: value }));
  const margins = (['offBefore', 'offAfter'] as const).map((side) =>
    createMargin(side, (value) => {
      const { offBefore, offAfter } = now().own;
      change({ type: 'offBeside', offBefore, offAfter, [side]: value });
    }),
  );
  const units = button({
    ...{ title: words.unitsTitle, label: ' ' },
    onClick: () => change({ type: 'listUnits', on: !now().own.listsUnits }),
  });
  const file = createSource(
    { title: words.inFileTitle, label: words.inFile },
    () => post({ type: 'pickSource', what: 'file' }),
    () => post({ type: 'dropSource', what: 'file' }),
  );
  const labels = createSource(
    { title: words.labelsTitle, label: words.labels },
    () => post({ type: 'pickSource', what: 'labels' }),
    () => post({ type: 'dropSource', what: 'labels' }),
  );
  const close = button({
    ...{ title: words.close, icon: icons.close, appearance: 'icon' },
    onClick: () => dispatch({ type: 'showView', view: NAME, on: false }),
  });
  const controls = h(
    'div',
    { class: 'matches-controls' },
    ...[range.element, threshold.element, ...margins.map(({ element }) => element), units],
  );
  const element = h(
    'div',
    { class: 'matches-head' },
    h('div', { class: 'matches-name' }, title, place),
    h('div', { class: 'matches-sources' }, ...(alone ? [] : [file.element, labels.element]), close),
  );
  return {
    element,
    render(state, own, known) {
      const { sought, sources } = own;
      // Sliders are in the page where there is something to be slid alone.
      const isOwn = sought !== null && state.run?.sequence.title === sought.title;
      range.element.hidden = !state.run;
      range.render(steps(state), isOwn ? sought : null);
      const parts = sought ? controls : range.element;
      if (sought) controls.prepend(range.element);
      else controls.remove();
      if (parts.parentElement !== element) element.append(parts);
      setText(title, sought ? fill(words.title, sought.signal.signal, sought.signal.layer) : words.matches);
      const placeText = sought && !isOwn ? inWords(own) : '';
      setText(place, placeText);
      setAttribute(place, 'title', placeText);
      const { file: name } = sources;
      file.render(name === null ? null : { label: name, drop: fill(words.noFile, name) });
      const { labels: column } = sources;
      labels.render(
        column && {
          label: fill(words.labelled, column.column),
          drop: fill(words.noLabels, column.column, column.file),
        },
      );
      if (!sought || !state.scene) return;
      const { run, scene } = state;
      const summary = run && signalOf(run, sought.signal);
      threshold.render(
        own.threshold,
        thresholds(summary?.range === 'gate' ? 'gate' : 'other', summary?.scale ?? 1),
      );
      for (const margin of margins) margin.render(own);
      const on = known?.units ?? null;
      units.hidden = on === null;
      const label = fill(
        words.units,
        formatCount(on?.length ?? 0),
        formatCount(unitsOf(scene.network, sought.signal)),
      );
      setText(units, label);
      setAttribute(units, 'aria-label', label);
      setAttribute(units, 'aria-expanded', String(own.listsUnits));
      setAttribute(units, 'disabled', on?.length === 0 ? '' : null);
    },
  };
}

/** `steps 11 – 16 of hello`: of a sequence that is not on screen. */
function inWords({ sought }: Own): string {
  const { from, to, title } = sought!;
  const [first, last] = [from, to].map((step) => formatCount(step + 1));
  const range = from === to ? fill(words.oneStep, first) : fill(words.steps, first, last);
  return `${range} ${fill(words.inSample, title)}`;
}

/** The steps that are looked for, counted from 1, as numbers. */
function createRange(choose: (from: number, to: number) => void) {
  const field = (title: string) =>
    h('input', {
      ...{ type: 'number', class: 'unit-number match-number', min: 1, step: 1 },
      ...{ title, 'aria-label': title },
    });
  const [first, last] = [field(words.fromTitle), field(words.toTitle)];
  const stepOf = ({ value, validity, valueAsNumber }: HTMLInputElement) =>
    value !== '' && validity.valid ? valueAsNumber - 1 : null;
  first.addEventListener('change', () => {
    const from = stepOf(first);
    if (from !== null) choose(from, Math.max(from, stepOf(last) ?? from));
  });
  last.addEventListener('change', () => {
    const to = stepOf(last);
    if (to !== null) choose(Math.min(to, stepOf(first) ?? to), to);
  });
  return {
    element: h(
      'label',
      { class: 'match-field' },
      h('span', { class: 'dim' }, words.stepsFrom),
      first,
      '–',
      last,
    ),
    render(count: number, sought: Own['sought']) {
      for (const [one, step] of [
        [first, sought?.from],
        [last, sought?.to],
      ] as const) {
        const text = step === undefined ? '' : String(step + 1);
        setAttribute(one, 'max', String(count));
        if (one !== document.activeElement || stepOf(one) !== step) one.value = text;
      }
    },
  };
}

function createThreshold(choose: (value: number) => void) {
  const slider = h('input', { type: 'range', class: 'slider', title: words.thresholdTitle });
  setAttribute(slider, 'aria-label', words.thresholdTitle);
  const number = h('input', {
    ...{ type: 'number', class: 'unit-number match-number', step: 'any' },
    ...{ title: words.thresholdTitle, 'aria-label': words.thresholdNumber },
  });
  slider.addEventListener('input', () => choose(Number(slider.valueAsNumber.toPrecision(6))));
  /** Whether what stands in the field is being changed. */
  let editing = false;
  number.addEventListener('input', () => (editing = true));
  number.addEventListener('blur', () => (editing = false));
  number.addEventListener('change', () => {
    editing = false;
    if (number.value !== '' && number.validity.valid) choose(number.valueAsNumber);
  });
  // The arrow keys go on by steps of the slider, which `any` does not have.
  number.addEventListener('keydown', (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    editing = false;
    choose(Number((number.valueAsNumber + by * Number(slider.step)).toPrecision(6)));
  });
  return {
    element: h(
      'label',
      { class: 'match-field' },
      h('span', { class: 'dim' }, words.threshold),
      slider,
      number,
    ),
    render(value: number, { min, max, step }: ReturnType<typeof thresholds>) {
      for (const [name, bound] of Object.entries({ min, max, step }))
        setAttribute(slider, name, String(bound));
      if (slider.valueAsNumber !== value) slider.valueAsNumber = value;
      slider.style.setProperty('--fill', String(Math.max(0, Math.min(1, (value - min) / (max - min)))));
      const text = String(value);
      if (!editing && number.value !== text) number.value = text;
    },
  };
}

function createMargin(side: 'offBefore' | 'offAfter', choose: (steps: number) => void) {
  const title = side === 'offBefore' ? words.offBeforeTitle : words.offAfterTitle;
  const field = h('input', {
    ...{ type: 'number', class: 'unit-number match-number margin', min: 0, max: MOST_OFF, step: 1 },
    ...{ title, 'aria-label': title },
  });
  field.addEventListener('input', () => {
    if (field.value !== '' && field.validity.valid) choose(field.valueAsNumber);
  });
  return {
    element: h('label', { class: 'match-field' }, h('span', { class: 'dim' }, words[side]), field),
    render(own: Own) {
      const text = String(own[side]);
      if (document.activeElement !== field || Number(field.value) !== own[side]) field.value = text;
    },
  };
}

interface Chosen {
  readonly label: string;
  /** What its button to let it go is called. */
  readonly drop: string;
}

/** Of the name of a file or a column. */
const MOST_LETTERS = 22;

/** A button that chooses; once something is chosen, its name, and a button that lets it go. */
function createSource(
  { title, label }: { readonly title: string; readonly label: string },
  pick: () => void,
  drop: () => void,
) {
  const choose = button({ title, label, onClick: pick });
  const remove = button({ title: label, icon: icons.close, appearance: 'icon', onClick: drop });
  return {
    element: h('span', { class: 'match-source' }, choose, remove),
    render(chosen: Chosen | null) {
      const text = chosen?.label ?? label;
      setText(choose, fitText(text, MOST_LETTERS));
      setAttribute(choose, 'aria-label', text);
      setAttribute(choose, 'title', chosen ? `${chosen.label}: ${title}` : title);
      remove.hidden = chosen === null;
      if (!chosen) return;
      setAttribute(remove, 'title', chosen.drop);
      setAttribute(remove, 'aria-label', chosen.drop);
    },
  };
}
