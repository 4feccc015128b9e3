/** The whole sequence in one strip, coloured by the selected signal: where the window stands, and the way anywhere. */
import './overview.css';
import type { Feature } from '../../feature';
import { asksBesideOf, asksOf } from './asks';
import type { Range } from './range';
import { slice, type Zoomed } from './state';
import { createOverview } from './view';

export const overview: Feature<Range | null, Zoomed> = {
  name: 'overview',
  region: 'overview',
  order: 10,
  slice,
  asks: asksOf,
  asksBeside: (now) => [asksBesideOf(now)],
  create: createOverview,
};
