/** The card that says all about one signal at one step. */
import './card.css';
import type { Feature } from '../../feature';
import { signalOf } from '../../shared/signals';
import { whyAsked } from './because';
import { createCard } from './card';
import { windowAhead } from './ahead';
import { shownState, slice, type Card, type CardAction } from './state';

export const card: Feature<Card | null, CardAction> = {
  name: 'card',
  region: 'stage',
  order: 40,
  slice,
  asks: ({ state, own }) => {
    const shown = shownState(state, own);
    const { run } = shown;
    return {
      values: run && own && signalOf(run, own.address) ? { trace: run.trace, address: own.address } : null,
      window: windowAhead(state),
      why: whyAsked(shown, own),
    };
  },
  create: createCard,
};
