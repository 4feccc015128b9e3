/** Other steps at which the units are on that are on through the chosen ones: in the run, in every sample, in a file. */
import './matches.css';
import type { Feature } from '../../feature';
import { NAME, questionOf, slice, type Own, type OwnAction } from './state';
import { createView } from './view';
import { words } from './words';

const ICON =
  'M2 3h3v2H2zM6.5 3h7.5v1.2H6.5zM2 7h3v2H2zM6.5 7.4H12v1.2H6.5zM2 11h3v2H2zM6.5 11.8h6.5V13H6.5zM6.5 5.2H11v.8H6.5z';

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
