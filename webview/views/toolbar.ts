/** The model's name, the sequence, the playhead, and how the picture is shown. */
import { isRecurrent } from '../../src/model/network';
import { h, setAttribute, setText } from '../dom';
import { formatCount } from '../format';
import { icons } from '../icons';
import { visible } from '../../src/unroll/mermaid';
import { steps, tokenAt, type Action, type State } from '../state';
import { fill, strings } from '../strings';
import { architecture, widest } from '../summary';
import { button, divider, dropdown, setChoices, type Button, type Choice } from '../toolkit';
import { announcement } from './announcer';
import { createMenu } from './menu';
import type { Commands, View } from './view';

const ZOOM_FACTOR = 1.25;
/** Below this width the controls of the picture move into the menu. */
const COMPACT_WIDTH = 1270;
/** Below this width the playhead has a row of its own. */
const NARROW_WIDTH = 800;

export function createToolbar(dispatch: (action: Action) => void, commands: Commands): View {
  const title = createTitle();
  const sequence = createSequenceControls(commands);
  const transport = createTransport(dispatch);
  const picture = createPictureControls(dispatch, commands);
  const memory = createMemorySwitch(dispatch);
  const menu = createMenu(strings.more, [
    { label: strings.copyMermaid, onClick: commands.copyMermaid },
    { label: strings.attachWeights, onClick: commands.attachWeights },
    { label: strings.openSource, onClick: commands.openSource },
  ]);
  const element = h(
    'header',
    { class: 'toolbar', role: 'toolbar', 'aria-label': strings.toolbar },
    title.element,
    divider(),
    sequence.element,
    divider(),
    transport.element,
    h('div', { class: 'spring' }),
    picture.element,
    memory.element,
    menu.element,
  );
  new ResizeObserver(([{ contentRect }]) => {
    element.toggleAttribute('data-narrow', contentRect.width < NARROW_WIDTH);
    const compact = contentRect.width < COMPACT_WIDTH;
    if (element.hasAttribute('data-compact') === compact) return;
    element.toggleAttribute('data-compact', compact);
    if (compact) menu.popup.prepend(picture.element);
    else element.insertBefore(picture.element, memory.element);
  }).observe(element);
  const parts = [title, sequence, transport, picture, memory];
  return {
    element,
    render(state) {
      element.classList.toggle('empty', !state.scene);
      for (const part of parts) part.render(state);
    },
  };
}

function createTitle(): View {
  const name = h('h1', { class: 'model-name' });
  const untrained = h('span', { class: 'badge', title: strings.untrainedTitle }, strings.untrained);
  const kind = h('span', { class: 'dim model-kind' });
  return {
    element: h('div', { class: 'title' }, name, untrained, kind),
    render({ scene }) {
      if (!scene) return;
      const { network } = scene;
      setText(name, visible(network.name));
      setAttribute(name, 'title', [network.name, network.description].filter(Boolean).join('\n'));
      untrained.hidden = scene.trained;
      setText(kind, architecture(network));
      setAttribute(kind, 'title', architecture(network));
    },
  };
}

const PICK = 'pick';
const OWN = 'own';

function createSequenceControls(commands: Commands): View {
  let current: State;
  const samples = dropdown(strings.sample, (value) => {
    if (value === PICK) {
      choose(current);
      commands.pick();
    } else if (value !== OWN) {
      commands.run(current.scene!.samples[Number(value)].name);
    }
  });
  samples.classList.add('samples');
  const run = button({
    title: strings.runTitle,
    label: strings.run,
    icon: icons.run,
    appearance: 'primary',
    onClick: () => (current.sequence ? commands.run(current.sample) : commands.pick()),
  });
  run.classList.add('run');

  function choose(state: State): void {
    const { choices, selected } = sampleChoices(state);
    setChoices(samples, choices, selected);
  }

  return {
    element: h('div', { class: 'sequence' }, samples, run),
    render(state) {
      current = state;
      samples.disabled = run.disabled = !state.scene;
      if (!state.scene) return;
      choose(state);
      setAttribute(samples, 'title', state.sequence?.title ?? strings.sample);
    },
  };
}

/** The model's samples by their position, what the user typed or chose, and the way to type or choose. */
function sampleChoices({ scene, sequence, running }: State): { choices: Choice[]; selected: string } {
  const names = scene!.samples.map(({ name }) => name);
  const title = running?.title ?? sequence?.title;
  const position = running ? names.indexOf(running.title) : names.indexOf(sequence?.sample ?? '');
  const choices = names.map((name, index) => ({ value: String(index), label: visible(name) }));
  if (position < 0)
    choices.push({ value: OWN, label: title === undefined ? strings.noSample : visible(title) });
  choices.push({ value: PICK, label: strings.pickSample });
  return { choices, selected: position < 0 ? OWN : String(position) };
}

