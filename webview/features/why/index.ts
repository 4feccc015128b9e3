/** Why the chosen unit has its value at the playhead: the sum inside its activation as bars. */
import './why.css';
import type { Feature } from '../../feature';
import { questionOf, slice, type WhyAction, type WhyState } from './state';
import { createView } from './view';
import { words } from './words';

const ICON = 'M2 2h1.2v12H2zM4 3h7v2H4zM8 7h6v2H8zM5 11h5v2H5z';

export const why: Feature<WhyState, WhyAction> = {
  name: 'why',
  region: 'dock',
  order: 46,
  pane: { label: words.why, title: words.whyTitle, icon: ICON, offered: ({ scene }) => !!scene },
  slice,
  asks: ({ state }) => ({ why: questionOf(state) }),
  create: createView,
};
