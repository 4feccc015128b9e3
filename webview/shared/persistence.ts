/** What outlives hiding and reloading the panel, of what all features share. */
import { restoreDock } from './dock';
import { MEASURES } from './measure';
import { restoreSelection } from './selection';
import { FRESH, type Restored, type State } from './state';
import { isCount, record } from './stored';

export function keptOfShared({ sample, step, detail, selection, measure, dock }: State): Restored {
  return { sample, step, detail, selection, measure, dock };
}

/** Fields that are missing or of the wrong kind become those of a fresh panel. */
export function restoreShared(kept: unknown): Restored {
  const { sample, step, detail, selection, measure, dock } = record(kept);
  return {
    sample: typeof sample === 'string' ? sample : FRESH.sample,
    step: isCount(step) ? step : FRESH.step,
    detail: detail === 'cells' || detail === 'gates' ? detail : FRESH.detail,
    selection: restoreSelection(selection),
    measure: MEASURES.find((one) => one === measure) ?? FRESH.measure,
    dock: restoreDock(dock),
  };
}
