/** Picks the fastest arithmetic that runs here. */
import type { Weights } from '../../model/weights';
import { type Arithmetic, reference } from '../arithmetic';
import { compiled } from './compiled';
import { type KernelChoice, available } from './instance';

export type ArithmeticChoice = KernelChoice | 'reference';

let best: ArithmeticChoice | undefined;

/** Packed weights, kept for as long as the weights themselves. */
const packed = new WeakMap<Weights, Map<KernelChoice, Arithmetic>>();

export function arithmeticFor(weights: Weights, choice?: ArithmeticChoice): Arithmetic {
  const wanted = choice ?? (best ??= available()[0] ?? 'reference');
  if (wanted === 'reference') return reference(weights);
  const known = packed.get(weights) ?? new Map<KernelChoice, Arithmetic>();
  packed.set(weights, known);
  const found = known.get(wanted) ?? compiled(weights, wanted);
  known.set(wanted, found);
  return found;
}
