/** What outlives hiding and reloading the panel, of what all features share. */
import { restoreChanges } from './changes';
import { restoreDock } from './dock';
import { MEASURES } from '../../src/picture/measure';
import { PACES } from './pace';
import { restoreSelection } from './selection';
import { FRESH, type Restored, type State } from './state';
import { checkedSettings, DETAILS, type PanelSettings } from '../../src/panelSettings';
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
  settings,
}: State): Restored {
  return { sample, origin, step, pace, detail, selection, measure, dock, changes, settings };
}

/**
 * Fields that are missing or of the wrong kind become those of a fresh panel; so do those that the settings say
 * otherwise than when they were kept.
 */
export function restoreShared(kept: unknown, settings: PanelSettings): Restored {
  const { sample, origin, step, pace, detail, selection, measure, dock, changes } = record(kept);
  const before = checkedSettings(record(kept).settings);
  const sameDetail = before.detail === settings.detail;
  const sameColours = before.colourMode === settings.colourMode;
  return {
    sample: typeof sample === 'string' ? sample : FRESH.sample,
    origin: typeof origin === 'string' ? origin : FRESH.origin,
    step: isCount(step) ? step : FRESH.step,
    pace: PACES.find((one) => one === pace) ?? FRESH.pace,
    detail: (sameDetail && DETAILS.find((one) => one === detail)) || settings.detail,
    selection: restoreSelection(selection),
    measure:
      (sameColours && MEASURES.find((one) => one === measure && one !== 'change')) || settings.colourMode,
    dock: restoreDock(dock),
    changes: restoreChanges(changes),
    settings,
  };
}
