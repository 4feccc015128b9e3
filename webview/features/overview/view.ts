/** The strip on screen: a canvas that changes with the run, and above it the window's frame and the playhead. */
import type { Theme } from '../../../src/picture/colour/color';
import { readTheme } from '../../colour/theme';
import type { NetworkInput } from '../../../src/model/network';
import type { Forecast } from '../../../src/protocol';
import { visible } from '../../../src/unroll/mermaid';
import type { Context, Moment, View } from '../../feature';
import { numbersOf } from '../../../src/picture/measure';
import { askedFor } from '../../shared/numbersAsked';
import { signalOf } from '../../shared/signals';
import type { StepRange } from '../../shared/selection';
import { steps, type State } from '../../shared/state';
import { nearestShown } from '../../shared/window';
import { fill } from '../../shared/words';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { heightOf, inputHeight, lineCount, predictedOf } from './lines';
import { createOutputLabels } from './outputLabels';
import { outputsOf, type Outputs } from './outputs';
import { LETTER_ROOM, lineColours, paint, PREDICTION, type Strip } from './paint';
import { panned, rangeWithin, showing, stepAtX, xOfStep, zoomed, type Range } from './range';
import type { Zoomed } from './state';
import { words } from './words';

const WHEEL_FACTOR = 1.0015;
const KEY_FACTOR = 1.5;

type Own = Range | null;

