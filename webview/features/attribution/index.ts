/** What each number or token of the input brings to the output. */
import './attribution.css';
import type { Feature, Moment } from '../../feature';
import type { Asks } from '../../questions';
import { listsLargest } from './controls';
import { choiceOf, questionOf, slice, type Own, type OwnAction } from './state';
import { createView } from './view';
import { words } from './words';

const ICON =
  'M2 3.2h3.2v2.6H2zM6.4 3.2h3.2v2.6H6.4zM10.8 3.2H14v2.6h-3.2zM7.4 7h1.2v4.1l1.7-1.7.8.9L8 13.4l-3.1-3.1.8-.9 1.7 1.7z';

export const attribution: Feature<Own, OwnAction> = {
  name: 'attribution',
  region: 'dock',
  order: 70,
  pane: {
    label: words.attribution,
    title: words.attributionTitle,
    icon: ICON,
    offered: ({ scene }) => scene !== null,
  },
  slice,
  asks,
  create: createView,
};

function asks(now: Moment<Own>): Asks {
  const { state, answer } = now;
  const question = questionOf(now, answer('attribution').latest);
  const network = state.scene?.network;
  const choice = question && choiceOf(now);
  const lists = network && choice && listsLargest(network);
  return {
    attribution: question,
    output: lists ? { trace: question.trace, step: choice.step } : null,
  };
}
