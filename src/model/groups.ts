import { say } from '../words/say';
import type { GroupNormLayer } from './network';

/** Why the units of a layer make no groups of the same size; undefined if they do. */
export function groupFault({ groups, inputSize }: GroupNormLayer): string | undefined {
  const fits = Number.isInteger(groups) && groups >= 1 && inputSize % groups === 0;
  return fits ? undefined : say`${inputSize} units do not make ${groups} groups of the same size`;
}
