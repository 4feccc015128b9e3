/** Every unit of the chosen signal over the whole sequence. */
import './heatmap.css';
import type { Feature } from '../../feature';
import { asksOf } from './asks';
import { slice, type HeatMap, type HeatMapAction } from './state';
import { NAME } from './subject';
import { createView } from './view';
import { words } from './words';

const ICON =
  'M2 2h3.4v3.4H2zM6.3 2h3.4v3.4H6.3zM10.6 10.6H14V14h-3.4zM6.3 6.3h3.4v3.4H6.3zM2 10.6h3.4V14H2zM10.6 2H14v3.4h-3.4zM12 3.2v1h1v-1zM3 11.7V13h1.3v-1.3z';

export const heatmap: Feature<HeatMap, HeatMapAction> = {
  name: NAME,
  region: 'dock',
  order: 10,
  pane: {
    label: words.heatmap,
    title: words.heatmapTitle,
    icon: ICON,
    offered: ({ scene }) => scene !== null,
  },
  slice,
  asks: asksOf,
  create: createView,
};
