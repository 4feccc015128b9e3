/** At which output it is asked how far back it reaches. */
import type { Memory, Requests, RunSummary } from '../../src/protocol';
import type { Answer, Asks, RequestKind } from '../questions';
import { steps, type State } from './state';

/** The run on screen; beside it the one without a what-if, and the one that it is compared with. */
export function memoryRuns({ run, base, compared }: State): readonly (RunSummary | null)[] {
  return [run, run && run !== base ? base : null, run && compared];
}

/** What is asked of each of those runs; an answer's place is its run's. */
export function memoryAsked(
  state: State,
  answer: <K extends RequestKind>(kind: K, place: number) => Answer<K>,
): readonly Pick<Asks, 'memory'>[] {
  return memoryRuns(state).map((run, place) => ({
    memory: memoryQuestion(state, answer('memory', place).latest, run),
  }));
}

/**
 * Null while the view is closed, and while it plays, when there is no time for it. Where what is `known` has not been
 * followed to the first step, the question is for the next part of the answer.
 */
export function memoryQuestion(
  state: State,
  known: Memory | null,
  run: RunSummary | null = state.run,
): Requests['memory']['ask'] | null {
  const { dock, playing, selection, step: playhead } = state;
  if (!dock.open.includes('memory') || !run || playing) return null;
  const step = playhead === 0 && state.aim === 'last' ? steps(state) - 1 : playhead;
  const { trace } = run;
  const { unit } = selection;
  if (known?.trace !== trace || known.step !== step) return { trace, step, unit, part: 0 };
  return { trace, step, unit, part: known.part + (known.reached > 0 ? 1 : 0) };
}

/** Whether what is known is about another question than the one that stands, not a part of its answer. */
export function isStale(known: Memory | null, question: Requests['memory']['ask'] | null): boolean {
  return (
    known !== null && question !== null && (known.step !== question.step || known.trace !== question.trace)
  );
}
