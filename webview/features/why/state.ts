/** What is asked for, and the way back. */
import type { SignalAddress } from '../../../src/model/network';
import type { UnitAddress } from '../../../src/model/signalText';
import { rowOfStep, stepOfRow } from '../../../src/model/time';
import type { Requests, RunSummary } from '../../../src/protocol';
import { isGiven, signalOf } from '../../shared/signals';
import type { State } from '../../shared/state';
import type { Slice } from '../../slice';

export const NAME = 'why';

export interface WhyState {
  /** The units that clicks have led away from, the last at the end. */
  readonly trail: readonly UnitAddress[];
}

export type WhyAction =
  { readonly type: 'followTerm'; readonly from: UnitAddress } | { readonly type: 'goBack' };

const MOST = 64;

export const slice: Slice<WhyState, WhyAction> = {
  restore: () => ({ trail: [] }),
  reduce(own, action) {
    switch (action.type) {
      case 'followTerm':
        return { trail: [...own.trail, action.from].slice(-MOST) };
      case 'goBack':
        return { trail: own.trail.slice(0, -1) };
      case 'scene':
      case 'ran':
      case 'offered':
        return own.trail.length > 0 ? { trail: [] } : own;
      default:
        return own;
    }
  },
};

/** Null while the view is closed, before a run, and where what is chosen has no sum. */
export function questionOf(state: State): Requests['why']['ask'] | null {
  const { dock, run, scene, selection, step } = state;
  const { signal, unit } = selection;
  if (!dock.open.includes(NAME) || !run || !scene || !signal || isGiven(scene.network, signal)) return null;
  const at = stepWithValue(run, signal, step);
  return at === null ? null : { trace: run.trace, signal, unit, step: at };
}

/** The playhead's step, or the nearest before it, or the first after it, at which a signal has a value; null of one that has not run. */
function stepWithValue(run: RunSummary, address: SignalAddress, step: number): number | null {
  const signal = signalOf(run, address);
  if (!signal) return null;
  const { steps } = run.sequence;
  if (rowOfStep({ steps }, signal, step) >= 0) return step;
  let row = signal.rows - 1;
  while (row > 0 && stepOfRow({ steps }, signal, row) > step) row--;
  return stepOfRow({ steps }, signal, row);
}
