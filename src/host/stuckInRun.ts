/** Warnings from a run: units that stayed at an end of their range all along. */
import { cellFacts } from '../cells';
import { inSlices } from '../engine/slices';
import { stuckUnits, type StuckUnits } from '../engine/stuckUnits';
import { isRecurrent, type Network } from '../model/network';
import { START_OF_FILE, type Problem } from '../model/problem';
import type { Translate } from '../words/translate';
import { stuckInWords } from '../words/stuck';
import type { FinishedRun } from './finishedRun';

/** In fewer steps a unit may stay where it is for good reason. */
const LEAST_STEPS = 16;
/** Of the units of a saturated signal: a few may well stay where they are. */
const LEAST_SHARE = 0.5;

/** A warning, and the layer that it is about. */
export interface Finding {
  readonly layer: string;
  readonly problem: Problem;
}

/** Of a run that is held whole. Rejects with an error named `AbortError` when cancelled. */
export async function stuckInRun(
  network: Network,
  { trace, sequence }: FinishedRun,
  { translate, signal }: { readonly translate: Translate; readonly signal: AbortSignal },
): Promise<Finding[]> {
  if (!trace) return [];
  const found = await inSlices(stuckUnits(network, trace, LEAST_STEPS), { signal }, (cost) => [cost, cost]);
  return found
    .filter((stuck) => isWorthSaying(network, stuck))
    .map((stuck) => {
      const message = stuckInWords(stuck, sequence.title, translate);
      return { layer: stuck.layer, problem: problemOf(stuck, message) };
    });
}

/** The gate that keeps the state stays open in a cell that remembers for long, as it is meant to. */
function isWorthSaying(
  { layers }: Network,
  { layer, signal, saturation, stuck, units }: StuckUnits,
): boolean {
  const cell = layers.filter(isRecurrent).find(({ name }) => name === layer);
  const keeps = cell !== undefined && cellFacts(cell).keeps === signal;
  return saturation === 'dead' || (!keeps && stuck.length >= LEAST_SHARE * units);
}

function problemOf({ saturation }: StuckUnits, message: string): Problem {
  const rest = { message, place: START_OF_FILE, about: 'structure' } as const;
  return saturation === 'dead'
    ? { severity: 'warning', code: 'dead-units', ...rest }
    : { severity: 'warning', code: 'saturated-units', ...rest };
}
