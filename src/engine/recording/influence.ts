/** How the output of each step depends on the states of the steps before it: a walk back for each. */
import type { InitialNorms, Norms, Target } from '../gradient';
import type { Work } from '../slices';
import type { Stretches } from './stretches';
import { WalkBack } from './walkBack';

/** Steps after which it is looked whether a gradient has vanished. */
export const INFLUENCE_STEPS = 64;

/** What is left of a gradient where it is followed no farther, as a share of its largest norm. */
const VANISHED = 1e-12;

/**
 * The norms of one target's gradient at the states up to it, and at those before the first step; 0 where it has vanished.
 * Throws as `WalkBack` does.
 */
export function* influence(
  stretches: Stretches,
  output: { readonly rows: number; readonly units: number },
  target: Omit<Target, 'value'>,
): Work<readonly (Norms & { readonly initial: InitialNorms | null })[]> {
  const walk = new WalkBack(stretches, output, target, VANISHED);
  while (!walk.done) yield* walk.next();
  return walk.layers.map((norms) => ({ ...norms, initial: walk.initial(norms) }));
}
