/** Why the chosen unit has its value at the playhead: the sum inside its activation as bars. */
import './why.css';
import type { Feature } from '../../feature';
import { NAME, questionOf, slice, type WhyAction, type WhyState } from './state';
import { createView } from './view';
import { words } from './words';

/** The sign of a sum. */
const ICON = 'M3 2h10v3.4h-1.2V3.2H5.3L9.1 8l-3.8 4.8h6.5v-2.2H13V14H3v-1l4.5-5L3 3z';

export const why: Feature<WhyState, WhyAction> = {
  name: NAME,
  region: 'dock',
  order: 46,
  pane: { label: words.why, title: words.whyTitle, icon: ICON, offered: ({ scene }) => !!scene },
  slice,
  asks: ({ state }) => ({ why: questionOf(state) }),
  create: createView,
};
