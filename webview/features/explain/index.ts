/** For people who learn: what each gate does at the playhead, in words, and six short lessons on the model at hand. */
import './explain.css';
import { isRecurrent } from '../../../src/model/network';
import type { Feature } from '../../feature';
import { EXPLAIN } from '../../shared/dock';
import { slice, type Chosen, type Lesson } from './state';
import { createExplain } from './view';
import { words } from './words';

/** A mortarboard. */
const ICON =
  'M8 2.6 15 5.9v4.6h-1.1V6.5l-1.7.8v3.6c0 1.1-1.9 2-4.2 2s-4.2-.9-4.2-2V7.3L1 5.9zm0 1.3L3.7 5.9 8 8l4.3-2.1zM5 7.9v2.8c.2.4 1.4 1 3 1s2.8-.6 3-1V7.9L8 9.3z';

export const explain: Feature<Lesson, Chosen> = {
  name: EXPLAIN,
  region: 'dock',
  order: 90,
  slice,
  pane: {
    label: words.explain,
    title: words.explainTitle,
    icon: ICON,
    offered: ({ scene }) => !!scene?.network.layers.some(isRecurrent),
  },
  create: createExplain,
};
