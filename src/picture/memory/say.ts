/** What the pictures of memory are of, in words. */
import type { Network } from '../../model/network';
import { readsAhead, type Matrix } from './cells';
import { outputNames } from '../../model/outputs';
import { formatCount } from '../format';
import { layerInWords, quoted } from '../names';
import { fill } from '../words';
import { words } from './words';

/** `t = 14: how far “b” reaches`. */
export function reachInWords(
  network: Network,
  { step, unit }: { readonly step: number; readonly unit: number },
): string {
  return fill(words.reach, outputInWords(network, unit), formatCount(step));
}

function outputInWords(network: Network, unit: number): string {
  const name = outputNames(network)?.[unit];
  if (name !== undefined) return quoted(name);
  return network.layers.at(-1)!.outputSize === 1 ? 'y' : fill(words.outputUnit, unit);
}

/** `|∂y/∂c|, |∂y/∂h|`: of states, or of one unit of them. */
export function normsInWords(states: readonly string[], unit: number | null = null): string {
  const name = (state: string) => (unit === null ? state : `${state}[${unit}]`);
  return [...new Set(states)].map((state) => fill(words.gradientNorm, name(state))).join(', ');
}

/** A state of a layer: `lstm level 1 backward c`. */
export function stateInWords(network: Network, place: Matrix['places'][number]): string {
  return [...layerInWords(network, place), place.signal].join(' ');
}

/** What the matrix is of. */
export function matrixInWords(matrix: Matrix): string {
  return readsAhead(matrix) ? words.matrixOfBoth : words.matrixOf;
}

/** Which steps it is of, where those are not `all`. */
export function partInWords({ from, steps }: Pick<Matrix, 'from' | 'steps'>, all: number): string[] {
  if (steps >= all) return [];
  return [fill(words.matrixPart, formatCount(from), formatCount(from + steps - 1), formatCount(all))];
}
