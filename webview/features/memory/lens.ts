/** The memory lens: a gradient's chart, and its rows in words. */
import type { Network } from '../../../src/model/network';
import { outputNames } from '../../../src/model/outputs';
import type { Memory, RunSummary } from '../../../src/protocol';
import type { Context, Moment, View } from '../../feature';
import { isStale, memoryQuestion, memoryRuns } from '../../shared/memoryAsked';
import { quoted } from '../../shared/signals';
import { steps } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { formatCount } from '../../ui/format';
import { icons } from '../../ui/icons';
import { createChart } from './chart';
import { linesOf, type Beside, type Line } from './lines';
import { words } from './words';

export function createLens({ dispatch }: Context): View {
  const title = h('h2', { class: 'lens-title' });
  const measure = h('span', { class: 'dim' });
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
  const opened = new Set<string>();
  const note = h('div', { class: 'lens-failure dim' });
  const element = h(
    'div',
    { class: 'lens' },
    h('div', { class: 'lens-head' }, title, measure, computing, chart.readout, close),
    chart.element,
    text,
    note,
  );
  let shown: readonly unknown[] = [];
  return {
    elements: [element],
    render(now) {
      const { run, scene } = now.state;
      const { latest, failure } = now.answer('memory');
      const stale = isStale(latest, memoryQuestion(now.state, latest));
      const beside = answersBeside(now, latest);
      element.classList.toggle('stale', stale);
      setText(computing, latest ? progressInWords(now, latest, stale) : '');
      const reads = [latest, failure, run, scene, ...beside.flatMap((one) => [one.name, one.memory])];
      if (!scene || (reads.length === shown.length && reads.every((one, k) => one === shown[k]))) return;
      shown = reads;
      const { network } = scene;
      setAttribute(element, 'data-step', latest && String(latest.target.step));
      setAttribute(element, 'data-reached', latest && String(latest.reached));
      setText(title, latest ? titleOf(network, latest) : words.memory);
      setAttribute(title, 'title', title.textContent);
      setText(measure, latest ? measuresOf(latest) : '');
      setText(note, noteOn(now));
      note.hidden = note.textContent === '';
      const lines = latest ? linesOf(latest, beside) : [];
      chart.show(latest, lines, steps(now.state));
      const rails = h('p', { class: 'lens-rails dim' }, latest ? words.rails : '');
      text.replaceChildren(...lines.map((line) => lineInWords(line, opened)), rails);
    },
    phase(now) {
      const { latest, failure } = now.answer('memory');
      if (failure !== null) return 'error';
      if (!now.state.run) return 'empty';
      return latest && !isStale(latest, memoryQuestion(now.state, latest)) ? 'ready' : 'loading';
    },
  };
}

/** Whether an answer is on its way, and how far the one that is there has come. */
function progressInWords(now: Moment<null>, { reached }: Memory, stale: boolean): string {
  const { value, latest, failure } = now.answer('memory');
  if (memoryQuestion(now.state, latest) === null || value !== null || failure !== null) return '';
  return stale ? words.computing : fill(words.followed, formatCount(reached));
}

/** What stands in the chart's place, or over it where there is not yet anything to see. */
function noteOn({ state, answer }: Moment<null>): string {
  const { latest, failure } = answer('memory');
  if (failure !== null) return failure;
  if (!state.run) return common.notRunYet;
  if (!latest) return words.measuringMemory;
  const { target, rows } = latest;
  const alone = rows.every(({ norms }) => norms.filter((norm) => norm > 0).length < 2);
  return target.step === 0 && steps(state) > 1 && alone ? words.memoryHint : '';
}

/** `t = 14: how far “b” reaches`. */
function titleOf(network: Network, { target }: Memory): string {
  return fill(words.memoryReach, outputInWords(network, target.unit), formatCount(target.step));
}

function outputInWords(network: Network, unit: number): string {
  const name = outputNames(network)?.[unit];
  if (name !== undefined) return quoted(name);
  return network.layers.at(-1)!.outputSize === 1 ? 'y' : fill(words.outputUnit, unit);
}

function measuresOf({ rows }: Memory): string {
  const states = [...new Set(rows.map(({ signal }) => signal))];
  return states.map((signal) => fill(words.gradientNorm, signal)).join(', ');
}

/** Of the runs that stand beside the one on screen, what is known at the step that `own` is of. */
function answersBeside({ state, answer }: Moment<null>, own: Memory | null): readonly Beside[] {
  return memoryRuns(state).flatMap((run, place) => {
    const { latest } = answer('memory', place);
    if (place === 0 || !run || latest?.trace !== run.trace || latest.step !== own?.step) return [];
    return [{ role: run.role, name: besideInWords(run), memory: latest }];
  });
}

function besideInWords({ role, name }: RunSummary): string {
  return role === 'base' ? words.withoutWhatIf : (name ?? words.compared);
}

/** Its name and one sentence; what else there is to say opens under it, and stays open: `opened` has the names. */
function lineInWords({ name, style, row }: Line, opened: Set<string>): HTMLElement {
  const head = [
    h('span', { class: 'lens-name' }, h('span', { class: `lens-key ${style}` }), name),
    h('p', {}, row.text[0] ?? ''),
  ];
  const more = row.text.slice(1);
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
