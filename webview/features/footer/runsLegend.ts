/** Which of two runs that are compared has which letter, colour and line. */
import { visible } from '../../../src/unroll/mermaid';
import type { Piece } from '../../feature';
import { runLine, runMark } from '../../shared/runMark';
import { h, setAttribute, setText } from '../../ui/dom';
import { words } from './words';

export function createRunsLegend(): Piece {
  const names = [h('span', { class: 'runs-name' }), h('span', { class: 'runs-name' })];
  const entries = (['shown', 'compared'] as const).map((run, k) =>
    h('span', { class: 'runs-entry' }, runMark(run), runLine(run), names[k]),
  );
  const element = h(
    'div',
    { class: 'runs', role: 'group', 'aria-label': words.runs, hidden: true },
    ...entries,
  );
  return {
    element,
    render({ scene, compared }) {
      element.hidden = !scene || !compared;
      if (!scene || !compared) return;
      [scene.fileName, compared.name ?? ''].forEach((name, k) => {
        setText(names[k], visible(name));
        setAttribute(entries[k], 'title', visible(name));
      });
    },
  };
}
