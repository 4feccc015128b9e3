/** What the panel would show of the compared run, were it the only one. */
import type { RunSummary } from '../../src/protocol';
import { NO_CHANGES } from './changes';
import type { State } from './state';

type Scene = NonNullable<State['scene']>;

/** The same scene for the same run, since pictures are drawn anew for another one. */
const scenes = new WeakMap<RunSummary, Scene>();

/** Null where nothing is compared. */
export function comparedState(state: State): State | null {
  const { compared, scene, measure } = state;
  if (!compared || !scene) return null;
  const other = scenes.get(compared) ?? { ...scene, network: compared.network ?? scene.network };
  scenes.set(compared, other);
  return {
    ...state,
    ...{ scene: other, run: compared, base: compared, sequence: compared.sequence, changes: NO_CHANGES },
    measure: measure === 'change' ? 'mean' : measure,
  };
}

/** The picture of a compared run, and what is in it. */
export const COMPARED = '[data-run="compared"]';
