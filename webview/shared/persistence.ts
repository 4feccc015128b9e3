/** What outlives hiding and reloading the panel, of what all features share. */
import { restoreChanges } from './changes';
import { restoreDock } from './dock';
import { MEASURES } from '../../src/picture/measure';
import { PACES } from './pace';
import { restoreSelection } from './selection';
import { FRESH, type Restored, type State } from './state';
import { isCount, record } from '../../src/untrusted';

export function keptOfShared({
  sample,
  origin,
  step,
  pace,
  detail,
  selection,
  measure,
  dock,
  changes,
}: State): Restored {
  return { sample, origin, step, pace, detail, selection, measure, dock, changes };
}

/** Fields that are missing or of the wrong kind become those of a fresh panel. */
export function restoreShared(kept: unknown): Restored {
  const { sample, origin, step, pace, detail, selection, measure, dock, changes } = record(kept);
  return {
    sample: typeof sample === 'string' ? sample : FRESH.sample,
    origin: typeof origin === 'string' ? origin : FRESH.origin,
    step: isCount(step) ? step : FRESH.step,
    pace: PACES.find((one) => one === pace) ?? FRESH.pace,
    detail: detail === 'cells' || detail === 'gates' ? detail : FRESH.detail,
    selection: restoreSelection(selection),
    measure: MEASURES.find((one) => one === measure && one !== 'change') ?? FRESH.measure,
    dock: restoreDock(dock),
    changes: restoreChanges(changes),
  };
}
