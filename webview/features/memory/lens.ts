/** The memory lens: a gradient's chart, and its rows in words. */
import type { Memory, RunSummary } from '../../../src/protocol';
import type { Context, Moment, View } from '../../feature';
import { isStale, memoryQuestion, memoryRuns } from '../../shared/memoryAsked';
import { pictureHead, steps } from '../../shared/state';
import { common, fill } from '../../shared/words';
import type { Selection } from '../../shared/selection';
import { button, dropdown, setItems, type Item } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount, formatPrecise } from '../../../src/picture/format';
import { icons } from '../../ui/icons';
import { normsInWords, reachInWords } from '../../../src/picture/memory/say';
import { words as shared } from '../../../src/picture/memory/words';
import { memorySheet } from '../../../src/picture/memory/svg';
import { createChart } from './chart';
import { createMatrixPane } from './matrixPane';
import { linesOf, type Beside, type Line } from './lines';
import { SHOWN, hasChosenUnit, type Own, type OwnAction } from './state';
import { words } from './words';

export function createLens(context: Context<Own, OwnAction>): View<Own> {
  const { now: latestMoment, dispatch, change } = context;
  const title = h('h2', { class: 'lens-title' });
  const choice = dropdown(words.shown, (shown) => {
    const { state, answer } = latestMoment();
    const rows = answer('memory').latest?.rows ?? [];
    if (shown === 'unit' && rows.length > 0 && !rows.some((row) => hasChosenUnit(row, state.selection))) {
      const { layer, level, direction, signal } = rows[0];
      dispatch({ type: 'select', signal: { layer, level, direction, signal }, unit: 0 });
    }
    change({ type: 'showOf', shown: SHOWN.find((one) => one === shown) ?? 'norm' });
  });
  const close = button({
    title: words.closeMemory,
    icon: icons.close,
    appearance: 'icon',
    onClick: () => dispatch({ type: 'showView', view: 'memory', on: false }),
  });
  const chart = createChart((step) => dispatch({ type: 'goTo', step }));
  // It may scroll, which keys do where it has the focus.
  const text = h('div', {
    class: 'lens-words scrolls',
    tabindex: 0,
    role: 'group',
    'aria-label': words.inWords,
  });
  const computing = h('span', { class: 'lens-computing dim', role: 'status' });
  const matrix = createMatrixPane(context, (said) => setText(chart.readout, said));
  const opened = new Set<string>();
  const note = h('div', { class: 'lens-failure dim' });
  const element = h(
    'div',
    { class: 'lens' },
    h('div', { class: 'lens-head' }, title, choice, computing, chart.readout, close),
    chart.element,
    matrix.element,
    text,
    matrix.words,
    note,
  );
  let shown: readonly unknown[] = [];
  return {
    elements: [element],
    render(now) {
      const { run, scene } = now.state;
      const isMatrix = now.own.shown === 'matrix';
      element.classList.toggle('compared', now.state.compared !== null);
      for (const one of [chart.element, text]) one.hidden = isMatrix;
      for (const one of [matrix.element, matrix.words]) one.hidden = !isMatrix;
      matrix.render(now);
      const { latest, failure } = now.answer('memory');
      const stale = isStale(latest, memoryQuestion(now.state, latest));
      const beside = answersBeside(now, latest);
      element.classList.toggle('stale', stale && !isMatrix);
      setText(computing, latest && !isMatrix ? progressInWords(now, latest, stale) : '');
      const { selection } = now.state;
      setItems(choice, itemsOf(selection), now.own.shown);
      const ofUnit = now.own.shown === 'unit' ? selection : null;
      const reads = [
        now.own.shown,
        latest,
        failure,
        run,
        scene,
        ofUnit,
        ...beside.flatMap((one) => [one.name, one.memory]),
      ];
      if (!scene || (reads.length === shown.length && reads.every((one, k) => one === shown[k]))) return;
      shown = reads;
      const { network } = scene;
      setAttribute(element, 'data-step', latest && String(latest.target.step));
      setAttribute(element, 'data-reached', latest && String(latest.reached));
      setText(
        title,
        isMatrix ? shared.matrixOf : latest ? reachInWords(network, latest.target) : words.memory,
      );
      setAttribute(title, 'title', title.textContent);
      const lines = latest ? linesOf(latest, network, beside, ofUnit) : [];
      setText(note, isMatrix ? '' : noteOn(now, lines));
      note.hidden = note.textContent === '';
      const states = latest?.rows.map(({ signal }) => signal) ?? [];
      chart.show(latest, lines, steps(now.state), normsInWords(states, ofUnit?.unit));
      const rails = h('p', { class: 'lens-rails dim' }, latest ? fill(words.rails, carried(latest)) : '');
      text.replaceChildren(...lines.map((line) => lineInWords(line, opened, ofUnit !== null)), rails);
    },
    drawing: {
      label: words.memory,
      draw({ theme }) {
        const { state, own } = latestMoment();
        if (own.shown === 'matrix') return matrix.drawn(theme);
        const { drawn } = chart;
        if (!state.scene || !drawn || drawn.size.width === 0) return null;
        return memorySheet(pictureHead(state, title.textContent), drawn, drawn.size, theme);
      },
    },
    phase(now) {
      if (now.own.shown === 'matrix') return matrix.phase(now);
      const { latest, failure } = now.answer('memory');
      if (failure !== null) return 'error';
      if (!now.state.run) return 'empty';
      return latest && !isStale(latest, memoryQuestion(now.state, latest)) ? 'ready' : 'loading';
    },
  };
}

