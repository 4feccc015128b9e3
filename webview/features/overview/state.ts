/** The stretch of time that the strip shows; null for all of it. */
import type { Slice } from '../../slice';
import type { Range } from './range';

export interface Zoomed {
  readonly type: 'zoomed';
  readonly range: Range | null;
}

export const slice: Slice<Range | null, Zoomed> = {
  restore: () => null,
  reduce(range, action) {
    if (action.type === 'zoomed') return action.range;
    // Another sequence is seen whole at first.
    return action.type === 'scene' || action.type === 'ran' ? null : range;
  },
};
