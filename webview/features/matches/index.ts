/** Other steps at which the units are on that are on through the chosen ones: in the run, in every sample, in a file. */
import './matches.css';
import type { Feature } from '../../feature';
import { NAME, questionOf, slice, type Own, type OwnAction } from './state';
import { createView } from './view';
import { words } from './words';

const ICON =
  'M6.5 2a4.5 4.5 0 0 1 3.6 7.2l3.7 3.7-.9.9-3.7-3.7A4.5 4.5 0 1 1 6.5 2zm0 1.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6z';

export const matches: Feature<Own, OwnAction> = {
  name: NAME,
  region: 'dock',
  order: 70,
  pane: {
    label: words.matches,
    title: words.matchesTitle,
    icon: ICON,
    offered: ({ scene }) => scene !== null,
  },
  slice,
  asks: (now) => ({ matches: questionOf(now, now.answer('matches').latest) }),
  create: createView,
};
