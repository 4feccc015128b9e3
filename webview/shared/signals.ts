/** A signal's address in words, and what a run knows of it. */
import {
  INPUT,
  furtherInputs,
  type Network,
  type SignalAddress,
  type StepAddress,
} from '../../src/model/network';
import { idleLayers } from '../../src/model/partial';
import type { RunSummary, SignalSummary } from '../../src/protocol';
import { notRunInWords } from '../../src/picture/words';

export function sameAddress(a: StepAddress, b: StepAddress): boolean {
  return (
    a.step === b.step &&
    a.signal === b.signal &&
    a.layer === b.layer &&
    a.level === b.level &&
    a.direction === b.direction
  );
}

/** The signal, whatever the step. */
export function withoutStep({ layer, level, direction, signal }: StepAddress): SignalAddress {
  return { layer, level, direction, signal };
}

/** Whether a signal is an input of the network: given, not computed. */
export function isGiven(network: Network, { layer }: Pick<SignalAddress, 'layer'>): boolean {
  return layer === INPUT || furtherInputs(network).some(({ name }) => name === layer);
}

/** What a run knows of a signal as a whole. */
export function signalOf(run: RunSummary, address: SignalAddress): SignalSummary | undefined {
  const { layer, level, direction, signal } = address;
  return run.signals.find(
    (one) =>
      one.signal === signal && one.layer === layer && one.level === level && one.direction === direction,
  );
}

/** Why a signal has no values, where that is since a layer is not run; undefined where it has some. */
export function notRunReason(
  network: Network,
  run: RunSummary | null,
  address: SignalAddress,
): string | undefined {
  const cause = idleLayers(network).get(address.layer);
  return cause && !(run && signalOf(run, address)) ? notRunInWords(cause) : undefined;
}
