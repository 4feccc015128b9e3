/** The matrix with what stands beside it: its state, how far it is worked out, its legend, and what it says. */
import { MATRIX_STEPS, type Matrix } from '../../../src/protocol';
import type { Context, Moment } from '../../feature';
import { createLegendBar } from '../../shared/legendBar';
import { matrixLegend } from '../../../src/picture/memory/matrix';
import { stateInWords } from '../../../src/picture/memory/say';
import { matrixSheet } from '../../../src/picture/memory/svg';
import { words as shared } from '../../../src/picture/memory/words';
import type { Theme } from '../../../src/picture/colour/color';
import type { Sheet } from '../../../src/picture/svgText';
import { pictureHead } from '../../shared/state';
import { common, fill } from '../../shared/words';
import { button, dropdown, setItems } from '../../toolkit';
import { h, setText } from '../../ui/dom';
import { formatCount } from '../../../src/picture/format';
import { createMatrix } from './matrix';
import { windowFrom, type Own, type OwnAction } from './state';
import { words } from './words';

export interface MatrixPane {
  readonly element: HTMLElement;
  readonly words: HTMLElement;
  render(now: Moment<Own>): void;
  phase(now: Moment<Own>): 'loading' | 'ready' | 'empty' | 'error';
  /** On a text; null where there is nothing to see. */
  drawn(theme: Theme): Sheet | null;
}

/** `onHover` hears what is under the pointer, in words. */
export function createMatrixPane(
  { now: latestMoment, dispatch, change, scale }: Context<Own, OwnAction>,
  onHover: (said: string) => void,
): MatrixPane {
  const map = createMatrix({
    ...{ scale, onHover },
    onChoose: (step) => dispatch({ type: 'goTo', step }),
    onMove: (to) => change({ type: 'moveCursor', to }),
  });
  const states = dropdown(words.matrixState, (row) => change({ type: 'showRow', row: Number(row) }));
  const legend = createLegendBar();
  const progress = h('span', { class: 'dim', role: 'status' });
  const stop = button({
    ...{ title: words.stop, label: words.stop },
    onClick: () => change({ type: 'stopMatrix', stopped: true }),
  });
  const goOn = button({
    ...{ title: words.goOn, label: words.goOn },
    onClick: () => change({ type: 'stopMatrix', stopped: false }),
  });
  const part = h('p', { class: 'dim' });
  const failed = h('p', {});
  legend.name(shared.matrixLegend);
  const beside = h(
    'div',
    { class: 'lens-words lens-matrix-words', tabindex: 0, role: 'group', 'aria-label': words.inWords },
    states,
    legend.element,
    h('div', { class: 'matrix-progress' }, progress, stop, goOn),
    failed,
    part,
    h('p', { class: 'dim' }, words.matrixLines),
  );
  let painted = -1;

  return {
    element: map.element,
    words: beside,
    render(now) {
      const { state, own } = now;
      if (own.shown !== 'matrix' || !state.scene) return;
      const matrix = matrixOf(now);
      map.show(matrix, own.cursor, state.step, state.theme);
      const places = matrix?.places ?? [];
      states.hidden = places.length < 2;
      const named = places.map((place, row) => ({
        value: String(row),
        label: stateInWords(state.scene!.network, place),
      }));
      if (!states.hidden) setItems(states, named, String(own.row));
      if (painted !== state.theme) legend.paint(scale(), 'gate', 0);
      painted = state.theme;
      const scaled = matrix && matrixLegend(matrix);
      legend.element.hidden = scaled === null;
      if (scaled) legend.ends(scaled.least, scaled.most);
      const going = matrix !== null && matrix.targets.length < matrix.total;
      setText(progress, going ? progressOf(matrix) : matrix || !state.run ? '' : words.computing);
      stop.hidden = !going || own.stopped;
      goOn.hidden = !going || !own.stopped;
      setText(failed, state.run ? (now.answer('matrix').failure ?? '') : common.notRunYet);
      setText(part, matrix && state.run ? partOf(matrix, state.run.sequence.steps) : '');
    },
    drawn(theme) {
      const { state } = latestMoment();
      const { scene, sequence } = state;
      const { drawn } = map;
      if (!scene || !sequence || !drawn || drawn.size.width === 0) return null;
      const { matrix, size } = drawn;
      const title = pictureHead(state, stateInWords(scene.network, matrix.places[matrix.row]));
      return matrixSheet(title, { matrix, all: sequence.steps }, size, theme);
    },
    phase(now) {
      if (now.answer('matrix').failure !== null) return 'error';
      if (!now.state.run) return 'empty';
      const matrix = matrixOf(now);
      return matrix && (matrix.targets.length === matrix.total || now.own.stopped) ? 'ready' : 'loading';
    },
  };
}

/** The newest answer about the run and the window that are shown. */
function matrixOf({ state, own, answer }: Moment<Own>): Matrix | null {
  const { latest } = answer('matrix');
  const { run, step } = state;
  if (!run || latest?.trace !== run.trace || latest.row !== own.row) return null;
  return latest.from === windowFrom(step, run.sequence.steps) ? latest : null;
}

function progressOf({ targets, total }: Matrix): string {
  return fill(words.matrixDone, formatCount(targets.length), formatCount(total));
}

/** Of a sequence that has more steps than a window. */
function partOf({ from, steps }: Matrix, all: number): string {
  if (all <= MATRIX_STEPS) return '';
  return fill(words.matrixPart, formatCount(from + 1), formatCount(from + steps), formatCount(all));
}
