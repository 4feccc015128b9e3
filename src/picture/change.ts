/** What a what-if changes: its run against the one without it. */
import type { RunSummary } from '../protocol';

/** What of a run is drawn. */
export type Figures = Pick<RunSummary, 'signals' | 'mean' | 'top'> & { readonly change?: Change };

/** A run on screen; of a what-if with what it changes. */
export interface ShownRun extends RunSummary {
  readonly change?: Change;
}

/** Less is rounding: what a step computes without kernels where something is held. */
const LEAST = 1e-6;

export interface Change {
  /**
   * The new mean less the old one, or that of the unit that changes most; 0 where they are the same but for rounding, laid
   * out as `RunSummary.mean`.
   */
  readonly values: Float32Array;
  /** Which unit that is; null where it is the mean. */
  readonly units: Int32Array | null;
  /** The largest size of each signal's changes, by its `offset`. */
  readonly reaches: ReadonlyMap<number, number>;
}

/** Both are of the same network and of as many steps, so that their rows stand at the same places. */
export function withChange(run: RunSummary, base: RunSummary): ShownRun {
  const { unitChanges } = run;
  const changes = unitChanges?.value ?? run.mean.map((mean, at) => differenceOf(mean, base.mean[at]));
  const values = changes.map((change) => (Math.abs(change) < LEAST ? 0 : change));
  const reaches = new Map<number, number>();
  for (const { offset, rows } of run.signals) {
    let reach = 0;
    for (let at = offset; at < offset + rows; at++) {
      const size = Math.abs(values[at]);
      if (size > reach && size < Infinity) reach = size;
    }
    reaches.set(offset, reach);
  }
  return { ...run, change: { values, units: unitChanges?.unit ?? null, reaches } };
}

function differenceOf(now: number, before: number): number {
  return Object.is(now, before) ? 0 : now - before;
}
