/** Tells screen readers where the playhead is. */
import { h, setText } from '../dom';
import { tokenAt } from '../state';
import { fill, strings } from '../strings';
import type { View } from './view';

export function createAnnouncer(): View {
  const element = h('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  return {
    element,
    render(state) {
      if (state.sequence?.steps) setText(element, announcement(state.step, tokenAt(state, state.step)));
    },
  };
}

/** `step 7, token e`; a blank token is spoken as the word. */
export function announcement(step: number, token: string | null): string {
  if (token === null) return fill(strings.stepAnnounced, step);
  return fill(strings.stepAndToken, step, token === ' ' ? strings.space : token);
}