/** Whether an answer is on its way, and how far the one that is there has come. */
function progressInWords(now: Moment<Own>, { reached }: Memory, stale: boolean): string {
  const { value, latest, failure } = now.answer('memory');
  if (memoryQuestion(now.state, latest) === null || value !== null || failure !== null) return '';
  return stale ? words.computing : fill(words.followed, formatCount(reached));
}

/** What stands in the chart's place, or over it where there is not yet anything to see. */
function noteOn({ state, own, answer }: Moment<Own>, lines: readonly Line[]): string {
  const { latest, failure } = answer('memory');
  if (failure !== null) return failure;
  if (!state.run) return common.notRunYet;
  if (!latest) return words.measuringMemory;
  const { target, rows } = latest;
  if (own.shown === 'unit' && lines.length === 0) return words.noUnit;
  const alone = rows.every(({ norms }) => norms.filter((norm) => norm > 0).length < 2);
  return target.step === 0 && steps(state) > 1 && alone ? words.memoryHint : '';
}

/** The states that lines of the picture carry on: c only where there is one. */
function carried({ rows }: Memory): string {
  return rows.some(({ signal }) => signal === 'c') ? fill(words.both, 'h', 'c') : 'h';
}

/** Of the runs that stand beside the one on screen, what is known at the step that `own` is of. */
function answersBeside({ state, answer }: Moment<Own>, own: Memory | null): readonly Beside[] {
  return memoryRuns(state).flatMap((run, place) => {
    const { latest } = answer('memory', place);
    if (place === 0 || !run || latest?.trace !== run.trace || latest.step !== own?.step) return [];
    const network = run.network ?? state.scene!.network;
    return [{ role: run.role, name: besideInWords(run), memory: latest, network }];
  });
}

function besideInWords({ role, name }: RunSummary): string {
  return role === 'base' ? words.withoutWhatIf : (name ?? words.compared);
}

function itemsOf({ unit }: Selection): Item[] {
  return [
    { value: 'norm', label: words.allUnits },
    { value: 'unit', label: unit === null ? words.oneUnit : fill(common.unit, unit) },
    { value: 'matrix', label: words.matrix },
  ];
}

/** The gradient of a unit at the first step that has a number and at the last. */
function endsInWords(values: Float64Array, steps: Int32Array): string {
  const first = values.findIndex((value) => !Number.isNaN(value));
  const last = values.length - 1;
  if (first < 0) return words.notKept;
  const at = (row: number) => [formatPrecise(values[row]), formatCount(steps[row])] as const;
  return fill(words.unitEnds, ...at(last), ...at(first));
}

/** Its name and one sentence; what else there is to say opens under it, and stays open: `opened` has the names. */
function lineInWords({ name, style, row, values }: Line, opened: Set<string>, ofUnit: boolean): HTMLElement {
  const head = [
    h('span', { class: 'lens-name' }, h('span', { class: `lens-key ${style}` }), name),
    h('p', {}, ofUnit ? endsInWords(values, row.steps) : (row.text[0] ?? '')),
  ];
  const more = ofUnit ? [] : row.text.slice(1);
  if (more.length === 0) return h('div', { class: 'lens-row' }, ...head);
  const element = h(
    'details',
    { class: 'lens-row', open: opened.has(name) },
    h('summary', { title: words.more }, ...head),
    ...more.map((sentence) => h('p', {}, sentence)),
  );
  element.addEventListener('toggle', () => (element.open ? opened.add(name) : opened.delete(name)));
  return element;
}
