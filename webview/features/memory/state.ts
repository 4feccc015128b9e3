/** At which output the memory view looks. */
import type { Requests } from '../../../src/protocol';
import { steps, type State } from '../../shared/state';
import type { Slice } from '../../slice';

/** From the first step nothing reaches back: until the playhead is moved, the view looks at the last one instead. */
export type Aim = 'last' | 'playhead';

export const slice: Slice<Aim, never> = {
  restore: () => 'last',
  reduce(aim, action, state) {
    if (action.type === 'scene' || action.type === 'ran' || action.type === 'showView') return 'last';
    return state.step > 0 ? 'playhead' : aim;
  },
};

interface Looking {
  readonly state: State;
  readonly own: Aim;
}

/** Null while it is closed, and while it plays, when there is no time for it. */
export function questionOf({ state, own }: Looking): Requests['memory']['ask'] | null {
  const { dock, run, playing, step } = state;
  if (!dock.open.includes('memory') || !run || playing) return null;
  return { trace: run.trace, step: step === 0 && own === 'last' ? steps(state) - 1 : step };
}