export function createOverview({ dispatch, change, now, scale }: Context<Own, Zoomed>): View<Own> {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const frame = h('div', { class: 'overview-frame', hidden: true });
  const playhead = h('div', { class: 'overview-playhead', hidden: true });
  const chosen = h('div', { class: 'overview-chosen', hidden: true });
  const found = h('div', { class: 'overview-chosen overview-found', hidden: true });
  const surface = h(
    'div',
    {
      class: 'overview-surface',
      role: 'slider',
      tabindex: 0,
      'aria-label': words.overview,
      title: words.hint,
    },
    canvas,
    chosen,
    found,
    frame,
    playhead,
  );
  const signalLabel = h('div', { class: 'overview-signal' });
  const inputLabel = h('div', { class: 'overview-input' });
  const labels = createOutputLabels();
  const element = h(
    'section',
    { class: 'overview', 'data-view': 'overview', 'aria-label': words.overview, hidden: true },
    h('div', { class: 'overview-labels' }, signalLabel, inputLabel, labels.element, h('div', {}, words.step)),
    surface,
  );
  let width = 0;
  let named: readonly unknown[] = [];
  let predicted: Float32Array | null = null;
  const series = [predictions(), predictions()];
  let outputs: Outputs | null = null;
  let outputsOfWhat: readonly unknown[] = [];
  let painted: readonly unknown[] = [];
  let theme: { readonly at: number; readonly theme: Theme } | null = null;

  const rangeOf = ({ state, own }: Moment<Own>) => rangeWithin(own, steps(state));
  const zoomTo = (range: Range | null) => change({ type: 'zoomed', range });
  const stepUnder = (event: MouseEvent) => {
    const moment = now();
    const x = event.clientX - surface.getBoundingClientRect().left;
    return stepAtX(rangeOf(moment), width, steps(moment.state), x);
  };

  function themeAt(at: number): Theme {
    if (theme?.at !== at) theme = { at, theme: readTheme() };
    return theme.theme;
  }

  function draw(moment: Moment<Own>): void {
    const { state } = moment;
    const strip = stripOf(moment, rangeOf(moment), { predicted, outputs });
    const { inputs, signal, numbers, track, range } = strip;
    const reads = [
      inputs,
      predicted,
      outputs,
      signal,
      track,
      numbers?.values,
      numbers?.measure,
      range.from,
      range.to,
      width,
      state.theme,
    ];
    if (width === 0 || (painted.length > 0 && reads.every((value, k) => value === painted[k]))) return;
    painted = reads;
    const height = heightOf(inputs, outputs);
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    paint(context, width, strip, scale(), themeAt(state.theme));
  }

  /** Made anew only where what the runs gave is another. */
  function readOutputs({ state, answer }: Moment<Own>): void {
    const count = steps(state);
    const [shown, compared] = series.map((one, place) => one(answer('forecast', place).value, count));
    predicted = shown;
    const reads = [state.run, state.compared, count, shown, compared];
    if (reads.every((one, k) => one === outputsOfWhat[k])) return;
    outputsOfWhat = reads;
    outputs = outputsOf(state, { shown, compared });
  }

  /** Moved by transforms alone, so that scrubbing lays nothing out. */
  function place(moment: Moment<Own>): void {
    const { step, start, columns } = moment.state;
    const range = rangeOf(moment);
    const count = steps(moment.state);
    const [left, right] = [start, Math.min(count, start + columns)].map((at) =>
      Math.max(0, Math.min(width, xOfStep(range, width, at))),
    );
    frame.hidden = columns >= count || right <= left;
    frame.style.transform = `translateX(${left}px)`;
    frame.style.width = `${right - left}px`;
    placeSteps(chosen, moment.state.selection.range, range);
    placeSteps(found, moment.state.found, range);
    // A box around what has room for a letter, else a line.
    const cell = width / (range.to - range.from);
    const box = cell >= LETTER_ROOM && moment.state.sequence?.inputs.kind === 'token';
    const x = xOfStep(range, width, box ? step : step + 0.5);
    playhead.hidden = x + (box ? cell : 0) < 0 || x > width;
    playhead.classList.toggle('line', !box);
    playhead.style.width = box ? `${cell}px` : '';
    playhead.style.transform = `translateX(${x}px)`;
  }

  function placeSteps(mark: HTMLElement, steps: StepRange | null, range: Range): void {
    const [left, right] = steps
      ? [steps.from, steps.to + 1].map((at) => Math.max(0, Math.min(width, xOfStep(range, width, at))))
      : [0, 0];
    mark.hidden = !steps || right <= 0 || left >= width;
    mark.style.transform = `translateX(${left}px)`;
    mark.style.width = `${right - left}px`;
  }

  /** Lines stand under their names in their own colours. */
  function nameInputs({ sequence, scene, theme: at }: State): void {
    const { inputs } = sequence!;
    const line = predicted !== null && outputs === null;
    const reads = [inputs, scene, at, line];
    if (reads.every((one, k) => one === named[k])) return;
    named = reads;
    inputLabel.style.height = `${inputHeight(inputs)}px`;
    if (inputs.kind === 'token') {
      inputLabel.replaceChildren(words.tokens);
      setAttribute(inputLabel, 'title', null);
      return;
    }
    const input = scene?.network.input;
    const colours = lineColours(scale(), themeAt(at));
    const count = lineCount(inputs);
    const names = featureNames(input, count);
    const lines = names.map((name, feature) => ({ name, colour: colours[feature % colours.length] }));
    if (line) lines.push({ name: words.prediction, colour: colours[PREDICTION] });
    inputLabel.replaceChildren(
      ...lines.map(({ name, colour }) => {
        const key = h('span', { class: 'overview-key', 'aria-hidden': 'true' });
        key.style.background = colour;
        return h('div', { class: 'overview-name' }, lines.length > 1 && key, visible(name));
      }),
    );
    const more = input?.kind === 'vector' ? input.size - count : 0;
    const drawn = names.join(', ');
    setAttribute(inputLabel, 'title', more > 0 ? fill(words.more, drawn, formatCount(more)) : drawn);
  }

  new ResizeObserver(([{ contentRect }]) => {
    width = Math.floor(contentRect.width);
    draw(now());
    place(now());
  }).observe(surface);

  // With Shift the page's text would be marked.
  surface.addEventListener('mousedown', (event) => {
    if (event.shiftKey) event.preventDefault();
  });
  surface.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    surface.setPointerCapture(event.pointerId);
    const from = stepUnder(event);
    const { start, columns } = now().state;
    const inFrame = !frame.hidden && event.target === frame;
    const chooses = event.shiftKey;
    let moved = false;
    const move = (next: PointerEvent) => {
      const to = stepUnder(next);
      moved ||= to !== from;
      if (chooses) dispatch({ type: 'selectRange', range: { from, to } });
      else if (!inFrame) dispatch({ type: 'goTo', step: to });
      else if (moved) dispatch({ type: 'showFrom', start: start + to - from });
    };
    const up = (next: PointerEvent) => {
      surface.removeEventListener('pointermove', move);
      surface.removeEventListener('pointerup', up);
      surface.removeEventListener('pointercancel', up);
      if (chooses) {
        if (!moved && next.type === 'pointerup') {
          dispatch({ type: 'selectRange', range: { from, to: from } });
        }
        return;
      }
      if (inFrame && !moved && next.type === 'pointerup') dispatch({ type: 'goTo', step: from });
      // The playhead stays in view of the window that was moved.
      const { step, start: first } = now().state;
      if (inFrame && moved && (step < first || step >= first + columns)) {
        dispatch({ type: 'goTo', step: nearestShown(first, columns, steps(now().state), step) });
      }
    };
    if (!inFrame && !chooses) dispatch({ type: 'goTo', step: from });
    surface.addEventListener('pointermove', move);
    surface.addEventListener('pointerup', up);
    surface.addEventListener('pointercancel', up);
  });
  surface.addEventListener('dblclick', () => zoomTo(null));
  surface.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const moment = now();
      const range = rangeOf(moment);
      const count = steps(moment.state);
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        zoomTo(panned(range, count, (sideways / Math.max(1, width)) * (range.to - range.from)));
        return;
      }
      const x = event.clientX - surface.getBoundingClientRect().left;
      const about = range.from + (x / Math.max(1, width)) * (range.to - range.from);
      zoomTo(zoomed(range, count, about, WHEEL_FACTOR ** event.deltaY));
    },
    { passive: false },
  );
  surface.addEventListener('keydown', ({ key }) => {
    const moment = now();
    const about = moment.state.step + 0.5;
    if (key === '0') zoomTo(null);
    else if (key === '+' || key === '=') {
      zoomTo(zoomed(rangeOf(moment), steps(moment.state), about, 1 / KEY_FACTOR));
    } else if (key === '-') zoomTo(zoomed(rangeOf(moment), steps(moment.state), about, KEY_FACTOR));
  });

  let followed = -1;
  return {
    elements: [element],
    render(moment) {
      const { state, own } = moment;
      const count = steps(state);
      element.hidden = !state.sequence;
      setAttribute(element, 'data-state', state.sequence ? 'ready' : 'empty');
      if (!state.sequence) return;
      if (own && followed !== state.step) {
        const range = rangeOf(moment);
        const next = showing(range, count, state.step);
        if (next !== range) zoomTo(next);
      }
      followed = state.step;
      const attributes = { start: state.start, steps: state.columns, playhead: state.step };
      for (const [name, value] of Object.entries(attributes))
        setAttribute(element, `data-${name}`, String(value));
      setAttribute(element, 'data-found', state.found && `${state.found.from}:${state.found.to}`);
      setAttribute(surface, 'aria-valuemin', '1');
      setAttribute(surface, 'aria-valuemax', String(count));
      setAttribute(surface, 'aria-valuenow', String(state.step + 1));
      // While it plays, a slider with the focus would speak at every step.
      if (!state.playing) {
        setAttribute(
          surface,
          'aria-valuetext',
          fill(words.value, formatCount(state.step + 1), formatCount(count)),
        );
      }
      setText(signalLabel, signalInWords(state));
      readOutputs(moment);
      labels.render(outputs, state);
      nameInputs(state);
      draw(moment);
      place(moment);
    },
  };
}

