/** Which signal the card speaks of. */
import type { StepAddress } from '../../../src/model/network';
import type { Slice } from '../../slice';
import { comparedState } from '../../shared/compared';
import type { State } from '../../shared/state';
import { sameAddress } from '../../shared/signals';

export interface Card {
  readonly address: StepAddress;
  readonly pinned: boolean;
  /** Whether it is of the run that is compared. */
  readonly compared?: boolean;
}

/** The state as it is for the run that the card speaks of. */
export function shownState(state: State, card: Pick<Card, 'compared'> | null): State {
  return (card?.compared && comparedState(state)) || state;
}

export type CardAction =
  /** Opens the card on a signal; an open one that is pinned gives way only to another that is pinned. */
  | ({ readonly type: 'openCard' } & Card)
  | { readonly type: 'unpinCard' }
  | { readonly type: 'closeCard' }
  /** The pointer and the focus have left the card and its signal. */
  | { readonly type: 'leaveCard' };

export const slice: Slice<Card | null, CardAction> = {
  restore: () => null,
  reduce(card, action) {
    switch (action.type) {
      case 'openCard':
        return open(card, action);
      case 'unpinCard':
        return card && { ...card, pinned: false };
      case 'closeCard':
        return null;
      case 'leaveCard':
        return card?.pinned ? card : null;
      default:
        return card;
    }
  },
};

function open(card: Card | null, { address, pinned, compared = false }: Card): Card {
  if (card?.pinned && !pinned) return card;
  if (card && sameAddress(card.address, address) && !!card.compared === compared) {
    return card.pinned === pinned ? card : { ...card, pinned };
  }
  return { address, pinned, ...(compared && { compared }) };
}
