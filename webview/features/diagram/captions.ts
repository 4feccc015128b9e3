/** Which of two pictures is whose. */
import { comparedState } from '../../shared/compared';
import { runMark } from '../../shared/runMark';
import type { State } from '../../shared/state';
import { fill } from '../../shared/words';
import { h, setText } from '../../ui/dom';
import { visible } from '../../../src/unroll/mermaid';
import { words } from './words';

export interface Captions {
  readonly elements: readonly HTMLElement[];
  render(state: State): void;
  /** Says why the other network is not drawn; null where it is. */
  leaveOut(reason: string | null): void;
}

export function createCaptions(): Captions {
  const names = [h('span'), h('span')];
  const elements = (['shown', 'compared'] as const).map((run, k) =>
    h('div', { class: `diagram-caption of-${run}`, hidden: true }, runMark(run), names[k]),
  );
  const left = h('span', { class: 'dim' });
  elements[1].append(left);
  return {
    elements,
    render(state) {
      const compared = comparedState(state);
      for (const element of elements) element.hidden = !compared || !state.drawing.shown;
      if (!compared) return;
      setText(names[0], visible(state.scene!.fileName));
      setText(names[1], visible(compared.run!.name ?? ''));
    },
    leaveOut: (reason) => setText(left, reason === null ? '' : fill(words.leftOut, reason)),
  };
}
