/** The card that says all about one signal at one step. */
import './card.css';
import type { Feature } from '../../feature';
import { signalOf } from '../../shared/signals';
import { createCard } from './card';
import { slice, type Card, type CardAction } from './state';

export const card: Feature<Card | null, CardAction> = {
  name: 'card',
  region: 'stage',
  order: 40,
  slice,
  asks: ({ state: { run }, own }) => ({
    values: run && own && signalOf(run, own.address) ? { trace: run.trace, address: own.address } : null,
  }),
  create: createCard,
};
