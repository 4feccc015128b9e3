/** How far back the output at the playhead reaches, drawn and in words. */
import './memory.css';
import { isRecurrent } from '../../../src/model/network';
import type { Feature } from '../../feature';
import { memoryAsked } from '../../shared/memoryAsked';
import { createLens } from './lens';
import { matrixQuestion, slice, type Own, type OwnAction } from './state';
import { words } from './words';

const ICON = 'M2.5 2h1.2v10.3H14v1.2H2.5zM13.2 3.1l.8.9-4 3.6-2.4 2.7-2.1.9-.5-1.1 1.8-.8 2.3-2.6z';

export const memory: Feature<Own, OwnAction> = {
  name: 'memory',
  region: 'dock',
  order: 60,
  pane: {
    label: words.memory,
    title: words.memoryTitle,
    icon: ICON,
    offered: ({ scene }) => !!scene?.network.layers.some(isRecurrent),
  },
  slice,
  asks: (now) => ({
    ...memoryAsked(now.state, now.answer)[0],
    matrix: matrixQuestion(now, now.answer('matrix').latest),
  }),
  asksBeside: ({ state, answer }) => memoryAsked(state, answer).slice(1),
  create: createLens,
};
