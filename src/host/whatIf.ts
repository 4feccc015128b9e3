/** The base's sequence with changes, as far as they can be done. */
import type { Clamp } from '../engine/clamps';
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import type { RunChanges } from '../protocol';
import { ChangeError, type WhatIf, withChange } from '../whatIf/changes';
import type { ChosenSequence } from './scene';

type Refused = RunChanges['refused'];

export interface ChangedSequence {
  readonly choice: ChosenSequence;
  readonly clamps: readonly Clamp[];
  readonly refused: Refused;
}

/** One that cannot be done does not keep the others from it. */
export function changedSequence(
  network: Network,
  choice: ChosenSequence,
  sets: readonly string[],
): ChangedSequence {
  const { changed, refused } = asFarAsPossible(network, choice.sequence, sets);
  return { choice: { ...choice, sequence: changed.sequence }, clamps: changed.clamps, refused };
}

/** Those that cannot be done. */
export function refusedChanges(network: Network, sequence: Sequence, sets: readonly string[]): Refused {
  return asFarAsPossible(network, sequence, sets).refused;
}

function asFarAsPossible(network: Network, sequence: Sequence, sets: readonly string[]) {
  const refused: { readonly set: string; readonly reason: string }[] = [];
  let changed: WhatIf = { sequence, clamps: [] };
  for (const set of sets) {
    try {
      changed = withChange(network, changed, set);
    } catch (error) {
      if (!(error instanceof ChangeError)) throw error;
      refused.push({ set, reason: error.reason });
    }
  }
  return { changed, refused };
}
