/** At which output the memory view looks. */
import type { Memory, Requests } from '../../../src/protocol';
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

/**
 * Null while it is closed, and while it plays, when there is no time for it. Where what is `known` has not been followed to
 * the first step, the question is for the next part of the answer.
 */
export function questionOf({ state, own }: Looking, known: Memory | null): Requests['memory']['ask'] | null {
  const { dock, run, playing, step: playhead } = state;
  if (!dock.open.includes('memory') || !run || playing) return null;
  const step = playhead === 0 && own === 'last' ? steps(state) - 1 : playhead;
  const { trace } = run;
  if (known?.trace !== trace || known.step !== step) return { trace, step, part: 0 };
  return { trace, step, part: known.part + (known.reached > 0 ? 1 : 0) };
}

/** Whether what is known is about another question than the one that stands, not a part of its answer. */
export function isStale(known: Memory | null, question: Requests['memory']['ask'] | null): boolean {
  return (
    known !== null && question !== null && (known.step !== question.step || known.trace !== question.trace)
  );
}
