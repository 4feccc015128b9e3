/** The memory lens: a gradient's chart, and its rows in words. */
import type { Network } from '../../../src/model/network';
import type { Memory, MemoryRow } from '../../../src/protocol';
import type { Context, Moment, View } from '../../feature';
import { layerInWords, outputNames, quoted } from '../../shared/signals';
import { steps } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { button } from '../../toolkit';
import { h, setAttribute, setText } from '../../ui/dom';
import { icons } from '../../ui/icons';
import { SERIES, createChart } from './chart';
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
  const text = h('div', { class: 'lens-words', role: 'group', tabindex: 0, 'aria-label': words.inWords });
  const note = h('div', { class: 'lens-failure dim' });
  const element = h(
    'div',
    { class: 'lens' },
    h('div', { class: 'lens-head' }, title, measure, chart.readout, close),
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
      const reads = [latest, failure, run, scene];
      if (!scene || reads.every((one, index) => one === shown[index])) return;
      shown = reads;
      const { network } = scene;
      setAttribute(element, 'data-step', latest && String(latest.target.step));
      setText(title, latest ? titleOf(network, latest) : words.memory);
      setText(measure, latest ? measuresOf(latest) : '');
      setText(note, noteOn(now));
      note.hidden = note.textContent === '';
      chart.show(latest, steps(now.state), (row) => nameOf(network, row));
      text.replaceChildren(...(latest?.rows ?? []).map((row, index) => rowInWords(network, row, index)));
    },
    phase(now) {
      const { latest, failure } = now.answer('memory');
      if (failure !== null) return 'error';
      if (!now.state.run) return 'empty';
      return latest ? 'ready' : 'loading';
    },
  };
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

/** `Memory: how far “b” at t = 14 reaches`. */
function titleOf(network: Network, { target }: Memory): string {
  return fill(words.memoryReach, outputInWords(network, target.unit), target.step);
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

function nameOf(network: Network, { layer, level, direction, signal }: MemoryRow): string {
  return layerInWords(network, { layer, level, direction, signal }).join(' ');
}

function rowInWords(network: Network, row: MemoryRow, index: number): HTMLElement {
  return h(
    'div',
    { class: 'lens-row' },
    h(
      'div',
      { class: 'lens-name' },
      h('span', { class: `lens-key series-${index % SERIES}` }),
      nameOf(network, row),
    ),
    ...row.text.map((sentence) => h('p', {}, sentence)),
  );
}
