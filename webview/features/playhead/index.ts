/** Moves the playhead by keys and by the clock, and tells screen readers where it is. */
import type { Context, Feature, View } from '../../feature';
import { announcement } from '../../shared/announcement';
import { tokenAt } from '../../shared/state';
import { h, setText } from '../../ui/dom';
import { listenToKeys } from './keyboard';

/** Time between two moves while playing. */
const TICK_MILLISECONDS = 500;

export const playhead: Feature = { name: 'playhead', region: 'foot', order: 20, create: createPlayhead };

function createPlayhead({ dispatch, now }: Context): View {
  const announcer = h('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  let clock: ReturnType<typeof setInterval> | undefined;
  listenToKeys(() => now().state, dispatch);
  return {
    elements: [announcer],
    render({ state }) {
      if (!state.playing) clock = void clearInterval(clock);
      else clock ??= setInterval(() => dispatch({ type: 'tick' }), TICK_MILLISECONDS);
      if (!state.sequence?.steps) return;
      // While it plays, only where it comes to rest. Emptied, the element speaks afterwards even if playing ends at the
      // step where it began.
      setText(announcer, state.playing ? '' : announcement(state.step, tokenAt(state, state.step)));
    },
  };
}