function createTransport(dispatch: (action: Action) => void): View {
  let current: State;
  const goTo = (step: number) => dispatch({ type: 'goTo', step });
  const first = button({ title: strings.firstStep, icon: icons.first, onClick: () => goTo(0) });
  const previous = button({
    title: strings.previousStep,
    icon: icons.previous,
    onClick: () => goTo(current.step - 1),
  });
  const play = h<Button>('vscode-button', { appearance: 'secondary', class: 'play' });
  play.addEventListener('click', () => dispatch({ type: 'play', on: !current.playing }));
  const next = button({ title: strings.nextStep, icon: icons.next, onClick: () => goTo(current.step + 1) });
  const slider = h('input', { type: 'range', class: 'slider', min: 0, step: 1, 'aria-label': strings.step });
  slider.addEventListener('input', () => goTo(slider.valueAsNumber));
  const step = h('span');
  const total = h('span', { class: 'dim' });
  const position = h('span', { class: 'position' }, step, total);

  return {
    element: h('div', { class: 'transport' }, first, previous, play, next, slider, position),
    render(state) {
      current = state;
      const count = steps(state);
      for (const control of [first, previous, play, next, slider]) control.disabled = count < 2;
      setText(play, state.playing ? strings.pause : strings.play);
      setAttribute(play, 'title', state.playing ? strings.pauseTitle : strings.playTitle);
      setAttribute(slider, 'max', String(Math.max(0, count - 1)));
      slider.valueAsNumber = state.step;
      slider.style.setProperty('--fill', String(count > 1 ? state.step / (count - 1) : 0));
      // While it plays, a slider with the focus would speak at every step.
      if (!state.playing) {
        const words = count ? announcement(state.step, tokenAt(state, state.step)) : null;
        setAttribute(slider, 'aria-valuetext', words);
      }
      setText(step, fill(strings.time, count ? state.step : '–'));
      setText(total, count ? ` / ${formatCount(count)}` : '');
      position.style.minWidth = `${7 + 2 * String(count).length}ch`;
    },
  };
}

function createPictureControls(dispatch: (action: Action) => void, commands: Commands): View {
  const parts = [createDetailSwitch(dispatch), createColourControls(dispatch)];
  const zoomOut = button({
    title: strings.zoomOut,
    icon: icons.minus,
    onClick: () => commands.zoomBy(1 / ZOOM_FACTOR),
  });
  const fit = button({ title: strings.fitTitle, label: strings.fit, onClick: commands.fit });
  const zoomIn = button({
    title: strings.zoomIn,
    icon: icons.plus,
    onClick: () => commands.zoomBy(ZOOM_FACTOR),
  });
  const element = h(
    'div',
    { class: 'picture-controls' },
    ...parts.map((part) => part.element),
    h('div', { class: 'zoom' }, zoomOut, fit, zoomIn),
  );
  return { element, render: (state) => parts.forEach((part) => part.render(state)) };
}

function createDetailSwitch(dispatch: (action: Action) => void): View {
  const gates = button({
    title: strings.gatesTitle,
    label: strings.gates,
    onClick: () => dispatch({ type: 'showDetail', detail: 'gates' }),
  });
  const cells = button({
    title: strings.cellsTitle,
    label: strings.cells,
    onClick: () => dispatch({ type: 'showDetail', detail: 'cells' }),
  });
  return {
    element: h('div', { class: 'segmented', role: 'group', 'aria-label': strings.detail }, gates, cells),
    render({ detail }) {
      for (const [control, on] of [
        [gates, detail === 'gates'],
        [cells, detail === 'cells'],
      ] as const) {
        setAttribute(control, 'appearance', on ? 'primary' : 'secondary');
        setAttribute(control, 'aria-pressed', String(on));
      }
    },
  };
}

function createMemorySwitch(dispatch: (action: Action) => void): View {
  let on = false;
  const element = button({
    title: strings.memoryTitle,
    label: strings.memory,
    icon: icons.memory,
    onClick: () => dispatch({ type: 'remember', on: !on }),
  });
  element.classList.add('memory');
  return {
    element,
    render({ remembering, scene }) {
      on = remembering;
      element.hidden = !scene?.network.layers.some(isRecurrent);
      setAttribute(element, 'appearance', on ? 'primary' : 'secondary');
      setAttribute(element, 'aria-pressed', String(on));
    },
  };
}

function createColourControls(dispatch: (action: Action) => void): View {
  const measures = dropdown(strings.colour, (value) => {
    dispatch({ type: 'colourBy', unit: value === 'unit' ? 0 : null });
  });
  measures.title = strings.colourTitle;
  const choices = [
    { value: 'all', label: strings.colourMean },
    { value: 'unit', label: strings.colourUnit },
  ];
  const unit = h('input', { type: 'number', class: 'unit-number', min: 0, step: 1 });
  unit.addEventListener('input', () => {
    if (unit.value !== '' && unit.validity.valid) dispatch({ type: 'colourBy', unit: unit.valueAsNumber });
  });
  return {
    element: h('div', { class: 'colour' }, measures, unit),
    render(state) {
      setChoices(measures, choices, state.unit === null ? 'all' : 'unit');
      unit.hidden = state.unit === null;
      if (state.unit === null || !state.scene) return;
      const last = widest(state.scene.network) - 1;
      setAttribute(unit, 'max', String(last));
      setAttribute(unit, 'aria-label', fill(strings.unitNumber, last));
      setAttribute(unit, 'title', fill(strings.unitNumber, last));
      if (document.activeElement !== unit) unit.value = String(state.unit);
    },
  };
}