/** What is predicted of the series, made once of an answer. */
function predictions(): (forecast: Forecast | null, count: number) => Float32Array | null {
  let known: Forecast | null = null;
  let values: Float32Array | null = null;
  return (forecast, count) => {
    if (forecast !== known || (values && values.length !== count)) {
      known = forecast;
      values = forecast && predictedOf(forecast, count);
    }
    return values;
  };
}

function stripOf(
  { state, answer }: Moment<Own>,
  range: Range,
  given: Pick<Strip, 'predicted' | 'outputs'>,
): Strip {
  const { run, measure, selection, sequence } = state;
  const address = selection.signal;
  const signal = run && address ? (signalOf(run, address) ?? null) : null;
  return {
    steps: steps(state),
    range,
    inputs: sequence?.inputs ?? null,
    ...given,
    signal,
    numbers: address && numbersOf(run, measure, askedFor(answer)),
    ...(run?.change && { change: run.change }),
    track: run?.recorded && measure === 'unit' ? answer('rows').latest : null,
  };
}

function signalInWords({ selection, measure }: State): string {
  const { signal, unit } = selection;
  return signal ? fill(words.measures[measure], signal.signal, unit ?? '') : '';
}

/** Of the first features; those without names have their number. */
function featureNames(input: NetworkInput | undefined, count: number): string[] {
  const { features, size } = input?.kind === 'vector' ? input : { features: undefined, size: 1 };
  return Array.from(
    { length: count },
    (_, feature) => features?.[feature] ?? (size === 1 ? 'x' : fill(words.feature, feature)),
  );
}
