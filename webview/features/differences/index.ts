/** Where two runs differ: with and without a what-if, or beside the run that is compared. */
import type { Feature, Moment } from '../../feature';
import type { Asks } from '../../questions';
import { createDifferences } from './view';
import { pairOf } from './pair';
import { words } from './words';

const ICON = 'M2 3.4h5v1.2H2zM2 7.4h8v1.2H2zM2 11.4h3v1.2H2zM10.5 2.5l3.5 3-3.5 3V6.1h-2V4.9h2z';

export const differences: Feature = {
  name: 'differences',
  region: 'dock',
  order: 80,
  pane: {
    label: words.differences,
    title: words.differencesTitle,
    icon: ICON,
    offered: ({ compared, changes }) => compared !== null || changes.sets.length > 0,
  },
  asks,
  create: createDifferences,
};

function asks({ state }: Moment<null>): Asks {
  const pair = state.dock.open.includes(differences.name) ? pairOf(state) : null;
  return { differences: pair && { trace: pair.b.trace, against: pair.a.trace } };
}
