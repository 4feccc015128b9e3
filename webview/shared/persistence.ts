/** What outlives hiding and reloading the panel, of what all features share. */
import { restoreDock } from './dock';
import { FRESH, type Restored, type State } from './state';
import { isCount, record } from './stored';

export function keptOfShared({ sample, step, detail, selection, dock }: State): Restored {
  return { sample, step, detail, selection, dock };
}

/** Fields that are missing or of the wrong kind become those of a fresh panel. */
export function restoreShared(kept: unknown): Restored {
  const { sample, step, detail, selection, dock } = record(kept);
  const { unit } = record(selection);
  return {
    sample: typeof sample === 'string' ? sample : FRESH.sample,
    step: isCount(step) ? step : FRESH.step,
    detail: detail === 'cells' || detail === 'gates' ? detail : FRESH.detail,
    selection: { unit: isCount(unit) ? unit : FRESH.selection.unit },
    dock: restoreDock(dock),
  };
}
