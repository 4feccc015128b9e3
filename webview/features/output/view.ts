/** The output view: at the playhead in bars or words, and over time. */
import { idleLayers } from '../../../src/model/partial';
import { outputReading } from '../../../src/model/outputs';
import type { Context, Moment, View } from '../../feature';
import { notRunInWords } from '../../../src/picture/words';
import { outputNamer } from '../../../src/picture/names';
import { pictureHead, type State } from '../../shared/state';
import { common } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { rowTitle } from '../../../src/picture/output/bars';
import { createBars } from './bars';
import { createClassesPane } from './classesPane';
import { createSeriesPane } from './seriesPane';
import type { Chosen, Own } from './state';
import { createTokensPane } from './tokensPane';
import { words } from './words';

const KINDS = ['output', 'next', 'forecast'] as const;

type OwnContext = Context<Own, Chosen>;

export function createOutput(context: OwnContext): View<Own> {
  const title = h('h2', { class: 'output-title' });
  const close = button({
    title: words.close,
    icon: icons.close,
    appearance: 'icon',
    onClick: () => context.dispatch({ type: 'showView', view: 'output', on: false }),
  });
  const bars = createBars(
    (unit) => context.change({ type: 'chooseUnit', unit }),
    () => context.scale(),
  );
  const tokens = createTokensPane(context);
  const classes = createClassesPane(context);
  const series = createSeriesPane(context);
  const controls = h('div', { class: 'output-controls' }, series.controls);
  const body = h(
    'div',
    { class: 'output-body' },
    bars.element,
    tokens.element,
    classes.element,
    series.element,
  );
  const note = h('div', { class: 'output-note dim', role: 'status' });
  const element = h(
    'div',
    { class: 'output' },
    h('div', { class: 'output-head' }, title, controls, h('span', { class: 'spring' }), close),
    body,
    note,
  );
  let shown: readonly unknown[] = [];
  /** The runs that the last answers are of, by kind. */
  const traces: { [K in (typeof KINDS)[number]]?: number } = {};

  /** Whether what is shown is of a run before. */
  function outdated({ state: { run }, answer }: Moment<Own>): boolean {
    if (!run) return false;
    for (const kind of KINDS) if (answer(kind).value) traces[kind] = run.trace;
    const tells = answer('next').value?.length;
    return KINDS.some(
      (kind) => answer(kind).latest && traces[kind] !== run.trace && !(kind === 'forecast' && tells),
    );
  }

  return {
    elements: [element],
    render(now) {
      const { state, own } = now;
      const { scene, run, step, theme, dock } = state;
      if (!scene || !dock.open.includes('output')) return;
      const answers = KINDS.map((kind) => now.answer(kind));
      const { running } = state;
      const reads = [scene, run, !!running, step, theme, state.sequence, state.problems, own, ...answers];
      if (reads.every((value, k) => value === shown[k])) return;
      shown = reads;
      const { network } = scene;
      const hindrance = hindranceTo(now);
      setText(note, hindrance ?? '');
      note.hidden = hindrance === null;
      body.hidden = hindrance !== null;
      body.classList.toggle('stale', running !== null || outdated(now));
      const row = now.answer('output').value ?? now.answer('output').latest;
      setText(title, hindrance === null && row ? titleOf(state, row.step) : words.output);
      setAttribute(title, 'title', title.textContent);
      setAttribute(element, 'data-step', hindrance === null && row ? String(row.step) : null);
      if (hindrance !== null || !row) {
        controls.hidden = true;
        return;
      }
      const reading = outputReading(network);
      const over = { tokens: tokens.render(now, network, reading), classes: false, series: false };
      if (!over.tokens) over.classes = classes.render(now, network, reading);
      if (!over.classes) over.series = series.render(now, network, reading);
      controls.hidden = !over.series;
      tokens.element.hidden = !over.tokens;
      classes.element.hidden = !over.classes;
      series.element.hidden = !over.series;
      const single = row.values.length === 1 && reading === 'numbers';
      bars.element.hidden = single && over.series;
      body.classList.toggle('alone', !over.tokens && !over.classes && !over.series);
      const charted = over.series ? (now.answer('forecast').latest?.unit ?? null) : null;
      bars.show(row, reading, outputNamer(network), { charted, canChart: over.classes || charted !== null });
    },
    drawing: {
      label: words.output,
      draw({ theme }) {
        const { state } = context.now();
        if (!state.scene || body.hidden) return null;
        const pane = [tokens, classes, series].find(({ element: { hidden } }) => !hidden);
        const over = pane?.drawn(pictureHead(state), theme);
        // A single row has no picture over time.
        return over ?? bars.drawn(pictureHead(state, title.textContent), theme);
      },
    },
    phase(now) {
      if (failureOf(now) !== null) return 'error';
      if (!now.state.run || notRun(now.state) !== null) return 'empty';
      return now.answer('output').latest && !outdated(now) ? 'ready' : 'loading';
    },
  };
}

function failureOf({ answer }: Moment<Own>): string | null {
  return answer('output').failure ?? answer('next').failure ?? answer('forecast').failure;
}

/** Why there is nothing to see. */
function hindranceTo(now: Moment<Own>): string | null {
  const { state } = now;
  if (!state.run) return state.scene!.lacksWeights ? words.noWeights : common.notRunYet;
  const { latest } = now.answer('output');
  return notRun(state) ?? failureOf(now) ?? (latest ? null : words.loading);
}

/** Why the output itself has not been run, where only layers before it were. */
function notRun({ scene, run }: State): string | null {
  const { network } = scene!;
  const last = network.layers[network.layers.length - 1];
  const cause = idleLayers(network).get(last.name);
  return cause && !run!.signals.some(({ layer }) => layer === last.name) ? notRunInWords(cause) : null;
}

function titleOf({ run, sequence }: State, of: number): string {
  const { rows } = run!.signals[run!.signals.length - 1];
  return rowTitle(rows, sequence ?? { steps: rows }, of);
}
