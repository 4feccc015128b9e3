/** The memory lens: how far back the output at the playhead reaches, drawn and in words. */
import type { Network } from '../../../src/model/network';
import type { Memory, MemoryRow } from '../../../src/protocol';
import { h, setAttribute, setText } from '../../dom';
import { icons } from '../../icons';
import { layerInWords, outputNames, quoted } from '../../signals';
import { type Action, type State, steps } from '../../state';
import { fill, strings } from '../../strings';
import { button } from '../../toolkit';
import type { View } from '../view';
import { SERIES, createChart } from './chart';

export function createLens(dispatch: (action: Action) => void): View {
  const title = h('h2', { class: 'lens-title' });
  const measure = h('span', { class: 'dim' });
  const close = button({
    title: strings.closeMemory,
    icon: icons.close,
    appearance: 'icon',
    onClick: () => dispatch({ type: 'remember', on: false }),
  });
  const chart = createChart((step) => dispatch({ type: 'goTo', step }));
  const words = h('div', { class: 'lens-words' });
  const failure = h('div', { class: 'lens-failure dim' });
  const element = h(
    'section',
    { class: 'lens', 'aria-label': strings.memory, hidden: true },
    h('div', { class: 'lens-head' }, title, measure, chart.readout, close),
    chart.element,
    words,
    failure,
  );
  let shown: Pick<State, 'lens' | 'lensFailure' | 'run' | 'remembering'> | null = null;
  return {
    element,
    render(state) {
      const { lens, lensFailure, run, remembering, scene } = state;
      if (
        shown?.lens === lens &&
        shown.lensFailure === lensFailure &&
        shown.run === run &&
        shown.remembering === remembering
      )
        return;
      shown = { lens, lensFailure, run, remembering };
      element.hidden = !remembering || !scene;
      if (element.hidden) return;
      const network = scene!.network;
      const memory = lens?.memory ?? null;
      setAttribute(element, 'data-step', memory && String(memory.target.step));
      setText(title, memory ? titleOf(network, memory) : strings.memory);
      setText(measure, memory ? measuresOf(memory) : '');
      setText(failure, lensFailure ?? noteOn(state));
      failure.hidden = failure.textContent === '';
      chart.show(memory, steps(state), (row) => nameOf(network, row));
      words.replaceChildren(...(memory?.rows ?? []).map((row, index) => rowInWords(network, row, index)));
    },
  };
}

/** What stands in the chart's place, or over it where there is not yet anything to see. */
function noteOn(state: State): string {
  if (!state.run) return strings.notRunYet;
  if (!state.lens) return strings.measuringMemory;
  const { target, rows } = state.lens.memory;
  const alone = rows.every(({ norms }) => norms.filter((norm) => norm > 0).length < 2);
  return target.step === 0 && steps(state) > 1 && alone ? strings.memoryHint : '';
}

/** `Memory: how far “b” at t = 14 reaches`. */
function titleOf(network: Network, { target }: Memory): string {
  return fill(strings.memoryReach, outputInWords(network, target.unit), target.step);
}

function outputInWords(network: Network, unit: number): string {
  const name = outputNames(network)?.[unit];
  if (name !== undefined) return quoted(name);
  return network.layers.at(-1)!.outputSize === 1 ? 'y' : fill(strings.outputUnit, unit);
}

function measuresOf({ rows }: Memory): string {
  const states = [...new Set(rows.map(({ signal }) => signal))];
  return states.map((signal) => fill(strings.gradientNorm, signal)).join(', ');
}

function nameOf(network: Network, { layer, level, direction, signal }: MemoryRow): string {
  return layerInWords(network, { layer, level, direction, signal, step: 0 }).join(' ');
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
