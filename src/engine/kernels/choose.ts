/** Picks the fastest arithmetic that runs here. */
import type { Weights } from '../../model/weights';
import { type Arithmetic, reference } from '../arithmetic';
import { compiled } from './compiled';
import { type KernelChoice, available } from './instance';
import { onTwoThreads } from './shared/arithmetic';
import type { ThreadHelper } from './shared/helper';

export type ArithmeticChoice = KernelChoice | 'reference';

let best: ArithmeticChoice | undefined;

/** Packed weights, kept for as long as the weights themselves. */
const packed = new WeakMap<Weights, Map<KernelChoice, Arithmetic>>();
const packedForTwo = new WeakMap<ThreadHelper, typeof packed>();

/** With a `helper` large cells are computed on two threads, where that is possible. */
export function arithmeticFor(
  weights: Weights,
  choice?: ArithmeticChoice,
  helper?: ThreadHelper,
): Arithmetic {
  const wanted = choice ?? (best ??= available()[0] ?? 'reference');
  if (wanted === 'reference') return reference(weights);
  const single = keptIn(packed, weights, wanted, () => compiled(weights, wanted));
  if (!helper) return single;
  const kept = packedForTwo.get(helper) ?? new WeakMap<Weights, Map<KernelChoice, Arithmetic>>();
  packedForTwo.set(helper, kept);
  return keptIn(kept, weights, wanted, () => onTwoThreads(weights, wanted, helper, single));
}

function keptIn(
  kept: typeof packed,
  weights: Weights,
  choice: KernelChoice,
  make: () => Arithmetic,
): Arithmetic {
  const known = kept.get(weights) ?? new Map<KernelChoice, Arithmetic>();
  kept.set(weights, known);
  const found = known.get(choice) ?? make();
  known.set(choice, found);
  return found;
}
