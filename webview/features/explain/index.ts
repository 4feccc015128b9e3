/** For people who learn: what each gate does at the playhead, in words, and six short lessons on the model at hand. */
import './explain.css';
import { isRecurrent } from '../../../src/model/network';
import type { Feature } from '../../feature';
import { slice, type Chosen, type Lesson } from './state';
import { createExplain } from './view';
import { words } from './words';

const ICON =
  'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.2a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 8 2.7zM7.4 10.6h1.2v1.3H7.4zM8 4.2c1.4 0 2.4.9 2.4 2.1 0 1.7-1.8 1.8-1.8 3.1H7.4c0-2.1 1.8-2.1 1.8-3.1 0-.6-.5-1-1.2-1s-1.2.4-1.3 1.2l-1.2-.2C5.6 5 6.600 4.2 8 4.2z';

export const explain: Feature<Lesson, Chosen> = {
  name: 'explain',
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
