/** A signal's address in words, and what a run knows of it. */
import {
  INPUT,
  furtherInputs,
  inputOf,
  isRecurrent,
  type Network,
  type NetworkInput,
  type SignalAddress,
  type StepAddress,
} from '../../src/model/network';
import { idleLayers } from '../../src/model/partial';
import type { RunSummary, SignalSummary } from '../../src/protocol';
import { visible } from '../../src/unroll/mermaid';
import { quoted } from '../../src/picture/names';
import { notRunInWords } from '../../src/picture/words';
import { common, fill } from './words';

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

/** The layer, with level and direction where there is more than one. */
export function layerInWords(network: Network, { layer: name, level, direction }: SignalAddress): string[] {
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (!layer) return [];
  const words = [visible(name)];
  if (!isRecurrent(layer)) return words;
  if (layer.levels > 1) words.push(fill(common.level, level));
  if (layer.directions.length > 1) words.push(common[direction]);
  return words;
}

/** A unit by its name where the file gives one, else by its number. */
export function unitInWords(network: Network, { layer, signal }: SignalAddress, unit: number): string {
  const names =
    signal === 'x'
      ? featuresOf(inputOf(network, layer))
      : layer === network.layers.at(-1)?.name && signal === 'y'
        ? network.outputLabels
        : undefined;
  return names?.[unit] === undefined ? fill(common.unit, unit) : quoted(names[unit]);
}

function featuresOf(input: NetworkInput): readonly string[] | undefined {
  return input.kind === 'vector' ? input.features : undefined;
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
