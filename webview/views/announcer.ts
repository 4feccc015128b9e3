/** Tells screen readers where the playhead is; while it plays, only where it comes to rest. */
import { h, setText } from '../dom';
import { tokenAt } from '../state';
import { fill, strings } from '../strings';
import type { View } from './view';

export function createAnnouncer(): View {
  const element = h('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  return {
    element,
    render(state) {
      if (!state.sequence?.steps) return;
      // Emptied, the element speaks afterwards even if playing ends at the step where it began.
      setText(element, state.playing ? '' : announcement(state.step, tokenAt(state, state.step)));
    },
  };
}

/** `step 7, token e`; a blank token is spoken as the word. */
export function announcement(step: number, token: string | null): string {
  if (token === null) return fill(strings.stepAnnounced, step);
  return fill(strings.stepAndToken, step, token === ' ' ? strings.space : token);
}
