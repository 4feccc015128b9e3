import type { Values } from './command';
import type { Network } from '../model/network';
import type { Sequence } from '../model/samples';
import { ChangeError, type WhatIf, whatIf as changed } from '../whatIf/changes';
import { EXIT, Failure, oneLine } from './output';

/** What `--set` was given. */
export function setsOf({ set }: Values): readonly string[] {
  return Array.isArray(set) ? set : [];
}

/** Fails, naming what it could not read or has no place for, if one of `sets` cannot be done. */
export function whatIf(network: Network, sequence: Sequence, sets: readonly string[]): WhatIf {
  try {
    return changed(network, sequence, sets);
  } catch (error) {
    throw error instanceof ChangeError ? new Failure(EXIT.usage, oneLine(`--set ${error.message}`)) : error;
  }
}
