/** Which unit of the output is shown over time, and what it is compared with. */
import type { Against } from '../../../src/protocol';
import type { Slice } from '../../slice';

export interface Own {
  /** The scene that the rest belongs to; −1 before there is one. */
  readonly scene: number;
  /** Null for the one that the view would choose. */
  readonly unit: number | null;
  /** Null for what the file says. */
  readonly against: Against | null;
}

export type Chosen =
  | { readonly type: 'chooseUnit'; readonly unit: number }
  | { readonly type: 'compareWith'; readonly against: Against };

const FRESH: Own = { scene: -1, unit: null, against: null };

export const slice: Slice<Own, Chosen> = {
  restore: () => FRESH,
  reduce(own, action) {
    switch (action.type) {
      case 'chooseUnit':
        // Once more lets it go.
        return { ...own, unit: own.unit === action.unit ? null : action.unit };
      case 'compareWith':
        return { ...own, against: action.against };
      case 'scene':
        return action.scene.id === own.scene ? own : { ...FRESH, scene: action.scene.id };
      // Another sequence may not bring what this one was compared with.
      case 'ran':
        return own.against ? { ...own, against: null } : own;
      default:
        return own;
    }
  },
};
