/** The card that says all about one signal at one step. */
import './card.css';
import type { Feature } from '../../feature';
import { signalOf } from '../../shared/signals';
import { whyAsked } from './because';
import { createCard } from './card';
import { windowAhead } from './ahead';
import { slice, type Card, type CardAction } from './state';

export const card: Feature<Card | null, CardAction> = {
  name: 'card',
  region: 'stage',
  order: 40,
  slice,
  asks: ({ state, own }) => ({
    values:
      state.run && own && signalOf(state.run, own.address)
        ? { trace: state.run.trace, address: own.address }
        : null,
    window: windowAhead(state),
    why: whyAsked(state, own),
  }),
  create: createCard,
};
