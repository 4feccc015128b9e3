/** What is asked for before the pointer comes to it: the signals that are shown, unless they hold too much. */
import { MOST_AHEAD, type Requests } from '../../../src/protocol';
import type { State } from '../../shared/state';

type Shown = Pick<State, 'run' | 'step' | 'start' | 'columns' | 'playing'>;

/** As many of the steps shown as are affordable, the playhead's among them; null where not one is, or all move. */
export function windowAhead({ run, step, start, columns, playing }: Shown): Requests['window']['ask'] | null {
  if (!run || playing) return null;
  const units = run.signals.reduce((sum, signal) => sum + signal.units, 0);
  const shown = Math.min(columns, run.sequence.steps - start);
  const count = Math.min(shown, Math.floor(MOST_AHEAD / units));
  if (count < 1) return null;
  const from = Math.max(start, Math.min(step - (count >> 1), start + shown - count));
  return { trace: run.trace, from, to: from + count };
}
