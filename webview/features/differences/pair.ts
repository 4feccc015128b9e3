/** Which two runs are held against each other. */
import type { RunSummary } from '../../../src/protocol';
import type { State } from '../../shared/state';

export interface RunPair {
  readonly a: RunSummary;
  readonly b: RunSummary;
}

/** The run on screen and the one that it is compared with; else the run without a what-if and the one with it. */
export function pairOf({ run, base, compared }: State): RunPair | null {
  if (run && compared) return { a: run, b: compared };
  return run && base && run !== base ? { a: base, b: run } : null;
}
